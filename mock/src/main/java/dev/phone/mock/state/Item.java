// SPDX-License-Identifier: Apache-2.0
package dev.phone.mock.state;

import dev.phone.mock.contract.Resource;
import jakarta.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** One thing that the mock keeps: what the API shows of it, and what it does not show. Guarded by its {@link World}. */
public final class Item {

    /** @param until null when it works for ever */
    public record Secret(String name, String value, Instant until) {
        public boolean works(Instant now) {
            return until == null || now.isBefore(until);
        }
    }

    private final Resource resource;
    private final String key;
    private final long number;
    private final Map<String, String> hidden = new HashMap<>();
    private final List<String> secrets = new ArrayList<>(0);
    private String owner;
    private Item companion;
    private JsonObject value;
    // Most items are read more often than they change.
    private String json;
    private byte[] envelope;

    Item(Resource resource, String key, long number, String owner, JsonObject value) {
        this.resource = resource;
        this.key = key;
        this.number = number;
        this.owner = owner;
        this.value = value;
    }

    public Resource resource() {
        return resource;
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

    public JsonObject value() {
        return value;
    }

    void value(JsonObject changed) {
        value = changed;
        json = null;
        envelope = null;
    }

    public String text(String property) {
        return value.getString(property);
    }

    public Instant instant(String property) {
        return Instant.parse(value.getString(property));
    }

    /** What is removed together with it, such as the message that shows its code; null when there is none. */
    public Item companion() {
        return companion;
    }

    public void companion(Item item) {
        companion = item;
    }

    /** What the API does not show, such as a code; null when there is none of this name. */
    public String hidden(String name) {
        return hidden.get(name);
    }

    public void hide(String name, String text) {
        hidden.put(name, text);
    }

    Map<String, String> hidden() {
        return hidden;
    }

    /** All secrets that it ever had. */
    List<String> secrets() {
        return secrets;
    }

    /** Its value as JSON. */
    public String json() {
        if (json == null) {
            json = value.toString();
        }
        return json;
    }

    /** The answer that shows it. */
    public byte[] envelope() {
        if (envelope == null) {
            envelope = ("{\"data\":" + json() + '}').getBytes(StandardCharsets.UTF_8);
        }
        return envelope;
    }
}
