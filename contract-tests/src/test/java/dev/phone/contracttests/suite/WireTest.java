// SPDX-License-Identifier: Apache-2.0
package dev.phone.contracttests.suite;

import static dev.phone.contracttests.gate.NamedTests.dynamicTest;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.phone.contracttests.contract.TheContract;
import dev.phone.contracttests.trace.Step;
import io.restassured.path.json.JsonPath;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * The edge of HTTP: whatever is sent, the answer is the same on every target, in the contract's shape, and without a trace of what the target is
 * made of. Requests are written out, because an HTTP client would not send most of them.
 *
 * <p>An expected answer is a status, and for a 422 the rule that is broken and where: {@code 422 size}, {@code 422 type query:limit}.
 */
class WireTest extends Suite {
    private static final String HOST = "Host: localhost\r\n";
    /** Unknown, so that it is ignored (RFC 7240, section 2); the mock looks at it in WireMock. */
    private static final String PREFER = "Prefer: unknown\r\n";
    private static final String BODY = "{\"name\":\"x\"}";
    /** What must not be seen of any target. */
    private static final String INSIDES = "(?is).*(helidon|jetty|wiremock|exception|java\\.|<html|\\bat [a-z]+\\.[a-z]).*";

    private static final String READS_BODIES_FIRST = "WireMock reads a body before it does anything else";

    /** A request, sent part by part, and the answer it gets. */
    private record Case(String name, String expected, String... request) {
        /** Whether the answer is to come although the body has not. */
        boolean isHeldBack() {
            return request[0].endsWith("Content-Length: " + BODY.length() + "\r\n\r\n") && !expected.equals("100");
        }
    }

    private String alice() {
        return "Authorization: " + target().authorization("Bearer dev_alice") + "\r\n";
    }

    private String app() {
        StringBuilder headers = new StringBuilder();
        World.credentials("app").forEach((name, value) -> headers.append(name).append(": ").append(value).append("\r\n"));
        return headers.toString();
    }

    private String get(String target) {
        return "GET " + target + " HTTP/1.1\r\n" + HOST + alice();
    }

    private String post() {
        return "POST /v1/projects HTTP/1.1\r\n" + HOST + alice() + "Content-Type: application/json\r\n";
    }

    private String post(String... headers) {
        return post() + String.join("\r\n", headers) + "\r\nContent-Length: 12\r\n\r\n" + BODY;
    }

    private String chunked() {
        return post() + "Transfer-Encoding: chunked\r\n\r\n";
    }

    private Stream<DynamicTest> tests(List<Case> cases) {
        return cases.stream().map(each -> dynamicTest(each.name, () -> check(each)));
    }

    private void check(Case sent) throws IOException {
        RawConnection.Response response;
        try (RawConnection connection = new RawConnection(target().url())) {
            for (String part : sent.request) {
                connection.send(part);
            }
            if (type.readsBodiesFirst() && sent.isHeldBack()) {
                connection.send(BODY);
            }
            RawConnection.Response first = connection.read();
            response = first.status() == 100 && !sent.expected.equals("100") ? connection.read() : first;
        } catch (IOException e) {
            fail(describe(sent, "no answer: " + e.getMessage()));
            return;
        }
        assertEquals(sent.expected, summary(response), () -> describe(sent, response.status() + " " + response.body()));
        inTheShape(sent, response);
        record(sent, response);
    }

    /** So that the targets' answers are compared in all that is not looked at here. */
    private void record(Case sent, RawConnection.Response response) {
        if (response.status() == 302 || response.headers().getOrDefault("content-type", "").startsWith("text/html")) {
            // DocsTest checks the documentation page and the redirect to it on each target.
            return;
        }
        recorder.add(Step.raw(sent.name, bytes(sent), response.status(), response.headers(), response.body()));
    }

    /** Without what differs from target to target, or is too long to be read. */
    private static String bytes(Case sent) {
        String request = String.join("", sent.request).replaceAll("(?m)^Authorization: .*$", "Authorization: …");
        return request.length() > 500 ? request.substring(0, 500) + "…" : request;
    }

    private String describe(Case sent, String answer) {
        return "\n" + sent.name + ", sent to the " + target().name() + ":\n" + bytes(sent) + "\nmust be answered " + sent.expected + ", but the answer was\n" + answer + "\n";
    }

    private static String summary(RawConnection.Response response) {
        if (response.status() != 422) {
            return String.valueOf(response.status());
        }
        List<String> violations = new ArrayList<>();
        for (JsonObject violation : response.json().getJsonObject("error").getJsonObject("details").getJsonArray("violations")
                .getValuesAs(JsonObject.class)) {
            violations.add((violation.getString("rule") + " " + violation.getString("path")).strip());
        }
        return "422 " + String.join(", ", violations);
    }

    private void inTheShape(Case sent, RawConnection.Response response) {
        String answer = response.status() + " " + response.headers() + " " + response.body();
        assertTrue(response.headers().getOrDefault("x-request-id", "").matches("req_[0-9a-hjkmnp-tv-z]{26}"), () -> describe(sent, answer));
        if (response.status() < 400) {
            return;
        }
        assertEquals("application/json", response.headers().get("content-type"), () -> describe(sent, answer));
        List<String> broken = new ArrayList<>();
        TheContract.CONTRACT.schema("ErrorEnvelope").check(response.json(), "", (path, rule, message) -> broken.add(path + " " + message));
        assertEquals(List.of(), broken, () -> describe(sent, answer));
        // The mock may say more in a header that is the mock's alone.
        assertTrue(!response.body().matches(INSIDES), () -> describe(sent, answer));
    }

    /** What {@link dev.phone.contracttests.fuzz.Fuzz} has found. */
    @TestFactory
    Stream<DynamicTest> foundByFuzzing() {
        return tests(List.of(
                new Case("a method that is not ASCII", "422 http", "G\u00e9T /v1/projects HTTP/1.1\r\n" + HOST + alice() + "\r\n"),
                new Case("an upgrade that nobody knows", "200", get("/v1/projects") + "Upgrade: h2c\r\n\r\n"),
                new Case("a target that would be a path if it were decoded", "404", get("%2fv1/projects") + "\r\n"),
                new Case("a request line of 5,000 bytes", "422 http", get("/v1/projects?x=" + "x".repeat(5_000)) + "\r\n"),
                new Case("a head of 20,000 bytes", "422 http", get("/v1/projects") + "x: " + "x".repeat(20_000) + "\r\n\r\n"),
                new Case("a chunk size that ends with a line feed", "422 http", chunked() + "c\n" + BODY + "\r\n0\r\n\r\n"),
                new Case("a chunk size with a sign", "422 http", chunked() + "+c\r\n" + BODY + "\r\n0\r\n\r\n"),
                new Case("a chunk of two gigabytes", "422 size", chunked() + "7fffffff\r\n" + BODY + "\r\n0\r\n\r\n"),
                new Case("a chunk of nearly four gigabytes", "422 size", chunked() + "ffffffff\r\n" + BODY + "\r\n0\r\n\r\n"),
                new Case("a chunk whose line goes on with the next size", "422 http", chunked() + "c\r\n" + BODY + "000\r\n\r\n"),
                new Case("a chunk whose line ends with a line feed", "422 http", chunked() + "c\r\n" + BODY + "\n00\r\n\r\n"),
                new Case("a target that begins with a parameter", "404", get(";/v1/projects") + "\r\n"),
                new Case("a reserved operation, of which too much is expected", "501", "POST /v1/otp/call HTTP/1.1\r\n" + HOST + app() + "Expect: x\r\n\r\n"),
                new Case("a method that begins with a bracket", "422 http", "[GET /v1/projects HTTP/1.1\r\n" + HOST + alice() + "\r\n"),
                new Case("a chunk size with a space behind it", "422 http", chunked() + "c \r\n" + BODY + "\r\n0\r\n\r\n"),
                new Case("a head of 9,000 bytes before chunks", "201", post() + "Transfer-Encoding: chunked\r\nx: " + "x".repeat(9_000) + "\r\n\r\nc\r\n" + BODY
                        + "\r\n0\r\n\r\n"),
                new Case("a line feed in the extension of a chunk", "422 http", chunked() + "c;x\n" + BODY + "\r\n" + BODY + "\r\n0\r\n\r\n"),
                new Case("a chunk size of nine digits", "422 http", chunked() + "100000000\r\n" + BODY + "\r\n0\r\n\r\n")));
    }

