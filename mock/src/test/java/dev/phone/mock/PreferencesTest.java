// SPDX-License-Identifier: Apache-2.0
package dev.phone.mock;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.phone.contract.Contract;
import dev.phone.contract.Example;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every example of the contract can be asked for. That it comes back unasked, too, is proved with the server's in contract-tests. */
class PreferencesTest {
    private static PhoneMock mock;

    @BeforeAll
    static void start() {
        mock = PhoneMock.start(new MockOptions().limits(false));
    }

    @AfterAll
    static void stop() {
        mock.close();
    }

    @TestFactory
    Stream<DynamicTest> everyExampleCanBePreferred() {
        Map<String, Example> happy = new HashMap<>();
        List<Example> examples = Example.of(mock.engine().model().contract());
        examples.stream().filter(example -> example.status() < 300 || example.status() == 501)
                .forEach(example -> happy.putIfAbsent(example.operation().id(), example));
        return examples.stream().map(example -> DynamicTest.dynamicTest(example.toString(),
                () -> askFor(example, happy.getOrDefault(example.operation().id(), example))));
    }

    @Test
    void refusalsByTheStateWaitAsWell() {
        long start = System.nanoTime();
        Http.Reply reply = Http.send("GET", mock.url() + "/v1/projects/prj_01kertbv80wez6vkwkjgm64s9r",
                Map.of("authorization", "Bearer dev_alice", "prefer", "delay=300"), (String) null);
        assertEquals(404, reply.status());
        assertEquals("delay=300", reply.header("Preference-Applied"));
        assertTrue(System.nanoTime() - start >= 300_000_000L);
    }

    /** @return the status, and what was granted */
    private static String prefer(String path, String preference) {
        Http.Reply reply = Http.send("GET", mock.url() + path, Map.of("authorization", "Bearer dev_alice", "prefer", preference), (String) null);
        return reply.status() + " " + reply.header("Preference-Applied");
    }

    @Test
    void aPreferredCodeIsThatOfItsFirstExample() {
        Http.Reply reply = Http.send("GET", mock.url() + "/v1/projects", Map.of("authorization", "Bearer dev_alice", "prefer", "code=429"),
                (String) null);
        assertEquals(429, reply.status());
        assertEquals("42", reply.header("Retry-After"));
        assertEquals("\"requests\";r=0;t=42", reply.header("RateLimit"));
        assertEquals("operation=listProjects; example=rateLimited (preferred)", reply.reason());
    }

    @Test
    void aPreferenceChangesNothing() {
        Map<String, String> headers = new HashMap<>(mock.credentials("app"));
        headers.put("prefer", "example=superseded");
        String otp = "otp_01kf0ft54g2dgvjx7yyvtq3k51";
        assertEquals(422, Http.send("POST", mock.url() + "/v1/otp/verify", headers,
                "{\"otpRequestId\": \"" + otp + "\", \"code\": \"482913\"}").status());
        assertEquals("pending", Http.send("GET", mock.url() + "/v1/otp/" + otp, mock.credentials("app"), (String) null).data().getString("status"));
    }

    @Test
    void whatCannotBeGrantedSaysWhatCan() {
        Map<String, String> preferences = Map.of(
                "code=418", "must be a code that listProjects documents: 200, 401, 422, 429, 500",
                "example=nope", "must be an example of listProjects: all, onePerPage, unauthenticated, tooMany, tampered, rateLimited, ");
        preferences.forEach((preference, said) -> {
            Http.Reply reply = Http.send("GET", mock.url() + "/v1/projects", Map.of("authorization", "Bearer dev_alice", "prefer", preference),
                    (String) null);
            assertEquals(422, reply.status());
            assertTrue(reply.raw().body().contains(said), reply.raw().body());
        });
    }

    @Test
    void aLongPreferenceIsRefusedLikeAShortOne() {
        for (String value : List.of("a".repeat(8_000), "\\a".repeat(7_000))) {
            assertEquals("422 null", prefer("/v1/projects", "code=\"" + value + '"'));
        }
    }

    @Test
    void aPreferenceNeedsValidCredentials() {
        assertEquals(401, Http.send("GET", mock.url() + "/v1/projects", Map.of("prefer", "code=200"), (String) null).status());
    }

    /** RFC 7240, section 2. */
    @Test
    void preferencesAreReadAsTheRfcSays() {
        assertEquals("200 null", prefer("/v1/projects", "return=minimal, wait=10"));
        assertEquals("200 delay=30", prefer("/v1/projects", "delay=30"));
        assertEquals("404 code=404", prefer("/v1/projects/prj_01kertbv80wez6vkwkjgm64s9p", "code=404, code=500"), "of one name, the first counts");
        assertEquals("200 null", prefer("/v1/projects", "respond-async; code=500, , \"broken\", handling=lenient"),
                "a parameter belongs to somebody else's preference");
        assertEquals("429 code=429, delay=1", prefer("/v1/projects", "foo=\"a, code=500\", Code = \"429\" ; x=1; delay=1"));
    }

    private static void askFor(Example example, Example sent) {
        Map<String, String> headers = new HashMap<>(sent.headers());
        headers.put("prefer", "example=" + example.name());
        headers.put("x-mock-session", "preference " + example);
        Http.Reply reply = Http.send(example.operation().method(), mock.url() + sent.target(), headers, sent.body());
        assertEquals(example.status(), reply.status(), () -> reply.raw().body());
        assertEquals("example=" + example.name(), reply.header("Preference-Applied"));
        assertNotNull(reply.reason());
        check(example, reply);
    }

    /** What the contract says of the answer: its headers and its schema. */
    private static void check(Example example, Http.Reply reply) {
        Contract contract = mock.engine().model().contract();
        JsonObject response = contract.resolve(contract.json().getJsonObject("paths").getJsonObject(example.operation().path())
                .getJsonObject(example.operation().method().toLowerCase()).getJsonObject("responses").get(String.valueOf(reply.status())));
        response.getJsonObject("headers").forEach((name, header) -> {
            if (contract.resolve(header).getBoolean("required", false)) {
                assertNotNull(reply.header(name), name);
            }
        });
        String reference = ((JsonString) response.getJsonObject("content").getJsonObject("application/json").getJsonObject("schema")
                .get("$ref")).getString();
        List<String> broken = new ArrayList<>();
        contract.schema(reference.substring(reference.lastIndexOf('/') + 1)).check(reply.json(), "",
                (path, rule, message) -> broken.add(path + " " + message));
        assertEquals(List.of(), broken);
    }
}
