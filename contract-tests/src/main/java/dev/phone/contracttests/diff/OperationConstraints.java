// SPDX-License-Identifier: Apache-2.0
package dev.phone.contracttests.diff;

import dev.phone.contracttests.diff.Constraint.Side;
import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The constraints and guarantees of an operation or webhook of a contract, with all references resolved. */
final class OperationConstraints {
    static final String ENUM_VALUE = "enum value ";
    /** A value of a closed enum: clients may rely on there being no others. */
    static final String CLOSED_ENUM_VALUE = "closed enum value ";

    private static final Set<String> METHODS = Set.of("get", "put", "post", "delete", "options", "head", "patch", "trace");
    private static final Set<String> PROSE = Set.of("description", "summary", "title", "examples", "example", "$comment");

    private final JsonObject document;
    private final Map<String, Constraint> constraints = new LinkedHashMap<>();
    // The components being visited: a schema may contain itself.
    private final Deque<String> inside = new ArrayDeque<>();

    private OperationConstraints(JsonObject document) {
        this.document = document;
    }

    /** By operationId, including webhooks; constraints of the whole contract are under {@code ""}. */
    static Map<String, Map<String, Constraint>> of(JsonObject document) {
        Map<String, Map<String, Constraint>> operations = new LinkedHashMap<>();
        OperationConstraints all = new OperationConstraints(document);
        all.rateLimit(document);
        object(object(document, "components"), "securitySchemes").forEach((name, scheme) -> {
            for (String key : new String[] {"type", "scheme", "in", "name"}) {
                if (scheme.asJsonObject().containsKey(key)) {
                    all.put(Side.OPERATION, "", "", "", "security scheme " + name + " " + key, text(scheme.asJsonObject().get(key)));
                }
            }
        });
        operations.put("", all.constraints);
        for (String kind : new String[] {"paths", "webhooks"}) {
            object(document, kind).forEach((path, item) -> item.asJsonObject().forEach((method, operation) -> {
                if (METHODS.contains(method)) {
                    OperationConstraints one = new OperationConstraints(document);
                    one.operation(kind.equals("webhooks"), method, path, item.asJsonObject(), operation.asJsonObject());
                    operations.put(operation.asJsonObject().getString("operationId", method.toUpperCase(Locale.ROOT) + " " + path),
                            one.constraints);
                }
            }));
        }
        return operations;
    }

    private void put(Side side, String where, String path, String subject, String keyword, String value) {
        Constraint constraint = new Constraint(side, where, path, subject, keyword, value);
        constraints.putIfAbsent(constraint.key(), constraint);
    }

    private void operation(boolean isWebhook, String method, String path, JsonObject item, JsonObject operation) {
        // A webhook request is to its receiver what a response is to a caller.
        Side request = isWebhook ? Side.RESPONSE : Side.REQUEST;
        Side response = isWebhook ? Side.REQUEST : Side.RESPONSE;
        put(Side.OPERATION, "", "", "", "path", method.toUpperCase(Locale.ROOT) + " " + (isWebhook ? "webhook " : "") + path);
        put(Side.OPERATION, "", "", "", "security", security(operation));
        rateLimit(operation);
        for (String key : new String[] {"summary", "description", "deprecated"}) {
            if (operation.containsKey(key)) {
                put(Side.OPERATION, "", "", "", key, text(operation.get(key)));
            }
        }
        for (JsonObject holder : new JsonObject[] {operation, item}) {
            for (JsonValue each : holder.get("parameters") instanceof JsonArray array ? array : JsonValue.EMPTY_JSON_ARRAY) {
                JsonObject parameter = resolve(each);
                String name = parameter.getString("name");
                String where = parameter.getString("in") + " " + (parameter.getString("in").equals("header") ? name.toLowerCase(Locale.ROOT) : name);
                put(request, where, "", subject(each, where), "", required(parameter.getBoolean("required", false)));
                schema(request, where, "", subject(each, where), parameter.get("schema"));
            }
        }
        if (operation.containsKey("requestBody")) {
            JsonObject body = resolve(operation.get("requestBody"));
            content(request, "request body", body, required(body.getBoolean("required", false)));
        }
        object(operation, "responses").forEach((status, each) -> {
            JsonObject answer = resolve(each);
            put(response, status, "", "", "", Constraint.OPTIONAL);
            object(answer, "headers").forEach((name, header) -> {
                String where = status + " header " + name;
                put(response, where, "", subject(header, where), "", required(resolve(header).getBoolean("required", false)));
                schema(response, where, "", subject(header, where), resolve(header).get("schema"));
            });
            content(response, status + " body", answer, Constraint.REQUIRED);
        });
    }

