// SPDX-License-Identifier: Apache-2.0
package dev.phone.contracttests.suite;

import dev.phone.contracttests.contract.TheContract;
import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * Values around the edges of a schema: on both sides of each constraint, and of each type but its own. Which of them are valid is
 * for {@link Keywords} to say.
 */
final class Bends {
    private static final Map<String, JsonValue> ANY = new LinkedHashMap<>();

    static {
        ANY.put("null", JsonValue.NULL);
        ANY.put("boolean", JsonValue.TRUE);
        ANY.put("integer", Json.createValue(7));
        ANY.put("number", Json.createValue(1.5));
        ANY.put("string", Json.createValue("x"));
        ANY.put("array", JsonValue.EMPTY_JSON_ARRAY);
        ANY.put("object", JsonValue.EMPTY_JSON_OBJECT);
    }

    private final Map<String, JsonValue> bends = new LinkedHashMap<>();

    private Bends() {
    }

    /** Each by what is special about it. @param valid a value that the schema allows */
    static Map<String, JsonValue> of(JsonObject schema, JsonValue valid) {
        Bends bends = new Bends();
        bends.add(schema, valid, "", value -> value);
        return bends.bends;
    }

    private void add(JsonObject unresolved, JsonValue valid, String at, UnaryOperator<JsonValue> within) {
        JsonObject schema = TheContract.CONTRACT.resolve(unresolved);
        if (schema.containsKey("type")) {
            ANY.forEach((type, value) -> {
                if (!Keywords.types(schema).contains(type)) {
                    put(at, "of type " + type, within.apply(value));
                }
            });
        }
        switch (valid) {
            case JsonObject object -> object(schema, object, at, within);
            case JsonArray array -> array(schema, array, at, within);
            case JsonString text -> strings(schema, text.getString()).forEach(
                    (what, value) -> put(at, what, within.apply(Json.createValue(value))));
            default -> {
                numbers(schema).forEach(value -> put(at, value, within.apply(number(value))));
                // To JSON Schema these are integers.
                put(at, "1.0", within.apply(number("1.0")));
                put(at, "1E+1", within.apply(number("1E+1")));
            }
        }
    }

    private void put(String at, String what, JsonValue value) {
        bends.put((at.isEmpty() ? "body" : at) + " " + what, value);
    }

    private void object(JsonObject schema, JsonObject valid, String at, UnaryOperator<JsonValue> within) {
        put(at, "without properties", within.apply(JsonValue.EMPTY_JSON_OBJECT));
        valid.keySet().forEach(name -> put(at, "without " + name, within.apply(Json.createObjectBuilder(valid).remove(name).build())));
        if (schema.get("properties") instanceof JsonObject properties) {
            for (String name : List.of("unknown", "a/b~c", "")) {
                put(at, "with a property \"" + name + "\"", within.apply(Json.createObjectBuilder(valid).add(name, "x").build()));
            }
            String first = properties.keySet().iterator().next();
            put(at, "with " + first + " in upper case", within.apply(Json.createObjectBuilder(valid).remove(first)
                    .add(first.toUpperCase(java.util.Locale.ROOT), valid.getOrDefault(first, JsonValue.NULL)).build()));
            properties.forEach((name, property) -> add(property.asJsonObject(), valid.getOrDefault(name, example(property.asJsonObject())),
                    at + "/" + Json.encodePointer(name), value -> within.apply(Json.createObjectBuilder(valid).add(name, value).build())));
        }
        if (schema.get("additionalProperties") instanceof JsonObject values) {
            String name = "a/b~c";
            add(values, Json.createValue("x"), at + "/" + Json.encodePointer(name),
                    value -> within.apply(Json.createObjectBuilder().add(name, value).build()));
            if (schema.get("propertyNames") instanceof JsonObject names) {
                strings(names, ((JsonString) example(names)).getString()).forEach((what, text) -> {
                    // The paths of errors are cut short.
                    if (text.length() <= 150) {
                        put(at, "with a name " + what, within.apply(Json.createObjectBuilder().add(text, "x").build()));
                    }
                });
            }
            for (int size : edges(schema, "minProperties", "maxProperties")) {
                JsonObjectBuilder map = Json.createObjectBuilder();
                for (int i = 0; i < size; i++) {
                    map.add("key" + i, "x");
                }
                put(at, "of " + size + " properties", within.apply(map.build()));
            }
        }
    }

    private void array(JsonObject schema, JsonArray valid, String at, UnaryOperator<JsonValue> within) {
        JsonObject items = schema.getJsonObject("items");
        for (int size : edges(schema, "minItems", "maxItems")) {
            JsonArrayBuilder array = Json.createArrayBuilder();
            for (int i = 0; i < size; i++) {
                array.add(valid.get(i % valid.size()));
            }
            put(at, "of " + size + " items", within.apply(array.build()));
        }
        put(at, "with an item twice", within.apply(Json.createArrayBuilder(valid).add(valid.getFirst()).build()));
        add(items, valid.getFirst(), at + "/0", value -> within.apply(Json.createArrayBuilder(valid).set(0, value).build()));
    }

