// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.phone.api.Operations;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever is thrown at it, the server refuses it as the client's mistake, and does not fill its log with it. */
class MalformedRequestTest {
    private static final String HOST = "Host: localhost\r\n";
    private static final String ALICE = "Authorization: Bearer dev_alice\r\n";
    private static final String GET = "GET /v1/projects HTTP/1.1\r\n" + HOST + ALICE;
    private static final String POST = "POST /v1/projects HTTP/1.1\r\n" + HOST + ALICE + "Content-Type: application/json\r\n";
    private static final String CHUNKED = POST + "Transfer-Encoding: chunked\r\n\r\n";
    private static final String BODY = "{\"name\":\"x\"}";

    private static TestApi api;

    @BeforeAll
    static void start() {
        api = TestApi.builder().unlimited()
                .route(Operations.LIST_PROJECTS, (caller, input) -> TestApi.OK)
                .route(Operations.CREATE_PROJECT, (caller, input) -> TestApi.OK)
                .route(Operations.GET_PROJECT, (caller, input) -> TestApi.OK)
                .start();
    }

    @AfterAll
    static void stop() {
        api.close();
    }

    /** One for each way in which Helidon, or we, refuse a request. What each is answered with is WireTest's, in contract-tests. */
    static Stream<Arguments> malformed() {
        return Stream.of(
                Arguments.of("no request line", "garbage\r\n\r\n"),
                Arguments.of("a method that is no token", "G@T /v1/projects HTTP/1.1\r\n" + HOST + "\r\n"),
                Arguments.of("HTTP/1.0", "GET /v1/projects HTTP/1.0\r\n" + HOST + "\r\n"),
                Arguments.of("the preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
                Arguments.of("a long URI", "GET /" + "a".repeat(100_000) + " HTTP/1.1\r\n" + HOST + "\r\n"),
                Arguments.of("%zz in the path", "GET /v1/projects/%zz HTTP/1.1\r\n" + HOST + "\r\n"),
                Arguments.of("a page whose path is no URI", "GET /docs[. HTTP/1.1\r\n" + HOST + "\r\n"),
                Arguments.of("a header without a colon", GET + "foo\r\n\r\n"),
                Arguments.of("a header of 100 KB", GET + "foo: " + "a".repeat(100_000) + "\r\n\r\n"),
                Arguments.of("no host", "GET /v1/projects HTTP/1.1\r\n" + ALICE + "\r\n"),
                Arguments.of("two lengths", POST + "Content-Length: 12\r\nContent-Length: 13\r\n\r\n" + BODY),
                Arguments.of("a chunk size that is none", CHUNKED + "zz\r\n" + BODY + "\r\n0\r\n\r\n"),
                Arguments.of("a chunk longer than it says", CHUNKED + "5\r\n" + BODY + "\r\n0\r\n\r\n"),
                Arguments.of("a chunk of 2 GB", CHUNKED + "7fffffff\r\n" + BODY + "\r\n0\r\n\r\n"),
                Arguments.of("chunks end with LF", CHUNKED + "c\n" + BODY + "\n0\n\n"),
                Arguments.of("5 MB", POST + "Content-Length: 5000000\r\n\r\n" + "a".repeat(5_000_000)),
                Arguments.of("5 MB in chunks", CHUNKED + ("186a0\r\n" + "a".repeat(100_000) + "\r\n").repeat(50) + "0\r\n\r\n"),
                Arguments.of("an unknown expectation", POST + "Expect: x\r\nContent-Length: 12\r\n\r\n"),
                Arguments.of("CONNECT", "CONNECT example.com:443 HTTP/1.1\r\n" + HOST + "\r\n"),
                Arguments.of("a method that health has not", "POST /health/live HTTP/1.1\r\n" + HOST + "\r\n"),
                Arguments.of("a method that metrics has in upper case", "get /metrics HTTP/1.1\r\n" + HOST + "\r\n"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("malformed")
    void isRefusedAndNotLogged(String name, String request) throws IOException {
        List<LogRecord> logged = new ArrayList<>();
        try (Watch _ = new Watch(logged); Wire wire = new Wire(api.port())) {
            Wire.Response response = wire.send(request).read();
            assertTrue(response.status() == 422 || response.status() == 404, response::toString);
            assertEquals(response.status() == 422 ? "VALIDATION_ERROR" : "NOT_FOUND", response.error().getString("code"));
            assertEquals(List.of(), logged.stream().map(LogRecord::getMessage).toList(), "what was logged");
        }
    }

    @Test
    void aClientThatLeavesIsNoError() throws Exception {
        List<LogRecord> logged = new ArrayList<>();
        try (Watch _ = new Watch(logged)) {
            for (String start : List.of("GET /v1/pro", "GET /v1/projects HTTP/1.1\r\nHo", POST + "Content-Length: 100\r\n\r\n{\"na",
                    CHUNKED + "ff\r\n{\"na", GET + "\r\n", "GET /docs/scalar.js HTTP/1.1\r\n" + HOST + "\r\n")) {
                try (Wire wire = new Wire(api.port())) {
                    wire.send(start);
                }
                try (Wire wire = new Wire(api.port())) {
                    wire.send(start).closeRudely();
                }
            }
            // By then the server has noticed.
            Thread.sleep(300);
            assertEquals(200, Wire.exchange(api.port(), GET + "\r\n").status());
        }
        assertEquals(List.of(), logged.stream().map(LogRecord::getMessage).toList());
    }

    /** Sees what would be in the log. */
    private static final class Watch extends Handler implements AutoCloseable {
        private final Logger root = Logger.getLogger("");
        private final List<LogRecord> records;

        Watch(List<LogRecord> records) {
            this.records = records;
            root.addHandler(this);
        }

        @Override
        public void publish(LogRecord record) {
            if (record.getLevel().intValue() >= Level.WARNING.intValue()) {
                records.add(record);
            }
        }

        @Override
        public void flush() {
        }

        @Override
        public void close() {
            root.removeHandler(this);
        }
    }
}
