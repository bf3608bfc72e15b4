// SPDX-License-Identifier: Apache-2.0
package dev.phone.mock;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.json.JsonObject;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
    void theJournalCountsHeaderFieldsThatWireMockHasNotSeen() throws IOException {
        try (PhoneMock mock = PhoneMock.start(options())) {
            String request = "GET /nothing HTTP/1.1\r\nHost: localhost\r\n" + "xy:\r\n".repeat(5_000) + "\r\n";
            long most = Runtime.getRuntime().maxMemory() / 8 / (5_000 * 512);
            for (int i = 0; i < most + 20; i++) {
                try (Socket socket = new Socket("127.0.0.1", mock.port())) {
                    socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
                    assertEquals('H', socket.getInputStream().read());
                }
            }
            int kept = Http.send("GET", mock.url() + "/__admin/requests", Map.of(), (String) null).json().getJsonArray("requests").size();
            assertTrue(kept <= most, kept + " of at most " + most);
        }
    }

    /** WireMock would keep an object for each field, and fails if it cannot parse a form. */
    @ParameterizedTest
    @CsvSource(delimiter = '¦', textBlock = """
            application/x-www-form-urlencoded  ¦ %zz&%ff=%
            application/x-www-form-urlencoded  ¦ MANY
            multipart/form-data                ¦ --x
            multipart/form-data; boundary=x    ¦ no parts
            multipart/form-data; boundary=x    ¦ PARTS
            """)
    void aFormThatWireMockShouldNotParseIsAnsweredFromTheContract(String type, String body) {
        String form = body.replace("MANY", "0&".repeat(30_000)).replace("PARTS", "--x\r\n\r\n\r\n".repeat(5_000) + "--x--\r\n");
        try (PhoneMock mock = PhoneMock.start(options())) {
            for (String path : List.of("/__x", "/nothing", "/v1/nothing")) {
                assertEquals(404, Http.send("POST", mock.url() + path, Map.of("content-type", type, "prefer", "x"), form).status());
            }
            assertEquals(422, Http.send("POST", mock.url() + "/v1/projects",
                    Map.of("authorization", "Bearer dev_alice", "content-type", type, "prefer", "x"), form).status());
            Http.send("GET", mock.url() + "/__admin/requests", Map.of(), (String) null).json().getJsonArray("requests").forEach(each ->
                    assertEquals(0, each.asJsonObject().getJsonObject("request").getJsonObject("formParams").size()));
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
