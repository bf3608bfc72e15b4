// SPDX-License-Identifier: Apache-2.0
package dev.phone.contract;

import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A value of a contract with its pointer.
 *
 * <p>A missing value, or one of another type, reads as empty, so that rules need not first check whether a value exists.
 *
 * @param value null if there is nothing at {@code pointer}
 */
record Spot(JsonObject document, String pointer, JsonValue value) {

    static Spot of(JsonObject document) {
        return new Spot(document, "", document);
    }

    boolean exists() {
        return value != null;
    }

    /** The member as written, even if it is a reference. */
    Spot raw(String name) {
        return new Spot(document, pointer + "/" + Json.encodePointer(name), object().get(name));
    }

    /** The member, with references resolved. */
    Spot get(String name) {
        return raw(name).target();
    }

    /** The target if this is a reference, otherwise this. Empty if the target does not exist. */
    Spot target() {
        Spot spot = this;
        for (int i = 0; spot.isReference() && i < 100; i++) {
            spot = spot.follow();
        }
        return spot;
    }

    private Spot follow() {
        String reference = reference();
        if (!reference.startsWith("#/")) {
            return new Spot(document, pointer, null);
        }
        Spot spot = of(document);
        for (String token : reference.substring(2).split("/", -1)) {
            spot = spot.raw(Json.decodePointer(token));
        }
        return spot;
    }

    boolean isReference() {
        return object().get("$ref") instanceof JsonString;
    }

    /** The text of the reference; empty if this is not one. */
    String reference() {
        return object().get("$ref") instanceof JsonString string ? string.getString() : "";
    }

    JsonObject object() {
        return value instanceof JsonObject object ? object : JsonValue.EMPTY_JSON_OBJECT;
    }

    /** The members by name, with references resolved; without dangling references, which are reported elsewhere. */
    Map<String, Spot> members() {
        Map<String, Spot> members = new LinkedHashMap<>();
        object().keySet().forEach(name -> {
            if (get(name).exists()) {
                members.put(name, get(name));
            }
        });
        return members;
    }

    /** The items as written. */
    List<Spot> items() {
        List<Spot> items = new ArrayList<>();
        for (JsonValue item : value instanceof JsonArray array ? array : JsonValue.EMPTY_JSON_ARRAY) {
            items.add(new Spot(document, pointer + "/" + items.size(), item));
        }
        return items;
    }

    String text() {
        return value instanceof JsonString string ? string.getString() : "";
    }

    boolean isTrue() {
        return value == JsonValue.TRUE;
    }
}
