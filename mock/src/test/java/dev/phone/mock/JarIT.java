// SPDX-License-Identifier: Apache-2.0
package dev.phone.mock;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the jar that people start says of itself. What it answers is tested in contract-tests. */
class JarIT {
    private static final Pattern READY = Pattern.compile("Phone mock is ready at (\\S+)");

    private static Process process;
    private static BufferedReader output;
    private static String url;

    @BeforeAll
    static void start() throws IOException {
        process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-jar",
                Path.of("target", "phone-mock.jar").toString(), "--port", "0").redirectErrorStream(true).start();
        output = process.inputReader(StandardCharsets.UTF_8);
        for (String line = output.readLine(); url == null; line = output.readLine()) {
            Matcher ready = READY.matcher(line);
            if (ready.find()) {
                url = ready.group(1);
            }
        }
    }

    @AfterAll
    static void stop() {
        process.destroy();
    }

    @Test
    void theBannersLinesWork() throws Exception {
        Http.send("POST", url + "/__admin/phone/reset", Map.of(), (String) null);
        int lines = 0;
        while (lines < 3) {
            String line = output.readLine().strip();
            if (line.startsWith("curl ")) {
                lines++;
                Process curl = new ProcessBuilder("sh", "-c", line).start();
                String answer = new String(curl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                assertTrue(answer.startsWith("{\"data\":"), line + " answered " + answer);
            }
        }
    }

    @Test
    void helpNamesEveryOption() throws Exception {
        Process help = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-jar",
                Path.of("target", "phone-mock.jar").toString(), "--help").start();
        String text = new String(help.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, help.waitFor());
        for (String option : List.of("--port", "--host", "--admin-from", "--admin-host", "--contract", "--stubs", "--delay", "--seed", "--stateless", "--journal",
                "--no-bypass", "--ready-file", "--verbose")) {
            assertTrue(text.contains(option), option);
        }
    }

    @Test
    void theReadyFileSaysWhereItListensAsLongAsItDoes(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("ready.json");
        Process mock = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-jar",
                Path.of("target", "phone-mock.jar").toString(), "--port", "0", "--ready-file", file.toString()).start();
        try {
            for (long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30); !Files.exists(file) && mock.isAlive() && System.nanoTime() < end;) {
                Thread.sleep(10);
            }
            JsonObject ready;
            try (var reader = Json.createReader(Files.newBufferedReader(file))) {
                ready = reader.readObject();
            }
            assertEquals(mock.pid(), ready.getInt("pid"));
            assertEquals(200, Http.send("GET", ready.getString("url") + "/v1/projects",
                    Map.of("authorization", ready.getJsonObject("credentials").getJsonObject("alice").getString("authorization")), (String) null).status());
        } finally {
            mock.destroy();
            mock.waitFor();
        }
        assertFalse(Files.exists(file));
    }
}
