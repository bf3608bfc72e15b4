// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.http;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.phone.api.ErrorEnvelope;
import dev.phone.api.Operations;
import dev.phone.api.Violations;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
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

/**
 * Whatever is thrown at it, the server answers in the contract's shape: JSON, one of the eight errors, with a request ID, without a trace of
 * what it is made of, and without an error in its log.
 */
class MalformedRequestTest {
    private static final String HOST = "Host: localhost\r\n";
    private static final String ALICE = "Authorization: Bearer dev_alice\r\n";
    private static final String GET = "GET /v1/projects HTTP/1.1\r\n" + HOST + ALICE;
    private static final String POST = "POST /v1/projects HTTP/1.1\r\n" + HOST + ALICE + "Content-Type: application/json\r\n";
    private static final String CHUNKED = POST + "Transfer-Encoding: chunked\r\n\r\n";
    private static final String BODY = "{\"name\":\"x\"}";

    /** What a malformed request breaks: HTTP itself, the size of a body, or what a path parameter may be. */
    private static final Set<String> RULES = Set.of("http", "size", "characters", "pattern");

    private static TestEdge edge;

    @BeforeAll
    static void start() {
        edge = TestEdge.builder().unlimited()
                .route(Operations.LIST_PROJECTS, (caller, input) -> TestEdge.OK)
                .route(Operations.CREATE_PROJECT, (caller, input) -> TestEdge.OK)
                .route(Operations.GET_PROJECT, (caller, input) -> TestEdge.OK)
                .start();
    }

    @AfterAll
    static void stop() {
        edge.close();
    }

