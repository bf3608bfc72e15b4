// SPDX-License-Identifier: Apache-2.0
package dev.phone.contracttests.proof;

import static dev.phone.contracttests.gate.NamedTests.each;
import static dev.phone.contracttests.gate.NamedTests.rows;
import static dev.phone.contracttests.pact.PactJvm.PACT_JVM;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import dev.phone.contracttests.contract.TheContract;
import dev.phone.contracttests.target.Target;
import dev.phone.contracttests.target.TargetType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;

/** {@code mvn -Pproof}, as whoever runs it sees it: against what is right, and against what is bent on its way here. */
@ResourceLock(PACT_JVM)
class ProofTest {
    private static final Path PACTS = Path.of(System.getProperty("phone.root", ".."), "contract-tests/pacts");

    private static Target mock;
    @TempDir
    private static Path folder;

    private record Printed(int exitCode, String text) {

        /** The lines about a check, or about the first example of an operation. */
        List<String> of(String title) {
            List<String> lines = text.lines().toList();
            int start = title.endsWith(", ") ? lines.indexOf(lines.stream().filter(line -> line.startsWith("  " + title)).findFirst().orElse(null))
                    : lines.lastIndexOf("  " + title);
            assertTrue(start >= 0, () -> "nothing about " + title + "\n" + text);
            return lines.subList(start + 1, lines.size()).stream().takeWhile(line -> line.startsWith("    ")).map(String::strip).toList();
        }

        void says(String words) {
            assertTrue(text.contains(words), () -> "nothing says: " + words + "\n" + text);
        }
    }

    private record Answer(int status, Map<String, String> headers, String body) {
    }

