// SPDX-License-Identifier: Apache-2.0
package dev.phone.api;

import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.function.UnaryOperator;

/** Transforms the strings in a JSON value, at any depth. */
public final class JsonTexts {
    private JsonTexts() {
    }

    /** The value with every string transformed, except the names of members. */
    public static JsonValue map(JsonValue value, UnaryOperator<String> change) {
        return switch (value) {
            case JsonString string -> {
                String changed = change.apply(string.getString());
                yield changed.equals(string.getString()) ? string : Codec.text(changed);
            }
            case JsonObject object -> {
                JsonObjectBuilder mapped = Codec.object();
                object.forEach((name, member) -> mapped.add(name, map(member, change)));
                yield mapped.build();
            }
            case JsonArray array -> Codec.<JsonValue>listOf(item -> map(item, change)).apply(array);
            default -> value;
        };
    }

    /** The value with every instant shifted by the same duration, so that the demo world can start at any time. */
    public static JsonValue move(JsonValue value, Duration by) {
        return map(value, text -> move(text, by));
    }

    private static String move(String text, Duration by) {
        if (!isInstant(text)) {
            return text;
        }
        try {
            return Codec.text(Instant.parse(text).plus(by));
        } catch (DateTimeParseException e) {
            return text;
        }
    }

    /** Whether a string looks like an instant in the contract's format, RFC 3339 in UTC. */
    public static boolean isInstant(String text) {
        return text.length() >= 20 && text.charAt(10) == 'T' && text.charAt(4) == '-' && text.endsWith("Z");
    }
}
