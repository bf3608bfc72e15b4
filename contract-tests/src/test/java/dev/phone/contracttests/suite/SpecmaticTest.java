// SPDX-License-Identifier: Apache-2.0
package dev.phone.contracttests.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.phone.contract.Contract;
import dev.phone.contracttests.contract.TheContract;
import dev.phone.contracttests.target.ApiProcess;
import dev.phone.mock.MockOptions;
import dev.phone.mock.PhoneMock;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Specmatic loads the contract as it is served, and makes a test of each named example. It resets nothing between them, so that some examples find
 * what an earlier one has changed, unless the mock is stateless. Skipped without npm.
 */
class SpecmaticTest {
    private static final Path FOLDER = ApiProcess.ROOT.resolve("contract-tests/specmatic").toAbsolutePath().normalize();
    private static final Pattern SCENARIO = Pattern.compile("^Scenario: (\\S+) (\\S+) -> ([0-9]+)\\S* .*example '(\\S+)'.* has ([A-Z]+)$", Pattern.MULTILINE);

    @TempDir
    static Path directory;

    /** The scenarios of each outcome, such as {@code GET /v1/projects 200 all}. */
    private record Result(Set<String> succeeded, Set<String> failed, String text) {
    }

    @BeforeAll
    static void install() throws Exception {
        if (!Programs.isOnPath("npm")) {
            Programs.skip("Specmatic", "there is no npm");
        }
        Programs.installed(FOLDER, "Specmatic");
    }

    @Test
    void eachExampleHoldsWithoutState() throws Exception {
        try (PhoneMock mock = PhoneMock.start(new MockOptions().stateless(true).limits(false))) {
            Result result = result(mock.url());
            assertEquals(Set.of(), result.failed, result.text);
            assertEquals(expected(), result.succeeded);
            published("With `--stateless`, the mock passes all " + result.succeeded.size() + ".");
        }
    }

    @Test
    void serverAndMockPassTheSame() throws Exception {
        try (PhoneMock mock = PhoneMock.start(new MockOptions().limits(false)); ApiProcess server = ApiProcess.start(directory, Map.of("PHONE_LIMITS", "off"))) {
            Result ofMock = result(mock.url());
            Result ofServer = result(server.url(""));
            assertEquals(ofMock.failed, ofServer.failed, ofServer.text);
            assertEquals(ofMock.succeeded, ofServer.succeeded);
            published("the server and the mock pass " + ofMock.succeeded.size() + " of " + (ofMock.succeeded.size() + ofMock.failed.size()));
        }
    }

    private static void published(String figures) throws IOException {
        String readme = Files.readString(ApiProcess.ROOT.resolve("openapi/README.md")).replaceAll("\\s+", " ");
        assertTrue(readme.contains(figures), "openapi/README.md does not say: " + figures);
    }

    /** A response example is sent with the request example of the same name; where nothing has to be sent, each success is, with or without one. */
    private static Set<String> expected() {
        Contract contract = TheContract.CONTRACT;
        Set<String> scenarios = new TreeSet<>();
        contract.json().getJsonObject("paths").forEach((path, item) -> item.asJsonObject().forEach((method, each) -> {
            if (!(each instanceof JsonObject operation) || !operation.containsKey("responses")) {
                return;
            }
            Set<String> requests = new TreeSet<>(examples(operation.get("requestBody")));
            List<JsonObject> parameters = Stream.of(item.asJsonObject(), operation).map(of -> of.get("parameters")).filter(JsonArray.class::isInstance)
                    .flatMap(some -> some.asJsonArray().stream()).map(contract::resolve).toList();
            parameters.forEach(parameter -> requests.addAll(names(parameter)));
            boolean free = !operation.containsKey("requestBody") && parameters.stream().noneMatch(parameter -> parameter.getBoolean("required", false));
            operation.getJsonObject("responses").forEach((status, response) -> examples(response).stream()
                    .filter(name -> requests.contains(name) || free && status.startsWith("2"))
                    .forEach(name -> scenarios.add(method.toUpperCase(Locale.ROOT) + " " + path + " " + status + " " + name)));
        }));
        return scenarios;
    }

    /** The names of the examples of a body. */
    private static Set<String> examples(JsonValue body) {
        return body != null && TheContract.CONTRACT.resolve(body).get("content") instanceof JsonObject content
                ? names(content.getJsonObject("application/json")) : Set.of();
    }

    private static Set<String> names(JsonObject of) {
        return of.get("examples") instanceof JsonObject examples ? examples.keySet() : Set.of();
    }

    private static Result result(String url) throws Exception {
        Path folder = Files.createTempDirectory(directory, "specmatic");
        Path contract = folder.resolve("openapi.json");
        try (InputStream served = URI.create(url + "/openapi.json").toURL().openStream()) {
            Files.copy(served, contract);
        }
        Map<String, String> app = World.credentials("app");
        String text = run(folder, Map.of("bearer", World.credentials("alice").get("authorization").replace("Bearer ", ""), "apiKey", app.get("x-api-key"),
                        "clientId", app.get("x-client-id"), "clientSecret", app.get("x-client-secret")),
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-jar", FOLDER.resolve("node_modules/specmatic/specmatic.jar").toString(),
                "test", contract.toString(), "--testBaseURL=" + url);
        Map<String, Set<String>> outcomes = SCENARIO.matcher(text).results().collect(Collectors.groupingBy(match -> match.group(5),
                Collectors.mapping(match -> match.group(1) + " " + match.group(2).replaceAll("\\(([^:)]+):[^)]*\\)", "{$1}") + " " + match.group(3) + " "
                        + match.group(4), Collectors.toCollection(TreeSet::new))));
        assertTrue(outcomes.containsKey("SUCCEEDED"), text);
        return new Result(outcomes.get("SUCCEEDED"), outcomes.getOrDefault("FAILED", Set.of()), text);
    }

    /** @return what it printed; it fails when a test does */
    private static String run(Path folder, Map<String, String> environment, String... command) throws IOException, InterruptedException {
        Path output = folder.resolve("output.txt");
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        if (!process.waitFor(240, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
        return Files.readString(output);
    }
}
