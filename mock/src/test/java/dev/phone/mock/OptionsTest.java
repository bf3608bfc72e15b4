// SPDX-License-Identifier: Apache-2.0
package dev.phone.mock;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the options change. */
class OptionsTest {
    private static final Map<String, String> ALICE = Map.of("authorization", "Bearer dev_alice");

    @TempDir
    Path folder;

    private static Http.Reply create(PhoneMock mock) {
        return Http.send("POST", mock.url() + "/v1/projects/prj_01kev7krt04mq07t26xwzrw0rf/applications", ALICE,
                "{\"name\": \"x\", \"environment\": \"test\"}");
    }

    @Test
    void aSeedMakesIdsAndSecretsTheSame() {
        String first;
        String secret;
        try (PhoneMock mock = PhoneMock.start(new MockOptions().seed(7))) {
            JsonObject created = create(mock).data();
            first = created.getString("id");
            secret = created.getJsonObject("credentials").getString("clientSecret");
            assertNotEquals(first, create(mock).data().getString("id"));
        }
        try (PhoneMock mock = PhoneMock.start(new MockOptions().seed(7))) {
            JsonObject again = create(mock).data();
            assertEquals(first, again.getString("id"));
            assertEquals(secret, again.getJsonObject("credentials").getString("clientSecret"));
        }
    }

    @Test
    void statelessAnswersExamplesOnly() {
        try (PhoneMock mock = PhoneMock.start(new MockOptions().stateless(true))) {
            Http.Reply created = Http.send("POST", mock.url() + "/v1/projects", ALICE, "{\"name\": \"Mine\"}");
            assertEquals(201, created.status());
            assertEquals("operation=createProject; example=created", created.reason());
            assertEquals("Newsletter", created.data().getString("name"));
            assertEquals(2, Http.send("GET", mock.url() + "/v1/projects", ALICE, (String) null).json().getJsonArray("data").size());
            // The documented request gets its documented answer.
            assertEquals(404, Http.send("GET", mock.url() + "/v1/projects/prj_01kdvdna006rw3hv72nj173n0s", ALICE, (String) null).status());
            assertEquals(422, Http.send("POST", mock.url() + "/v1/projects", ALICE, "{}").status());
            assertEquals(401, Http.send("GET", mock.url() + "/v1/projects", Map.of(), (String) null).status());
        }
    }

    @Test
    void whatCannotBeIsSaid() throws Exception {
        assertThrows(IllegalArgumentException.class, () -> new MockOptions().port(65_536));
        assertThrows(IllegalArgumentException.class, () -> new MockOptions().delay(-1));
        Path file = Files.writeString(folder.resolve("contract.yaml"), "foo: bar");
        assertThrows(IllegalArgumentException.class, () -> new MockOptions().stubs(file));
        assertThrows(IllegalArgumentException.class, () -> PhoneMock.start(new MockOptions().contract(file)));
        try (PhoneMock mock = PhoneMock.start()) {
            assertEquals("cannot listen at 127.0.0.1:" + mock.port() + ": Address already in use", assertThrows(IllegalStateException.class,
                    () -> PhoneMock.start(new MockOptions().port(mock.port()))).getMessage());
        }
    }

    @Test
    void theClockTakesNoNonsense() {
        try (PhoneMock mock = PhoneMock.start()) {
            for (String command : List.of("{\"freeze\": false}", "{\"reset\": false}", "{\"advance\": true}", "{\"stop\": true}", "[]", "",
                    "{\"freeze\": \"+1000000000-12-31T23:59:59Z\"}", "{\"advance\": 9223372036854775}", "{\"advance\": -9000000000000}")) {
                assertEquals(422, Http.send("POST", mock.url() + "/__admin/phone/clock", Map.of(), command).status(), command);
            }
            Http.Reply jump = Http.send("POST", mock.url() + "/__admin/phone/clock", Map.of(), "{\"jump\": 1}");
            assertEquals("the clock supports freeze (true, or an instant), advance (a duration, or seconds) and reset (true), not jump: 1",
                    jump.json().getString("message"));
            assertEquals(false, mock.clock().isFrozen());
            assertThrows(DateTimeException.class, () -> mock.clock().freeze(Instant.MAX));
            assertTrue(Duration.between(mock.clock().instant(), Instant.now()).abs().compareTo(Duration.ofMinutes(1)) < 0);
        }
    }

    @Test
    void theClockStandsWhereItIsPut() {
        try (PhoneMock mock = PhoneMock.start()) {
            Http.send("POST", mock.url() + "/__admin/phone/clock", Map.of(), "{\"freeze\": \"2030-01-01T00:00:00Z\"}");
            assertEquals("{\"now\":\"2030-01-01T00:00:00.000Z\",\"frozen\":true}",
                    Http.send("GET", mock.url() + "/__admin/phone/clock", Map.of(), (String) null).raw().body());
        }
    }

    @Test
    void withoutTheBypassEveryRequestIsSeenByWireMock() {
        for (boolean bypass : new boolean[] {true, false}) {
            try (PhoneMock mock = PhoneMock.start(new MockOptions().bypass(bypass))) {
                AtomicInteger seen = new AtomicInteger();
                // mock.wireMock() would send all requests there anyway.
                mock.lazyWireMock().get().addMockServiceRequestListener((request, response) -> seen.incrementAndGet());
                assertEquals(200, Http.send("GET", mock.url() + "/v1/projects", ALICE, (String) null).status());
                assertEquals(bypass ? 0 : 1, seen.get());
            }
        }
    }

    @Test
    void limitsCanBeOff() {
        try (PhoneMock mock = PhoneMock.start(new MockOptions().limits(false))) {
            for (int i = 0; i < 130; i++) {
                Http.Reply reply = Http.send("GET", mock.url() + "/v1/projects", ALICE, (String) null);
                assertEquals(200, reply.status());
                assertEquals("\"requests\";r=120;t=60", reply.header("RateLimit"));
            }
        }
    }
}
