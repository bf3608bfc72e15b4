// SPDX-License-Identifier: Apache-2.0
package dev.phone.contracttests.suite;


import dev.phone.api.Operation;
import dev.phone.contracttests.contract.TheContract;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.io.StringReader;
import java.math.BigDecimal;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * For every parameter and every property of every operation: what is just inside a constraint is accepted, and what is just outside is a
 * 422 that names exactly the rules that are broken.
 */
class ValidationTest extends GeneratedSuite {
    private static JsonValue json(String body) {
        try (var reader = Json.createReader(new StringReader(body))) {
            return reader.readValue();
        }
    }

    private static Stream<Operation> withBody() {
        return operations().filter(operation -> Call.bodySchema(operation) != null);
    }

    // Bodies

    @TestFactory
    Stream<DynamicTest> everyConstraintOfABody() {
        return withBody().flatMap(operation -> {
            Call valid = Call.valid(operation);
            JsonObject schema = Call.bodySchema(operation);
            return Bends.of(schema, json(valid.body())).entrySet().stream().map(bend -> {
                List<String> broken = Keywords.broken(schema, bend.getValue(), "");
                return test(bend.getKey(), valid.body(bend.getValue()), broken.isEmpty() ? allowed(operation) : Expected.violations(broken),
                        "the schema of its body");
            });
        });
    }

    /** A value that the schema allows. It may still mean a resource that does not exist, or a code that is wrong. */
    private Expected allowed(Operation operation) {
        Expected success = success(operation);
        return new Expected("no violation", response -> {
            boolean refused = response.status() == 404 || response.status() == 422 && response.body().contains("\"attemptsRemaining\"");
            return success.read().apply(response).equals(success.text()) || refused && isBuilt(operation) ? "no violation"
                    : response.status() + " " + response.body();
        });
    }

    @TestFactory
    Stream<DynamicTest> everyMediaTypeOfABody() {
        return withBody().flatMap(operation -> {
            Call valid = Call.valid(operation);
            String why = "the content of its body";
            List<DynamicTest> tests = new ArrayList<>();
            for (String type : new String[] {null, "text/plain", "application/xml", "application/x-www-form-urlencoded",
                "application/json-patch+json", "application/jsonx", "text/json"}) {
                tests.add(test(type == null ? "no media type" : "the media type " + type, valid.body(type, valid.body()),
                        Expected.violations(List.of("header:content-type mediaType")), why));
            }
            for (String type : List.of("Application/JSON", "application/json;charset=utf-8", "application/json; charset=\"UTF-8\"")) {
                tests.add(test("the media type " + type, valid.body(type, valid.body()), success(operation), why));
            }
            return tests.stream();
        });
    }

    @TestFactory
    Stream<DynamicTest> whatIsNotJson() {
        return withBody().flatMap(operation -> {
            Call valid = Call.valid(operation);
            boolean required = TheContract.CONTRACT.resolve(Call.described(operation).get("requestBody")).getBoolean("required", false);
            List<DynamicTest> tests = new ArrayList<>();
            for (String body : List.of("{", "nonsense", valid.body() + valid.body(), valid.body() + ",", "{'a': 1}", "[1,]", "{\"a\":}",
                    "{\"a\":NaN}",
                    "{\"a\":01}", "\"", "//\n" + valid.body(), " ")) {
                tests.add(test("the body " + body, valid.body("application/json", body), Expected.violations(List.of("json")), "its media type"));
            }
            tests.add(test("a body nested 2000 deep", valid.body("application/json", "[".repeat(2000)), Expected.violations(List.of("depth")),
                    "a bound on how deep JSON is nested, well above any schema"));
            if (required) {
                tests.add(test("no body", valid.body("application/json", null), Expected.violations(List.of("required")),
                        "its body, which is required"));
            }
            String padding = " ".repeat(Promised.LARGEST_BODY - valid.body().getBytes(StandardCharsets.UTF_8).length);
            tests.add(test("a body of " + Promised.LARGEST_BODY + " bytes", valid.body("application/json", padding + valid.body()), success(operation),
                    "the guide Getting started"));
            tests.add(test("a body of " + (Promised.LARGEST_BODY + 1) + " bytes", valid.body("application/json", padding + valid.body() + " "),
                    Expected.violations(List.of("size")), "the guide Getting started"));
            return tests.stream();
        });
    }

    // Parameters

