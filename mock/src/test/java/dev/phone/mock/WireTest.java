// SPDX-License-Identifier: Apache-2.0
package dev.phone.mock;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is hardly HTTP, or none at all, is answered in our shape, too. */
class WireTest {
    @RegisterExtension
    static PhoneMockExtension phone = new PhoneMockExtension();

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            GARBAGE                                                                         | 422
            GET /v1/projects HTTP/9.9~Host: x                                               | 422
            GET /v1/projects HTTP/1.1                                                       | 422
            GET /v1/projects HTTP/1.1~Host: x~bad header                                    | 422
            POST /v1/projects HTTP/1.1~Host: x~Content-Length: nine                         | 422
            POST /v1/projects HTTP/1.1~Host: x~Transfer-Encoding: chunked~~zz~              | 422
            GET /v1/%zz HTTP/1.1~Host: x                                                    | 4
            GET /v1/projects/..%2f..%2fdocs HTTP/1.1~Host: x                                | 401
            GET /v1/../docs HTTP/1.1~Host: x                                                | 404
            TRACE /v1/projects HTTP/1.1~Host: x                                             | 404
            BREW /v1/projects HTTP/1.1~Host: x                                              | 404
            OPTIONS * HTTP/1.1~Host: x                                                      | 404
            CONNECT x:80 HTTP/1.1~Host: x                                                   | 404
            GET /v1/projects?limit=%zz HTTP/1.1~Host: x~Authorization: Bearer dev_alice~Prefer: delay=1 | 422
            GET /v1/projects/a%00b HTTP/1.1~Host: x~Authorization: Bearer dev_alice         | 422
            POST /v1/sandbox/bins HTTP/1.1~Host: x~Content-Type: multipart/form-data; boundary=x~Content-Length: 3~~abc | 201
            """)
    void isAnsweredInOurShape(String request, String status) throws IOException {
        String answer = send(request.strip().replace("~", "\r\n") + (request.contains("~~") ? "" : "\r\n\r\n"));
        assertTrue(answer.startsWith("HTTP/1.1 " + status), answer);
        assertTrue(answer.contains("\"code\":") || answer.contains("\"data\":"), answer);
        assertTrue(answer.toLowerCase(java.util.Locale.ROOT).contains("x-request-id: req_"), answer);
        assertTrue(answer.contains("x-mock-reason: "), answer);
    }

    @ParameterizedTest
    @CsvSource({"100000, 422", "9000, 401"})
    void longHeadersToo(int length, String status) throws IOException {
        String answer = send("GET /v1/projects HTTP/1.1\r\nHost: x\r\nx-long: " + "a".repeat(length) + "\r\n\r\n");
        assertTrue(answer.startsWith("HTTP/1.1 " + status), answer);
    }

    @ParameterizedTest
    @CsvSource({"70000", "3000000"})
    void largeBodiesToo(int length) throws IOException {
        String answer = send("POST /v1/projects HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer dev_alice\r\nContent-Type: application/json\r\n"
                + "Content-Length: " + length + "\r\n\r\n" + "a".repeat(length));
        assertTrue(answer.startsWith("HTTP/1.1 422") && answer.contains("must be at most 65536 bytes"), answer);
    }

    private static String send(String request) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", phone.mock().port())) {
            socket.setSoTimeout(5_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().flush();
            socket.shutdownOutput();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
