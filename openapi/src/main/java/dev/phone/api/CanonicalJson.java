// SPDX-License-Identifier: Apache-2.0
package dev.phone.api;

import jakarta.json.JsonArray;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.util.Map;
import java.util.TreeMap;

/**
 * Canonical JSON, similar to RFC 8785: without white space, with members sorted by name and numbers reduced. Two texts are equivalent if and only if
 * their canonical forms are equal.
 */
public final class CanonicalJson {
    private CanonicalJson() {
    }

    public static String of(JsonValue value) {
        StringBuilder text = new StringBuilder();
        write(value, text);
        return text.toString();
    }

    private static void write(JsonValue value, StringBuilder text) {
        switch (value) {
            case JsonObject object -> {
                char separator = '{';
                for (Map.Entry<String, JsonValue> member : new TreeMap<>(object).entrySet()) {
                    text.append(separator).append(Codec.text(member.getKey())).append(':');
                    write(member.getValue(), text);
                    separator = ',';
                }
                text.append(object.isEmpty() ? "{}" : "}");
            }
            case JsonArray array -> {
                char separator = '[';
                for (JsonValue item : array) {
                    text.append(separator);
                    write(item, text);
                    separator = ',';
                }
                text.append(array.isEmpty() ? "[]" : "]");
            }
            // Not toPlainString, which would write out a huge exponent.
            case JsonNumber number -> text.append(number.bigDecimalValue().stripTrailingZeros());
            default -> text.append(value);
        }
    }
}
