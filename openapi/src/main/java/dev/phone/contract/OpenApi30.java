// SPDX-License-Identifier: Apache-2.0
package dev.phone.contract;

import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.util.List;
import java.util.Set;

/**
 * Converts a contract to OpenAPI 3.0.3, for tools that do not read 3.1. Operations are equivalent. Webhooks, which 3.0 does not have, become
 * {@code x-webhooks}, which some tools read; extensions are left out. A rule for the names in a map, which 3.0 does not have either, becomes a
 * sentence of its description.
 */
public final class OpenApi30 {
    /** Keywords whose value is a schema, and keywords whose value maps names to schemas. */
    private static final Set<String> SCHEMA = Set.of("items", "additionalProperties");
    private static final Set<String> EXAMPLES = Set.of("examples", "example");

    private final JsonObject contract;

    private OpenApi30(JsonObject contract) {
        this.contract = contract;
    }

    public static JsonObject of(JsonObject contract) {
        return new OpenApi30(contract).converted();
    }

    private JsonObject converted() {
        JsonObjectBuilder info = Json.createObjectBuilder(contract.getJsonObject("info")).remove("summary");
        if (contract.getJsonObject("info").get("license") instanceof JsonObject license) {
            JsonObjectBuilder old = Json.createObjectBuilder(license).remove("identifier");
            info.add("license", license.containsKey("identifier") ? old.add("url", "https://spdx.org/licenses/" + license.getString("identifier") + ".html") : old);
        }
        JsonObject converted = part(contract).asJsonObject();
        JsonObjectBuilder result = Json.createObjectBuilder(converted).add("openapi", "3.0.3").add("info", info).remove("webhooks");
        if (converted.containsKey("webhooks")) {
            result.add("x-webhooks", converted.get("webhooks"));
        }
        if (converted.get("components") instanceof JsonObject components && components.get("schemas") instanceof JsonObject schemas) {
            JsonObjectBuilder named = Json.createObjectBuilder();
            schemas.forEach((name, schema) -> named.add(name, schema(schema)));
            result.add("components", Json.createObjectBuilder(components).add("schemas", named));
        }
        return result.build();
    }

    /** Converts anything except a schema. */
    private JsonValue part(JsonValue value) {
        return switch (value) {
            case JsonObject object -> {
                JsonObjectBuilder result = Json.createObjectBuilder();
                object.forEach((name, member) -> {
                    if (!name.startsWith("x-") || isHeader(member)) {
                        result.add(name, name.equals("schema") ? schema(member) : EXAMPLES.contains(name) || name.equals("schemas") ? member : part(member));
                    }
                });
                yield result.build();
            }
            case JsonArray array -> {
                JsonArrayBuilder result = Json.createArrayBuilder();
                array.forEach(item -> result.add(part(item)));
                yield result.build();
            }
            default -> value;
        };
    }

    /** A header whose name looks like that of an extension. */
    private static boolean isHeader(JsonValue value) {
        return value instanceof JsonObject object && (object.containsKey("schema")
                || object.get("$ref") instanceof JsonString reference && reference.getString().startsWith("#/components/headers/"));
    }

    private JsonValue schema(JsonValue value) {
        if (!(value instanceof JsonObject schema)) {
            return value;
        }
        JsonObjectBuilder result = Json.createObjectBuilder();
        schema.forEach((name, member) -> {
            switch (name) {
                case "type" -> type(member, result);
                case "examples" -> result.add("example", member.asJsonArray().getFirst());
                case "propertyNames" -> {
                    // In the description, below.
                }
                case "exclusiveMinimum" -> result.add("minimum", member).add(name, true);
                case "exclusiveMaximum" -> result.add("maximum", member).add(name, true);
                case "properties" -> {
                    JsonObjectBuilder properties = Json.createObjectBuilder();
                    member.asJsonObject().forEach((property, of) -> properties.add(property, schema(of)));
                    result.add(name, properties);
                }
                default -> {
                    if (!name.startsWith("x-")) {
                        result.add(name, SCHEMA.contains(name) ? schema(member) : member);
                    }
                }
            }
        });
        String names = names(schema);
        String description = schema.getString("description", "");
        if (!names.isEmpty() && !description.contains(names)) {
            result.add("description", (description + " Each name in it must be " + names + ".").strip());
        }
        return result.build();
    }

    /** What the names in a map must be, in words; empty if the schema does not say so. */
    private String names(JsonObject schema) {
        if (!(schema.get("propertyNames") instanceof JsonObject names)) {
            return "";
        }
        if (names.get("$ref") instanceof JsonString reference) {
            names = Json.createPointer(reference.getString().substring(1)).getValue(contract).asJsonObject();
        }
        return names.getString("x-expects", "valid by the JSON schema `" + names + "`");
    }

    private static void type(JsonValue type, JsonObjectBuilder schema) {
        if (type instanceof JsonArray several) {
            List<String> types = several.getValuesAs(JsonString::getString);
            schema.add("type", types.stream().filter(each -> !each.equals("null")).findFirst().orElseThrow()).add("nullable", types.contains("null"));
        } else {
            schema.add("type", type);
        }
    }
}
