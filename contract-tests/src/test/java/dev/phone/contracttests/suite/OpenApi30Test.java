// SPDX-License-Identifier: Apache-2.0
package dev.phone.contracttests.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.atlassian.oai.validator.OpenApiInteractionValidator;
import com.atlassian.oai.validator.model.Request;
import com.atlassian.oai.validator.model.SimpleRequest;
import com.atlassian.oai.validator.model.SimpleResponse;
import com.atlassian.oai.validator.report.ValidationReport;
import dev.phone.contract.Example;
import dev.phone.contract.OpenApi30;
import dev.phone.contracttests.contract.Oracle;
import dev.phone.contracttests.contract.TheContract;
import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonPointer;
import jakarta.json.JsonValue;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * The contract as OpenAPI 3.0 says the same as the contract: of every example, and of every response changed in one place, an independent validator
 * finds the same right and wrong.
 */
class OpenApi30Test {
    private static final OpenApiInteractionValidator OLD = Oracle.parsingAlone(() -> OpenApiInteractionValidator
            .createForInlineApiSpecification(Oracle.closed(OpenApi30.of(TheContract.CONTRACT.json())).toString()).build());

    /** Another type, another value, nothing, too small and too large. */
    private static final List<JsonValue> REPLACEMENTS = List.of(JsonValue.NULL, JsonValue.TRUE, JsonValue.EMPTY_JSON_OBJECT, JsonValue.EMPTY_JSON_ARRAY,
            Json.createValue(""), Json.createValue("?"), Json.createValue("x".repeat(100_000)), Json.createValue(-1), Json.createValue(0.5),
            Json.createValue(Integer.MAX_VALUE));

    @Test
    void bothFindTheSameRequestsAndResponsesValid() {
        List<String> differences = new ArrayList<>();
        int invalid = 0;
        for (Example example : TheContract.EXAMPLES) {
            ValidationReport before = request(OLD, example);
            ValidationReport now = request(Oracle.VALIDATOR, example);
            ValidationReport response = response(OLD, example, example.response());
            // 3.0 says it in words only.
            boolean mayDiffer = example.response().toString().contains("\"rule\":\"propertyNames\"");
            if (before.hasErrors() != (now.hasErrors() && !mayDiffer) || response.hasErrors()) {
                differences.add(example + "\n  3.0: " + messages(before) + messages(response) + "\n  3.1: " + messages(now));
            }
            invalid += now.hasErrors() ? 1 : 0;
        }
        assertEquals(List.of(), differences);
        assertTrue(invalid > 30, "the requests that are bad on purpose are invalid");
    }

    @Test
    void bothFindTheSameResponsesInvalid() {
        List<String> differences = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        int invalid = 0;
        for (Example example : TheContract.EXAMPLES) {
            for (Map.Entry<String, JsonObject> mutant : mutants(example.response()).entrySet()) {
                if (!seen.add(schema(example) + mutant.getKey())) {
                    continue;
                }
                ValidationReport before = response(OLD, example, mutant.getValue());
                ValidationReport now = response(Oracle.VALIDATOR, example, mutant.getValue());
                if (before.hasErrors() != now.hasErrors()) {
                    differences.add(example + ", " + mutant.getKey() + "\n  3.0: " + messages(before) + "\n  3.1: " + messages(now));
                }
                invalid += now.hasErrors() ? 1 : 0;
            }
        }
        assertEquals(List.of(), differences);
        assertTrue(invalid > seen.size() / 2, invalid + " of " + seen.size() + " are invalid");
    }

    /** That of the response; many operations have the same for an error. */
    private static JsonValue schema(Example example) {
        JsonObject operation = TheContract.CONTRACT.json().getJsonObject("paths").getJsonObject(example.operation().path())
                .getJsonObject(example.operation().method().toLowerCase(Locale.ROOT));
        return TheContract.CONTRACT.resolve(operation.getJsonObject("responses").get(String.valueOf(example.status())))
                .getJsonObject("content").getJsonObject("application/json").get("schema");
    }

    /** The response with one value removed or replaced, by what was done. Of an array only the first item is changed. */
    private static Map<String, JsonObject> mutants(JsonObject response) {
        Map<String, JsonObject> mutants = new LinkedHashMap<>();
        mutate(response, "", response, mutants);
        return mutants;
    }

    private static void mutate(JsonObject response, String path, JsonValue value, Map<String, JsonObject> mutants) {
        if (!path.isEmpty()) {
            JsonPointer pointer = Json.createPointer(path);
            mutants.put("without " + path, pointer.remove(response));
            REPLACEMENTS.stream().filter(each -> !each.equals(value))
                    .forEach(each -> mutants.put(path + " is " + (each.toString().length() > 20 ? "long" : each), pointer.replace(response, each)));
        }
        switch (value) {
            case JsonObject object -> {
                mutants.put("something more in " + path, Json.createPointer(path + "/unknown").add(response, JsonValue.TRUE));
                object.forEach((name, member) -> mutate(response, path + "/" + Json.encodePointer(name), member, mutants));
            }
            case JsonArray array when !array.isEmpty() -> {
                mutants.put(path + " has an item twice", Json.createPointer(path + "/0").add(response, array.getFirst()));
                mutate(response, path + "/0", array.getFirst(), mutants);
            }
            default -> { }
        }
    }

    private static ValidationReport request(OpenApiInteractionValidator validator, Example example) {
        URI target = URI.create(example.target());
        SimpleRequest.Builder builder = new SimpleRequest.Builder(Request.Method.valueOf(example.operation().method().toUpperCase(Locale.ROOT)),
                target.getPath());
        example.headers().forEach(builder::withHeader);
        if (target.getQuery() != null) {
            for (String pair : target.getQuery().split("&")) {
                builder.withQueryParam(pair.substring(0, pair.indexOf('=')), pair.substring(pair.indexOf('=') + 1));
            }
        }
        if (example.body() != null) {
            builder.withBody(example.body().toString()).withContentType("application/json");
        }
        return validator.validateRequest(builder.build());
    }

    private static ValidationReport response(OpenApiInteractionValidator validator, Example example, JsonObject body) {
        return validator.validateResponse(URI.create(example.target()).getPath(), Request.Method.valueOf(example.operation().method()),
                // Headers are compared by the suites.
                SimpleResponse.Builder.status(example.status()).withContentType("application/json").withBody(body.toString())
                        .withHeader("x-request-id", "req_01kf0fv2e0mb0chec3nsebgjqa").withHeader("RateLimit", "r").withHeader("RateLimit-Policy", "p")
                        .withHeader("Retry-After", "1").withHeader("WWW-Authenticate", "Bearer").build());
    }

    private static List<String> messages(ValidationReport report) {
        return report.getMessages().stream().map(ValidationReport.Message::getMessage).toList();
    }
}
