// SPDX-License-Identifier: Apache-2.0
package dev.phone.contract;

import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Completes named requests. In the sources, only the parameters that matter have an example N; where a required parameter or the body has
 * none, {@link Example} sends its first example. Other tools, such as Specmatic, do not know that rule, so the published contract repeats the
 * first example as N. The request that the documentation shows comes first. If necessary, a shared parameter is copied into the operation, without
 * examples that are part of no complete request there.
 */
final class NamedExamples {
    private final Contract contract;

    private NamedExamples(JsonObject document) {
        contract = Contract.of(document);
    }

    static JsonObject completed(JsonObject document) {
        NamedExamples examples = new NamedExamples(document);
        return Json.createObjectBuilder(document).add("paths", Published.paths(document, examples::operation)).build();
    }

    private JsonObject operation(JsonObject operation) {
        JsonArray parameters = operation.getOrDefault("parameters", JsonValue.EMPTY_JSON_ARRAY).asJsonArray();
        JsonObject body = operation.containsKey("requestBody") ? contract.resolve(operation.get("requestBody")) : JsonValue.EMPTY_JSON_OBJECT;
        Set<String> slots = Stream.concat(parameters.stream().flatMap(parameter -> names(contract.resolve(parameter))), names(content(body)))
                .collect(Collectors.toSet());
        Set<String> names = new LinkedHashSet<>();
        operation.getJsonObject("responses").values().forEach(response -> examples(content(contract.resolve(response))).forEach((name, example) -> {
            JsonObject answer = contract.resolve(example);
            // An answer that depends only on who sends the request needs no request of its own.
            if (slots.contains(name) || !answer.containsKey("x-as") && !answer.containsKey("x-illustrative")) {
                names.add(name);
            }
        }));
        List<JsonObject> required = Stream.concat(parameters.stream().map(contract::resolve).filter(NamedExamples::isRequired), Stream.of(content(body)))
                .filter(holder -> names(holder).findAny().isPresent()).toList();
        required.stream().flatMap(NamedExamples::names).filter(name -> required.stream().allMatch(holder -> names(holder).anyMatch(name::equals)))
                .forEach(names::add);
        String shown = shown(operation, body);
        JsonObjectBuilder result = Json.createObjectBuilder(operation);
        if (!parameters.isEmpty()) {
            JsonArrayBuilder all = Json.createArrayBuilder();
            for (JsonValue each : parameters) {
                JsonObject parameter = contract.resolve(each);
                all.add(!isRequired(parameter) || names(parameter).collect(Collectors.toSet()).equals(names) && names(parameter).findFirst().equals(Optional.of(shown))
                        ? each : completed(parameter, names, shown));
            }
            result.add("parameters", all);
        }
        if (!body.isEmpty()) {
            result.add("requestBody", Json.createObjectBuilder(body).add("content", Json.createObjectBuilder(body.getJsonObject("content"))
                    .add("application/json", completed(content(body), names, shown))));
        }
        return result.build();
    }

    /** The name of the example that the page and docs.md show: the first of the body, or else of the first response. */
    private String shown(JsonObject operation, JsonObject body) {
        List<String> answers = operation.getJsonObject("responses").entrySet().stream().min(Map.Entry.comparingByKey())
                .map(response -> names(content(contract.resolve(response.getValue()))).toList()).orElse(List.of());
        return Stream.concat(names(content(body)).filter(answers::contains), answers.stream()).findFirst().orElse("");
    }

    private static boolean isRequired(JsonObject parameter) {
        return parameter.getBoolean("required", false);
    }

    private static JsonObject content(JsonObject holder) {
        return holder.get("content") instanceof JsonObject content ? content.getJsonObject("application/json") : JsonValue.EMPTY_JSON_OBJECT;
    }

    private static Stream<String> names(JsonObject holder) {
        return examples(holder).keySet().stream();
    }

    private static JsonObject examples(JsonObject holder) {
        return holder.getOrDefault("examples", JsonValue.EMPTY_JSON_OBJECT).asJsonObject();
    }

    private static JsonObject completed(JsonObject holder, Set<String> names, String shown) {
        JsonObject examples = examples(holder);
        if (examples.isEmpty()) {
            return holder;
        }
        JsonValue first = examples.values().iterator().next();
        JsonObjectBuilder all = Json.createObjectBuilder();
        Stream.concat(examples.keySet().stream(), names.stream()).distinct().filter(names::contains)
                .sorted(Comparator.comparing(name -> !name.equals(shown)))
                .forEach(name -> all.add(name, examples.getOrDefault(name, first)));
        return Json.createObjectBuilder(holder).add("examples", all).build();
    }
}
