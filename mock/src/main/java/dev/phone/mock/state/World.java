// SPDX-License-Identifier: Apache-2.0
package dev.phone.mock.state;

import dev.phone.mock.model.ResourceType;
import dev.phone.mock.state.Item.Secret;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
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
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * All that one session holds. Whoever uses it holds its monitor for as long as what they do must look like one step.
 *
 * <p>One lock for a whole world is enough: a step takes microseconds, and who needs more than that has sessions, each with its own.
 */
public final class World {
    /** A mock must not fill up under a load test. The oldest give way, but for those of the demo world. */
    private static final int MOST_PER_OWNER = 1_000;

    /** @param at in milliseconds since the epoch */
    private record Due(long at, long number, Item item, Runnable what) implements Comparable<Due> {
        @Override
        public int compareTo(Due other) {
            int order = Long.compare(at, other.at);
            return order != 0 ? order : Long.compare(number, other.number);
        }
    }

    private static final class Shelf {
        private final Map<String, Item> byKey = new HashMap<>();
        // By key, the oldest first.
        private final Map<String, SequencedMap<String, Item>> byOwner = new HashMap<>();
        private final Map<String, Instant> removed = new HashMap<>();

        private SequencedMap<String, Item> siblings(Item item) {
            return byOwner.computeIfAbsent(item.owner(), o -> new LinkedHashMap<>());
        }
    }

    private final String session;
    private final MockClock clock;
    private final RandomGenerator random;
    private final Map<ResourceType, Shelf> shelves = new LinkedHashMap<>();
    // Who calls is asked without the monitor: what is in here never changes, but for being replaced.
    private final Map<String, Map<Item, Secret>> secrets = new ConcurrentHashMap<>();
    private final PriorityQueue<Due> due = new PriorityQueue<>();
    private final Queue<Runnable> soon = new ConcurrentLinkedQueue<>();
    private final Limits limits;
    private final Instant stamp;
    private final Replays replays = new Replays();
    private int mostDue = 4 * MOST_PER_OWNER;
    private long counter;
    private long sown;
    private boolean closed;

    /** @param stamp what all IDs tell as their instant, so that they are the same each time; null for the truth */
    World(String session, MockClock clock, RandomGenerator random, Limits limits, Instant stamp) {
        this.stamp = stamp;
        this.session = session;
        this.clock = clock;
        this.random = random;
        this.limits = limits;
    }

    public String session() {
        return session;
    }

    public Instant now() {
        return clock.instant();
    }

    /** The instant that goes into a new ID. */
    public Instant stamp() {
        return stamp == null ? now() : stamp;
    }

    public RandomGenerator random() {
        return random;
    }

    public Limits limits() {
        return limits;
    }

    public Replays replays() {
        return replays;
    }

    /** What is here by now is the demo world. */
    void sown() {
        sown = counter;
    }

    /** @param owner the key of the parent, or whose it is */
    public Item add(ResourceType type, JsonObject value, String owner) {
        Item item = add(type, type.keyOf(value), owner, null);
        item.value(value);
        return item;
    }

    /** @param source makes the value when it is first asked for, and after each {@link #changed} */
    public Item add(ResourceType type, String key, String owner, Supplier<JsonObject> source) {
        Item item = new Item(type, key, ++counter, owner, source);
        Shelf shelf = shelf(type);
        shelf.byKey.put(key, item);
        SequencedMap<String, Item> siblings = shelf.siblings(item);
        siblings.put(key, item);
        if (siblings.size() > MOST_PER_OWNER) {
            oldest(siblings).ifPresent(this::remove);
        }
        return item;
    }

    /** The oldest that is not of the demo world. */
    private Optional<Item> oldest(SequencedMap<String, Item> siblings) {
        for (Item item : siblings.values()) {
            if (item.number() > sown) {
                return Optional.of(item);
            }
        }
        return Optional.empty();
    }

    /** Null when there is none. */
    public Item find(ResourceType type, String key) {
        Item item = shelf(type).byKey.get(key);
        if (item != null && type.isGoneWhenExpired() && !now().isBefore(item.instant("expiresAt"))) {
            remove(item);
            return null;
        }
        return item;
    }

    public void change(Item item, JsonObject value) {
        String property = item.type().parentProperty();
        if (property != null && item.value().containsKey(property) && value.containsKey(property)
                && !value.getString(property).equals(item.owner())) {
            Shelf shelf = shelf(item.type());
            shelf.siblings(item).remove(item.key());
            item.owner(value.getString(property));
            SequencedMap<String, Item> siblings = shelf.siblings(item);
            List<Item> all = new ArrayList<>(siblings.values());
            all.add(item);
            all.sort(Comparator.comparing(Item::number));
            siblings.clear();
            all.forEach(each -> siblings.put(each.key(), each));
        }
        item.value(value);
    }

    /** Says that the source of an item, or a new one, makes another value now. */
    public void changed(Item item, Supplier<JsonObject> source) {
        item.source(source);
    }

