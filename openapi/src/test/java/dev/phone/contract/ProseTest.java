// SPDX-License-Identifier: Apache-2.0
package dev.phone.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProseTest {
    @TempDir
    Path directory;

    private static final JsonObject DOCUMENT = json("""
            {"x-rules": {"otp": {"lifetime": "PT5M", "attempts": 5}, "numbers": {"rest": "P30D"}, "a": {"one": 1, "many": 12, "size": 65536, "larger": 1048576},
               "b": {"hour": "PT1H", "name": "+999", "retries": ["PT5S", "PT5M", "PT2H"], "wait": "PT42S"}},
             "x-rate-limit": {"name": "requests", "limit": 120, "window": 60, "key": "ip"},
             "paths": {"/a": {"get": {"summary": "Get an A", "x-rate-limit": {"name": "get-a", "limit": 5, "window": 3600, "key": "clientId"}}}},
             "components": {"schemas": {"Bin": {"maxItems": 100}}}}""");

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            {otp.lifetime}                       | five minutes
            {otp.lifetime:digits}                | 5 minutes
            {b.hour}                             | one hour
            {numbers.rest}                       | 30 days
            {b.wait:seconds}                     | 42
            {otp.attempts} tries                 | five tries
            {otp.attempts:ordinal}               | fifth
            {otp.attempts:digits}                | 5
            {a.one}                              | one
            {a.many}                             | 12
            {a.size:size}                        | 64 KiB
            {a.larger:size}                      | 1 MiB
            {b.name}                             | +999
            {b.retries}                          | 5 seconds, 5 minutes and 2 hours
            {b.retries:attempts}                 | four
            {b.retries:total}                    | 2 hours
            {limits.requests.limit}              | 120
            {limits.requests.window:seconds}     | 60
            {limits.get-a.window}                | one hour
            {/components/schemas/Bin/maxItems}   | 100
            /v1/bins/{binId} ${body} {"a": {…}}  | /v1/bins/{binId} ${body} {"a": {…}}
            """)
    void isFilled(String text, String filled) {
        JsonObject document = Json.createObjectBuilder(DOCUMENT).add("description", text).build();
        assertEquals(filled, Prose.fill(document, (placeholder, message) -> {
            throw new AssertionError(message);
        }).getString("description"));
    }

    @Test
    void allLimitsAreATable() {
        assertEquals("""
                | what | limit | window | counted by |
                |---|---|---|---|
                | all requests | 120 | 60 seconds | your IP address |
                | get an A | 5 | 1 hour | client ID |""", Prose.fill(Json.createObjectBuilder(DOCUMENT).add("description", "{table.limits}").build(),
                (placeholder, message) -> {
                    throw new AssertionError(message);
                }).getString("description"));
    }

    @Test
    void dataIsNoProse() {
        JsonObject document = json("""
                {"x-rules": {"otp": {"attempts": 5}}, "examples": {"a": {"summary": "{otp.attempts}", "value": {"description": "{otp.attempts}"}}},
                 "name": "{otp.attempts}"}""");
        assertEquals(json("""
                {"x-rules": {"otp": {"attempts": 5}}, "examples": {"a": {"summary": "five", "value": {"description": "{otp.attempts}"}}},
                 "name": "{otp.attempts}"}"""), Prose.fill(document, (placeholder, message) -> {
            throw new AssertionError(message);
        }));
        JsonObject other = json("{\"description\": \"{otp.attempts}\"}");
        assertEquals(other, Prose.fill(other, (placeholder, message) -> {
            throw new AssertionError(message);
        }), "a contract without x-rules is none of ours");
    }

    @Test
    void aPlaceholderThatMeansNothingIsReportedWhereItIs() throws IOException {
        Files.writeString(directory.resolve("guide.md"), "# A\n\nIt lives for {otp.lifetme}.\n\n{otp.attempts:seconds}\n");
        Files.writeString(directory.resolve("phone.yaml"), """
                x-rules: {otp: {lifetime: PT5M, attempts: 5}}
                x-guides: [guide.md]
                """);
        assertEquals(List.of("guide.md:3: the contract has no value otp.lifetme; correct the placeholder",
                "guide.md:5: otp.attempts is 5, which has no form seconds; correct the placeholder"),
                Bundle.of(directory.resolve("phone.yaml")).problems().stream().map(problem -> problem.place().file().getFileName() + ":"
                        + problem.place().line() + ": " + problem.message()).toList());
    }

    @Test
    void aTemplateOfJavaScriptIsNoPlaceholder() {
        JsonObject guide = Json.createObjectBuilder().add("x-rules", JsonValue.EMPTY_JSON_OBJECT).add("description", "`${sent.data.id}`").build();
        assertEquals(guide, Prose.fill(guide, (placeholder, message) -> {
            throw new AssertionError(message);
        }));
    }

    /** What is a rule here and a constraint or an example there. */
    @Test
    void rulesAndSchemasAgree() {
        Spot contract = Spot.of(Contract.read(Path.of("phone.yaml")).json());
        Spot rules = contract.raw("x-rules");
        Spot schemas = contract.raw("components").raw("schemas");
        for (String holder : List.of("OtpRequest", "ErrorDetails")) {
            assertEquals(rules.raw("otp").raw("attempts").value(), schemas.raw(holder).raw("properties").raw("attemptsRemaining").raw("maximum").value(),
                    holder + ".attemptsRemaining goes up to x-rules.otp.attempts");
        }
        assertEquals("^[0-9]{" + rules.raw("otp").raw("digits").value() + "}$", schemas.raw("OtpCode").raw("pattern").text(),
                "OtpCode has x-rules.otp.digits digits");
        String example = contract.raw("paths").raw("/v1/numbers").raw("post").raw("responses").raw("409").value().toString();
        String rest = rules.raw("numbers").raw("rest").text().replaceAll("[PD]", "") + " days";
        assertTrue(example.contains("rests for " + rest), "claimNumber's 409 says how long a number rests: " + rest);
    }

    @Test
    void theGuideListsExactlyTheErrorsThatThereAre() throws IOException {
        var listed = new TreeMap<String, String>();
        Matcher row = Pattern.compile("(?m)^\\| ([0-9]{3}) \\| `([A-Z_]+)` \\|").matcher(Files.readString(Path.of("guides/errors.md")));
        while (row.find()) {
            listed.put(row.group(2), row.group(1));
        }
        Spot contract = Spot.of(Contract.read(Path.of("phone.yaml")).json());
        assertEquals(OperationRules.Errors.of(contract).codes(), new TreeMap<>(listed.entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getValue, Map.Entry::getKey))));
        List<String> reasons = new ArrayList<>();
        row = Pattern.compile("(?m)^\\| `([a-z_]+)` \\| ").matcher(Files.readString(Path.of("guides/errors.md")));
        while (row.find()) {
            reasons.add(row.group(1));
        }
        assertEquals(contract.raw("components").raw("schemas").raw("VerificationFailure").raw("enum").items().stream()
                .map(item -> ((JsonString) item.value()).getString()).sorted().toList(), reasons.stream().sorted().toList());
    }

    private static JsonObject json(String text) {
        return Json.createReader(new StringReader(text)).readObject();
    }
}
