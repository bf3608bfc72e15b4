// SPDX-License-Identifier: Apache-2.0
package dev.phone.mock;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.json.JsonObject;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What clients make the mock remember is bounded, over all sessions. */
class BoundsTest {
    private static final int BYTES = 3_000_000;

    private static MockOptions options() {
        MockOptions options = new MockOptions().limits(false);
        options.sessionBytes = BYTES;
        return options;
    }

    /** @param session null for the common one */
    private static Http.Reply send(PhoneMock mock, String session, String key) {
        Map<String, String> headers = new HashMap<>(mock.credentials("app"));
        if (session != null) {
            headers.put("x-mock-session", session);
        }
        if (key != null) {
            headers.put("idempotency-key", key);
        }
        return Http.send("POST", mock.url() + "/v1/otp/send", headers,
                "{\"phoneNumber\": \"+999 482 918 102\", \"metadata\": {"
                        + IntStream.range(0, 20).mapToObj(i -> "\"" + i + "\": \"" + "x".repeat(250) + '"').collect(Collectors.joining(",")) + "}}");
    }

    private static JsonObject held(PhoneMock mock) {
        return Http.send("GET", mock.url() + "/__admin/phone/state", Map.of(), (String) null).json().getJsonObject("held");
    }

    @Test
    void manySessionsHoldNoMoreThanAFew() {
        try (PhoneMock mock = PhoneMock.start(options())) {
            for (int i = 0; i < 300; i++) {
                assertEquals(201, send(mock, "s" + i, null).status());
            }
            JsonObject held = held(mock);
            assertTrue(held.getInt("bytes") <= BYTES, held::toString);
            assertTrue(held.getInt("sessions") > 2 && held.getInt("sessionsForgotten") > 0, held::toString);
            // The one that was used last is still there.
            assertTrue(mock.state("s299").contains("xxxxx"));
        }
    }

    @Test
    void oneSessionHoldsNoMore() {
        try (PhoneMock mock = PhoneMock.start(options())) {
            for (int i = 0; i < 300; i++) {
                assertEquals(201, send(mock, null, "key-" + i).status());
            }
            JsonObject held = held(mock);
            assertTrue(held.getInt("bytes") <= BYTES, held::toString);
            // The demo world does not give way, nor does what is newest.
            assertTrue(mock.state().contains("\"code\":\"482913\""));
            assertEquals("true", send(mock, null, "key-299").header("Idempotent-Replayed"));
        }
    }

    @Test
    void nothingIsCountedThatIsGone() {
        try (PhoneMock mock = PhoneMock.start(options())) {
            mock.reset();
            int before = held(mock).getInt("bytes");
            send(mock, null, "key");
            send(mock, "s", "key");
            assertTrue(held(mock).getInt("bytes") > before + 40_000);
            mock.reset();
            assertEquals(before, held(mock).getInt("bytes"));
        }
    }

    @Test
    void theLimitsOfAnAddressCountOverAllSessions() {
        try (PhoneMock mock = PhoneMock.start()) {
            int created = 0;
            for (int i = 0; i < 25; i++) {
                created += Http.send("POST", mock.url() + "/v1/sandbox/bins", Map.of("x-mock-session", "s" + i), (String) null).status() == 201 ? 1 : 0;
            }
            assertEquals(20, created);
            mock.reset();
            assertEquals(201, Http.send("POST", mock.url() + "/v1/sandbox/bins", Map.of(), (String) null).status());
        }
    }
}