    /** A method is compared with case (RFC 9110, section 9.1), and what a path has not, it has not: 404, because there is no 405 in the closed set. */
    @TestFactory
    Stream<DynamicTest> methods() {
        List<Case> cases = new ArrayList<>();
        for (String method : List.of("get", "Get", "head", "options", "post", "delete", "patch", "PATCh", "frobnicate", "FROBNICATE", "TRACE",
                "DELETE", "PUT", "M-SEARCH", "G!#$%&'*+.^_`|~09")) {
            cases.add(new Case(method + " /v1/projects", "404", method + " /v1/projects HTTP/1.1\r\n" + HOST + alice() + "\r\n"));
        }
        for (String method : List.of("get", "Delete", "patch")) {
            cases.add(new Case(method + " of a project", "404", method + " /v1/projects/prj_01kertbv80wez6vkwkjgm64s4r HTTP/1.1\r\n" + HOST + alice()
                    + "Content-Type: application/json\r\nContent-Length: 12\r\n\r\n" + BODY));
        }
        cases.add(new Case("get /docs", "404", "get /docs HTTP/1.1\r\n" + HOST + "\r\n"));
        cases.add(new Case("get /openapi.json", "404", "get /openapi.json HTTP/1.1\r\n" + HOST + "\r\n"));
        cases.add(new Case("DELETE /docs", "404", "DELETE /docs HTTP/1.1\r\n" + HOST + "\r\n"));
        cases.add(new Case("options that would be a preflight in upper case", "404",
                "options /v1/projects HTTP/1.1\r\n" + HOST + "Origin: http://x\r\nAccess-Control-Request-Method: GET\r\n\r\n"));
        cases.add(new Case("OPTIONS that is no preflight", "404", "OPTIONS /v1/projects HTTP/1.1\r\n" + HOST + "\r\n"));
        cases.add(new Case("OPTIONS *", "404", "OPTIONS * HTTP/1.1\r\n" + HOST + "\r\n"));
        cases.add(new Case("CONNECT", "404", "CONNECT example.com:443 HTTP/1.1\r\n" + HOST + "\r\n"));
        cases.add(new Case("a method that is no token", "422 http", "G@T /v1/projects HTTP/1.1\r\n" + HOST + "\r\n"));
        return tests(cases);
    }

    /** Browsers and others send some characters that RFC 3986 has encoded only. What they spell is looked up, not refused. */
    @TestFactory
    Stream<DynamicTest> targets() {
        List<Case> cases = new ArrayList<>();
        for (String query : List.of("a:b", "[", "]", "x[]=1", "{", "}", "{x}", "|", "^", "`", "\\", "\"", "<>", "'", "?", "/", "@", ",", ";", "", "&", "&&=")) {
            cases.add(new Case("GET /v1/projects?x=" + query, "200", get("/v1/projects?x=" + query) + "\r\n"));
        }
        cases.add(new Case("brackets in the query of a page", "200", "GET /docs?x=[1] HTTP/1.1\r\n" + HOST + "\r\n"));
        cases.add(new Case("a template that was not filled in", "422 pattern path:projectId", get("/v1/projects/{projectId}") + "\r\n"));
        cases.add(new Case("a bracket in an unknown path", "404", "GET /v1/nope[ HTTP/1.1\r\n" + HOST + "\r\n"));
        cases.add(new Case("a bracket in a page's path", "404", "GET /docs[ HTTP/1.1\r\n" + HOST + "\r\n"));
        cases.add(new Case("%00 in the path", "422 characters path:projectId", get("/v1/projects/%00") + "\r\n"));
        cases.add(new Case("%00 after an ID", "422 characters path:applicationId",
                get("/v1/applications/app_01kertn0708c6aktd8brt4xtr3%00") + "\r\n"));
        cases.add(new Case("%00 in the path, without credentials", "401", "GET /v1/projects/%00 HTTP/1.1\r\n" + HOST + "\r\n"));
        cases.add(new Case("%00 in an unknown path", "404", "GET /v1/nope/%00 HTTP/1.1\r\n" + HOST + "\r\n"));
        cases.add(new Case("%0A after an ID", "422 pattern path:projectId", get("/v1/projects/prj_01kertbv80wez6vkwkjgm64s4r%0A") + "\r\n"));
        cases.add(new Case("no UTF-8 in the path", "422 pattern path:projectId", get("/v1/projects/%ff") + "\r\n"));
        cases.add(new Case("an encoded slash in an ID", "422 pattern path:projectId", get("/v1/projects/a%2Fb") + "\r\n"));
        cases.add(new Case("encoded dots in an ID", "422 pattern path:projectId", get("/v1/projects/%2e%2e") + "\r\n"));
        cases.add(new Case("%00 in the query", "422 characters query:cursor", get("/v1/projects?cursor=%00") + "\r\n"));
        cases.add(new Case("%zz in the path", "422 http", get("/v1/projects/%zz") + "\r\n"));
        cases.add(new Case("a cut %4 in the path", "422 http", get("/v1/projects/%4") + "\r\n"));
        cases.add(new Case("%zz in the query", "422 http", get("/v1/projects?limit=%zz") + "\r\n"));
        cases.add(new Case("%zz in a query that nobody reads", "422 http", get("/v1/projects?x=100%") + "\r\n"));
        cases.add(new Case("raw bytes in the path", "422 http", get("/v1/projects/\u00c3\u00a9") + "\r\n"));
        cases.add(new Case("raw bytes in the query", "422 http", get("/v1/projects?x=\u00c3\u00a9") + "\r\n"));
        for (String preference : List.of("", PREFER)) {
            String with = preference.isEmpty() ? "" : ", with a preference";
            cases.add(new Case("no UTF-8 in a query that nobody reads" + with, "200", get("/v1/projects?x=%ff") + preference + "\r\n"));
            cases.add(new Case("no UTF-8 in the name of a parameter" + with, "200", get("/v1/projects?%e4=x&y=%c3") + preference + "\r\n"));
            cases.add(new Case("no UTF-8 in a parameter" + with, "422 type query:limit", get("/v1/projects?limit=%ff") + preference + "\r\n"));
            cases.add(new Case("no UTF-8 in the query of an unknown path" + with, "404", get("/nowhere?x=%ff") + preference + "\r\n"));
        }
        cases.add(new Case("a fragment", "422 http", get("/v1/projects#x") + "\r\n"));
        cases.add(new Case("a long target", "422 http", get("/" + "a".repeat(100_000)) + "\r\n"));

        cases.add(new Case(".. out of the API", "404", get("/v1/../docs") + "\r\n"));
        cases.add(new Case(".. from page to page", "404", get("/docs/../openapi.json") + "\r\n"));
        cases.add(new Case(".. into the API", "404", get("/docs/../v1/projects") + "\r\n"));
        cases.add(new Case(".. in percents", "404", get("/docs/%2e%2e/v1/projects") + "\r\n"));
        cases.add(new Case(".. out of everything", "404", get("/../../etc/passwd") + "\r\n"));
        cases.add(new Case("encoded slashes", "422 pattern path:projectId", get("/v1/projects/..%2f..%2fdocs") + "\r\n"));
        cases.add(new Case("an encoded letter of a page", "404", get("/%64ocs") + "\r\n"));
        cases.add(new Case("an encoded letter of the API", "200", get("/%761/projects") + "\r\n"));
        cases.add(new Case("an encoded letter within the API", "200", get("/v1/%70rojects") + "\r\n"));
        cases.add(new Case("an empty segment", "404", get("//v1/projects") + "\r\n"));
        cases.add(new Case("a slash at the end", "404", get("/v1/projects/") + "\r\n"));
        cases.add(new Case("a matrix parameter", "404", get("/v1/projects;a=b") + "\r\n"));
        cases.add(new Case("an unknown page", "404", get("/nowhere") + "\r\n"));
        cases.add(new Case("just /v1", "404", get("/v1") + "\r\n"));
        cases.add(new Case("GET *, which only OPTIONS has (RFC 9112, section 3.2.4)", "404", get("*") + "\r\n"));
        cases.add(new Case("a target without a slash", "404", get("v1/projects") + "\r\n"));
        return tests(cases);
    }

