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
 * A resource of the mock, with its visible value and hidden values. Guarded by its {@link Session}.
 *
 * <p>Under load, most resources are never read, such as the request log. So their value is computed on
 * first use.
 */
public final class Resource {

    /** @param until null if it works forever */
    public record Secret(String name, String value, Instant until) {
        public boolean works(Instant now) {
            return until == null || now.isBefore(until);
        }
    }

    /** A value with its serialised form, cached because most are read more often than changed. Needs no monitor. */
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

        /** The body of a response with this value as data. */
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
    // Read without the monitor by authentication.
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

    /** A sequence number; newer resources have greater ones. */
    public long number() {
        return number;
    }

    /** The key of its parent, or, if it has none, its owner. */
    public String owner() {
        return owner;
    }

    void owner(String changed) {
        owner = changed;
    }

    /** The value that the API shows. */
    public JsonObject value() {
        return shown().value;
    }

    /** A snapshot of the value that the API shows, to be written later. */
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

    /** Computes its value; null if the value is stored. */
    public Supplier<JsonObject> source() {
        return source;
    }

    void source(Supplier<JsonObject> changed) {
        source = changed;
        shown = null;
        revision++;
    }

    /** The number of changes of its value; its instants do not show changes while the clock is stopped. */
    public long revision() {
        return revision;
    }

    public String text(String property) {
        return value().getString(property);
    }

    public Instant instant(String property) {
        return Instant.parse(value().getString(property));
    }

    /** Its approximate memory in bytes, as counted by its session. */
    long bytes() {
        return bytes;
    }

    void bytes(long changed) {
        bytes = changed;
    }

    /** Whether it has been removed from its session. */
    public boolean isRemoved() {
        return removed;
    }

    void remove() {
        removed = true;
    }

    /** The resource that is removed together with it, such as the message with its code; null for none. */
    public Resource dependent() {
        return dependent;
    }

    public void dependent(Resource resource) {
        dependent = resource;
    }

    /** A hidden value, such as a code; null if there is none of this name. */
    public String hidden(String name) {
        return hidden.get(name);
    }

    /** Sets a hidden value. @param text null to remove it */
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

    /** All secrets that it has ever had. */
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
