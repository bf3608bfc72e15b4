// SPDX-License-Identifier: Apache-2.0
package dev.phone.contracttests.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.phone.contracttests.target.Jar;
import dev.phone.mock.MockOptions;
import dev.phone.mock.PhoneMock;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Specmatic loads the contract as it is served, and makes a test of each named example. It resets nothing between them, so that some examples find
 * what an earlier one has changed, unless the mock is stateless. Skipped without npm.
 */
class SpecmaticTest {
    private static final Path FOLDER = Jar.ROOT.resolve("contract-tests/specmatic").toAbsolutePath().normalize();
    private static final Pattern RESULT = Pattern.compile("Tests run: ([0-9]+), Successes: ([0-9]+), Failures: ([0-9]+)");

    @TempDir
    static Path directory;

    private record Result(int tests, int successes, int failures, String text) {
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
            assertEquals(0, result.failures, result.text);
            assertTrue(result.tests > 100, result.text);
        }
    }

    @Test
    void serverAndMockPassTheSame() throws Exception {
        try (PhoneMock mock = PhoneMock.start(new MockOptions().limits(false)); Jar server = Jar.start(directory, Map.of("PHONE_LIMITS", "off"))) {
            Result ofMock = result(mock.url());
            Result ofServer = result(server.url(""));
            assertEquals(List.of(ofMock.tests, ofMock.successes), List.of(ofServer.tests, ofServer.successes), ofServer.text);
        }
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
        Matcher counted = RESULT.matcher(text);
        assertTrue(counted.find(), text);
        return new Result(Integer.parseInt(counted.group(1)), Integer.parseInt(counted.group(2)), Integer.parseInt(counted.group(3)), text);
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