    /** RFC 9112, sections 3.2 and 3.2.2. */
    @TestFactory
    Stream<DynamicTest> authorities() {
        List<Case> cases = new ArrayList<>();
        cases.add(new Case("a whole URI", "200", get("http://localhost/v1/projects") + "\r\n"));
        cases.add(new Case("a whole URI with a query", "422 type query:limit", get("http://localhost/v1/projects?limit=x") + "\r\n"));
        cases.add(new Case("a whole URI of another host, whose Host is to be ignored", "200", get("http://example.com/v1/projects") + "\r\n"));
        cases.add(new Case("a whole URI of a page", "200", get("http://localhost/docs") + "\r\n"));
        cases.add(new Case("a whole URI without a path", "302", get("http://localhost") + "\r\n"));
        String request = "GET /v1/projects HTTP/1.1\r\n" + alice();
        cases.add(new Case("no Host", "422 http", request + "\r\n"));
        cases.add(new Case("two Hosts", "422 http", request + HOST + HOST + "\r\n"));
        for (String host : List.of("localhost", "localhost:1", "localhost:65535", "localhost:80", "LOCALHOST", "127.0.0.1:4010", "[::1]:80", "[::1]", "a_b.example", "a%20b")) {
            cases.add(new Case("Host " + host, "200", request + "Host: " + host + "\r\n\r\n"));
        }
        // An http URI with an empty host is invalid (RFC 9110, section 4.2.1), and there is no port above 65535.
        for (String host : List.of("", "a b", "a:b", "localhost:", "localhost:99999", "localhost:-1", "localhost:0", "localhost:00", "[::1]:0", "[::1", "::1", "a/b", "a@b", "a%zz", "a, b", ":80",
                "[::::]:0", "[1.2.3.4]", "[.]", "[1:2:3:4:5:6:7:8:9]")) {
            cases.add(new Case("Host \"" + host + "\"", "422 http", request + "Host: " + host + "\r\n\r\n"));
        }
        for (String authority : List.of("", "u@h", "u:p@h", "h:99999", "h:0", "[::1]:00", "h:", "[::::]", "u@h:99999")) {
            for (String scheme : List.of("http", "HTTPS")) {
                String uri = scheme + "://" + authority + "/v1/projects";
                cases.add(new Case(uri, "422 http", get(uri) + "\r\n"));
                cases.add(new Case(uri + " with a preference", "422 http", get(uri) + PREFER + "\r\n"));
            }
        }
        cases.add(new Case("a whole URI of another scheme", "404", get("foo://h/v1/projects") + "\r\n"));
        cases.add(new Case("a whole URI of another scheme with a preference", "404", get("foo://u@h:99999/v1/projects") + PREFER + "\r\n"));
        return tests(cases);
    }

    /** Generated clients use the first server unchanged, so it is a URL that works, or none. */
    @TestFactory
    Stream<DynamicTest> hostsThatAreNoServer() {
        return Stream.of("a_b", "a,b", "a;b", "a!b", "a'b", "(a)", "a=b", "a~b", "a&b", "a%20b", "a".repeat(256)).map(host -> dynamicTest(host, () -> {
            try (RawConnection connection = new RawConnection(target().url())) {
                RawConnection.Response response = connection.send("GET /openapi.json HTTP/1.1\r\nHost: " + host + "\r\n\r\n").read();
                assertEquals("/", response.json().getJsonArray("servers").getJsonObject(0).getString("url"), target().name());
            }
        }));
    }