    private void content(Side side, String where, JsonObject holder, String required) {
        object(holder, "content").forEach((type, media) -> {
            String here = type.equals("application/json") ? where : where + " as " + type;
            put(side, here, "", "", "", required);
            schema(side, here, "", here, media.asJsonObject().get("schema"));
        });
    }

    private String security(JsonObject operation) {
        JsonValue ways = operation.containsKey("security") ? operation.get("security") : document.get("security");
        return ways instanceof JsonArray array && !array.isEmpty()
                ? array.stream().map(way -> String.join(" and ", new TreeSet<>(way.asJsonObject().keySet()))).collect(Collectors.joining(" or "))
                : "none";
    }

    private void rateLimit(JsonObject holder) {
        JsonObject limit = object(holder, "x-rate-limit");
        if (!limit.isEmpty()) {
            put(Side.OPERATION, "", "", "", "limit", text(limit.get("limit")) + " in " + text(limit.get("window")) + " s by " + text(limit.get("key")));
        }
    }

    private void schema(Side side, String where, String path, String subject, JsonValue written) {
        if (!(written instanceof JsonObject reference)) {
            return;
        }
        String about = subject(reference, subject);
        JsonObject schema = resolve(reference);
        String component = reference.getString("$ref", "");
        if (!component.isEmpty() && inside.contains(component)) {
            put(side, where, path, about, "schema", about);
            return;
        }
        inside.push(component);
        boolean isClosed = schema.containsKey("x-statuses");
        schema.forEach((keyword, value) -> {
            switch (keyword) {
                case "properties" -> value.asJsonObject().forEach((name, property) -> {
                    String at = path + "/" + Json.encodePointer(name);
                    put(side, where, at, about + "/" + name, "", required(text(schema.get("required")).lines().anyMatch(name::equals)));
                    schema(side, where, at, about + "/" + name, property);
                });
                case "required" -> {
                    // Recorded with each property.
                }
                case "items", "additionalProperties" -> {
                    if (value instanceof JsonObject) {
                        put(side, where, path + "/*", about + "/*", "", Constraint.OPTIONAL);
                        schema(side, where, path + "/*", about + "/*", value);
                    } else {
                        put(side, where, path, about, keyword, text(value));
                    }
                }
                case "propertyNames" -> {
                    put(side, where, path + "/{name}", about + "/{name}", "", Constraint.OPTIONAL);
                    schema(side, where, path + "/{name}", about + "/{name}", value);
                }
                case "enum" -> {
                    put(side, where, path, about, "enum", "a set of values");
                    value.asJsonArray().forEach(each -> put(side, where, path, about, (isClosed ? CLOSED_ENUM_VALUE : ENUM_VALUE) + text(each),
                            text(each)));
                }
                default -> {
                    if (!PROSE.contains(keyword)) {
                        put(side, where, path, about, keyword, text(value).replace("\n", " or "));
                    }
                }
            }
        });
        inside.pop();
    }

    private static String required(boolean isRequired) {
        return isRequired ? Constraint.REQUIRED : Constraint.OPTIONAL;
    }

    /** The name of the referenced component; {@code otherwise} if the value is not a reference. */
    private static String subject(JsonValue value, String otherwise) {
        String reference = value.asJsonObject().getString("$ref", "");
        return reference.isEmpty() ? otherwise : reference.substring(reference.lastIndexOf('/') + 1);
    }

    private JsonObject resolve(JsonValue value) {
        JsonObject object = value.asJsonObject();
        for (int i = 0; i < 100 && object.get("$ref") instanceof JsonString reference; i++) {
            object = Json.createPointer(reference.getString().substring(1)).getValue(document).asJsonObject();
        }
        return object;
    }

    private static JsonObject object(JsonObject holder, String name) {
        return holder.get(name) instanceof JsonObject object ? object : JsonValue.EMPTY_JSON_OBJECT;
    }

    /** A list has one item per line. */
    private static String text(JsonValue value) {
        return switch (value) {
            case JsonString string -> string.getString();
            case JsonArray array when array.stream().allMatch(JsonString.class::isInstance) ->
                    array.stream().map(OperationConstraints::text).sorted().collect(Collectors.joining("\n"));
            case null -> "";
            default -> value.toString();
        };
    }
}
