// SPDX-License-Identifier: Apache-2.0
package dev.phone.contracttests.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.phone.contract.Example;
import dev.phone.contracttests.contract.TheContract;
import dev.phone.contracttests.target.Target;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import jakarta.json.JsonWriterFactory;
import jakarta.json.stream.JsonGenerator;
import java.io.StringReader;
import java.io.StringWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The documentation is executable: every example is sent, and must come back as documented. */
class ExamplesTest extends Suite {
    /** From the moment that the examples show to the one that the targets' clocks show. */
    private static final Duration SHIFT = Duration.between(
            Instant.parse(TheContract.CONTRACT.json().getJsonObject("x-demo-world").getString("now")), Target.START);
    private static final Pattern INSTANT = Pattern.compile("[0-9]T[0-9]{2}(:|%3A)");
    private static final JsonWriterFactory PRETTY = Json.createWriterFactory(Map.of(JsonGenerator.PRETTY_PRINTING, true));

    @TestFactory
    Stream<DynamicTest> everyExampleComesBackAsDocumented() {
        return TheContract.EXAMPLES.stream().filter(example -> example.illustrative() == null && isBuilt(example.operation()))
                .map(example -> dynamicTest(example.toString(), () -> send(example)));
    }

    private void send(Example example) {
        target().reset();
        RequestSpecification request = request().headers(example.headers());
        if (example.body() != null) {
            request.contentType("application/json").body(example.body().toString());
        }
        Response response = request.request(example.operation().method(), target().url() + example.target());
        JsonObject body;
        try (var reader = Json.createReader(new StringReader(response.asString()))) {
            body = reader.readObject();
        }
        // A request that says itself of which time it asks is answered of that time.
        Duration shift = INSTANT.matcher(example.target()).find() ? Duration.ZERO : SHIFT;
        assertEquals(example.status() + pretty(Example.comparable(TheContract.CONTRACT, example.response(), shift)),
                response.statusCode() + pretty(Example.comparable(TheContract.CONTRACT, body, Duration.ZERO)));
    }

    private static String pretty(JsonValue value) {
        StringWriter text = new StringWriter();
        try (var writer = PRETTY.createWriter(text)) {
            writer.write(value);
        }
        return text.toString();
    }
}
