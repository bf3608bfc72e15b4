// SPDX-License-Identifier: Apache-2.0
package dev.phone.contracttests.pact;

import static dev.phone.contracttests.gate.NamedTests.each;
import static dev.phone.contracttests.gate.NamedTests.rows;
import static dev.phone.contracttests.pact.PactJvm.PACT_JVM;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.phone.contracttests.contract.TheContract;
import io.restassured.path.json.JsonPath;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.parallel.ResourceLock;

/** {@code mvn -Ppacts}, as whoever runs it sees it. */
@ResourceLock(PACT_JVM)
class PactsTest {
    private static final Path PACTS = Path.of(System.getProperty("phone.root", ".."), "contract-tests/src/test/pacts");

    private static Printed all;

    private record Printed(int exitCode, String text) {

        /** What is said of an interaction: the lines below its description. */
        List<String> of(String description) {
            List<String> lines = text.lines().toList();
            int start = 0;
            while (!lines.get(start).strip().replaceFirst(" \\(.*\\)$", "").equals(description)) {
                start++;
            }
            int end = start + 1;
            while (end < lines.size() && lines.get(end).startsWith("    ")) {
                end++;
            }
            return lines.subList(start + 1, end).stream().map(String::strip).toList();
        }

        void says(String words) {
            assertTrue(text.contains(words), () -> "nothing says: " + words + "\n" + text);
        }
    }