    /** Texts by what is special about them. */
    static Map<String, String> strings(JsonObject unresolved, String valid) {
        JsonObject schema = TheContract.CONTRACT.resolve(unresolved);
        Map<String, String> texts = new LinkedHashMap<>();
        texts.put("empty", "");
        if (schema.get("enum") instanceof JsonArray values) {
            values.getValuesAs(JsonString::getString).forEach(value -> texts.put("\"" + value + "\"", value));
            texts.put("in upper case", valid.toUpperCase(java.util.Locale.ROOT));
            texts.put("with a space after it", valid + " ");
        }
        for (int length : edges(schema, "minLength", "maxLength")) {
            texts.put("of " + length + " characters", resized(valid, length, "x"));
            texts.put("of " + length + " characters, all but the first beyond 16 bits", resized(valid.substring(0, 1), length, "👍"));
        }
        if (schema.containsKey("pattern")) {
            texts.put("one character shorter", valid.substring(0, valid.length() - 1));
            texts.put("one character longer", valid + valid.charAt(valid.length() - 1));
            texts.put("with a line break after it", valid + "\n");
            texts.put("with a space before it", " " + valid);
            texts.put("in upper case", valid.toUpperCase(java.util.Locale.ROOT));
            texts.put("with the first character left out", valid.substring(1));
            texts.put("without spaces", valid.replace(" ", ""));
            texts.put("of spaces only", "   ");
        }
        if (schema.containsKey("pattern") && Keywords.broken(schema, Json.createValue("a b"), "").isEmpty()) {
            texts.put("with spaces around it", "  " + valid + "  ");
            // Of Unicode's characters: controls, bidirectional formatting, and what looks alike and is welcome.
            for (int c : new int[] {0x01, '\t', '\n', '\r', 0x1f, 0x7f, 0x85, 0x9f, 0x202a, 0x202e, 0x2066, 0x2069, 0xa0, 0xad, 0x200d, 0x200f, 0x2028,
                    0x2029, 0x202f, 0x2065, 0x206a, 0x1f4de, 0x10ffff}) {
                texts.put("with U+%04X in it".formatted(c), valid.charAt(0) + Character.toString(c) + valid.substring(1));
            }
            for (int length : edges(schema, "minLength", "maxLength")) {
                texts.put("of " + length + " characters, all but the first white space", valid.charAt(0) + " ".repeat(Math.max(0, length - 1)));
            }
            for (int length : new int[] {40, 41, 80, 81, 500, 501}) {
                texts.put("of " + length + " characters", resized(valid, length, "x"));
                texts.put("of " + length + " characters and spaces around them", "  " + resized(valid, length, "👍") + "  ");
            }
            for (String last : List.of("9", "z", "u", "４")) {
                texts.put("ending in " + last, valid.substring(0, valid.length() - 1) + last);
            }
        }
        if ("uri".equals(schema.getString("format", ""))) {
            texts.put("relative", "/phone");
            texts.put("with a space in it", valid + "/a b");
            texts.put("with a bad escape in it", valid + "/%zz");
        }
        if ("date-time".equals(schema.getString("format", ""))) {
            for (String text : List.of("yesterday", "2026-01-15", "2026-01-15T09:30Z", "2026-01-15T09:30:00", "2026-01-15 09:30:00Z",
                    "2026-02-30T00:00:00Z", "2026-01-15T24:30:00Z", "20260115T093000Z", "1768469371")) {
                texts.put(text, text);
            }
        }
        return texts;
    }

    /** The integers around the bounds, and what is no integer of the format, as they are written. */
    static List<String> numbers(JsonObject unresolved) {
        JsonObject schema = TheContract.CONTRACT.resolve(unresolved);
        List<String> numbers = new ArrayList<>();
        if (schema.containsKey("minimum")) {
            long minimum = schema.getJsonNumber("minimum").longValue();
            numbers.addAll(List.of(String.valueOf(minimum), String.valueOf(minimum - 1)));
        }
        if (schema.containsKey("maximum")) {
            long maximum = schema.getJsonNumber("maximum").longValue();
            numbers.addAll(List.of(String.valueOf(maximum), String.valueOf(maximum + 1)));
        }
        numbers.addAll(List.of("2147483648", "-2147483649", "99999999999999999999"));
        return numbers;
    }

    private static JsonValue number(String text) {
        return Json.createValue(new java.math.BigDecimal(text));
    }

    private static String resized(String valid, int length, String filler) {
        return valid.length() >= length ? valid.substring(0, length) : valid + filler.repeat(length - valid.length());
    }

    /** The last size that is allowed and the first that is not, at both ends; at least one. */
    private static Set<Integer> edges(JsonObject schema, String minimum, String maximum) {
        Set<Integer> edges = new LinkedHashSet<>();
        if (schema.containsKey(minimum)) {
            edges.add(schema.getInt(minimum));
            edges.add(Math.max(0, schema.getInt(minimum) - 1));
        }
        if (schema.containsKey(maximum)) {
            edges.add(schema.getInt(maximum));
            edges.add(schema.getInt(maximum) + 1);
        }
        return edges;
    }

    /** The first example that a schema gives of itself. */
    static JsonValue example(JsonObject schema) {
        return TheContract.CONTRACT.resolve(schema).getJsonArray("examples").getFirst();
    }
}
