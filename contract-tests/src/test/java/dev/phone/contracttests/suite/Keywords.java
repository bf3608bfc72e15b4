// SPDX-License-Identifier: Apache-2.0
package dev.phone.contracttests.suite;

import dev.phone.contracttests.contract.TheContract;
import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.math.BigDecimal;
import java.net.URI;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Which keywords of a schema of the contract a value breaks, and where: read off the JSON of the contract, so that server and mock are not
 * compared with the code that they share.
 */
final class Keywords {
    /** What says nothing about which values are valid. */
    private static final Set<String> SILENT = Set.of("description", "examples", "default", "title", "required", "x-expects");
    private static final String DATE_TIME = "\\d{4}-\\d\\d-\\d\\d[Tt]\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?([Zz]|[+-]\\d\\d:\\d\\d)";

    private Keywords() {
    }

    /** What a violation of a schema is called in a response: its path, a space, and the keyword. */
    static List<String> broken(JsonObject unresolved, JsonValue value, String at) {
        JsonObject schema = TheContract.CONTRACT.resolve(unresolved);
        List<String> broken = new ArrayList<>();
        String type = type(value);
        if (!types(schema).contains(type) && !(type.equals("integer") && types(schema).contains("number"))) {
            return List.of(violation(at, "type"));
        }
        if (value instanceof JsonNumber && !fits(schema, value)) {
            // A number that is too large for its format is not compared with bounds that are within it.
            return List.of(violation(at, "format"));
        }
        schema.forEach((keyword, argument) -> {
            if (SILENT.contains(keyword)) {
                return;
            }
            boolean holds = switch (keyword) {
                case "type" -> true;
                case "format" -> fits(schema, value);
                case "enum" -> argument.asJsonArray().contains(value);
                case "minLength" -> !(value instanceof JsonString text) || codePoints(text) >= number(argument).intValue();
                case "maxLength" -> !(value instanceof JsonString text) || codePoints(text) <= number(argument).intValue();
                case "pattern" -> !(value instanceof JsonString text) || matches(((JsonString) argument).getString(), text.getString());
                case "minimum" -> !(value instanceof JsonNumber n) || n.bigDecimalValue().compareTo(number(argument)) >= 0;
                case "maximum" -> !(value instanceof JsonNumber n) || n.bigDecimalValue().compareTo(number(argument)) <= 0;
                case "minItems" -> !(value instanceof JsonArray array) || array.size() >= number(argument).intValue();
                case "maxItems" -> !(value instanceof JsonArray array) || array.size() <= number(argument).intValue();
                case "uniqueItems" -> !(value instanceof JsonArray array) || new HashSet<>(array).size() == array.size();
                case "minProperties" -> !(value instanceof JsonObject object) || object.size() >= number(argument).intValue();
                case "maxProperties" -> !(value instanceof JsonObject object) || object.size() <= number(argument).intValue();
                case "propertyNames" -> {
                    if (value instanceof JsonObject object) {
                        object.keySet().stream().filter(name -> !broken(argument.asJsonObject(), Json.createValue(name), "").isEmpty())
                                .forEach(name -> broken.add(violation(at + "/" + Json.encodePointer(name), keyword)));
                    }
                    yield true;
                }
                case "items" -> {
                    for (int i = 0; value instanceof JsonArray array && i < array.size(); i++) {
                        broken.addAll(broken(argument.asJsonObject(), array.get(i), at + "/" + i));
                    }
                    yield true;
                }
                case "properties" -> {
                    if (value instanceof JsonObject object) {
                        object(schema, object, at, broken);
                    }
                    yield true;
                }
                case "additionalProperties" -> {
                    if (argument instanceof JsonObject values && value instanceof JsonObject object) {
                        object.forEach((name, member) -> broken.addAll(broken(values, member, at + "/" + Json.encodePointer(name))));
                    }
                    yield true;
                }
                default -> throw new UnsupportedOperationException(
                        "the contract has a keyword that is new to this suite: teach Keywords and Bends what " + keyword + " means");
            };
            if (!holds) {
                broken.add(violation(at, keyword));
            }
        });
        return broken;
    }

    private static void object(JsonObject schema, JsonObject object, String at, List<String> broken) {
        JsonObject properties = schema.getJsonObject("properties");
        properties.forEach((name, property) -> {
            if (object.containsKey(name)) {
                broken.addAll(broken(property.asJsonObject(), object.get(name), at + "/" + Json.encodePointer(name)));
            } else if (schema.containsKey("required") && schema.getJsonArray("required").contains(Json.createValue(name))) {
                broken.add(violation(at + "/" + Json.encodePointer(name), "required"));
            }
        });
        if (JsonValue.FALSE.equals(schema.get("additionalProperties"))) {
            object.keySet().stream().filter(name -> !properties.containsKey(name))
                    .forEach(name -> broken.add(violation(at + "/" + Json.encodePointer(name), "additionalProperties")));
        }
    }

    static String violation(String at, String keyword) {
        return (at + " " + keyword).strip();
    }

    private static boolean fits(JsonObject schema, JsonValue value) {
        return switch (schema.getString("format")) {
            case "int32" -> !(value instanceof JsonNumber n) || n.bigDecimalValue().abs().compareTo(BigDecimal.valueOf(Integer.MAX_VALUE)) <= 0;
            case "int64" -> !(value instanceof JsonNumber n) || n.bigDecimalValue().abs().compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) <= 0;
            case "date-time" -> !(value instanceof JsonString text) || text.getString().matches(DATE_TIME) && parses(text.getString());
            case "uri" -> !(value instanceof JsonString text) || isUri(text.getString());
            default -> throw new UnsupportedOperationException("the contract has a format that is new to this suite: "
                    + schema.getString("format"));
        };
    }

    private static boolean parses(String dateTime) {
        try {
            OffsetDateTime.parse(dateTime);
            return true;
        } catch (DateTimeException e) {
            return false;
        }
    }

    private static boolean isUri(String text) {
        try {
            return URI.create(text).isAbsolute() && text.chars().allMatch(c -> c < 128);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    static List<String> types(JsonObject schema) {
        return switch (schema.get("type")) {
            case null -> List.of("object", "array", "string", "integer", "number", "boolean", "null");
            case JsonArray several -> several.getValuesAs(JsonString::getString);
            case JsonValue one -> List.of(((JsonString) one).getString());
        };
    }

    private static String type(JsonValue value) {
        return switch (value.getValueType()) {
            case OBJECT -> "object";
            case ARRAY -> "array";
            case STRING -> "string";
            case NUMBER -> ((JsonNumber) value).bigDecimalValue().stripTrailingZeros().scale() <= 0 ? "integer" : "number";
            case TRUE, FALSE -> "boolean";
            case NULL -> "null";
        };
    }

    /** ECMA-262, in which a dollar is the end of the text and nothing else. */
    private static boolean matches(String pattern, String text) {
        return Pattern.compile(pattern.endsWith("$") ? pattern.substring(0, pattern.length() - 1) + "\\z" : pattern).matcher(text).find();
    }

    private static int codePoints(JsonString text) {
        return text.getString().codePointCount(0, text.getString().length());
    }

    private static BigDecimal number(JsonValue argument) {
        return ((JsonNumber) argument).bigDecimalValue();
    }
}
