// SPDX-License-Identifier: Apache-2.0
package dev.phone.mock.state;

import dev.phone.mock.model.ResourceType;
import jakarta.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * One thing that the mock keeps: what the API shows of it, and what it does not show. Guarded by its {@link Session}.
 *
 * <p>Most things that a mock keeps under load nobody ever looks at, such as a line of the log for each request. Their value is made when
 * it is asked for.
 */
public final class Resource {

    /** @param until null when it works for ever */
    public record Secret(String name, String value, Instant until) {
        public boolean works(Instant now) {
            return until == null || now.isBefore(until);
        }
    }

    /** A value, and how it is written. Most are read more often than they change. Needs no monitor. */
    public static final class Shown {
        private final JsonObject value;
        private volatile String json;
        private volatile byte[] envelope;

        private Shown(JsonObject value) {
            this.value = value;
        }

        /** The value as JSON. */
        public String json() {
            String known = json;
            if (known == null) {
                known = value.toString();
                json = known;
            }
            return known;
        }

        /** The answer that shows it. */
        public byte[] envelope() {
            byte[] known = envelope;
            if (known == null) {
                known = ("{\"data\":" + json() + '}').getBytes(StandardCharsets.UTF_8);
                envelope = known;
            }
            return known;
        }
    }

    private final ResourceType type;
    private final String key;
    private final long number;
    private Map<String, String> hidden = Map.of();
    private List<String> secrets = List.of();
    private String owner;
    private Resource dependent;
    private Supplier<JsonObject> source;
    // Read without the monitor by who asks who calls.
    private volatile Shown shown;
    private long revision;
    private boolean removed;
    private long bytes;

    Resource(ResourceType type, String key, long number, String owner, Supplier<JsonObject> source) {
        this.type = type;
        this.key = key;
        this.number = number;
        this.owner = owner;
        this.source = source;
    }

    public ResourceType type() {
        return type;
    }

    public String key() {
        return key;
    }

    /** Newer items have greater ones. */
    public long number() {
        return number;
    }

    /** The key of its parent; where there is none, whose it is. */
    public String owner() {
        return owner;
    }

    void owner(String changed) {
        owner = changed;
    }

    /** What the API shows of it. */
    public JsonObject value() {
        return shown().value;
    }

    /** What the API shows of it now, to be written later. */
    public Shown shown() {
        Shown known = shown;
        if (known == null) {
            known = new Shown(source.get());
            shown = known;
        }
        return known;
    }

    void value(JsonObject changed) {
        source = null;
        shown = new Shown(changed);
        revision++;
    }

    /** What makes its value; null when the value is all there is. */
    public Supplier<JsonObject> source() {
        return source;
    }

    void source(Supplier<JsonObject> changed) {
        source = changed;
        shown = null;
        revision++;
    }

    /** How often its value has changed, which its instants do not tell: a clock may stand still. */
    public long revision() {
        return revision;
    }

    public String text(String property) {
        return value().getString(property);
    }

    public Instant instant(String property) {
        return Instant.parse(value().getString(property));
    }

    /** About how much memory it takes, as its session counts it. */
    long bytes() {
        return bytes;
    }

    void bytes(long changed) {
        bytes = changed;
    }

    /** Whether it is gone from its session. */
    public boolean isRemoved() {
        return removed;
    }

    void remove() {
        removed = true;
    }

    /** What is removed together with it, such as the message that shows its code; null when there is none. */
    public Resource dependent() {
        return dependent;
    }

    public void dependent(Resource resource) {
        dependent = resource;
    }

    /** What the API does not show, such as a code; null when there is none of this name. */
    public String hidden(String name) {
        return hidden.get(name);
    }

    /** @param text null for nothing any more */
    public void hide(String name, String text) {
        if (hidden.isEmpty()) {
            hidden = new HashMap<>(4);
        }
        if (text == null) {
            hidden.remove(name);
        } else {
            hidden.put(name, text);
        }
    }

    Map<String, String> hidden() {
        return hidden;
    }

    /** All secrets that it ever had. */
    List<String> secrets() {
        return secrets;
    }

    void addSecret(String secret) {
        if (secrets.isEmpty()) {
            secrets = new ArrayList<>(2);
        }
        secrets.add(secret);
    }
}
