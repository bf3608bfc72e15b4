// SPDX-License-Identifier: Apache-2.0
package dev.phone.mock.state;

import dev.phone.mock.contract.Resource;
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
import java.util.NavigableMap;
import java.util.PriorityQueue;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/**
 * All that one session holds. Whoever uses it holds its monitor for as long as what they do must look like one step.
 *
 * <p>One lock for a whole world is enough: a step takes microseconds, and who needs more than that has sessions, each with its own.
 */
public final class World {
    /** A mock must not fill up under a load test. The oldest give way, but for those of the demo world. */
    private static final int MOST_PER_OWNER = 5_000;

    private record Due(Instant at, long number, Item item, Runnable what) {
    }

    private static final class Shelf {
        private final Map<String, Item> byKey = new HashMap<>();
        private final Map<String, TreeMap<Long, Item>> byOwner = new HashMap<>();
        private final Map<String, Instant> removed = new HashMap<>();
    }

    private final String session;
    private final MockClock clock;
    private final RandomGenerator random;
    private final Map<Resource, Shelf> shelves = new LinkedHashMap<>();
    private final Map<String, Map<Item, Secret>> secrets = new HashMap<>();
    private final PriorityQueue<Due> due = new PriorityQueue<>(Comparator.comparing(Due::at).thenComparing(Due::number));
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

    /** @param owner the key of the parent, or whose it is. @param hidden what is not shown, by name */
    public Item add(Resource resource, JsonObject value, String owner, Map<String, String> hidden) {
        String key = resource.keyOf(value);
        Item item = new Item(resource, key, ++counter, owner, value);
        hidden.forEach(item::hide);
        Shelf shelf = shelf(resource);
        shelf.byKey.put(key, item);
        NavigableMap<Long, Item> siblings = shelf.byOwner.computeIfAbsent(owner, o -> new TreeMap<>());
        siblings.put(item.number(), item);
        if (siblings.size() > MOST_PER_OWNER) {
            Map.Entry<Long, Item> oldest = siblings.higherEntry(sown);
            remove(oldest.getValue());
        }
        return item;
    }

    /** Null when there is none. */
    public Item find(Resource resource, String key) {
        Item item = shelf(resource).byKey.get(key);
        if (item != null && resource.isGoneWhenExpired() && !now().isBefore(item.instant("expiresAt"))) {
            remove(item);
            return null;
        }
        return item;
    }

    public void change(Item item, JsonObject value) {
        String property = item.resource().parentProperty();
        if (property != null && item.value().containsKey(property) && value.containsKey(property)
                && !value.getString(property).equals(item.owner())) {
            Shelf shelf = shelf(item.resource());
            shelf.byOwner.get(item.owner()).remove(item.number());
            item.owner(value.getString(property));
            shelf.byOwner.computeIfAbsent(item.owner(), o -> new TreeMap<>()).put(item.number(), item);
        }
        item.value(value);
    }

    /** Removes an item and all that is part of it. */
    public void remove(Item item) {
        for (Resource child : item.resource().children()) {
            List.copyOf(all(child, item.key()).values()).forEach(this::remove);
            shelf(child).byOwner.remove(item.key());
        }
        if (item.companion() != null) {
            remove(item.companion());
        }
        Shelf shelf = shelf(item.resource());
        shelf.byKey.remove(item.key());
        NavigableMap<Long, Item> siblings = shelf.byOwner.get(item.owner());
        if (siblings != null) {
            siblings.remove(item.number());
        }
        if (!item.resource().key().equals("id")) {
            shelf.removed.put(item.key(), now());
        }
        for (String secret : item.secrets()) {
            Map<Item, Secret> holders = secrets.get(secret);
            if (holders != null && holders.remove(item) != null && holders.isEmpty()) {
                secrets.remove(secret);
            }
        }
    }

    /** When an item with a key that someone chose was removed; null when none was. */
    public Instant removedAt(Resource resource, String key) {
        return shelf(resource).removed.get(key);
    }

    public boolean contains(Item item) {
        return shelf(item.resource()).byKey.get(item.key()) == item;
    }

    /** Those of one owner, by their number. */
    public NavigableMap<Long, Item> children(Resource resource, String owner) {
        NavigableMap<Long, Item> children = all(resource, owner);
        if (resource.isGoneWhenExpired()) {
            Instant now = now();
            List.copyOf(children.values()).stream().filter(item -> !now.isBefore(item.instant("expiresAt"))).forEach(this::remove);
        }
        return children;
    }

    private NavigableMap<Long, Item> all(Resource resource, String owner) {
        NavigableMap<Long, Item> children = shelf(resource).byOwner.get(owner);
        return children == null ? java.util.Collections.emptyNavigableMap() : children;
    }

    public List<Item> all(Resource resource) {
        return new ArrayList<>(shelf(resource).byKey.values());
    }

    private Shelf shelf(Resource resource) {
        return shelves.computeIfAbsent(resource, r -> new Shelf());
    }

    /** Makes a secret of an item known, so that whoever holds it can be told. @param overlap until when the one before still works */
    public void setSecret(Item item, String name, String value, Instant overlap) {
        String before = item.hidden(name);
        if (before != null && secrets.containsKey(before)) {
            secrets.get(before).put(item, new Secret(name, before, overlap == null ? Instant.MIN : overlap));
            item.hide(name + ".before", before);
            item.hide(name + ".until", String.valueOf(overlap == null ? Instant.MIN : overlap));
        }
        item.hide(name, value);
        item.secrets().add(value);
        secrets.computeIfAbsent(value, v -> new HashMap<>(2)).put(item, new Secret(name, value, null));
    }

    /** The item that a text is a working secret of; null when there is none. */
    public Item holder(String name, String value) {
        for (Map.Entry<Item, Secret> entry : secrets.getOrDefault(value, Map.of()).entrySet()) {
            if (entry.getValue().name().equals(name) && entry.getValue().works(now())) {
                return entry.getKey();
            }
        }
        return null;
    }

    public boolean isSecretOf(Item item, String name, String value) {
        Secret secret = secrets.getOrDefault(value, Map.of()).get(item);
        return secret != null && secret.name().equals(name) && secret.works(now());
    }

    /** Plans something with an item for a time of the mock's clock. It is run with the monitor held, unless the item is gone by then. */
    public void at(Instant when, Item item, Runnable what) {
        due.add(new Due(when, ++counter, item, what));
        if (due.size() > mostDue) {
            due.removeIf(each -> !contains(each.item));
            mostDue = Math.max(mostDue, 2 * due.size());
        }
    }

    /** Runs what is due by now. */
    public void catchUp() {
        while (!due.isEmpty() && !due.peek().at.isAfter(now())) {
            Due next = due.remove();
            if (contains(next.item)) {
                next.what.run();
            }
        }
    }

    /** What was planned here will not happen any more. */
    void close() {
        closed = true;
        due.clear();
    }

    public boolean isClosed() {
        return closed;
    }

    /** All of it, for a person to look at; hidden things, too. */
    public JsonObject describe() {
        JsonObjectBuilder all = Json.object();
        shelves.forEach((resource, shelf) -> {
            JsonArrayBuilder items = Json.array();
            shelf.byKey.values().stream().sorted(Comparator.comparing(Item::number).reversed()).forEach(item -> {
                JsonObjectBuilder hidden = Json.object();
                new TreeMap<>(item.hidden()).forEach(hidden::add);
                items.add(Json.object().add("owner", item.owner()).add("value", item.value()).add("hidden", hidden));
            });
            all.add(resource.name(), items);
        });
        return all.build();
    }
}
