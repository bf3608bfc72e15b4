// SPDX-License-Identifier: Apache-2.0
package dev.phone.contracttests.suite;

import static dev.phone.contracttests.gate.NamedTests.dynamicTest;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.atlassian.oai.validator.model.SimpleRequest;
import com.atlassian.oai.validator.report.ValidationReport;
import dev.phone.contract.Example;
import dev.phone.contracttests.contract.Oracle;
import dev.phone.contracttests.contract.TheContract;
import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Our validation against one that knows nothing of ours: bodies made by bending the contract's examples in every way we could think of must
 * be valid to both or invalid to both.
 */
class OracleTest {
    private static final int BODIES = 1000;
    private static final List<String> TEXTS = List.of("", " ", "a", "48291", "482913", "４８２９１３", "482913\n", "+999482918102",
            "+999 482 918 10x", "x".repeat(80), "x".repeat(81), "👍".repeat(80), "👍".repeat(81), "  " + "x".repeat(80) + "  ",
            "a\u202eb", "a\u2067b", "a\tb", "a\u0085", "a\u200db", "x".repeat(500), "x".repeat(501),
            "x" + " ".repeat(199), "x" + " ".repeat(200), "x" + " ".repeat(999), "x" + " ".repeat(1000), "test", "LIVE", "active", "otp.sent",
            "https://hooks.example.com/phone", "http://hooks.example.com", "prj_01kertbv80wez6vkwkjgm64s4r", "prj_01kertbv80wez6vkwkjgm64s4u");

    private static final List<String> NAMES = List.of("name", "code", "extra", "", "a/b~c", " ", "  a  ", "x".repeat(41), "👍".repeat(40), "a\u202eb",
            "a" + " ".repeat(99), "a" + " ".repeat(100));

    @TestFactory
    Stream<DynamicTest> bothFindTheSameBodiesValid() {
        Map<String, List<Example>> byOperation = TheContract.EXAMPLES.stream()
                .filter(example -> example.body() != null && example.illustrative() == null)
                .collect(Collectors.groupingBy(example -> example.operation().id(), TreeMap::new, Collectors.toList()));
        return byOperation.entrySet().stream().map(entry -> dynamicTest(entry.getKey(), () -> compare(entry.getValue())));
    }

    private static void compare(List<Example> examples) {
        // The same bodies in every run: a difference that comes and goes helps nobody.
        Random random = new Random(examples.getFirst().operation().id().hashCode());
        Example sent = examples.stream().filter(example -> example.status() < 300).findFirst().orElseThrow();
        List<String> differences = new ArrayList<>();
        int valid = 0;
        for (int i = 0; i < BODIES; i++) {
            JsonValue body = examples.get(random.nextInt(examples.size())).body();
            for (int bends = random.nextInt(3); bends >= 0; bends--) {
                body = bend(body, random);
            }
            List<String> ours = new ArrayList<>();
            sent.operation().body().check(body, "", (path, rule, message) -> ours.add(path + " " + rule));
            ValidationReport theirs = oracle(sent, body);
            if (ours.isEmpty() == theirs.hasErrors()) {
                differences.add(body + "\n  ours: " + ours + "\n  theirs: "
                        + theirs.getMessages().stream().map(ValidationReport.Message::getMessage).toList());
            }
            valid += ours.isEmpty() ? 1 : 0;
        }
        assertEquals(List.of(), differences);
        assertTrue(valid > 0, "some of the bodies are valid");
    }

    private static ValidationReport oracle(Example example, JsonValue body) {
        URI target = URI.create("http://localhost" + example.target());
        SimpleRequest.Builder request = new SimpleRequest.Builder(example.operation().method(), target.getRawPath())
                .withContentType("application/json").withBody(body.toString());
        example.headers().forEach((name, value) -> request.withHeader(name, value));
        return Oracle.VALIDATOR.validateRequest(request.build());
    }

    /** The same value with one thing changed, somewhere in it. */
    private static JsonValue bend(JsonValue value, Random random) {
        return switch (value) {
            case JsonObject object -> bend(object, random);
            case JsonArray array when !array.isEmpty() && random.nextBoolean() -> {
                var builder = Json.createArrayBuilder(array);
                int i = random.nextInt(array.size());
                yield random.nextInt(4) == 0 ? builder.remove(i).build()
                        : random.nextInt(3) == 0 ? builder.add(array.get(i)).build() : builder.set(i, bend(array.get(i), random)).build();
            }
            case JsonNumber number when random.nextBoolean() -> Json.createValue(number.longValue() + random.nextInt(-90_000, 90_000));
            case JsonString string when random.nextInt(4) != 0 -> Json.createValue(switch (random.nextInt(4)) {
                case 0 -> string.getString() + TEXTS.get(random.nextInt(TEXTS.size()));
                case 1 -> string.getString().isEmpty() ? "y" : string.getString().substring(1);
                default -> TEXTS.get(random.nextInt(TEXTS.size()));
            });
            default -> any(random);
        };
    }

    private static JsonValue bend(JsonObject object, Random random) {
        JsonObjectBuilder builder = Json.createObjectBuilder(object);
        if (object.isEmpty() || random.nextInt(6) == 0) {
            return builder.add(NAMES.get(random.nextInt(NAMES.size())), any(random)).build();
        }
        String name = List.copyOf(object.keySet()).get(random.nextInt(object.size()));
        return random.nextInt(5) == 0 ? builder.remove(name).build() : builder.add(name, bend(object.get(name), random)).build();
    }

    private static JsonValue any(Random random) {
        return switch (random.nextInt(9)) {
            case 0 -> JsonValue.NULL;
            case 1 -> JsonValue.TRUE;
            case 2 -> Json.createValue(random.nextInt(-5, 100_000));
            case 3 -> Json.createValue(1.5);
            case 4 -> JsonValue.EMPTY_JSON_ARRAY;
            case 5 -> JsonValue.EMPTY_JSON_OBJECT;
            case 6 -> Json.createArrayBuilder().add("otp.sent").add("otp.verified").build();
            default -> Json.createValue(TEXTS.get(random.nextInt(TEXTS.size())));
        };
    }
}