    /** HTTP/1.1 and no other, refused in the shape of the contract (product decision: one version, one behaviour). */
    @TestFactory
    Stream<DynamicTest> versions() {
        List<Case> cases = new ArrayList<>();
        for (String version : List.of("HTTP/1.0", "HTTP/1.2", "HTTP/2.0", "HTTP/3.0", "HTTP/9.9", "http/1.1", "HTTP/1.1x", "HTTPS/1.1")) {
            cases.add(new Case("version " + version, "422 http", "GET /v1/projects " + version + "\r\n" + HOST + alice() + "\r\n"));
        }
        cases.add(new Case("HTTP/1.0 that keeps alive", "422 http", "GET /v1/projects HTTP/1.0\r\nConnection: keep-alive\r\n" + HOST + alice() + "\r\n"));
        cases.add(new Case("HTTP/0.9", "422 http", "GET /v1/projects\r\n\r\n"));
        cases.add(new Case("two spaces", "422 http", "GET  /v1/projects HTTP/1.1\r\n" + HOST + alice() + "\r\n"));
        cases.add(new Case("a space at the end", "422 http", "GET /v1/projects HTTP/1.1 \r\n" + HOST + alice() + "\r\n"));
        cases.add(new Case("a space at the beginning", "422 http", " GET /v1/projects HTTP/1.1\r\n" + HOST + alice() + "\r\n"));
        cases.add(new Case("lines that end with LF", "422 http", (get("/v1/projects") + "\r\n").replace("\r", "")));
        cases.add(new Case("a header that ends with LF", "422 http", get("/v1/projects") + "foo: bar\n\r\n"));
        cases.add(new Case("CR within a line", "422 http", "GET /v1/projects\rx HTTP/1.1\r\n" + HOST + "\r\n"));
        cases.add(new Case("a request line in parts", "200", "GE", "T /v1/pro", get("/v1/projects").substring(11) + "\r", "\n"));
        cases.add(new Case("no request line", "422 http", "garbage\r\n\r\n"));
        cases.add(new Case("zeros", "422 http", "\0\0\0\0\r\n\r\n"));
        cases.add(new Case("a TLS handshake", "422 http", "\u0016\u0003\u0001\u0002\0\u0001\0\r\n\r\n"));
        cases.add(new Case("HTTP/2 by prior knowledge", "422 http", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"));
        for (String protocol : List.of("h2c", "websocket", "TLS/1.0", "x")) {
            cases.add(new Case("an upgrade to " + protocol + ", which is ignored (RFC 9110, section 7.8)", "200", get("/v1/projects")
                    + "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: " + protocol
                    + "\r\nHTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA\r\nSec-WebSocket-Version: 13\r\n\r\n"));
        }
        cases.add(new Case("an empty line before the request (RFC 9112, section 2.2)", "200", "\r\n" + get("/v1/projects") + "\r\n"));
        cases.add(new Case("three of them", "200", "\r\n\r\n\r\n" + get("/v1/projects") + "\r\n"));
        return tests(cases);
    }

    @TestFactory
    Stream<DynamicTest> headerFields() {
        String request = get("/v1/projects");
        return tests(List.of(
                new Case("a header without a colon", "422 http", request + "foo\r\n\r\n"),
                new Case("a space before the colon", "422 http", request + "foo : x\r\n\r\n"),
                new Case("a header without a name", "422 http", request + ": x\r\n\r\n"),
                new Case("a name that is no token", "422 http", request + "f@o: x\r\n\r\n"),
                new Case("a folded header", "422 http", request + "foo: x\r\n  y\r\n\r\n"),
                new Case("a folded header with a colon", "422 http", request + "foo: x\r\n  y: z\r\n\r\n"),
                new Case("NUL in a header", "422 http", request + "foo: a\0b\r\n\r\n"),
                new Case("a header of 100 KB", "422 http", request + "foo: " + "a".repeat(100_000) + "\r\n\r\n"),
                new Case("20000 headers", "422 http", request + "foo: a\r\n".repeat(20_000) + "\r\n"),
                new Case("a header of 9 KB", "200", request + "foo: " + "a".repeat(9_000) + "\r\n\r\n"),
                new Case("7,000 empty headers", "422 http", request + "a:\r\n".repeat(7_000) + "\r\n"),
                new Case("a head of the maximum length", "200", longHead(16 * 1_024)),
                new Case("a head of a byte more", "422 http", longHead(16 * 1_024 + 1)),
                new Case("an empty header", "200", request + "foo:\r\n\r\n"),
                new Case("Latin-1 in a header", "200", request + "foo: \u00e9\r\n\r\n")));
    }

    /** A request whose header lines are of so many bytes, with their ends. */
    private String longHead(int bytes) {
        String request = get("/v1/projects");
        int before = request.length() - request.indexOf("\r\n") - 2;
        String line = "foo: " + "a".repeat(95) + "\r\n";
        String full = line.repeat((bytes - before) / line.length() - 1);
        return request + full + "foo: " + "a".repeat(bytes - before - full.length() - 7) + "\r\n\r\n";
    }

    /**
     * What is said twice in the same words is said once, however the name is spelt; what differs is ambiguous. A list is no repetition: its parts
     * are joined (RFC 9110, section 5.3). Where a request ends, and which host it is for, is stricter: see {@link #lengths} and
     * {@link #authorities}.
     */
    @TestFactory
    Stream<DynamicTest> repeatedHeaders() {
        String bare = "GET /v1/projects HTTP/1.1\r\n" + HOST;
        List<Case> cases = new ArrayList<>();
        cases.add(new Case("two equal content types", "201", post("content-type: application/json")));
        cases.add(new Case("three equal content types", "201", post("content-type: application/json", "CONTENT-TYPE:  application/json ")));
        cases.add(new Case("two content types", "422 repeated header:content-type", post("content-type: text/plain")));
        cases.add(new Case("two content types that mean the same", "201", post("content-type: Application/JSON")));
        cases.add(new Case("two equal content types that are wrong", "422 mediaType header:content-type", "POST /v1/projects HTTP/1.1\r\n" + HOST
                + alice() + "Content-Type: text/plain\r\ncontent-type: text/plain\r\nContent-Length: 12\r\n\r\n" + BODY));
        cases.add(new Case("two equal idempotency keys", "201", post("Idempotency-Key: twice", "idempotency-key: twice")));
        cases.add(new Case("two idempotency keys", "422 repeated header:idempotency-key", post("Idempotency-Key: a", "Idempotency-Key: b")));
        cases.add(new Case("an idempotency key and an empty one", "422 repeated header:idempotency-key", post("Idempotency-Key: a", "Idempotency-Key:")));
        cases.add(new Case("two equal authorizations", "200", bare + alice() + alice() + "\r\n"));
        cases.add(new Case("two authorizations", "401", bare + alice() + "Authorization: " + target().authorization("Bearer dev_bob") + "\r\n\r\n"));
        cases.add(new Case("an authorization and an empty one", "401", bare + alice() + "Authorization:\r\n\r\n"));
        cases.add(new Case("two content codings that change nothing", "201", post("Content-Encoding: identity", "Content-Encoding: identity")));
        cases.add(new Case("two equal expectations", "201", post("Expect: 100-continue", "Expect: 100-Continue")));
        cases.add(new Case("a preflight that says everything twice", "204", "OPTIONS /v1/projects HTTP/1.1\r\n" + HOST
                + "Origin: http://x\r\nAccess-Control-Request-Method: GET\r\n".repeat(2) + "\r\n"));
        cases.add(new Case("a preflight of two minds", "204", "OPTIONS /v1/projects HTTP/1.1\r\n" + HOST
                + "Origin: http://x\r\nOrigin: http://y\r\nAccess-Control-Request-Method: GET\r\nAccess-Control-Request-Method: PUT\r\n\r\n"));
        return tests(cases);
    }

    /** Where a request ends must not be anyone's guess (RFC 9112, sections 6.3 and 11.2). */
    @TestFactory
    Stream<DynamicTest> lengths() {
        return tests(List.of(
                new Case("a length", "201", post() + "Content-Length: 12\r\n\r\n" + BODY),
                new Case("a length with a zero before", "201", post() + "Content-Length: 012\r\n\r\n" + BODY),
                new Case("a negative length", "422 http", post() + "Content-Length: -1\r\n\r\n" + BODY),
                new Case("a signed length", "422 http", post() + "Content-Length: +12\r\n\r\n" + BODY),
                new Case("an empty length", "422 http", post() + "Content-Length: \r\n\r\n" + BODY),
                new Case("a length in words", "422 http", post() + "Content-Length: nine\r\n\r\n" + BODY),
                new Case("two equal lengths", "422 http", post() + "Content-Length: 12\r\nContent-Length: 12\r\n\r\n" + BODY),
                new Case("two lengths", "422 http", post() + "Content-Length: 12\r\nContent-Length: 13\r\n\r\n" + BODY),
                new Case("a list of lengths", "422 http", post() + "Content-Length: 12, 12\r\n\r\n" + BODY),
                new Case("a length beyond 64 bits", "422 http", post() + "Content-Length: 99999999999999999999\r\n\r\n" + BODY),
                new Case("a length and chunks", "422 http", post() + "Content-Length: 12\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
                new Case("an unknown encoding", "422 http", post() + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"),
                new Case("chunked in a spelling of its own", "201", post() + "Transfer-Encoding: Chunked\r\n\r\nc\r\n" + BODY + "\r\n0\r\n\r\n"),
                new Case("two encodings", "422 http", post() + "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n"),
                new Case("no length, so no body", "422 required", post() + "\r\n"),
                new Case("a length of 2 MB and no body yet", "422 size", post() + "Content-Length: 2000000\r\n\r\n"),
                new Case("the same on an unknown route, before anything else", "422 size",
                        "POST /v1/nope HTTP/1.1\r\n" + HOST + "Content-Length: 2000000\r\n\r\n"),
                new Case("the same with a wish to continue", "422 size", post() + "Expect: 100-continue\r\nContent-Length: 2000000\r\n\r\n"),
                new Case("a huge length", "422 size", post() + "Content-Length: 99999999999\r\n\r\n"),
                new Case("one byte above 1 MiB", "422 size", post() + "Content-Length: 1048577\r\n\r\n"),
                new Case("100 KB", "422 size", post() + "Content-Length: 100000\r\n\r\n" + "a".repeat(100_000)),
                new Case("one byte above 64 KiB", "422 size", post() + "Content-Length: 65537\r\n\r\n" + "a".repeat(65_537)),
                new Case("64 KiB", "422 json", post() + "Content-Length: 65536\r\n\r\n" + "a".repeat(65_536)),
                new Case("100 KB in a chunk", "422 size", chunked() + "186a0\r\n" + "a".repeat(100_000) + "\r\n0\r\n\r\n"),
                new Case("100 KB in small chunks", "422 size", chunked() + ("3e8\r\n" + "a".repeat(1000) + "\r\n").repeat(100) + "0\r\n\r\n"),
                new Case("5 MB", "422 size", post() + "Content-Length: 5000000\r\n\r\n" + "a".repeat(5_000_000))));
    }

    /** RFC 9112, section 7.1. */
    @TestFactory
    Stream<DynamicTest> chunks() {
        List<Case> cases = new ArrayList<>();
        cases.add(new Case("a chunk", "201", chunked() + "c\r\n" + BODY + "\r\n0\r\n\r\n"));
        cases.add(new Case("a chunk in parts", "201", chunked(), "c\r\n{\"na", "me\":\"x\"}\r\n", "0\r\n\r\n"));
        cases.add(new Case("several chunks", "201", chunked() + "00005\r\n{\"nam\r\n7\r\ne\":\"x\"}\r\n000\r\n\r\n"));
        cases.add(new Case("upper-case digits", "201", chunked() + "C\r\n" + BODY + "\r\n0\r\n\r\n"));
        for (String extension : List.of(";a=b", ";a", "; a = b", ";a=\"b;c\"", ";a=b;c=d")) {
            cases.add(new Case("the chunk extension " + extension + ", which is to be ignored", "201",
                    chunked() + "c" + extension + "\r\n" + BODY + "\r\n0" + extension + "\r\n\r\n"));
        }
        for (String size : List.of("zz", "-1", "0xc", "", " c", "fffffffffffffffff")) {
            cases.add(new Case("a chunk size of \"" + size + "\"", "422 http", chunked() + size + "\r\n" + BODY + "\r\n0\r\n\r\n"));
        }
        cases.add(new Case("a chunk size that is none, after the first chunk", "422 http", chunked() + "5\r\n{\"nam\r\nzz\r\ne\":\"x\"}\r\n0\r\n\r\n"));
        cases.add(new Case("a chunk size that is none, after the head", "422 http", chunked(), "zz\r\n" + BODY + "\r\n0\r\n\r\n"));
        cases.add(new Case("a trailer", "422 http", chunked() + "c\r\n" + BODY + "\r\n0\r\nfoo: bar\r\n\r\n"));
        cases.add(new Case("a trailer after the head", "422 http", chunked(), "c\r\n" + BODY + "\r\n0\r\nfoo: bar\r\n\r\n"));
        for (String end : List.of("\n", "\n\r\n", "\r\r\n", " \r\n")) {
            cases.add(new Case("a last line of " + end.replace("\r", "CR ").replace("\n", "LF "), "422 http", chunked() + "c\r\n" + BODY + "\r\n0\r\n" + end));
        }
        for (boolean last : List.of(false, true)) {
            cases.add(new Case("a line of 4095 bytes" + (last ? " for the last chunk" : ""), "201", chunked() + extended(";" + "x".repeat(4_093), last)));
            cases.add(new Case("a line of 4096 bytes" + (last ? " for the last chunk" : ""), "422 http", chunked() + extended(";" + "x".repeat(4_094), last)));
            for (char c : new char[] {0, 1, 0x0b, 0x1f, 0x7f}) {
                cases.add(new Case("byte " + (int) c + " in the extension of a chunk" + (last ? ", the last" : ""), "422 http",
                        chunked() + extended(";a" + c + "b", last)));
            }
            cases.add(new Case("a tab in the extension of a chunk" + (last ? ", the last" : ""), "201", chunked() + extended(";\ta", last)));
        }
        String stranger = "POST /v1/projects HTTP/1.1\r\n" + HOST + "Transfer-Encoding: chunked\r\n\r\n";
        cases.add(new Case("a chunk size that is none, from a stranger", "401", stranger + "zz\r\n" + BODY + "\r\n0\r\n\r\n"));
        cases.add(new Case("a trailer, from a stranger", "401", stranger + "c\r\n" + BODY + "\r\n0\r\nfoo: bar\r\n\r\n"));
        return tests(cases);
    }

    /** A body in one chunk. @param last whether the last chunk has the extension; otherwise the first */
    private static String extended(String extension, boolean last) {
        return "c" + (last ? "" : extension) + "\r\n" + BODY + "\r\n0" + (last ? extension : "") + "\r\n\r\n";
    }

    /** Where the next request would begin is unknown. */
    @Test
    void brokenChunksEndTheConnection() throws IOException {
        for (String chunks : List.of("zz\r\n", "c\r\n" + BODY + "x\r\n", "c\r\n" + BODY + "\r\n0\r\nfoo: bar\r\n\r\n")) {
            try (RawConnection connection = new RawConnection(target().url())) {
                RawConnection.Response response = connection.send(chunked() + chunks).read();
                assertEquals("422 http", summary(response), target().name());
                assertEquals("close", response.headers().get("connection"), () -> target().name() + ": " + chunks + ": " + response);
                assertTrue(connection.isClosed(), target().name());
            }
        }
    }

    /** Bodies are taken as they are; but first it is said that there is no such route, or who calls is nobody. */
    @TestFactory
    Stream<DynamicTest> contentCodings() {
        List<Case> cases = new ArrayList<>();
        for (String coding : List.of("gzip", "br", "deflate", "x", "aes128gcm", "identity, gzip", "gzip, identity", "GZIP")) {
            cases.add(new Case("Content-Encoding: " + coding, "422 contentEncoding header:content-encoding", post("Content-Encoding: " + coding)));
            cases.add(new Case("Content-Encoding: " + coding + " on an unknown route", "404", "POST /v1/nope HTTP/1.1\r\n" + HOST
                    + "Content-Encoding: " + coding + "\r\nContent-Length: 12\r\n\r\n" + BODY));
            cases.add(new Case("Content-Encoding: " + coding + " without credentials", "401", "POST /v1/projects HTTP/1.1\r\n" + HOST
                    + "Content-Type: application/json\r\nContent-Encoding: " + coding + "\r\nContent-Length: 12\r\n\r\n" + BODY));
        }
        cases.add(new Case("a body that is zipped indeed", "422 contentEncoding header:content-encoding", post()
                + "Content-Encoding: gzip\r\nContent-Length: 20\r\n\r\n\u001f\u008b\b\0\0\0\0\0\0\u0003\u0003\0\0\0\0\0\0\0\0\0"));
        cases.add(new Case("a zipped body that is no JSON either", "422 contentEncoding header:content-encoding, mediaType header:content-type",
                "POST /v1/projects HTTP/1.1\r\n" + HOST + alice() + "Content-Type: text/plain\r\nContent-Encoding: gzip\r\nContent-Length: 12\r\n\r\n" + BODY));
        for (String coding : List.of("identity", "Identity", "identity, identity", "")) {
            cases.add(new Case("Content-Encoding: " + coding + ", which changes nothing", "201", post("Content-Encoding: " + coding)));
        }
        cases.add(new Case("a GET without a body", "200", get("/v1/projects") + "Content-Encoding: gzip\r\n\r\n"));
        return tests(cases);
    }

    /** In the grammar of RFC 9110, section 8.3.1; of charsets, RFC 8259 has UTF-8 alone. */
    @TestFactory
    Stream<DynamicTest> mediaTypes() {
        List<Case> cases = new ArrayList<>();
        for (String type : List.of("application/json", "Application/JSON", "application/json;", "application/json;charset=UTF-8",
                "application/json ; charset=\"utf-8\"", "application/json; charset=utf8", "application/json; profile=\"https://x/charset=y\"",
                "application/json; profile=\"a;charset=latin1\"")) {
            cases.add(new Case("Content-Type: " + type, "201", "POST /v1/projects HTTP/1.1\r\n" + HOST + alice() + "Content-Type: " + type
                    + "\r\nContent-Length: 12\r\n\r\n" + BODY));
        }
        for (String type : List.of("application/json; charset=utf-8000", "application/json; charset=latin1", "application/json; charset",
                "application/json; profile=\"x", "application/jsonp", "text/json", "application/problem+json", "application/json, text/plain", "json", "")) {
            cases.add(new Case("Content-Type: " + type, "422 mediaType header:content-type", "POST /v1/projects HTTP/1.1\r\n" + HOST + alice()
                    + "Content-Type: " + type + "\r\nContent-Length: 12\r\n\r\n" + BODY));
        }
        return tests(cases);
    }

    /** An integer is an integer as text, and a parameter without = is there and empty. */
    @TestFactory
    Stream<DynamicTest> queryParameters() {
        List<Case> cases = new ArrayList<>();
        for (String limit : List.of("limit=1.0", "limit=1e1", "limit=01", "limit=%2B1", "limit=+1", "limit=0x1", "limit=1,0", "limit=%D9%A1", "limit=",
                "limit", "limit&x", "x&limit", "limi%74=x", "limit=%00")) {
            cases.add(new Case("?" + limit, "422 " + (limit.endsWith("%00") ? "characters" : "type") + " query:limit", get("/v1/projects?" + limit) + "\r\n"));
        }
        cases.add(new Case("?limit=1&limit=1", "422 repeated query:limit", get("/v1/projects?limit=1&limit=1") + "\r\n"));
        cases.add(new Case("?limit&limit", "422 repeated query:limit", get("/v1/projects?limit&limit") + "\r\n"));
        cases.add(new Case("?limit=-0", "422 minimum query:limit", get("/v1/projects?limit=-0") + "\r\n"));
        cases.add(new Case("?limit=9…9", "422 format query:limit", get("/v1/projects?limit=" + "9".repeat(30)) + "\r\n"));
        cases.add(new Case("?limit=9…9, longer than any number", "422 type query:limit", get("/v1/projects?limit=" + "9".repeat(2000)) + "\r\n"));
        cases.add(new Case("?cursor", "422 minLength query:cursor", get("/v1/projects?cursor") + "\r\n"));
        cases.add(new Case("?status", "422 enum query:status", get("/v1/applications/app_01kertn0708c6aktd8brt4xtr3/otp-requests?status") + "\r\n"));
        cases.add(new Case("?LIMIT=x, another name", "200", get("/v1/projects?LIMIT=x") + "\r\n"));
        cases.add(new Case("?limit=1", "200", get("/v1/projects?limit=1") + "\r\n"));
        return tests(cases);
    }

    /** What is JSON is not said to be none: the violation is where it is. */
    @TestFactory
    Stream<DynamicTest> bodies() {
        List<Case> cases = new ArrayList<>();
        cases.add(body("NUL in a name", "422 characters /name", "{\"name\":\"a\\u0000b\"}"));
        cases.add(body("half a surrogate pair", "422 characters /name", "{\"name\":\"\\ud800\"}"));
        cases.add(body("the wrong half", "422 characters /name", "{\"name\":\"\\udc00\\ud800\"}"));
        cases.add(body("a number of 2000 digits", "422 maxLength /name", "{\"name\":" + "9".repeat(2000) + "}"));
        cases.add(body("a number beyond all bounds", "422 type /name", "{\"name\":1e999999999}"));
        cases.add(body("a name that is repeated", "422 repeated /name", "{\"name\":\"x\",\"name\":\"x\"}"));
        cases.add(body("a nesting of 30000", "422 depth", "[".repeat(30_000)));
        cases.add(body("cut JSON", "422 json", "{\"name\":"));
        cases.add(body("two texts", "422 json", "{\"name\":\"x\"}{}"));
        cases.add(body("NaN", "422 json", "{\"name\":NaN}"));
        cases.add(body("no UTF-8", "422 json", "{\"name\":\"\u00ff\"}"));
        // Text that people see must look like what it is: no control characters, no bidirectional overrides (U+202A to U+202E, U+2066 to U+2069).
        for (String bad : List.of("\\u0001", "\\t", "\\n", "\\u001f", "\\u007f", "\\u0080", "\\u0085", "\\u009f", "\\u202a", "\\u202e", "\\u2066", "\\u2069")) {
            cases.add(body(bad + " in a name", "422 pattern /name", "{\"name\":\"a" + bad + "b\"}"));
            cases.add(body(bad + " after a name", "422 pattern /name", "{\"name\":\"ab" + bad + "\"}"));
        }
        for (String good : List.of("\\u00a0", "\\u200d", "\\u200e", "\\u200f", "\\u061c", "\\u202f", "\\u2065", "\\u206a", "\\u0627", "\\u0301")) {
            cases.add(body(good + " in a name", "201", "{\"name\":\"a" + good + "b\"}"));
        }
        cases.add(body("a name of 80 characters and spaces around it", "201", "{\"name\":\"  " + "x".repeat(80) + "\\u3000  \"}"));
        cases.add(body("a name of 81 characters", "422 pattern /name", "{\"name\":\"" + "x".repeat(81) + "\"}"));
        cases.add(body("a name of 80 characters with a space between them", "422 pattern /name",
                "{\"name\":\"" + "x".repeat(40) + " " + "x".repeat(40) + "\"}"));
        cases.add(body("a name of spaces", "422 pattern /name", "{\"name\":\" \\u00a0 \"}"));
        cases.add(body("a name after 199 spaces", "201", "{\"name\":\"" + " ".repeat(199) + "x\"}"));
        cases.add(body("a name after 200 spaces", "422 maxLength /name", "{\"name\":\"" + " ".repeat(200) + "x\"}"));
        cases.add(body("a name after 60000 spaces", "422 maxLength /name", "{\"name\":\"" + " ".repeat(60_000) + "x\"}"));
        cases.add(body("an escaped surrogate pair", "201", "{\"name\":\"\\ud83d\\ude00\"}"));
        return tests(cases);
    }

    private Case body(String name, String expected, String body) {
        return new Case(name, expected, post() + "Content-Length: " + body.length() + "\r\n\r\n" + body);
    }

    /** Tokens are compared without case (RFC 9110, section 10.1.1); nobody is kept waiting. */
    @TestFactory
    Stream<DynamicTest> expectations() {
        List<Case> cases = new ArrayList<>();
        for (String expect : List.of("100-continue", "100-Continue", "100-CONTINUE")) {
            String held = "Expect: " + expect + "\r\nContent-Length: 12\r\n\r\n";
            cases.add(new Case("Expect: " + expect + ", body held back", "100", post() + held));
            cases.add(new Case("Expect: " + expect + ", wrong credentials", "401", "POST /v1/projects HTTP/1.1\r\n" + HOST + held));
            cases.add(new Case("Expect: " + expect + ", no such route", "404", "POST /v1/nope HTTP/1.1\r\n" + HOST + held));
            cases.add(new Case("Expect: " + expect + ", on a page", "404", "POST /docs HTTP/1.1\r\n" + HOST + held));
            cases.add(new Case("Expect: " + expect + ", no body", "200", get("/v1/projects") + "Expect: " + expect + "\r\n\r\n"));
        }
        for (String expect : List.of("x", "100-continu", "100", "100-continue, x", "x=\"y\"")) {
            cases.add(new Case("Expect: " + expect + ", body held back", "422 enum header:expect",
                    post() + "Expect: " + expect + "\r\nContent-Length: 12\r\n\r\n"));
            cases.add(new Case("Expect: " + expect + ", body sent", "422 enum header:expect", post("Expect: " + expect)));
            cases.add(new Case("Expect: " + expect + ", no body", "422 enum header:expect", get("/v1/projects") + "Expect: " + expect + "\r\n\r\n"));
            cases.add(new Case("Expect: " + expect + ", wrong credentials", "401",
                    "POST /v1/projects HTTP/1.1\r\n" + HOST + "Expect: " + expect + "\r\nContent-Length: 12\r\n\r\n"));
        }
        cases.add(new Case("a body held back, wrong credentials", "401", "POST /v1/projects HTTP/1.1\r\n" + HOST + "Content-Length: 12\r\n\r\n"));
        cases.add(new Case("a body held back, no such route", "404", "POST /v1/nope HTTP/1.1\r\n" + HOST + "Content-Length: 12\r\n\r\n"));
        return cases.stream().map(each -> dynamicTest(each.name, () -> {
            if (each.expected.equals("100")) {
                continues(each);
            } else {
                check(each);
            }
        }));
    }

    private void continues(Case sent) throws IOException {
        try (RawConnection connection = new RawConnection(target().url())) {
            connection.send(sent.request[0]);
            assertEquals(100, connection.read().status(), () -> describe(sent, "no 100"));
            RawConnection.Response response = connection.send(BODY).read();
            assertEquals(201, response.status(), () -> describe(sent, "a 100, and then " + response));
            assertEquals(200, connection.send(get("/v1/projects") + "\r\n").read().status());
        }
    }

    /** A preflight is answered for every path, so that a page can read what follows it. */
    @TestFactory
    Stream<DynamicTest> preflights() {
        return Stream.of("/v1/projects", "/v1/nope", "/openapi.json", "/docs", "/nowhere", "/").map(path -> dynamicTest(path, () -> check(
                new Case("a preflight of " + path, "204", "OPTIONS " + path + " HTTP/1.1\r\n" + HOST
                        + "Origin: http://localhost:3000\r\nAccess-Control-Request-Method: GET\r\n\r\n"))));
    }

    /** Who cuts a body short may still be listening (RFC 9112, section 8). */
    @TestFactory
    Stream<DynamicTest> bodiesThatEndTooEarly() {
        return Stream.of(
                new Case("a body cut short", "422 http", post() + "Content-Length: 100\r\n\r\n" + BODY),
                new Case("a body cut off entirely", "422 http", post() + "Content-Length: 100\r\n\r\n"),
                new Case("a chunk cut short", "422 http", chunked() + "ff\r\n" + BODY),
                new Case("no last chunk", "422 http", chunked() + "c\r\n" + BODY + "\r\n"),
                new Case("no line after the last chunk", "422 http", chunked() + "c\r\n" + BODY + "\r\n0\r\n"),
                new Case("a body cut short, from a stranger", "401",
                        "POST /v1/projects HTTP/1.1\r\n" + HOST + "Content-Length: 100\r\n\r\n" + BODY)).map(sent -> dynamicTest(sent.name, () -> {
                            try (RawConnection connection = new RawConnection(target().url())) {
                                RawConnection.Response response = connection.send(sent.request[0]).endOutput().read();
                                assertEquals(sent.expected, summary(response), () -> describe(sent, response.toString()));
                                inTheShape(sent, response);
                                record(sent, response);
                                assertTrue(connection.isClosed(), () -> describe(sent, "the connection stays open"));
                            }
                        }));
    }

    /** A parser that remembers fields of a connection must not take one for another that differs in case alone. */
    @Test
    void whatIsRememberedOfAConnectionHasACase() throws IOException {
        String post = post() + "Content-Length: 12\r\nIdempotency-Key: ";
        String right = alice();
        int token = right.indexOf("Bearer ") + "Bearer ".length();
        String wrong = right.substring(0, token) + right.substring(token).toUpperCase(Locale.ROOT);
        for (List<String> order : List.of(List.of(right, wrong, right), List.of(wrong, right, wrong))) {
            try (RawConnection connection = new RawConnection(target().url())) {
                Set<String> answers = new HashSet<>();
                for (String authorization : order) {
                    answers.add(authorization + connection.send("GET /v1/projects HTTP/1.1\r\n" + HOST + authorization + "\r\n").read().body());
                }
                assertEquals(2, answers.size(), () -> target().name() + ": " + answers);
                assertEquals(2, answers.stream().map(answer -> answer.substring(right.length())).distinct().count(), () -> target().name() + ": " + answers);
            }
        }
        try (RawConnection connection = new RawConnection(target().url())) {
            assertEquals(2, Stream.of("k-one", "K-ONE", "k-one", "K-ONE").map(key -> {
                try {
                    return JsonPath.from(connection.send(post + key + "\r\n\r\n" + BODY).read().body()).getString("data.id");
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }).distinct().count(), target().name());
        }
    }

    @Test
    void aBinShowsTheTransferCodingInLowerCase() throws IOException {
        String bin = "/v1/sandbox/bins/" + request().post(url("/v1/sandbox/bins")).jsonPath().getString("data.id");
        try (RawConnection connection = new RawConnection(target().url())) {
            assertEquals(200, connection.send("POST " + bin + " HTTP/1.1\r\n" + HOST + "Content-Type: application/json\r\nTransfer-Encoding: Chunked\r\n\r\nc\r\n"
                    + BODY + "\r\n0\r\n\r\n").read().status());
        }
        assertEquals("chunked", request().get(url(bin)).jsonPath().getString("data.events[0].headers.'transfer-encoding'"));
    }

    @Test
    void headIsAnsweredWithoutABody() throws IOException {
        try (RawConnection connection = new RawConnection(target().url())) {
            assertEquals(302, connection.send("HEAD / HTTP/1.1\r\n" + HOST + "\r\n").readHead().status());
            assertEquals(404, connection.send("HEAD /v1/projects HTTP/1.1\r\n" + HOST + alice() + "\r\n").readHead().status());
            assertEquals(404, connection.send("HEAD * HTTP/1.1\r\n" + HOST + "\r\n").readHead().status());
            assertEquals(404, connection.send("HEAD /health/live HTTP/1.1\r\n" + HOST + "\r\n").readHead().status(), "a health check is a GET");
            // Had there been a body, it would be taken for this response.
            assertEquals(200, connection.send("HEAD /openapi.json HTTP/1.1\r\n" + HOST + "\r\n").readHead().status());
            assertEquals(200, connection.send(get("/v1/projects") + "\r\n").read().status());
        }
    }

    @Test
    void requestsFollowEachOtherOnAConnection() throws IOException {
        try (RawConnection connection = new RawConnection(target().url())) {
            connection.send(get("/v1/projects") + "\r\n" + post() + "Content-Length: 12\r\n\r\n" + BODY + chunked() + "c\r\n" + BODY + "\r\n0\r\n\r\n"
                    + "get /v1/projects HTTP/1.1\r\n" + HOST + "\r\n" + get("/v1/projects") + "\r\n");
            for (int status : new int[] {200, 201, 201, 404, 200}) {
                assertEquals(status, connection.read().status(), target().name());
            }
            // Refused before its body was read: the next request must not start in the middle of it.
            connection.send("POST /v1/projects HTTP/1.1\r\n" + HOST + "Content-Length: 12\r\n\r\n" + BODY);
            assertEquals(401, connection.read().status(), target().name());
            assertEquals(200, connection.send(get("/v1/projects") + "\r\n").read().status(), target().name());
        }
    }

    /** An empty line is nothing, but half of one is no beginning of a request (RFC 9112, section 2.2). */
    @Test
    void nothingButAnEmptyLineIsBetweenRequests() throws IOException {
        for (String between : List.of("\n", "\r", "\n\r\n", " ")) {
            for (String first : List.of(get("/v1/projects") + "\r\n", post() + "Content-Length: 12\r\n\r\n" + BODY,
                    chunked() + "c\r\n" + BODY + "\r\n0\r\n\r\n")) {
                try (RawConnection connection = new RawConnection(target().url())) {
                    connection.send(first + between + get("/v1/projects") + "\r\n");
                    assertTrue(connection.read().status() < 300, target().name());
                    assertEquals("422 http", summary(connection.read()), target().name());
                    assertTrue(connection.isClosed(), target().name());
                }
            }
        }
        try (RawConnection connection = new RawConnection(target().url())) {
            connection.send(get("/v1/projects") + "\r\n\r\n" + post() + "Content-Length: 12\r\n\r\n" + BODY + "\r\n\r\n" + get("/v1/projects") + "\r\n");
            for (int status : new int[] {200, 201, 200}) {
                assertEquals(status, connection.read().status(), target().name());
            }
        }
    }

    @Test
    void anExpectationWithoutABodyClosesNothing() throws IOException {
        try (RawConnection connection = new RawConnection(target().url())) {
            for (String length : List.of("", "Content-Length: 0\r\n", "")) {
                RawConnection.Response response = connection.send(get("/v1/projects") + "Expect: 100-continue\r\n" + length + "\r\n").read();
                assertEquals(200, response.status(), target().name());
                assertFalse("close".equals(response.headers().get("connection")), target().name());
            }
        }
    }

    /** A body that its sender was not asked for may come all the same, and must not be taken for a request. */
    @TestFactory
    Stream<DynamicTest> aBodyThatWasNotInvitedEndsTheConnection() {
        String smuggled = get("/v1/projects") + "\r\n";
        return Stream.of("/v1/projects", "/docs", "/nope", "//v1/projects", "/openapi.json").map(path -> dynamicTest(path, () -> {
            assumeFalse(type.readsBodiesFirst(), READS_BODIES_FIRST);
            for (String expect : List.of("100-continue", "100-Continue", "x")) {
                try (RawConnection connection = new RawConnection(target().url())) {
                    connection.send("POST " + path + " HTTP/1.1\r\n" + HOST + "Expect: " + expect + "\r\nContent-Length: " + smuggled.length()
                            + "\r\n\r\n" + smuggled);
                    RawConnection.Response response = connection.read();
                    assertTrue(response.status() >= 400, () -> target().name() + ": " + response);
                    assertEquals("close", response.headers().get("connection"), () -> target().name() + ": " + response);
                    assertTrue(connection.isClosed(), () -> target().name() + " leaves the connection open: " + path);
                }
            }
        }));
    }

    @Test
    void whoAsksToCloseIsClosed() throws IOException {
        try (RawConnection connection = new RawConnection(target().url())) {
            assertEquals("close", connection.send(get("/v1/projects") + "Connection: close\r\n\r\n").read().headers().get("connection"), target().name());
            assertTrue(connection.isClosed(), target().name());
        }
    }

    @Test
    void anotherOptionThatContainsTheWordClosesNothing() throws IOException {
        try (RawConnection connection = new RawConnection(target().url())) {
            for (int i = 0; i < 2; i++) {
                assertEquals(200, connection.send(get("/v1/projects") + "Connection: disclosed\r\n\r\n").read().status(), target().name());
            }
        }
    }
}
