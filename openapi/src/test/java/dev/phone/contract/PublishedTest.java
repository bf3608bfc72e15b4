// SPDX-License-Identifier: Apache-2.0
package dev.phone.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What tools find in the document that is served, which the sources have in other places. */
class PublishedTest {
    private static final Contract SOURCE = Contract.read(Path.of("phone.yaml"));
    private static final Contract CONTRACT = Contract.read(Path.of("target/classes/openapi.json"));

    private interface Visitor {
        void visit(String id, JsonObject operation);
    }

    private static void operations(Contract contract, Visitor visitor) {
        contract.json().getJsonObject("paths").values().forEach(item -> item.asJsonObject().forEach((method, operation) -> {
            if (Contract.METHODS.contains(method)) {
                visitor.visit(operation.asJsonObject().getString("operationId"), operation.asJsonObject());
            }
        }));
    }

    /** Parameters and body, by where they stand. */
    private static List<JsonObject> slots(Contract contract, JsonObject operation) {
        List<JsonObject> slots = new ArrayList<>();
        operation.getOrDefault("parameters", JsonValue.EMPTY_JSON_ARRAY).asJsonArray().forEach(parameter -> slots.add(contract.resolve(parameter)));
        if (operation.containsKey("requestBody")) {
            slots.add(contract.resolve(operation.get("requestBody")).getJsonObject("content").getJsonObject("application/json"));
        }
        return slots;
    }

    private static JsonObject examples(JsonObject holder) {
        return holder.get("examples") instanceof JsonObject examples ? examples : JsonValue.EMPTY_JSON_OBJECT;
    }

    @Test
    void anExampleOfARequestFitsItsSchema() {
        List<String> wrong = new ArrayList<>();
        operations(CONTRACT, (id, operation) -> slots(CONTRACT, operation).forEach(slot -> examples(slot).forEach((name, example) ->
                CONTRACT.schema(slot.get("schema")).check(CONTRACT.resolve(example).get("value"), "", (path, rule, message) -> wrong.add(id + " " + name + message)))));
        assertEquals(List.of(), wrong);
    }

    @Test
    void whatARequestLogSaysOfAnOperationFits() {
        Spot schemas = Spot.of(CONTRACT.json()).get("components").get("schemas");
        Spot log = schemas.get("RequestLog").get("properties");
        CONTRACT.operations().stream().filter(operation -> schemas.get("ApplicationOperation").value().toString().contains('"' + operation.id() + '"')).forEach(operation -> {
            assertTrue(operation.path().length() <= log.get("path").object().getInt("maxLength"), operation::path);
            assertTrue(operation.method().length() <= log.get("method").object().getInt("maxLength"), operation::method);
        });
    }

    private static Set<String> answered(JsonObject operation) {
        Set<String> names = new TreeSet<>();
        operation.getJsonObject("responses").values().forEach(response -> names.addAll(examples(
                SOURCE.resolve(response).getJsonObject("content").getJsonObject("application/json")).keySet()));
        return names;
    }

    @Test
    void noRequestIsLost() {
        List<String> moved = new ArrayList<>();
        operations(SOURCE, (id, source) -> operations(CONTRACT, (sameId, operation) -> {
            if (id.equals(sameId)) {
                Set<String> names = new TreeSet<>();
                slots(CONTRACT, operation).forEach(slot -> names.addAll(Contract.requestExamples(slot).keySet()));
                slots(SOURCE, source).forEach(slot -> {
                    Set<String> tested = new TreeSet<>(examples(slot).keySet());
                    tested.retainAll(answered(source));
                    assertTrue(names.containsAll(tested), id + " has " + names);
                    tested.stream().filter(name -> slots(CONTRACT, operation).stream().noneMatch(other -> examples(other).containsKey(name)))
                            .forEach(name -> moved.add(id + " " + name));
                });
            }
        }));
        assertTrue(moved.contains("sendOtp wrongType") && moved.contains("listProjects tampered") && moved.contains("getProject malformed"), moved.toString());
        assertTrue(!moved.contains("verifyOtp wrongCode") && moved.size() > 50, moved.toString());
    }

    @Test
    void anErrorHasTheCodeOfItsStatus() {
        Map<Integer, String> codes = Map.of(401, "UNAUTHENTICATED", 403, "FORBIDDEN", 404, "NOT_FOUND", 409, "CONFLICT", 422, "VALIDATION_ERROR",
                429, "RATE_LIMITED", 500, "INTERNAL_ERROR", 501, "NOT_IMPLEMENTED");
        Set<String> withDetails = new TreeSet<>();
        operations(CONTRACT, (id, operation) -> operation.getJsonObject("responses").forEach((status, value) -> {
            if (Integer.parseInt(status) >= 400) {
                JsonObject envelope = schema(CONTRACT.resolve(value));
                JsonObject body = CONTRACT.resolve(envelope.getJsonObject("properties").get("error")).getJsonObject("properties");
                JsonArray code = body.getJsonObject("code").getJsonArray("enum");
                assertEquals(List.of(codes.get(Integer.parseInt(status))), code.getValuesAs(JsonString::getString), id + " " + status);
                if (body.containsKey("details")) {
                    withDetails.add(status + " " + String.join(", ", CONTRACT.resolve(body.get("details")).getJsonObject("properties").keySet()));
                }
            }
        }));
        assertEquals(Set.of("422 violations", "422 violations, reason, attemptsRemaining"), withDetails);
    }

    private static JsonObject schema(JsonObject response) {
        return CONTRACT.resolve(response.getJsonObject("content").getJsonObject("application/json").get("schema"));
    }
}