    private static Printed run(String pacts, Map<String, String> environment) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        int exitCode = Main.run(pacts, environment, new PrintStream(bytes, true, StandardCharsets.UTF_8));
        return new Printed(exitCode, bytes.toString(StandardCharsets.UTF_8));
    }

    @BeforeAll
    static void verifyAll() {
        all = run(PACTS.toString(), Map.of());
    }

    @Test
    void pactsOfAllVersionsHold() {
        Printed printed = run(PACTS.resolve("versions").toString(), Map.of());
        assertEquals(0, printed.exitCode, printed.text);
        printed.says("5 pacts: 16 holds");
    }

    @TestFactory
    Stream<DynamicTest> whatIsPromisedAndKeptHolds() {
        return each(List.of("a project of the demo world", "a page with a query", "somebody who is not signed in", "an encoded number in the path",
                "one attempt less", "a list of projects, one at a time", "a look at an OTP request", "a project without a name", "the right code",
                "an application without its webhooks yet"), PactsTest::holds);
    }

    @TestFactory
    Stream<DynamicTest> eventsAreReallySent() {
        return each(List.of("an otp.sent event", "a code is right", "a code is right, as V3 has it"), PactsTest::holds);
    }

    private static void holds(String interaction) {
        assertEquals(List.of("server  holds", "mock    holds"), all.of(interaction));
    }

    @Test
    void eventsAreComparedAndMustBePromised() {
        assertEquals(List.of("server  differs", "$.data.otpRequest.status: expected \"verified\", actual \"cancelled\"", "mock    differs", "the same"),
                all.of("a customer gives up"));
        List<String> code = all.of("a code in an event");
        assertTrue(code.contains("not promised: $.data.otpRequest.code: the contract has no such property"), code.toString());
        assertTrue(code.contains("not promised: header x-signature: the event otp.sent does not document it"), code.toString());
        assertEquals("unknown event: the contract has no otp.read; it has otp.cancelled, otp.expired, otp.failed, otp.sent, otp.verified, webhook.test",
                sorted(all.of("an event that there is not").get(1)));
        assertTrue(all.of("a message without a type").get(1).startsWith("is a message without a type"));
    }

    /** The events in alphabetical order. */
    private static String sorted(String line) {
        int start = line.indexOf("it has ") + "it has ".length();
        return line.substring(0, start) + Stream.of(line.substring(start).split(", ")).sorted().collect(Collectors.joining(", "));
    }

    @Test
    void aDifferenceSaysWhereAndWhat() {
        assertEquals(1, all.exitCode);
        assertEquals(List.of("server  differs", "$.data.status: expected \"verified\", actual \"pending\"", "mock    differs", "the same"),
                all.of("a code that is sent, seen as done"));
        List<String> refused = all.of("an invalid body, expected to be taken");
        assertTrue(refused.contains("status: expected 201, actual 422"), refused.toString());
        assertTrue(refused.stream().anyMatch(line -> line.startsWith("the response was: ") && line.contains("minLength")), refused.toString());
    }

    @TestFactory
    Stream<DynamicTest> whatHoldsTodayMayStillNotBePromised() {
        return rows("""
            the wording of an error         | $.error.message: the pact insists on "No such resource
            an instant without milliseconds | $.data.createdAt: the pact insists on
            """, (interaction, why) -> {
            List<String> lines = all.of(interaction);
            assertEquals("server  not promised", lines.getFirst());
            assertTrue(lines.get(1).startsWith(why), lines.toString());
            assertEquals(List.of("mock    not promised", "the same"), lines.subList(2, 4));
        });
    }

    @TestFactory
    Stream<DynamicTest> namesThatAreNotDocumentedAreNotPromised() {
        return rows("""
            a property that there is not    | not promised: $.data.owner: the contract has no such property
            a status that is not documented | not promised: status 206: listProjects documents 200, 401, 422, 429, 500
            a header of the mock            | not promised: header x-mock-reason: only the mock sends it
            a header of the mock            | not promised: request header Prefer: only the mock supports it
            """, (interaction, why) -> assertTrue(all.of(interaction).contains(why), all.of(interaction).toString()));
    }

    @Test
    void aHeaderOfTheMockIsNotPromisedWhereItIsSent() {
        List<String> lines = all.of("a header of the mock");
        assertTrue(lines.contains("mock    not promised"), lines.toString());
    }

    @Test
    void whatCannotBeTriedIsNamed() {
        all.says("ERROR broken/broken.json is not JSON: ");
        all.says("ERROR broken/no-pact.json is not a pact: it has no consumer.name, no provider.name, no interactions");
        all.says("ERROR broken/empty.json is a pact without interactions");
        assertTrue(all.of("a state that nobody knows").get(1).startsWith("there is no provider state 'a pending otp'; did you mean 'a pending OTP'?"));
        assertEquals("unknown operation: the contract has no GET /v1/contacts; see openapi/operations.txt",
                all.of("a route that there is not").get(1));
        assertTrue(all.of("a method that there is not").get(1).endsWith("for this path it has GET (getProject), PATCH (updateProject), DELETE (deleteProject)"));
        assertTrue(all.of("a value that its state does not give").get(1).startsWith("needs the value 'tokenOfAlice', which its provider state does not return"));
        assertFalse(all.text.contains("\tat "), "a stack trace");
    }

    @Test
    void withoutPactsItSaysHowToUseIt() {
        Printed usage = run("", Map.of());
        assertEquals(2, usage.exitCode);
        usage.says("mvn -Ppacts -Dpacts=DIR");
        usage.says("PACT_BROKER_URL");
        Printed nowhere = run(PACTS.resolve("nowhere").toString(), Map.of());
        assertEquals(2, nowhere.exitCode);
        nowhere.says("ERROR there is no file or folder ");
        Printed none = run(PACTS.resolve("../java").toString(), Map.of());
        assertEquals(2, none.exitCode);
        none.says("ERROR no pact found: ");
    }

    @Test
    void aBrokerGivesPactsAndTakesResults() throws IOException {
        try (FakeBroker broker = new FakeBroker(List.of(PACTS.resolve("versions/v1.1.json"), PACTS.resolve("differs/wrong.json")), List.of("wrong"))) {
            Printed printed = run("", environment(broker, Map.of("PACT_PUBLISH", "true", "PACT_PROVIDER_VERSION", "abc123", "PACT_PROVIDER_BRANCH", "main")));
            assertEquals(0, printed.exitCode, "a pending pact may differ\n" + printed.text);
            printed.says("4 holds, 4 differs (4 of them pending)");
            String asked = broker.received.getFirst();
            assertTrue(asked.startsWith("POST /for-verification/phone "), asked);
            assertTrue(asked.contains("{\"mainBranch\":true},{\"deployedOrReleased\":true},{\"matchingBranch\":true}"), asked);
            assertTrue(asked.contains("\"includePendingStatus\":true") && asked.contains("\"providerVersionBranch\":\"main\""), asked);
            assertTrue(broker.received.contains("PUT /branches/main/versions/abc123 {}"), broker.received.toString());
            String good = broker.received.stream().filter(each -> each.startsWith("POST /results/oldest ")).findFirst().orElseThrow();
            assertTrue(good.contains("\"success\":true") && good.contains("\"providerApplicationVersion\":\"abc123\"")
                    && good.contains("\"interactionId\":\"id of a page with a query\""), good);
            String bad = broker.received.stream().filter(each -> each.startsWith("POST /results/wrong ")).findFirst().orElseThrow();
            assertTrue(bad.contains("\"success\":false") && bad.contains("server: $.data.status: expected \\\"verified\\\", actual \\\"pending\\\""), bad);
        }
    }

    @Test
    void nothingIsPublishedUnasked() throws IOException {
        try (FakeBroker broker = new FakeBroker(List.of(PACTS.resolve("versions/v1.1.json")), List.of())) {
            Printed printed = run("", environment(broker, Map.of("PACT_SELECTORS", "[{\"tag\": \"prod\", \"latest\": true}]")));
            assertEquals(0, printed.exitCode, printed.text);
            assertEquals(1, broker.received.size(), broker.received.toString());
            assertTrue(broker.received.getFirst().contains("\"consumerVersionSelectors\":[{\"latest\":true,\"tag\":\"prod\"}]")
                    || broker.received.getFirst().contains("\"consumerVersionSelectors\":[{\"tag\":\"prod\",\"latest\":true}]"), broker.received.getFirst());
        }
    }

    @Test
    void aBrokerTakesTheContractAndOurVerificationOfIt() throws IOException {
        try (FakeBroker broker = new FakeBroker(List.of(), List.of())) {
            Map<String, String> environment = environment(broker, Map.of("PACT_PUBLISH_CONTRACT", "true", "PACT_PROVIDER_VERSION", "abc 123",
                    "PACT_PROVIDER_BRANCH", "main"));
            Printed printed = run("", environment);
            assertEquals(0, printed.exitCode, printed.text);
            printed.says("contract published as verified by version abc 123");
            String path = "PUT /contracts/provider/phone/version/abc 123 ";
            String put = broker.received.getFirst();
            assertTrue(put.startsWith(path), put);
            JsonPath body = JsonPath.from(put.substring(path.length()));
            assertEquals(List.of("oas", "application/json"), List.of(body.getString("contractType"), body.getString("contentType")));
            assertEquals(TheContract.CONTRACT.json().toString(), decoded(body.getString("content")));
            assertEquals(List.of("true", "text/plain", "text", "phone-contract-tests", "abc 123"), Stream.of("success", "contentType", "format", "verifier",
                    "verifierVersion").map(name -> body.getString("verificationResults." + name)).toList());
            String evidence = decoded(body.getString("verificationResults.content"));
            assertTrue(evidence.contains("  sendOtp 201 sent\n    server  holds\n"), evidence);
            assertTrue(broker.received.contains("PUT /branches/main/versions/abc 123 {}"), broker.received.toString());
            broker.answerToContracts = 404;
            Printed without = run("", environment);
            assertEquals(2, without.exitCode);
            without.says("ERROR the broker at " + broker.url() + " does not accept provider contracts: it answered 404. PactFlow does");
            assertFalse(without.text.contains("\tat "), "a stack trace");
        }
    }

    private static String decoded(String base64) {
        return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
    }

    @Test
    void aBrokerThatDoesNotHelpIsNamed() throws IOException {
        try (FakeBroker broker = new FakeBroker(List.of(), List.of())) {
            Printed empty = run("", environment(broker, Map.of()));
            assertEquals(2, empty.exitCode);
            empty.says("ERROR no pact found: the broker at " + broker.url() + " has none for the provider phone");
            Printed stranger = run("", environment(broker, Map.of("PACT_BROKER_TOKEN", "wrong")));
            assertEquals(2, stranger.exitCode);
            stranger.says("ERROR the broker at " + broker.url() + " did not answer like a Pact broker: ");
            Printed nameless = run("", environment(broker, Map.of("PACT_PUBLISH", "true")));
            assertEquals(2, nameless.exitCode);
            nameless.says("ERROR PACT_PUBLISH=true needs PACT_PROVIDER_VERSION");
            run("", environment(broker, Map.of("PACT_PUBLISH_CONTRACT", "true"))).says("ERROR PACT_PUBLISH_CONTRACT=true needs PACT_PROVIDER_VERSION");
            run("", environment(broker, Map.of("PACT_SELECTORS", "main"))).says("ERROR PACT_SELECTORS is not a JSON array");
        }
    }

    private static Map<String, String> environment(FakeBroker broker, Map<String, String> more) {
        Map<String, String> environment = new HashMap<>(Map.of("PACT_BROKER_URL", broker.url() + "/", "PACT_BROKER_TOKEN", FakeBroker.TOKEN));
        environment.putAll(more);
        return environment;
    }
}
