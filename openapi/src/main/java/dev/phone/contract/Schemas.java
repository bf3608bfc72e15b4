// SPDX-License-Identifier: Apache-2.0
package dev.phone.contract;

import dev.phone.api.Schema;
import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.PatternSyntaxException;

/**
 * Compiles a contract's JSON schemas to {@link Schema}.
 *
 * <p>Every keyword is either enforced or a known annotation; all others are refused. Otherwise the contract would promise
 * something that is not enforced.
 */
final class Schemas {
    private static final Set<String> ANNOTATIONS = Set.of("description", "examples", "default", "deprecated", "x-expects");

    private static final Set<String> NOTHING_MORE = Set.of();
    private static final Set<String> STRING = Set.of("minLength", "maxLength", "pattern", "format", "enum");
    private static final Set<String> NUMBER = Set.of("format", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf");
    private static final Set<String> ARRAY = Set.of("items", "minItems", "maxItems", "uniqueItems");
    private static final Set<String> OBJECT = Set.of("properties", "required", "additionalProperties", "propertyNames", "minProperties", "maxProperties");

    private static final String NAMED = "#/components/schemas/";

    /** Receives each part that cannot be enforced, with its pointer. */
    @FunctionalInterface
    interface Refusal {
        void refuse(String pointer, String message);
    }

    private final JsonObject named;
    private final Refusal refusal;
    private final Map<String, Schema> done = new HashMap<>();
    private final Set<String> open = new LinkedHashSet<>();

    /** @param contract the whole bundled document */
    Schemas(JsonObject contract, Refusal refusal) {
        JsonObject components = contract.get("components") instanceof JsonObject object ? object : JsonValue.EMPTY_JSON_OBJECT;
        this.named = components.get("schemas") instanceof JsonObject object ? object : JsonValue.EMPTY_JSON_OBJECT;
        this.refusal = refusal;
    }

    /** The schema component of this name; null if there is none. */
    Schema named(String name) {
        Schema schema = done.get(name);
        if (schema == null && named.containsKey(name)) {
            open.add(name);
            schema = of(named.get(name), "/components/schemas/" + Json.encodePointer(name));
            open.remove(name);
            done.put(name, schema);
        }
        return schema;
    }

    /**
     * Reports each object in {@code schema} that does not state {@code additionalProperties}. We treat such objects as closed, but in requests
     * other tools must know that, too.
     *
     * @param seen the references that have been followed
     */
    static void open(Spot schema, Set<String> seen, Consumer<Spot> report) {
        if (schema.isReference()) {
            if (seen.add(schema.reference())) {
                open(schema.target(), seen, report);
            }
            return;
        }
        if (schema.object().containsKey("properties") && !schema.raw("additionalProperties").exists()) {
            report.accept(schema);
        }
        schema.raw("properties").object().keySet().forEach(name -> open(schema.raw("properties").raw(name), seen, report));
        for (String part : List.of("items", "additionalProperties")) {
            if (schema.raw(part).exists()) {
                open(schema.raw(part), seen, report);
            }
        }
    }

    /** Compiles {@code schema}; refused parts accept any value. */
    Schema of(JsonValue schema, String pointer) {
        if (!(schema instanceof JsonObject object)) {
            return refuse(pointer, "a schema must be an object; write {} for any value");
        }
        if (object.containsKey("$ref")) {
            return reference(object, pointer);
        }
        if (!object.containsKey("type")) {
            onlyKnown(object, NOTHING_MORE, "a schema without a type", pointer);
            return Schema.Any.VALUE;
        }
        Set<String> types = types(object.get("type"));
        boolean nullable = types.remove("null");
        if (types.size() != 1) {
            return refuse(pointer + "/type", "must be one type, or one type and 'null'");
        }
        String type = types.iterator().next();
        return switch (type) {
            case "string" -> string(object, nullable, pointer);
            case "boolean" -> {
                onlyKnown(object, NOTHING_MORE, "a boolean", pointer);
                yield new Schema.Bool(nullable);
            }
            case "integer", "number" -> number(object, nullable, type, pointer);
            case "array" -> array(object, nullable, pointer);
            case "object" -> object(object, nullable, pointer);
            default -> refuse(pointer + "/type", "JSON has no type " + type);
        };
    }

    private Schema reference(JsonObject object, String pointer) {
        String reference = object.get("$ref") instanceof JsonString string ? string.getString() : "";
        String name = reference.startsWith(NAMED) ? reference.substring(NAMED.length()) : "";
        if (object.size() > 1) {
            return refuse(pointer, "a $ref must have no siblings");
        }
        if (!named.containsKey(name)) {
            return refuse(pointer, "there is no schema " + reference);
        }
        if (open.contains(name)) {
            return refuse(pointer, name + " is recursive, which we do not enforce");
        }
        return named(name);
    }

    private static Set<String> types(JsonValue type) {
        Set<String> types = new LinkedHashSet<>();
        if (type instanceof JsonString one) {
            types.add(one.getString());
        } else if (type instanceof JsonArray several) {
            several.forEach(each -> types.add(each instanceof JsonString string ? string.getString() : each.toString()));
        }
        return types;
    }

    private Schema string(JsonObject object, boolean nullable, String pointer) {
        onlyKnown(object, STRING, "a string", pointer);
        if (object.containsKey("enum")) {
            for (String keyword : STRING) {
                if (!keyword.equals("enum") && object.containsKey(keyword)) {
                    refuse(pointer + "/" + keyword, "an enum needs no other keyword; remove " + keyword);
                }
            }
            return oneOf(object, nullable, pointer + "/enum");
        }
        Schema.Regex pattern = null;
        if (object.containsKey("pattern")) {
            try {
                pattern = new Schema.Regex(text(object, "pattern", pointer));
            } catch (PatternSyntaxException e) {
                refuse(pointer + "/pattern", "is not a regular expression: " + e.getDescription());
            }
        }
        if (object.containsKey("x-expects") && pattern == null) {
            refuse(pointer + "/x-expects", "describes a pattern, but there is none");
        }
        Schema.Format format = null;
        if (object.containsKey("format")) {
            format = Schema.Format.of(text(object, "format", pointer));
            if (format == null) {
                refuse(pointer + "/format", "we do not enforce the format " + object.get("format") + " of a string");
            }
        }
        return new Schema.Text(nullable, count(object, "minLength", 0, pointer), count(object, "maxLength", Integer.MAX_VALUE, pointer),
                pattern, object.containsKey("x-expects") ? text(object, "x-expects", pointer) : null, format);
    }

    private Schema oneOf(JsonObject object, boolean nullable, String pointer) {
        List<String> values = new ArrayList<>();
        boolean hasNull = false;
        for (JsonValue value : object.get("enum") instanceof JsonArray array ? array : JsonValue.EMPTY_JSON_ARRAY) {
            if (value instanceof JsonString string) {
                values.add(string.getString());
            } else if (value == JsonValue.NULL) {
                hasNull = true;
            } else {
                return refuse(pointer, "must be a list of strings");
            }
        }
        if (values.isEmpty() || new HashSet<>(values).size() < values.size()) {
            return refuse(pointer, "must be a list of distinct strings");
        }
        // In JSON Schema an enum without null forbids null, whatever the type.
        if (hasNull != nullable) {
            return refuse(pointer, "must contain null if and only if the type does");
        }
        return new Schema.OneOf(nullable, List.copyOf(values));
    }

    private Schema number(JsonObject object, boolean nullable, String type, String pointer) {
        onlyKnown(object, NUMBER, type.equals("integer") ? "an integer" : "a number", pointer);
        String format = object.containsKey("format") ? text(object, "format", pointer) : "";
        int bits = switch (type + " " + format) {
            case "integer int32" -> 32;
            case "integer int64" -> 64;
            case "number ", "number double" -> 0;
            case "integer " -> {
                refuse(pointer, "an integer must have the format int32 or int64");
                yield 64;
            }
            default -> {
                refuse(pointer + "/format", "we do not enforce the format " + format + " of a number");
                yield 0;
            }
        };
        BigDecimal multipleOf = bound(object, "multipleOf", pointer);
        if (multipleOf != null && multipleOf.signum() <= 0) {
            refuse(pointer + "/multipleOf", "must be greater than 0");
            multipleOf = null;
        }
        return new Schema.Numeric(nullable, bits, bound(object, "minimum", pointer), bound(object, "exclusiveMinimum", pointer),
                bound(object, "maximum", pointer), bound(object, "exclusiveMaximum", pointer), multipleOf);
    }

    private Schema array(JsonObject object, boolean nullable, String pointer) {
        onlyKnown(object, ARRAY, "an array", pointer);
        Schema items = object.containsKey("items") ? of(object.get("items"), pointer + "/items")
                : refuse(pointer, "an array must have items; write items: {} for any value");
        return new Schema.Items(nullable, items, count(object, "minItems", 0, pointer),
                count(object, "maxItems", Integer.MAX_VALUE, pointer), flag(object, "uniqueItems", pointer));
    }

    private Schema object(JsonObject object, boolean nullable, String pointer) {
        onlyKnown(object, OBJECT, "an object", pointer);
        int min = count(object, "minProperties", 0, pointer);
        int max = count(object, "maxProperties", Integer.MAX_VALUE, pointer);
        JsonValue additional = object.get("additionalProperties");
        if (additional instanceof JsonObject) {
            for (String keyword : List.of("properties", "required")) {
                if (object.containsKey(keyword)) {
                    refuse(pointer + "/" + keyword, "an object is either a map or has properties; remove " + keyword
                            + " or write additionalProperties: false");
                }
            }
            return new Schema.Entries(nullable, names(object, pointer), of(additional, pointer + "/additionalProperties"), min, max);
        }
        if (object.containsKey("propertyNames")) {
            refuse(pointer + "/propertyNames", "only the names of a map can be restricted; remove propertyNames");
        }
        if (additional != null && additional != JsonValue.FALSE) {
            refuse(pointer, "additionalProperties must be false or the schema of a map's values; only in responses may it be absent");
        }
        JsonObject properties = object.get("properties") instanceof JsonObject o ? o : JsonValue.EMPTY_JSON_OBJECT;
        Set<String> required = new HashSet<>();
        for (JsonValue name : object.get("required") instanceof JsonArray array ? array : JsonValue.EMPTY_JSON_ARRAY) {
            String text = name instanceof JsonString string ? string.getString() : name.toString();
            if (!properties.containsKey(text)) {
                refuse(pointer + "/required", "names " + text + ", which is not a property");
            }
            required.add(text);
        }
        List<Schema.Property> list = new ArrayList<>();
        properties.forEach((name, property) -> list.add(new Schema.Property(name, required.contains(name),
                of(property, pointer + "/properties/" + Json.encodePointer(name)))));
        return new Schema.Properties(nullable, min, max, list.toArray(Schema.Property[]::new));
    }

    private Schema.Text names(JsonObject map, String pointer) {
        if (!map.containsKey("propertyNames")) {
            return null;
        }
        if (of(map.get("propertyNames"), pointer + "/propertyNames") instanceof Schema.Text text && !text.nullable()) {
            return text;
        }
        refuse(pointer + "/propertyNames", "must be the schema of a string that is no enum");
        return null;
    }

    private void onlyKnown(JsonObject object, Set<String> keywords, String what, String pointer) {
        for (String keyword : object.keySet()) {
            // Extensions are annotations by definition.
            if (!keyword.equals("type") && !keyword.startsWith("x-") && !ANNOTATIONS.contains(keyword) && !keywords.contains(keyword)) {
                refuse(pointer + "/" + Json.encodePointer(keyword), "we do not enforce " + keyword + " on " + what + "; remove it");
            }
        }
    }

    private String text(JsonObject object, String keyword, String pointer) {
        if (object.get(keyword) instanceof JsonString string) {
            return string.getString();
        }
        refuse(pointer + "/" + keyword, "must be a string");
        return "";
    }

    private int count(JsonObject object, String keyword, int absent, String pointer) {
        JsonValue value = object.get(keyword);
        if (value == null) {
            return absent;
        }
        if (value instanceof JsonNumber number && number.isIntegral() && number.bigDecimalValue().signum() >= 0
                && number.bigIntegerValue().bitLength() < Integer.SIZE) {
            return number.intValue();
        }
        refuse(pointer + "/" + keyword, "is a count");
        return absent;
    }

    private BigDecimal bound(JsonObject object, String keyword, String pointer) {
        JsonValue value = object.get(keyword);
        if (value == null || value instanceof JsonNumber) {
            return value == null ? null : ((JsonNumber) value).bigDecimalValue();
        }
        refuse(pointer + "/" + keyword, "is a number");
        return null;
    }

    private boolean flag(JsonObject object, String keyword, String pointer) {
        JsonValue value = object.getOrDefault(keyword, JsonValue.FALSE);
        if (value != JsonValue.TRUE && value != JsonValue.FALSE) {
            refuse(pointer + "/" + keyword, "must be true or false");
        }
        return value == JsonValue.TRUE;
    }

    private Schema refuse(String pointer, String message) {
        refusal.refuse(pointer, message);
        return Schema.Any.VALUE;
    }
}
