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

/** The texts in a JSON value, wherever they are in it. */
public final class JsonTexts {
    private JsonTexts() {
    }

    /** The value with every text in it changed. Names of members are no texts. */
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

    /** The value with every instant in it moved by the same: the demo world is as old as the contract, and is to be as old as its reader wants. */
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

    /** Whether a text looks like an instant as the contract writes it, RFC 3339 in UTC. */
    public static boolean isInstant(String text) {
        return text.length() >= 20 && text.charAt(10) == 'T' && text.charAt(4) == '-' && text.endsWith("Z");
    }
}
