// SPDX-License-Identifier: Apache-2.0
package dev.phone.mock.state;

import dev.phone.mock.model.ResourceType;
import dev.phone.mock.state.Resource.Secret;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.SequencedCollection;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * The state of a session. Callers hold its monitor for the duration of an atomic operation.
 *
 * <p>One lock per session is enough: an operation takes microseconds, and tests that need more parallelism use several sessions.
 */
public final class Session {
    /** Bounds the memory during load tests. Beyond it, the oldest resources are dropped, except those of the demo world. */
    private static final int MOST_PER_OWNER = 1_000;
    /** The memory overhead of a resource, in bytes. */
    private static final int RESOURCE_BYTES = 500;

    /** @param at in milliseconds since the epoch */
    private record Due(long at, long number, Resource resource, Runnable what) implements Comparable<Due> {
        @Override
        public int compareTo(Due other) {
            int order = Long.compare(at, other.at);
            return order != 0 ? order : Long.compare(number, other.number);
        }
    }

    private static final class Table {
        private final Map<String, Resource> byKey = new HashMap<>();
        // By key, oldest first.
        private final Map<String, SequencedMap<String, Resource>> byOwner = new HashMap<>();
        private final Map<String, Instant> removed = new HashMap<>();

        private SequencedMap<String, Resource> siblings(Resource resource) {
            return byOwner.computeIfAbsent(resource.owner(), o -> new LinkedHashMap<>());
        }
    }

    private final String name;
    private final MockClock clock;
    private final RandomGenerator random;
    private final Map<ResourceType, Table> tables = new LinkedHashMap<>();
    // Read without the monitor by authentication: the values are immutable and are only replaced.
    private final Map<String, Map<Resource, Secret>> secrets = new ConcurrentHashMap<>();
    private final PriorityQueue<Due> due = new PriorityQueue<>();
    private final Queue<Runnable> soon = new ConcurrentLinkedQueue<>();
    private final Limits limits;
    private final Instant stamp;
    private final IdempotencyCache idempotency;
    private final AtomicLong bytesOfAll;
    // Read without the monitor when looking for the largest session.
    private volatile long bytes;
    private volatile long used = System.nanoTime();
    private int mostDue = 4 * MOST_PER_OWNER;
    private long counter;
    private long seeded;
    private boolean closed;

    /**
     * @param stamp the fixed timestamp of all IDs, so that they are repeatable; null for the current time
     * @param bytesOfAll the memory of all sessions, in bytes
     */
    Session(String name, MockClock clock, RandomGenerator random, Limits limits, Instant stamp, AtomicLong bytesOfAll) {
        this.bytesOfAll = bytesOfAll;
        this.idempotency = new IdempotencyCache(this::hold);
        this.stamp = stamp;
        this.name = name;
        this.clock = clock;
        this.random = random;
        this.limits = limits;
    }

    /** Records that the session is used now. */
    void use() {
        used = System.nanoTime();
    }

    /** The time of the last use, from {@link System#nanoTime}. */
    long used() {
        return used;
    }

    /** The value of {@code x-mock-session}; empty for the default session. */
    public String name() {
        return name;
    }

    public Instant now() {
        return clock.instant();
    }

    /** The timestamp for a new ID. */
    public Instant stamp() {
        return stamp == null ? now() : stamp;
    }

    public RandomGenerator random() {
        return random;
    }

    public Limits limits() {
        return limits;
    }

    public IdempotencyCache idempotency() {
        return idempotency;
    }

    /** Marks everything added so far as the demo world. */
    void seeded() {
        seeded = counter;
    }

    /** @param owner the key of the parent, or the owner */
    public Resource add(ResourceType type, JsonObject value, String owner) {
        Resource resource = add(type, type.keyOf(value), owner, null, value);
        resource.value(value);
        return resource;
    }

    /**
     * @param source computes the value on first use, and after each {@link #changed}
     * @param held the data that the source keeps in memory; {@link JsonValue#NULL} for little
     */
    public Resource add(ResourceType type, String key, String owner, Supplier<JsonObject> source, JsonValue held) {
        Resource resource = new Resource(type, key, ++counter, owner, source);
        resize(resource, RESOURCE_BYTES + Json.bytes(held));
        Table table = table(type);
        table.byKey.put(key, resource);
        SequencedMap<String, Resource> siblings = table.siblings(resource);
        siblings.put(key, resource);
        if (siblings.size() > MOST_PER_OWNER) {
            oldest(siblings).ifPresent(this::remove);
        }
        return resource;
    }

