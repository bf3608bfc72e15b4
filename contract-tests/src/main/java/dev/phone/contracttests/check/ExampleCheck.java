// SPDX-License-Identifier: Apache-2.0
package dev.phone.contracttests.check;

import dev.phone.contract.Example;
import dev.phone.contracttests.contract.TheContract;
import dev.phone.contracttests.target.Target;
import jakarta.json.Json;
import jakarta.json.JsonException;
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

/** Compares a response with its example in the contract: both are converted to texts that are equal if the response is as documented. */
public final class ExampleCheck {
    /** The time between the examples' now and the targets' clocks. */
    private static final Duration SHIFT = Duration.between(
            Instant.parse(TheContract.CONTRACT.json().getJsonObject("x-demo-world").getString("now")), Target.START);
    private static final Pattern INSTANT = Pattern.compile("[0-9]T[0-9]{2}(:|%3A)");
    private static final JsonWriterFactory PRETTY = Json.createWriterFactory(Map.of(JsonGenerator.PRETTY_PRINTING, true));

    private ExampleCheck() {
    }

    public static String documented(Example example) {
        // A request that names a time itself gets a response about that time.
        Duration shift = INSTANT.matcher(example.target()).find() ? Duration.ZERO : SHIFT;
        return example.status() + pretty(Example.comparable(TheContract.CONTRACT, example.response(), shift));
    }

    public static String answered(int status, String body) {
        try (var reader = Json.createReader(new StringReader(body))) {
            JsonObject object = reader.readObject();
            return status + pretty(Example.comparable(TheContract.CONTRACT, object, Duration.ZERO));
        } catch (JsonException noObject) {
            return status + body;
        }
    }

    private static String pretty(JsonValue value) {
        StringWriter text = new StringWriter();
        try (var writer = PRETTY.createWriter(text)) {
            writer.write(value);
        }
        return text.toString();
    }
}
