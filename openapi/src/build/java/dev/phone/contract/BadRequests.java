// SPDX-License-Identifier: Apache-2.0
package dev.phone.contract;

import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Moves deliberately invalid requests from {@code examples} to {@code x-bad-requests} beside it, because linters, request generators
 * and documentation pages expect examples to be valid. {@link Contract#requestExamples} reads both.
 *
 * <p>A request is bad if one of its values breaks its schema, or if its response is a 422 that lists violations.
 */
final class BadRequests {
    private final Contract contract;
    // By reference to a shared parameter: the names of the bad requests that use its examples.
    private final Map<String, Set<String>> shared = new HashMap<>();

    private BadRequests(JsonObject document) {
        contract = Contract.of(document);
    }

    static JsonObject apart(JsonObject document) {
        BadRequests bad = new BadRequests(document);
        JsonObject paths = Published.paths(document, bad::operation);
        JsonObject components = document.getJsonObject("components");
        JsonObjectBuilder parameters = Json.createObjectBuilder();
        components.getOrDefault("parameters", JsonValue.EMPTY_JSON_OBJECT).asJsonObject().forEach((name, parameter) -> parameters.add(name,
                apart(parameter.asJsonObject(), bad.shared.getOrDefault("#/components/parameters/" + name, Set.of()))));
        return Json.createObjectBuilder(document).add("paths", paths)
                .add("components", Json.createObjectBuilder(components).add("parameters", parameters)).build();
    }

    private JsonObject operation(JsonObject operation) {
        Set<String> names = names(operation);
        JsonObjectBuilder result = Json.createObjectBuilder(operation);
        if (operation.containsKey("parameters")) {
            JsonArrayBuilder parameters = Json.createArrayBuilder();
            for (JsonObject parameter : operation.getJsonArray("parameters").getValuesAs(JsonObject.class)) {
                if (parameter.get("$ref") instanceof JsonString reference) {
                    shared.computeIfAbsent(reference.getString(), r -> new HashSet<>()).addAll(names);
                }
                parameters.add(apart(parameter, names));
            }
            result.add("parameters", parameters);
        }
        if (operation.get("requestBody") instanceof JsonObject body) {
            JsonObject content = body.getJsonObject("content");
            result.add("requestBody", Json.createObjectBuilder(body).add("content", Json.createObjectBuilder(content)
                    .add("application/json", apart(content.getJsonObject("application/json"), names))));
        }
        return result.build();
    }

    /** The names of the bad requests of an operation. */
    private Set<String> names(JsonObject operation) {
        Set<String> names = new HashSet<>();
        if (operation.getJsonObject("responses").containsKey("422")) {
            JsonObject refusals = contract.resolve(operation.getJsonObject("responses").get("422"));
            examples(refusals.getJsonObject("content").getJsonObject("application/json")).forEach((name, example) -> {
                JsonObject error = contract.resolve(example).getJsonObject("value").getJsonObject("error");
                if (error.getOrDefault("details", JsonValue.EMPTY_JSON_OBJECT).asJsonObject().containsKey("violations")) {
                    names.add(name);
                }
            });
        }
        List<JsonObject> holders = new ArrayList<>();
        operation.getOrDefault("parameters", JsonValue.EMPTY_JSON_ARRAY).asJsonArray().forEach(parameter -> holders.add(contract.resolve(parameter)));
        if (operation.get("requestBody") instanceof JsonObject body) {
            holders.add(body.getJsonObject("content").getJsonObject("application/json"));
        }
        for (JsonObject holder : holders) {
            examples(holder).forEach((name, example) -> contract.schema(holder.get("schema"))
                    .check(contract.resolve(example).get("value"), "", (path, rule, message) -> names.add(name)));
        }
        return names;
    }

    private static JsonObject examples(JsonObject holder) {
        return holder.get("examples") instanceof JsonObject examples ? examples : JsonValue.EMPTY_JSON_OBJECT;
    }

    private static JsonObject apart(JsonObject holder, Set<String> names) {
        JsonObjectBuilder good = Json.createObjectBuilder();
        JsonObjectBuilder bad = Json.createObjectBuilder();
        examples(holder).forEach((name, example) -> (names.contains(name) ? bad : good).add(name, example));
        JsonObject kept = good.build();
        JsonObject moved = bad.build();
        if (moved.isEmpty()) {
            return holder;
        }
        JsonObjectBuilder result = Json.createObjectBuilder(holder).add(Contract.BAD_REQUESTS, moved);
        return (kept.isEmpty() ? result.remove("examples") : result.add("examples", kept)).build();
    }
}
