// SPDX-License-Identifier: Apache-2.0
package dev.phone.contract;

import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.util.stream.Collectors;

/** JSON for readers: what fits on a line is on one. */
final class JsonLayout {

    private JsonLayout() {
    }

    static String of(JsonValue value, int width) {
        return of(value, width, "");
    }

    private static String of(JsonValue value, int width, String indent) {
        String line = line(value);
        if (line.length() + indent.length() <= width) {
            return line;
        }
        String inner = indent + "  ";
        return switch (value) {
            case JsonObject object when !object.isEmpty() -> object.entrySet().stream()
                    .map(member -> inner + Json.createValue(member.getKey()) + ": " + of(member.getValue(), width, inner))
                    .collect(Collectors.joining(",\n", "{\n", "\n" + indent + "}"));
            case JsonArray array when !array.isEmpty() -> array.stream().map(item -> inner + of(item, width, inner))
                    .collect(Collectors.joining(",\n", "[\n", "\n" + indent + "]"));
            default -> line;
        };
    }

    private static String line(JsonValue value) {
        return switch (value) {
            case JsonObject object -> object.entrySet().stream().map(member -> Json.createValue(member.getKey()) + ": " + line(member.getValue()))
                    .collect(Collectors.joining(", ", "{", "}"));
            case JsonArray array -> array.stream().map(JsonLayout::line).collect(Collectors.joining(", ", "[", "]"));
            default -> value.toString();
        };
    }
}