    /** Removes an item and all that is part of it. */
    public void remove(Item item) {
        for (ResourceType child : item.type().children()) {
            List.copyOf(all(child, item.key())).forEach(this::remove);
            shelf(child).byOwner.remove(item.key());
        }
        if (item.companion() != null) {
            remove(item.companion());
        }
        item.remove();
        Shelf shelf = shelf(item.type());
        shelf.byKey.remove(item.key(), item);
        SequencedMap<String, Item> siblings = shelf.byOwner.get(item.owner());
        if (siblings != null) {
            siblings.remove(item.key(), item);
        }
        if (!item.type().key().equals("id")) {
            shelf.removed.put(item.key(), now());
        }
        for (String secret : item.secrets()) {
            secrets.computeIfPresent(secret, (text, holders) -> {
                Map<Item, Secret> others = new HashMap<>(holders);
                others.remove(item);
                return others.isEmpty() ? null : Map.copyOf(others);
            });
        }
    }

    /** When an item with a key that someone chose was removed; null when none was. */
    public Instant removedAt(ResourceType type, String key) {
        return shelf(type).removed.get(key);
    }

    /** Those of one owner, the oldest first. */
    public SequencedCollection<Item> children(ResourceType type, String owner) {
        SequencedCollection<Item> children = all(type, owner);
        if (type.isGoneWhenExpired()) {
            Instant now = now();
            List.copyOf(children).stream().filter(item -> !now.isBefore(item.instant("expiresAt"))).forEach(this::remove);
        }
        return children;
    }

    private SequencedCollection<Item> all(ResourceType type, String owner) {
        SequencedMap<String, Item> children = shelf(type).byOwner.get(owner);
        return children == null ? List.of() : children.sequencedValues();
    }

    public List<Item> all(ResourceType type) {
        return new ArrayList<>(shelf(type).byKey.values());
    }

    private Shelf shelf(ResourceType type) {
        return shelves.computeIfAbsent(type, r -> new Shelf());
    }

    /** Makes a secret of an item known, so that whoever holds it can be told. @param overlap until when the one before still works, and only that */
    public void setSecret(Item item, String name, String value, Instant overlap) {
        String before = item.hidden(name);
        if (before != null && secrets.containsKey(before)) {
            String older = item.hidden(name + ".before");
            if (older != null) {
                hold(older, item, new Secret(name, older, Instant.MIN));
            }
            Instant until = overlap == null ? Instant.MIN : overlap;
            hold(before, item, new Secret(name, before, until));
            item.hide(name + ".before", before);
            item.hide(name + ".until", until.toString());
        }
        item.hide(name, value);
        item.addSecret(value);
        hold(value, item, new Secret(name, value, null));
    }

    private void hold(String text, Item item, Secret secret) {
        secrets.compute(text, (same, holders) -> {
            Map<Item, Secret> all = holders == null ? new HashMap<>(2) : new HashMap<>(holders);
            all.put(item, secret);
            return Map.copyOf(all);
        });
    }

    /** The item that a text is a working secret of; null when there is none. Needs no monitor. */
    public Item holder(String name, String value) {
        for (Map.Entry<Item, Secret> entry : secrets.getOrDefault(value, Map.of()).entrySet()) {
            if (entry.getValue().name().equals(name) && entry.getValue().works(now())) {
                return entry.getKey();
            }
        }
        return null;
    }

    /** Needs no monitor. */
    public boolean isSecretOf(Item item, String name, String value) {
        Secret secret = secrets.getOrDefault(value, Map.of()).get(item);
        return secret != null && secret.name().equals(name) && secret.works(now());
    }

    /** Has something done before anyone uses the world again, with the monitor held. Needs no monitor itself. */
    public void soon(Runnable what) {
        soon.add(what);
    }

    /** Plans something with an item for a time of the mock's clock. It is run with the monitor held, unless the item is gone by then. */
    public void at(Instant when, Item item, Runnable what) {
        if (!when.isAfter(now())) {
            soon(() -> runUnlessGone(item, what));
            return;
        }
        due.add(new Due(when.toEpochMilli(), ++counter, item, what));
        if (due.size() > mostDue) {
            due.removeIf(each -> each.item.isRemoved());
            mostDue = Math.max(mostDue, 2 * due.size());
        }
    }

    /** Runs what is due by now. */
    public void catchUp() {
        long now = clock.millis();
        while (true) {
            Runnable first = soon.poll();
            if (first != null) {
                first.run();
            } else if (!due.isEmpty() && due.peek().at <= now) {
                Due next = due.remove();
                runUnlessGone(next.item, next.what);
            } else {
                return;
            }
        }
    }

    private static void runUnlessGone(Item item, Runnable what) {
        if (!item.isRemoved()) {
            what.run();
        }
    }

    /** What was planned here will not happen any more. */
    void close() {
        closed = true;
        soon.clear();
        due.clear();
    }

    public boolean isClosed() {
        return closed;
    }

    /** All of it, for a person to look at; hidden things, too. */
    public JsonObject describe() {
        JsonObjectBuilder all = Json.object();
        shelves.forEach((type, shelf) -> {
            JsonArrayBuilder items = Json.array();
            shelf.byKey.values().stream().sorted(Comparator.comparing(Item::number).reversed()).forEach(item -> {
                JsonObjectBuilder hidden = Json.object();
                new TreeMap<>(item.hidden()).forEach(hidden::add);
                items.add(Json.object().add("owner", item.owner()).add("value", item.value()).add("hidden", hidden));
            });
            all.add(type.name(), items);
        });
        return all.build();
    }
}
