// SPDX-License-Identifier: Apache-2.0
package dev.phone.mock;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** No web page that somebody has open in a browser on this machine steers the mock; see also {@link dev.phone.mock.http.AdminGuardTest}. */
class AdminAccessTest {
    private static PhoneMock mock;

    @BeforeAll
    static void start() {
        mock = PhoneMock.start();
    }

    @AfterAll
    static void stop() {
        mock.close();
    }

    /** @param head request line and header fields but for Connection; {@code PORT} is the mock's */
    private static String send(String head, String body) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", mock.port())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write((head.replace("~", "\r\n").replace("PORT", String.valueOf(mock.port())) + "\r\nConnection: close\r\n"
                    + "Content-Length: " + body.length() + "\r\n\r\n" + body).getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static int status(String answer) {
        return Integer.parseInt(answer.substring(9, 12));
    }

    private static void assertNoCors(String answer) {
        assertFalse(answer.toLowerCase(Locale.ROOT).contains("access-control-"), answer);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '¦', textBlock = """
            GET /__admin/phone/state HTTP/1.1~Host: localhost:PORT                                              ¦ 200
            GET /__admin/phone/state HTTP/1.1~Host: LOCALHOST                                                   ¦ 200
            GET /__admin/phone/state HTTP/1.1~Host: 127.0.0.1:9                                                 ¦ 200
            GET /__admin/phone/state HTTP/1.1~Host: [::1]:9                                                     ¦ 200
            GET /__admin/phone/state HTTP/1.1~Host: localhost:PORT~Origin: http://localhost:PORT                ¦ 200
            GET /__admin/phone/state HTTP/1.1~Host: rebound.example:PORT                                        ¦ 403
            GET /__admin/phone/state HTTP/1.1~Host: rebound.example:PORT~Origin: http://rebound.example:PORT    ¦ 403
            GET http://localhost/__admin/phone/state HTTP/1.1~Host: rebound.example                             ¦ 403
            GET /%5f_admin/phone/state HTTP/1.1~Host: rebound.example                                           ¦ 403
            GET /__admin;a=b/phone/state HTTP/1.1~Host: rebound.example                                         ¦ 403
            GET /__admin HTTP/1.1~Host: rebound.example                                                         ¦ 403
            GET /__admin/mappings HTTP/1.1~Host: localhost:PORT~Origin: http://evil.example                     ¦ 403
            GET /__admin/mappings HTTP/1.1~Host: localhost:PORT~Origin: null                                    ¦ 403
            GET /__admin/mappings HTTP/1.1~Host: localhost:PORT~Origin: http://localhost:3000                   ¦ 403
            GET /__admin/mappings HTTP/1.1~Host: localhost:PORT~Origin: https://localhost:PORT                  ¦ 403
            GET /__admin/mappings HTTP/1.1~Host: localhost:PORT~Origin: http://localhost:PORT~Origin: http://x  ¦ 403
            OPTIONS /__admin/mappings HTTP/1.1~Host: localhost:PORT~Origin: http://evil.example~Access-Control-Request-Method: POST ¦ 403
            GET /__admin/phone/state HTTP/1.1~Host: localhost:PORT~webhook-id: evt_1                            ¦ 403
            GET /__admin/phone/state HTTP/1.1~Host: localhost:PORT~Sec-Fetch-Site: cross-site                   ¦ 403
            GET /__admin/phone/state HTTP/1.1~Host: localhost:PORT~Sec-Fetch-Site: Cross-Site~Sec-Fetch-Mode: no-cors ¦ 403
            GET /__admin/phone/state HTTP/1.1~Host: localhost:PORT~Sec-Fetch-Site: same-origin                  ¦ 200
            GET /__admin/phone/state HTTP/1.1~Host: localhost:PORT~Sec-Fetch-Site: none                         ¦ 200
            GET /__admin/swagger-ui/ HTTP/1.1~Host: localhost:PORT                                              ¦ 200
            GET /v1/projects HTTP/1.1~Host: phone-mock:4010~Origin: http://evil.example~Authorization: Bearer dev_alice ¦ 200
            """)
    void whoMayAsk(String head, int status) throws IOException {
        String answer = send(head.strip(), "");
        assertEquals(status, status(answer), answer);
        if (!head.contains("/v1/")) {
            assertNoCors(answer);
        }
    }

    /** These are what a page can send to another origin without asking. */
    @ParameterizedTest
    @ValueSource(strings = {"", "~Content-Type: text/plain", "~Content-Type: text/plain; application/json", "~Content-Type: application/x-www-form-urlencoded",
            "~Content-Type: multipart/form-data; boundary=application/json", "~Content-Type: application/json; charset=x-nonsense",
            "~Content-Type: application/json; charset=utf-16", "~Content-Type: application/jsonp",
            "~Content-Type: application/json~Content-Type: text/plain"})
    void whatChangesSomethingIsJson(String type) throws IOException {
        String host = " HTTP/1.1~Host: localhost:PORT" + type;
        assertEquals(415, status(send("POST /__admin/phone/reset" + host, "")));
        assertEquals(415, status(send("POST /__admin/phone/clock" + host, "{\"freeze\": true}")));
        assertEquals(415, status(send("POST /__admin/settings" + host, "{\"fixedDelay\": 1}")));
        assertEquals(415, status(send("POST /__admin/mappings" + host, "{\"request\": {}, \"response\": {}}")));
        assertEquals(415, status(send("POST /__admin/shutdown" + host, "")));
        assertEquals(415, status(send("DELETE /__admin/mappings" + host, "{}")));
        assertEquals(200, status(send("GET /__admin/mappings HTTP/1.1~Host: localhost", "")));
    }

    @Test
    void thePageOfTheSameOriginWorks() throws IOException {
        String own = " HTTP/1.1~Host: localhost:PORT~Origin: http://localhost:PORT~Content-Type: application/json; charset=utf-8";
        String answer = send("POST /__admin/mappings" + own, "{\"request\": {\"url\": \"/x\"}, \"response\": {\"status\": 204}}");
        assertEquals(201, status(answer), answer);
        assertNoCors(answer);
        assertEquals(200, status(send("DELETE /__admin/mappings HTTP/1.1~Host: localhost:PORT~Origin: http://localhost:PORT", "")));
        String page = send("GET /__admin/swagger-ui/index.html HTTP/1.1~Host: localhost:PORT", "").toLowerCase(Locale.ROOT);
        assertTrue(page.contains("\r\ncontent-security-policy: ") && page.contains("frame-ancestors 'none'"), page);
        assertTrue(page.contains("connect-src 'self'") && page.contains("\r\nx-content-type-options: nosniff"), page);
    }
}
