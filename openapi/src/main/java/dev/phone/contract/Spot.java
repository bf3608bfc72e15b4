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
 * A value of a contract and where it is.
 *
 * <p>Forgiving: what is missing, or is not of the kind that is asked for, is empty. Rules ask whether a thing is right, so each of them
 * would otherwise have to ask first whether it is there at all.
 *
 * @param value null when there is nothing at {@code pointer}
 */
record Spot(JsonObject document, String pointer, JsonValue value) {

    static Spot of(JsonObject document) {
        return new Spot(document, "", document);
    }

    boolean exists() {
        return value != null;
    }

    /** The member as it is written, even when it is a reference. */
    Spot raw(String name) {
        return new Spot(document, pointer + "/" + Json.encodePointer(name), object().get(name));
    }

    /** The member, or what it refers to. */
    Spot get(String name) {
        return raw(name).target();
    }

    /** Where the reference leads that this is; this itself when it is none. Goes to a place with nothing when it leads nowhere. */
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

    /** What the reference says that this is; empty when it is none. */
    String reference() {
        return object().get("$ref") instanceof JsonString string ? string.getString() : "";
    }

    JsonObject object() {
        return value instanceof JsonObject object ? object : JsonValue.EMPTY_JSON_OBJECT;
    }

    /** The members by name, each or what it refers to; without those that refer to nothing, which is a problem of its own. */
    Map<String, Spot> members() {
        Map<String, Spot> members = new LinkedHashMap<>();
        object().keySet().forEach(name -> {
            if (get(name).exists()) {
                members.put(name, get(name));
            }
        });
        return members;
    }

    /** The items as they are written. */
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