    /** Each with the status it is answered with. */
    static Stream<Arguments> malformed() {
        return Stream.of(
                Arguments.of("no request line", 422, "garbage\r\n\r\n"),
                Arguments.of("lines end with LF", 422, "GET /v1/projects HTTP/1.1\n" + "Host: localhost\n\n"),
                Arguments.of("CR within a line", 422, "GET /v1/projects\rx HTTP/1.1\r\n" + HOST + "\r\n"),
                Arguments.of("zeros", 422, "\0\0\0\0\r\n\r\n"),
                Arguments.of("a TLS handshake", 422, "\u0016\u0003\u0001\u0002\0\u0001\0\r\n\r\n"),
                Arguments.of("two spaces", 422, "GET  /v1/projects HTTP/1.1\r\n" + HOST + "\r\n"),
                Arguments.of("a method that is no token", 422, "G@T /v1/projects HTTP/1.1\r\n" + HOST + "\r\n"),
                Arguments.of("HTTP/0.9", 422, "GET /v1/projects\r\n\r\n"),
                Arguments.of("HTTP/1.0", 422, "GET /v1/projects HTTP/1.0\r\n" + HOST + "\r\n"),
                Arguments.of("HTTP/3.0", 422, "GET /v1/projects HTTP/3.0\r\n" + HOST + "\r\n"),
                Arguments.of("http in lower case", 422, "GET /v1/projects http/1.1\r\n" + HOST + "\r\n"),
                Arguments.of("the preface of HTTP/2", 422, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
                Arguments.of("a long URI", 422, "GET /" + "a".repeat(100_000) + " HTTP/1.1\r\n" + HOST + "\r\n"),
                Arguments.of("%zz in the path", 422, "GET /v1/projects/%zz HTTP/1.1\r\n" + HOST + "\r\n"),
                Arguments.of("a cut %4 in the path", 422, "GET /v1/projects/%4 HTTP/1.1\r\n" + HOST + "\r\n"),
                Arguments.of("%zz in the query", 422, "GET /v1/projects?limit=%zz HTTP/1.1\r\n" + HOST + "\r\n"),
                Arguments.of("%00 in the path", 422, "GET /v1/projects/%00 HTTP/1.1\r\n" + HOST + ALICE + "\r\n"),
                Arguments.of("no UTF-8 in the path", 422, "GET /v1/projects/%ff HTTP/1.1\r\n" + HOST + ALICE + "\r\n"),
                Arguments.of("raw bytes in the path", 422, "GET /v1/projects/\u00e9 HTTP/1.1\r\n" + HOST + ALICE + "\r\n"),

                Arguments.of("a header without a colon", 422, GET + "foo\r\n\r\n"),
                Arguments.of("a space before the colon", 422, GET + "foo : x\r\n\r\n"),
                Arguments.of("a header without a name", 422, GET + ": x\r\n\r\n"),
                Arguments.of("a folded header", 422, GET + "foo: x\r\n  y\r\n\r\n"),
                Arguments.of("a folded header with a colon", 422, GET + "foo: x\r\n  y: z\r\n\r\n"),
                Arguments.of("NUL in a header", 422, GET + "foo: a\0b\r\n\r\n"),
                Arguments.of("a header of 100 KB", 422, GET + "foo: " + "a".repeat(100_000) + "\r\n\r\n"),
                Arguments.of("20000 headers", 422, GET + "foo: a\r\n".repeat(20_000) + "\r\n"),
                Arguments.of("no host", 422, "GET /v1/projects HTTP/1.1\r\n" + ALICE + "\r\n"),
                Arguments.of("two hosts", 422, GET + HOST + "\r\n"),
                Arguments.of("a host that is none", 422, "GET /v1/projects HTTP/1.1\r\nHost: a b\r\n\r\n"),
                Arguments.of("a port that is none", 422, "GET /v1/projects HTTP/1.1\r\nHost: a:b\r\n\r\n"),

                Arguments.of("a negative length", 422, POST + "Content-Length: -1\r\n\r\n" + BODY),
                Arguments.of("a signed length", 422, POST + "Content-Length: +12\r\n\r\n" + BODY),
                Arguments.of("an empty length", 422, POST + "Content-Length: \r\n\r\n" + BODY),
                Arguments.of("a huge length", 422, POST + "Content-Length: 99999999999\r\n\r\n" + BODY),
                Arguments.of("a length beyond 64 bits", 422, POST + "Content-Length: 99999999999999999999\r\n\r\n" + BODY),
                Arguments.of("two equal lengths", 422, POST + "Content-Length: 12\r\nContent-Length: 12\r\n\r\n" + BODY),
                Arguments.of("two lengths", 422, POST + "Content-Length: 12\r\nContent-Length: 13\r\n\r\n" + BODY),
                Arguments.of("a list of lengths", 422, POST + "Content-Length: 12, 12\r\n\r\n" + BODY),
                Arguments.of("a length and chunks", 422, POST + "Content-Length: 12\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
                Arguments.of("an unknown encoding", 422, POST + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"),
                Arguments.of("chunked in a way of its own", 422, POST + "Transfer-Encoding: Chunked\r\n\r\n0\r\n\r\n"),
                Arguments.of("two encodings", 422, POST + "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n"),
                Arguments.of("a zipped body", 422, POST + "Content-Encoding: gzip\r\nContent-Length: 12\r\n\r\n" + BODY),
                Arguments.of("a chunk size that is none", 422, CHUNKED + "zz\r\n" + BODY + "\r\n0\r\n\r\n"),
                Arguments.of("a negative chunk size", 422, CHUNKED + "-1\r\n" + BODY + "\r\n0\r\n\r\n"),
                Arguments.of("a chunk of 2 GB", 422, CHUNKED + "7fffffff\r\n" + BODY + "\r\n0\r\n\r\n"),
                Arguments.of("a chunk size beyond 64 bits", 422, CHUNKED + "fffffffffffffffff\r\n" + BODY + "\r\n0\r\n\r\n"),
                Arguments.of("a chunk longer than it says", 422, CHUNKED + "5\r\n" + BODY + "\r\n0\r\n\r\n"),
                Arguments.of("chunks end with LF", 422, CHUNKED + "c\n" + BODY + "\n0\n\n"),
                Arguments.of("100 KB", 422, POST + "Content-Length: 100000\r\n\r\n" + "a".repeat(100_000)),
                Arguments.of("100 KB in chunks", 422, CHUNKED + "186a0\r\n" + "a".repeat(100_000) + "\r\n0\r\n\r\n"),
                Arguments.of("5 MB", 422, POST + "Content-Length: 5000000\r\n\r\n" + "a".repeat(5_000_000)),
                Arguments.of("5 MB in chunks", 422, CHUNKED + ("186a0\r\n" + "a".repeat(100_000) + "\r\n").repeat(50) + "0\r\n\r\n"),

                Arguments.of(".. out of the API", 404, "GET /v1/../docs HTTP/1.1\r\n" + HOST + "\r\n"),
                Arguments.of(".. from page to page", 404, "GET /docs/../openapi.json HTTP/1.1\r\n" + HOST + "\r\n"),
                Arguments.of(".. into the API", 404, "GET /docs/../v1/projects HTTP/1.1\r\n" + HOST + ALICE + "\r\n"),
                Arguments.of(".. in percents", 404, "GET /docs/%2e%2e/v1/projects HTTP/1.1\r\n" + HOST + ALICE + "\r\n"),
                Arguments.of(".. out of everything", 404, "GET /../../etc/passwd HTTP/1.1\r\n" + HOST + "\r\n"),
                Arguments.of("an empty segment", 404, "GET //v1/projects HTTP/1.1\r\n" + HOST + ALICE + "\r\n"),
                Arguments.of("a slash at the end", 404, "GET /v1/projects/ HTTP/1.1\r\n" + HOST + ALICE + "\r\n"),
                Arguments.of("a matrix parameter", 404, "GET /v1/projects;a=b HTTP/1.1\r\n" + HOST + ALICE + "\r\n"),
                Arguments.of("OPTIONS *", 404, "OPTIONS * HTTP/1.1\r\n" + HOST + "\r\n"),
                Arguments.of("OPTIONS that is no preflight", 404, "OPTIONS /v1/projects HTTP/1.1\r\n" + HOST + "\r\n"),
                Arguments.of("CONNECT", 404, "CONNECT example.com:443 HTTP/1.1\r\n" + HOST + "\r\n"),
                Arguments.of("TRACE", 404, "TRACE /v1/projects HTTP/1.1\r\n" + HOST + "\r\n"),
                Arguments.of("a method nobody knows", 404, "FROBNICATE /v1/projects HTTP/1.1\r\n" + HOST + "\r\n"),
                Arguments.of("a method that the path has not", 404, "DELETE /v1/projects HTTP/1.1\r\n" + HOST + ALICE + "\r\n"),
                Arguments.of("a method that health has not", 404, "POST /health/live HTTP/1.1\r\n" + HOST + "\r\n"),
                Arguments.of("an unknown page", 404, "GET /nowhere HTTP/1.1\r\n" + HOST + "\r\n"),
                Arguments.of("just /v1", 404, "GET /v1 HTTP/1.1\r\n" + HOST + "\r\n"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("malformed")
    void isAnsweredInTheShape(String name, int status, String request) throws IOException {
        List<LogRecord> logged = new ArrayList<>();
        try (Watch _ = new Watch(logged); Wire wire = new Wire(edge.port())) {
            Wire.Response response = wire.send(request).read();
            Violations violations = new Violations();
            ErrorEnvelope.SCHEMA.check(TestEdge.json(response.body()), "", violations);
            assertAll(
                    () -> assertEquals(status, response.status()),
                    () -> assertEquals("application/json", response.headers().get("content-type")),
                    () -> assertTrue(response.headers().get("x-request-id").startsWith("req_"), response.headers()::toString),
                    () -> assertTrue(violations.isEmpty(), () -> violations.list() + " in " + response.body()),
                    () -> assertEquals(status == 422 ? "VALIDATION_ERROR" : "NOT_FOUND", response.error().getString("code")),
                    // Not for a rule of the operation, as if it had been read as something else.
                    () -> assertTrue(status != 422 || RULES.contains(response.error().getJsonObject("details").getJsonArray("violations")
                            .getJsonObject(0).getString("rule")), response::body),
                    () -> assertFalse(response.body().matches("(?is).*(helidon|exception|java|<html|\\bat [a-z]+\\.).*"), response::body),
                    () -> assertEquals(List.of(), logged.stream().map(LogRecord::getMessage).toList(), "what was logged"));
        }
    }

    @Test
    void headIsAnsweredWithoutABody() throws IOException {
        try (Wire wire = new Wire(edge.port())) {
            Wire.Response unknown = wire.send("HEAD /v1/projects HTTP/1.1\r\n" + HOST + ALICE + "\r\n").readHead();
            assertEquals(404, unknown.status());
            // Had there been a body, it would be taken for this response.
            assertEquals(200, wire.send("HEAD /openapi.json HTTP/1.1\r\n" + HOST + "\r\n").readHead().status());
            assertEquals(200, wire.send(GET + "\r\n").read().status());
        }
    }

    @Test
    void aWholeUriIsAccepted() throws IOException {
        assertEquals(200, Wire.exchange(edge.port(), "GET http://localhost/v1/projects HTTP/1.1\r\n" + HOST + ALICE + "\r\n").status());
    }

    @Test
    void anUpgradeIsIgnored() throws IOException {
        for (String protocol : List.of("h2c", "websocket")) {
            Wire.Response response = Wire.exchange(edge.port(), GET + "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: " + protocol
                    + "\r\nHTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA\r\nSec-WebSocket-Version: 13\r\n\r\n");
            assertEquals(200, response.status());
        }
    }

    @Test
    void requestsFollowEachOtherOnAConnection() throws IOException {
        try (Wire wire = new Wire(edge.port())) {
            wire.send(GET + "\r\n" + POST + "Content-Length: 12\r\n\r\n" + BODY + CHUNKED + "c\r\n" + BODY + "\r\n0\r\n\r\n" + GET + "\r\n");
            for (int i = 0; i < 4; i++) {
                assertEquals(200, wire.read().status());
            }
            // Refused before its body was read: the next request must not start in the middle of it.
            wire.send("POST /v1/projects HTTP/1.1\r\n" + HOST + "Content-Length: 12\r\n\r\n" + BODY);
            assertEquals(401, wire.read().status());
            assertEquals(200, wire.send(GET + "\r\n").read().status());
        }
    }

    @Test
    void aBodyThatWasNotInvitedEndsTheConnection() throws IOException {
        try (Wire wire = new Wire(edge.port())) {
            wire.send("POST /v1/projects HTTP/1.1\r\n" + HOST + "Expect: 100-continue\r\nContent-Length: 12\r\n\r\n");
            Wire.Response response = wire.read();
            assertEquals(401, response.status());
            assertEquals("close", response.headers().get("connection"));
            assertTrue(wire.isClosed());
        }
        // Nor may a body that comes all the same be taken for a request, wherever it is sent.
        for (String path : List.of("/v1/projects", "/docs", "/nope", "//v1/projects", "/health/live", "/openapi.json")) {
            try (Wire wire = new Wire(edge.port())) {
                wire.send("POST " + path + " HTTP/1.1\r\n" + HOST + "Expect: 100-continue\r\nContent-Length: " + (GET.length() + 2) + "\r\n\r\n"
                        + GET + "\r\n");
                assertTrue(wire.read().status() >= 400, path);
                assertTrue(wire.isClosed(), path);
            }
        }
        try (Wire wire = new Wire(edge.port())) {
            wire.send(POST + "Expect: 100-continue\r\nContent-Length: 12\r\n\r\n");
            assertEquals(100, wire.read().status());
            assertEquals(200, wire.send(BODY).read().status());
        }
    }

    @Test
    void whoAsksToCloseIsClosed() throws IOException {
        try (Wire wire = new Wire(edge.port())) {
            assertEquals("close", wire.send(GET + "Connection: close\r\n\r\n").read().headers().get("connection"));
            assertTrue(wire.isClosed());
        }
    }

    @Test
    void aClientThatLeavesIsNoError() throws Exception {
        List<LogRecord> logged = new ArrayList<>();
        try (Watch _ = new Watch(logged)) {
            for (String start : List.of("GET /v1/pro", "GET /v1/projects HTTP/1.1\r\nHo", POST + "Content-Length: 100\r\n\r\n{\"na",
                    CHUNKED + "ff\r\n{\"na", GET + "\r\n", "GET /docs/scalar.js HTTP/1.1\r\n" + HOST + "\r\n")) {
                try (Wire wire = new Wire(edge.port())) {
                    wire.send(start);
                }
                try (Wire wire = new Wire(edge.port())) {
                    wire.send(start).closeRudely();
                }
            }
            // By then the server has noticed.
            Thread.sleep(300);
            assertEquals(200, Wire.exchange(edge.port(), GET + "\r\n").status());
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