    @TestFactory
    Stream<DynamicTest> everyConstraintOfAParameter() {
        return operations().flatMap(operation -> Call.parameters(operation).stream().flatMap(parameter -> {
            Call valid = Call.valid(operation);
            String at = at(parameter);
            return texts(parameter, valid).entrySet().stream().filter(text -> canBeSent(parameter, text.getValue())).map(text -> {
                List<String> broken = Keywords.broken(schema(parameter), value(schema(parameter), text.getValue()), at);
                // A cursor is known to whoever issued it; to anyone else it is any text.
                broken = broken.isEmpty() && at.equals("query:cursor") ? List.of("query:cursor cursor") : broken;
                return test(at + " " + text.getKey(), valid.parameter(parameter, text.getValue()),
                        broken.isEmpty() ? allowed(operation) : Expected.violations(broken), "the schema of this parameter");
            });
        }));
    }

    private static JsonObject schema(JsonObject parameter) {
        return TheContract.CONTRACT.resolve(parameter.get("schema"));
    }

    private static String at(JsonObject parameter) {
        return parameter.getString("in") + ":" + (parameter.getString("in").equals("header") ? parameter.getString("name").toLowerCase()
                : parameter.getString("name"));
    }

    private static Map<String, String> texts(JsonObject parameter, Call valid) {
        JsonObject schema = schema(parameter);
        if (!Keywords.types(schema).equals(List.of("string"))) {
            Map<String, String> texts = new LinkedHashMap<>();
            Stream.concat(Bends.numbers(schema).stream(), Stream.of("", " ", "x", "1.5", "+20", "20 ", "0x14", "2e1", "٢٠", "null", "20,20"))
                    .forEach(text -> texts.put("\"" + text + "\"", text));
            return texts;
        }
        String example = valid.path().get(parameter.getString("name"));
        return Bends.strings(schema, example != null ? URLDecoder.decode(example, StandardCharsets.UTF_8)
                : Bends.example(schema) instanceof JsonString text ? text.getString() : "x");
    }

    /** Not everything can be part of a path or of a header. */
    private static boolean canBeSent(JsonObject parameter, String text) {
        return switch (parameter.getString("in")) {
            case "path" -> !text.isEmpty();
            case "header" -> text.chars().allMatch(c -> c > 32 && c < 127);
            default -> true;
        };
    }

    /** What a text stands for where the schema wants no text. */
    private static JsonValue value(JsonObject schema, String text) {
        return Keywords.types(schema).contains("integer") && text.matches("-?(0|[1-9][0-9]*)") ? Json.createValue(new BigDecimal(text))
                : Json.createValue(text);
    }

    @TestFactory
    Stream<DynamicTest> aParameterIsGivenOnce() {
        return operations().flatMap(operation -> Call.parameters(operation).stream()
                .filter(parameter -> !parameter.getString("in").equals("path")).map(parameter -> {
                    JsonValue one = Bends.example(schema(parameter));
                    String text = one instanceof JsonString string ? string.getString() : one.toString();
                    return test(at(parameter) + " twice, with different values", Call.valid(operation).parameter(parameter, text, text + "0"),
                            Expected.violations(List.of(at(parameter) + " repeated")), "the guide Errors, and there being one value");
                }));
    }

    @TestFactory
    Stream<DynamicTest> aHeaderThatIsRepeatedCountsOnce() {
        return operations().flatMap(operation -> Call.parameters(operation).stream()
                .filter(parameter -> parameter.getString("in").equals("header")).map(parameter -> {
                    String text = ((JsonString) Bends.example(schema(parameter))).getString();
                    return test(at(parameter) + " twice, with equal values", Call.valid(operation).parameter(parameter, text, text),
                            success(operation), "there being one value");
                }));
    }

    // Everything at once

    @TestFactory
    Stream<DynamicTest> allThatIsWrongIsToldAtOnce() {
        return operations().filter(operation -> !Call.parameters(operation).isEmpty() || Call.bodySchema(operation) != null)
                .filter(operation -> operation.statuses().contains(422)).map(operation -> {
                    Call call = Call.valid(operation);
                    List<String> broken = new ArrayList<>();
                    for (JsonObject parameter : Call.parameters(operation)) {
                        String text = parameter.getString("in").equals("header") ? "x".repeat(256) : "x".repeat(201);
                        call = call.parameter(parameter, text);
                        broken.addAll(Keywords.broken(schema(parameter), value(schema(parameter), text), at(parameter)));
                    }
                    if (Call.bodySchema(operation) instanceof JsonObject schema && schema.get("properties") instanceof JsonObject properties) {
                        JsonObjectBuilder body = Json.createObjectBuilder().add("un/known", 1).add("un~known", 2);
                        // No property of a request is a boolean, so this is wrong everywhere.
                        properties.keySet().forEach(name -> body.add(name, true));
                        JsonObject value = body.build();
                        call = call.body(value);
                        broken.addAll(Keywords.broken(schema, value, ""));
                    }
                    return test(broken.size() + " things wrong", call, Expected.violations(broken), "its parameters and the schema of its body");
                });
    }
}