    private static Printed run(Object url, String credentials, String pacts, String write) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        int exitCode = Main.run(url.toString(), credentials, pacts, write, new PrintStream(bytes, true, StandardCharsets.UTF_8));
        Printed printed = new Printed(exitCode, bytes.toString(StandardCharsets.UTF_8));
        assertFalse(printed.text.contains("\tat "), "a stack trace");
        return printed;
    }

    private static String file(String name, String text) {
        try {
            return Files.writeString(folder.resolve(name), text).toString();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @BeforeAll
    static void takeTheMock() {
        mock = TargetType.MOCK.take(false);
        mock.reset();
    }

    @AfterAll
    static void giveItBack() {
        TargetType.MOCK.giveBack(mock, false);
    }

    /** Passes on what the mock is asked and says, each answer as it is bent. */
    private static final class Bent implements AutoCloseable {
        private final HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        private final HttpClient client = HttpClient.newHttpClient();
        final List<String> asked = new CopyOnWriteArrayList<>();

        /** @param only method and path of the requests whose answers are bent */
        Bent(String only, UnaryOperator<Answer> bend) throws IOException {
            server.createContext("/", exchange -> {
                String target = exchange.getRequestURI().toString();
                HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(mock.url() + target)).method(exchange.getRequestMethod(),
                        HttpRequest.BodyPublishers.ofByteArray(exchange.getRequestBody().readAllBytes()));
                for (String name : List.of("authorization", "content-type", "x-client-id", "x-client-secret", "x-api-key")) {
                    if (exchange.getRequestHeaders().containsKey(name)) {
                        request.header(name, exchange.getRequestHeaders().getFirst(name));
                    }
                }
                try (exchange) {
                    HttpResponse<String> response = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
                    Map<String, String> headers = new TreeMap<>();
                    response.headers().map().forEach((name, values) -> headers.put(name, String.join(", ", values)));
                    Answer answer = new Answer(response.statusCode(), headers, response.body());
                    asked.add(exchange.getRequestMethod() + " " + target);
                    if ((exchange.getRequestMethod() + " " + target).startsWith(only)) {
                        answer = bend.apply(answer);
                    }
                    answer.headers.remove("content-length");
                    answer.headers.forEach((name, value) -> exchange.getResponseHeaders().set(name, value));
                    byte[] body = answer.body.getBytes(StandardCharsets.UTF_8);
                    exchange.sendResponseHeaders(answer.status, body.length);
                    exchange.getResponseBody().write(body);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            server.start();
        }

        String url() {
            return "http://localhost:" + server.getAddress().getPort();
        }

        @Override
        public void close() {
            server.stop(0);
        }
    }

    private static Printed bent(String only, UnaryOperator<Answer> bend, String credentials) throws IOException {
        try (Bent server = new Bent(only, bend)) {
            return run(server.url(), credentials, "", "");
        }
    }

    @TestFactory
    Stream<DynamicTest> whatIsRightHolds() {
        return each(List.of(TargetType.SERVER_ON_H2, TargetType.MOCK), ProofTest::isRight);
    }

    private static void isRight(TargetType type) throws IOException {
        Target target = type.take(false);
        try {
            target.reset();
            Printed reading = run(target.url(), file("demo.properties", "demo = true"), PACTS.toString(), "");
            assertEquals(0, reading.exitCode, reading.text);
            assertEquals(List.of("deployed  holds"), reading.of("/openapi.json is this contract"));
            assertEquals(List.of("deployed  holds"), reading.of("listProjects, "));
            assertEquals(List.of("deployed  not tried", "POST may change something, and its provider state could not be restored"), reading.of("a code for a customer (the demo world)"));
            Printed writing = run(target.url(), file("demo.properties", "demo = true"), PACTS.toString(), "true");
            assertEquals(0, writing.exitCode, writing.text);
            assertEquals(List.of("deployed  holds"), writing.of("deleteProject"));
        } finally {
            target.reset();
            type.giveBack(target, false);
        }
    }

    @Test
    void withoutCredentialsRefusalsAreLookedAtAndNothingIsChanged() throws IOException {
        try (Bent proxy = new Bent("-", answer -> answer)) {
            Printed printed = run(proxy.url(), "", "", "");
            assertEquals(0, printed.exitCode, printed.text);
            TheContract.CONTRACT.operations().stream().filter(operation -> operation.auth().challenge() != null)
                    .forEach(operation -> assertEquals(List.of("deployed  holds"), printed.of(operation.id())));
            assertFalse(printed.text.contains("With credentials"), printed.text);
        }
        try (Bent proxy = new Bent("-", answer -> answer)) {
            run(proxy.url(), file("bearer.properties", "token = dev_alice"), PACTS.toString(), "");
            List<String> unsafe = proxy.asked.stream().filter(each -> !each.startsWith("GET ")).toList();
            assertEquals(TheContract.CONTRACT.operations().stream().filter(operation -> operation.auth().challenge() != null
                    && !operation.method().equals("GET")).count(), unsafe.size(), "refusals only: " + unsafe);
        }
    }

    @Test
    void idsAreFoundInLists() {
        Printed printed = run(mock.url(), file("bearer.properties", "token = Bearer dev_alice"), "", "");
        assertEquals(0, printed.exitCode, printed.text);
        assertEquals(List.of("deployed  holds"), printed.of("getDelivery, "));
        assertEquals(List.of("deployed  holds"), printed.of("getNumber, "));
        assertEquals(List.of("deployed  not tried", "needs clientId, clientSecret and apiKey"), printed.of("getOtp"));
    }

    @Test
    void aMissingHeaderIsFound() throws IOException {
        Printed printed = bent("GET /v1/projects", answer -> {
            answer.headers.remove("x-request-id");
            return answer;
        }, "");
        assertEquals(1, printed.exitCode, printed.text);
        assertEquals(List.of("deployed  differs", "x-request-id is null"), printed.of("listProjects").subList(0, 2));
    }

    @Test
    void aPropertyThatIsNotDocumentedIsFound() throws IOException {
        Printed printed = bent("GET /v1/projects", answer -> new Answer(answer.status, answer.headers,
                answer.status == 200 ? answer.body.replaceFirst("\\{", "{\"owner\":\"alice\",") : answer.body), file("bearer.properties", "token = dev_alice"));
        assertEquals(1, printed.exitCode, printed.text);
        assertTrue(printed.of("listProjects, ").toString().contains("/owner"), printed.text);
    }

    @Test
    void anotherStatusIsFound() throws IOException {
        Printed printed = bent("POST /v1/otp/send", answer -> new Answer(403, answer.headers, answer.body), "");
        assertEquals(1, printed.exitCode, printed.text);
        assertTrue(printed.of("sendOtp").contains("status: expected 401, actual 403"), printed.text);
    }

    @Test
    void anotherContractIsComparedInWords() throws IOException {
        Printed printed = bent("GET /openapi.json", answer -> new Answer(200, answer.headers,
                answer.body.replaceFirst("(\"operationId\": ?)\"listProjects\"", "$1\"allProjects\"")), "");
        assertEquals(1, printed.exitCode, printed.text);
        assertTrue(printed.of("/openapi.json is this contract").contains("allProjects operationId was listProjects, is allProjects"), printed.text);
        Printed prose = bent("GET /openapi.json", answer -> new Answer(200, answer.headers, answer.body.replaceFirst("(\"title\": ?)\"Phone\"", "$1\"Telephone\"")), "");
        assertTrue(prose.of("/openapi.json is this contract").contains("it differs in words, examples or extensions only: /info/title"), prose.text);
    }

    @Test
    void afterATooManyItWaitsAndAsksOnceMore() throws IOException {
        int[] count = {0};
        try (Bent server = new Bent("GET /v1/no-such-route", answer -> count[0]++ > 0 ? answer
                : new Answer(429, new TreeMap<>(Map.of("retry-after", "2")), ""))) {
            Printed printed = run(server.url(), "", "", "");
            assertEquals(0, printed.exitCode, printed.text);
            printed.says("waiting 2 s for a limit of " + server.url());
        }
        Printed spent = bent("GET /openapi.json", answer -> {
            answer.headers.put("ratelimit", "\"requests\";r=0;t=3600");
            return answer;
        }, "");
        assertEquals(2, spent.exitCode);
        spent.says("is spent for 3599 seconds");
    }

    @TestFactory
    Stream<DynamicTest> aUrlThatIsNoneIsNamed() {
        return rows("""
            ftp://example.org           | the url must be http:// or https:// and a host
            http://                     | the url
            http://a b                  | the url is invalid
            https://u:p@example.org     | the url must be only a scheme, a host and a port
            https://example.org/v1      | the url must be only a scheme, a host and a port
            http://no-such-host.invalid | there is no host no-such-host.invalid
            """, (url, why) -> {
            Printed printed = run(url, "", "", "");
            assertEquals(2, printed.exitCode);
            printed.says("ERROR " + why);
        });
    }

    @Test
    void aServerThatIsNotOursIsNamed() throws IOException {
        int free;
        try (ServerSocket socket = new ServerSocket(0)) {
            free = socket.getLocalPort();
        }
        run("http://localhost:" + free, "", "", "").says("ERROR nothing listens at http://localhost:" + free);
        run(mock.url().toString().replace("http:", "https:"), "", "", "").says("ERROR TLS with https://");
        Printed page = bent("GET /openapi.json", answer -> new Answer(200, new TreeMap<>(Map.of("content-type", "text/html")), "<!doctype html>"), "");
        assertEquals(2, page.exitCode);
        page.says("ERROR this is not a Phone API: ");
        page.says("answers 200 with text/html, not with an OpenAPI document");
        bent("GET /openapi.json", answer -> new Answer(301, new TreeMap<>(Map.of("location", "https://example.org/")), ""), "")
                .says("redirects to https://example.org/");
    }

    @Test
    void withoutAUrlItSaysHowToUseIt() {
        Printed usage = run("", "", "", "");
        assertEquals(2, usage.exitCode);
        usage.says("mvn -Pproof -Durl=https://");
        run(mock.url(), "", "", "yes").says("ERROR write must be true or false, not yes");
        run(mock.url(), "", "nowhere", "").says("ERROR there is no file or folder nowhere");
    }

    @TestFactory
    Stream<DynamicTest> credentialsThatAreNoneAreNamedAndNotRepeated() {
        return rows("""
            {"token": "s3cret"}        | is JSON; it must be a properties file
            tokn = s3cret              | has an unknown property: tokn
            s3cretwithoutanequalssign1 | has an unknown property. The properties are
            token =                    | token is empty, or has characters that cannot be sent
            token = s3cret\u00e9       | token is empty, or has characters that cannot be sent
            clientId = s3cret          | clientId, clientSecret and apiKey belong together
            projectId = prj_1          | has no credentials
            demo = yes                 | demo must be true or false
            token = \\u12s3cret        | is not a properties file
            """, (text, why) -> {
            Printed printed = run(mock.url(), file("wrong.properties", text), "", "");
            assertEquals(2, printed.exitCode);
            printed.says(why);
            assertFalse(printed.text.contains("s3cret"), printed.text);
        });
    }

    @Test
    void wrongCredentialsAreNamedAndNotRepeated() throws IOException {
        Printed printed = run(mock.url(), file("stranger.properties", "token = s3cret"), "", "");
        assertEquals(2, printed.exitCode);
        printed.says("ERROR wrong credentials: " + mock.url() + " refuses authorization with 401");
        assertFalse(printed.text.contains("s3cret"), printed.text);
        run("http://example.org", file("bearer.properties", "token = dev_alice"), "", "").says("ERROR credentials are only sent over https or to this machine");
        run(mock.url(), "nowhere.properties", "", "").says("ERROR the credentials in nowhere.properties cannot be read");
        // What a server repeats of a credential is not printed either.
        Printed repeated = bent("GET /v1/projects", answer -> new Answer(answer.status, answer.headers,
                answer.status == 200 ? "{\"dev_alice\":1}" : answer.body), file("bearer.properties", "token = dev_alice"));
        assertEquals(1, repeated.exitCode);
        assertFalse(repeated.text.contains("dev_alice"), repeated.text);
    }
}