    /** The oldest resource that is not part of the demo world. */
    private Optional<Resource> oldest(SequencedMap<String, Resource> siblings) {
        for (Resource resource : siblings.values()) {
            if (resource.number() > seeded) {
                return Optional.of(resource);
            }
        }
        return Optional.empty();
    }

    /** The resource with a key; null if there is none. */
    public Resource find(ResourceType type, String key) {
        Resource resource = table(type).byKey.get(key);
        if (resource != null && type.isGoneWhenExpired() && !now().isBefore(resource.instant("expiresAt"))) {
            remove(resource);
            return null;
        }
        return resource;
    }

    public void change(Resource resource, JsonObject value) {
        String property = resource.type().parentProperty();
        if (property != null && resource.value().containsKey(property) && value.containsKey(property)
                && !value.getString(property).equals(resource.owner())) {
            Table table = table(resource.type());
            table.siblings(resource).remove(resource.key());
            resource.owner(value.getString(property));
            SequencedMap<String, Resource> siblings = table.siblings(resource);
            List<Resource> all = new ArrayList<>(siblings.values());
            all.add(resource);
            all.sort(Comparator.comparing(Resource::number));
            siblings.clear();
            all.forEach(each -> siblings.put(each.key(), each));
        }
        resource.value(value);
        resize(resource, RESOURCE_BYTES + Json.bytes(value));
    }

    private void resize(Resource resource, long changed) {
        hold(changed - resource.bytes());
        resource.bytes(changed);
    }

    private void hold(long more) {
        if (!closed) {
            bytes += more;
            bytesOfAll.addAndGet(more);
        }
    }

    /** The approximate memory in bytes. Needs no monitor. */
    long bytes() {
        return bytes;
    }

    /** Removes the oldest resources outside of the demo world, until at most this many bytes are used or none is left. */
    void shrink(long most) {
        List<Resource> oldest = tables.values().stream().flatMap(table -> table.byKey.values().stream())
                .filter(resource -> resource.number() > seeded).sorted(Comparator.comparing(Resource::number)).toList();
        for (Resource resource : oldest) {
            if (bytes <= most) {
                return;
            }
            if (!resource.isRemoved()) {
                remove(resource);
            }
        }
        idempotency.shrink(Math.max(0, bytes - most));
    }

    /** Sets the source of a resource's value, and has the value computed again when it is next read. */
    public void changed(Resource resource, Supplier<JsonObject> source) {
        resource.source(source);
    }

    /** Removes a resource with its children. */
    public void remove(Resource resource) {
        for (ResourceType child : resource.type().children()) {
            List.copyOf(all(child, resource.key())).forEach(this::remove);
            table(child).byOwner.remove(resource.key());
        }
        if (resource.dependent() != null) {
            remove(resource.dependent());
        }
        if (!resource.isRemoved()) {
            resize(resource, 0);
        }
        resource.remove();
        Table table = table(resource.type());
        table.byKey.remove(resource.key(), resource);
        SequencedMap<String, Resource> siblings = table.byOwner.get(resource.owner());
        if (siblings != null) {
            siblings.remove(resource.key(), resource);
        }
        if (!resource.type().key().equals("id")) {
            table.removed.put(resource.key(), now());
        }
        for (String secret : resource.secrets()) {
            secrets.computeIfPresent(secret, (text, holders) -> {
                Map<Resource, Secret> others = new HashMap<>(holders);
                others.remove(resource);
                return others.isEmpty() ? null : Map.copyOf(others);
            });
        }
    }

    /** When a resource with a user-chosen key was removed; null if there was none. */
    public Instant removedAt(ResourceType type, String key) {
        return table(type).removed.get(key);
    }

    /** The resources of an owner, oldest first. */
    public SequencedCollection<Resource> children(ResourceType type, String owner) {
        SequencedCollection<Resource> children = all(type, owner);
        if (type.isGoneWhenExpired()) {
            Instant now = now();
            List.copyOf(children).stream().filter(resource -> !now.isBefore(resource.instant("expiresAt"))).forEach(this::remove);
        }
        return children;
    }

