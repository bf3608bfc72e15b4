// SPDX-License-Identifier: Apache-2.0
package dev.phone.mock;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The rules of the edge of HTTP hold, too, when requests go through WireMock; all of them are in WireTest of contract-tests. */
class WireTest {
    private static PhoneMock mock;

    @BeforeAll
    static void start() {
        mock = PhoneMock.start(new MockOptions().bypass(false));
    }

    @AfterAll
    static void stop() {
        mock.close();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '\u00a6', textBlock = """
            GARBAGE                                                                         ¦ 422 http
            GET /v1/projects HTTP/1.0~Host: x~Authorization: Bearer dev_alice               ¦ 422 http
            GET /v1/projects HTTP/1.1~Host: x~bad header                                    ¦ 422 http
            get /v1/projects HTTP/1.1~Host: x~Authorization: Bearer dev_alice               ¦ 404
            patch /v1/projects/prj_01kertbv80wez6vkwkjgm64s4r HTTP/1.1~Host: x~Authorization: Bearer dev_alice ¦ 404
            GET /v1/projects?limit=1.0 HTTP/1.1~Host: x~Authorization: Bearer dev_alice     ¦ 422 type
            GET /v1/projects?limit HTTP/1.1~Host: x~Authorization: Bearer dev_alice         ¦ 422 type
            GET /v1/projects?x=[|] HTTP/1.1~Host: x~Authorization: Bearer dev_alice         ¦ 200
            GET /v1/projects?limit=%zz HTTP/1.1~Host: x~Authorization: Bearer dev_alice~Prefer: delay=1 ¦ 422 http
            GET /v1/projects/a%00b HTTP/1.1~Host: x~Authorization: Bearer dev_alice         ¦ 422 characters
            GET http://y/v1/projects HTTP/1.1~Host: x~Authorization: Bearer dev_alice       ¦ 200
            GET /v1/projects HTTP/1.1~Host: x~Expect: x~Authorization: Bearer dev_alice     ¦ 422 enum
            GET /v1/projects HTTP/1.1~Host: x~Authorization: Bearer dev_alice~authorization: Bearer dev_alice ¦ 200
            GET /v1/projects HTTP/1.1~Host: x~Authorization: Bearer dev_alice~x-mock-session: a~X-Mock-Session: a ¦ 200
            GET /v1/projects HTTP/1.1~Host: x~Authorization: Bearer dev_alice~x-mock-session: a~X-Mock-Session: b ¦ 422 repeated
            GET /v1/../docs HTTP/1.1~Host: x                                                ¦ 404
            CONNECT x:80 HTTP/1.1~Host: x                                                   ¦ 404
            POST /v1/projects HTTP/1.1~Host: x~Content-Length: 2000000                      ¦ 422 size
            POST /v1/projects HTTP/1.1~Host: x~Authorization: Bearer dev_alice~Content-Type: application/json~Transfer-Encoding: chunked~~zz~ ¦ 422 http
            POST /v1/projects HTTP/1.1~Host: x~Authorization: Bearer dev_alice~Content-Type: application/json~Transfer-Encoding: chunked~~2~{}~0~a: b~~ ¦ 422 http
            POST /v1/projects HTTP/1.1~Host: x~Authorization: Bearer dev_alice~Content-Encoding: br~Content-Type: application/json~Content-Length: 2~~{} ¦ 422 contentEncoding
            POST /v1/sandbox/bins HTTP/1.1~Host: x~Content-Type: multipart/form-data; boundary=x~Content-Length: 3~~abc ¦ 201
            """)
    void holdsInWireMock(String request, String expected) throws IOException {
        String answer = send(request.strip().replace("~", "\r\n") + (request.contains("~~") ? "" : "\r\n\r\n"));
        assertTrue(answer.startsWith("HTTP/1.1 " + expected.substring(0, 3)), answer);
        assertTrue(expected.length() == 3 || answer.contains("\"rule\":\"" + expected.substring(4) + "\""), answer);
        assertTrue(answer.toLowerCase(java.util.Locale.ROOT).contains("x-request-id: req_"), answer);
        assertTrue(answer.contains("x-mock-reason: "), answer);
    }

    private static String send(String request) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", mock.port())) {
            socket.setSoTimeout(5_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().flush();
            socket.shutdownOutput();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
