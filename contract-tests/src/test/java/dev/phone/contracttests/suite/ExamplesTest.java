// SPDX-License-Identifier: Apache-2.0
package dev.phone.contracttests.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.phone.contract.Example;
import dev.phone.contracttests.contract.TheContract;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import jakarta.json.JsonWriterFactory;
import jakarta.json.stream.JsonGenerator;
import java.io.StringReader;
import java.io.StringWriter;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The documentation is executable: every example is sent, and must come back as documented. */
class ExamplesTest extends Suite {
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
        assertEquals(example.status() + pretty(Example.comparable(TheContract.CONTRACT, example.response())),
                response.statusCode() + pretty(Example.comparable(TheContract.CONTRACT, body)));
    }

    private static String pretty(JsonValue value) {
        StringWriter text = new StringWriter();
        try (var writer = PRETTY.createWriter(text)) {
            writer.write(value);
        }
        return text.toString();
    }
}