    private SequencedCollection<Resource> all(ResourceType type, String owner) {
        SequencedMap<String, Resource> children = table(type).byOwner.get(owner);
        return children == null ? List.of() : children.sequencedValues();
    }

    public List<Resource> all(ResourceType type) {
        return new ArrayList<>(table(type).byKey.values());
    }

    private Table table(ResourceType type) {
        return tables.computeIfAbsent(type, r -> new Table());
    }

    /**
     * Registers a secret of a resource, so that callers can authenticate with it.
     *
     * @param overlap until when the previous secret works; null if it stops at once
     */
    public void setSecret(Resource resource, String name, String value, Instant overlap) {
        String before = resource.hidden(name);
        if (before != null && secrets.containsKey(before)) {
            String older = resource.hidden(name + ".before");
            if (older != null) {
                hold(older, resource, new Secret(name, older, Instant.MIN));
            }
            Instant until = overlap == null ? Instant.MIN : overlap;
            hold(before, resource, new Secret(name, before, until));
            resource.hide(name + ".before", before);
            resource.hide(name + ".until", until.toString());
        }
        resource.hide(name, value);
        resource.addSecret(value);
        hold(value, resource, new Secret(name, value, null));
    }

    private void hold(String text, Resource resource, Secret secret) {
        secrets.compute(text, (same, holders) -> {
            Map<Resource, Secret> all = holders == null ? new HashMap<>(2) : new HashMap<>(holders);
            all.put(resource, secret);
            return Map.copyOf(all);
        });
    }

    /** The resource with this valid secret; null if there is none. Needs no monitor. */
    public Resource holder(String name, String value) {
        for (Map.Entry<Resource, Secret> entry : secrets.getOrDefault(value, Map.of()).entrySet()) {
            if (entry.getValue().name().equals(name) && entry.getValue().works(now())) {
                return entry.getKey();
            }
        }
        return null;
    }

    /** Whether the value is a valid secret of the resource. Needs no monitor. */
    public boolean isSecretOf(Resource resource, String name, String value) {
        Secret secret = secrets.getOrDefault(value, Map.of()).get(resource);
        return secret != null && secret.name().equals(name) && secret.works(now());
    }

    /** Schedules a task to run, with the monitor held, before the session is used again. Needs no monitor. */
    public void soon(Runnable what) {
        soon.add(what);
    }

    /** Schedules a task for a time of the mock's clock. It runs with the monitor held, unless the resource has been removed by then. */
    public void at(Instant when, Resource resource, Runnable what) {
        if (!when.isAfter(now())) {
            soon(() -> runUnlessGone(resource, what));
            return;
        }
        due.add(new Due(when.toEpochMilli(), ++counter, resource, what));
        if (due.size() > mostDue) {
            due.removeIf(each -> each.resource.isRemoved());
            mostDue = Math.max(mostDue, 2 * due.size());
        }
    }

    /** Runs all tasks that are due. */
    public void catchUp() {
        long now = clock.millis();
        while (true) {
            Runnable first = soon.poll();
            if (first != null) {
                first.run();
            } else if (!due.isEmpty() && due.peek().at <= now) {
                Due next = due.remove();
                runUnlessGone(next.resource, next.what);
            } else {
                return;
            }
        }
    }

    private static void runUnlessGone(Resource resource, Runnable what) {
        if (!resource.isRemoved()) {
            what.run();
        }
    }

    /** Cancels all scheduled tasks. */
    void close() {
        hold(-bytes);
        closed = true;
        soon.clear();
        due.clear();
    }

    public boolean isClosed() {
        return closed;
    }

    /** The complete state, including hidden values, for the admin API. */
    public JsonObject describe() {
        JsonObjectBuilder all = Json.object();
        tables.forEach((type, table) -> {
            JsonArrayBuilder items = Json.array();
            table.byKey.values().stream().sorted(Comparator.comparing(Resource::number).reversed()).forEach(resource -> {
                JsonObjectBuilder hidden = Json.object();
                new TreeMap<>(resource.hidden()).forEach(hidden::add);
                items.add(Json.object().add("owner", resource.owner()).add("value", resource.value()).add("hidden", hidden));
            });
            all.add(type.name(), items);
        });
        return all.build();
    }
}
