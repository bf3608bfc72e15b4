// SPDX-License-Identifier: Apache-2.0
package dev.phone.mock.state;

import dev.phone.api.Codec;
import jakarta.json.JsonArray;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import jakarta.json.spi.JsonProvider;
import java.time.Instant;
import java.util.Map;

/** Creates and modifies JSON values. */
public final class Json {
    // Looked up once: the static methods of jakarta.json.Json may search for the provider at each call.
    private static final JsonProvider PROVIDER = JsonProvider.provider();

    private Json() {
    }

    public static JsonObjectBuilder object() {
        return PROVIDER.createObjectBuilder();
    }

    public static JsonObjectBuilder object(JsonObject copied) {
        return PROVIDER.createObjectBuilder(copied);
    }

    public static JsonArrayBuilder array() {
        return PROVIDER.createArrayBuilder();
    }

    public static JsonString text(String value) {
        return PROVIDER.createValue(value);
    }

    public static JsonValue number(int value) {
        return PROVIDER.createValue(value);
    }

    public static JsonString instant(Instant value) {
        return PROVIDER.createValue(Codec.text(value));
    }

    /** The object with one member changed or added. */
    public static JsonObject with(JsonObject object, String name, JsonValue value) {
        return PROVIDER.createObjectBuilder(object).add(name, value).build();
    }

    /** The approximate memory of a value and its text, in bytes. */
    static long bytes(JsonValue value) {
        return switch (value) {
            case JsonString string -> 100 + 4L * string.getString().length();
            case JsonObject object -> {
                long sum = 200;
                for (Map.Entry<String, JsonValue> member : object.entrySet()) {
                    sum += 4L * member.getKey().length() + bytes(member.getValue());
                }
                yield sum;
            }
            case JsonArray array -> {
                long sum = 200;
                for (JsonValue item : array) {
                    sum += bytes(item);
                }
                yield sum;
            }
            default -> 50;
        };
    }
}
