// SPDX-License-Identifier: Apache-2.0
package dev.phone.mock;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.BufferedReader;
import java.io.DataInputStream;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What the jar that people start says of itself. What it answers is tested in contract-tests. */
class JarIT {
    private static final Pattern READY = Pattern.compile("Phone mock is ready at (\\S+)");

    private static Process process;
    private static BufferedReader output;
    private static final List<String> SAID = new ArrayList<>();
    private static String url;

    @BeforeAll
    static void start() throws IOException {
        process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-jar",
                Path.of("target", "phone-mock.jar").toString(), "--port", "0").redirectErrorStream(true).start();
        output = process.inputReader(StandardCharsets.UTF_8);
        // The last line to try is the last of all.
        for (int tries = 0; tries < 3;) {
            String line = output.readLine();
            SAID.add(line);
            Matcher ready = READY.matcher(line);
            if (ready.find()) {
                url = ready.group(1);
            }
            tries += line.strip().startsWith("curl ") ? 1 : 0;
        }
    }

    @AfterAll
    static void stop() {
        process.destroy();
    }

    @Test
    void theBannerFitsATerminalAndSaysWhereThingsAre() {
        for (String line : SAID) {
            assertTrue(line.length() <= 80, line.length() + " columns: " + line);
        }
        String text = String.join("\n", SAID);
        for (String part : List.of(url + "/docs", "/openapi.json", "/__admin/phone/clock", "/health/live", "authorization: Bearer dev_alice", "x-api-key: ph_test_api_",
                "x-client-id: ph_test_client_", "x-client-secret: ph_test_secret_")) {
            assertTrue(text.contains(part), part + " in " + text);
        }
    }

    @Test
    void aPortThatNobodyChoseIsALineForScripts() {
        assertEquals("PHONE_MOCK_PORT=" + URI.create(url).getPort(), SAID.getFirst());
    }

    @Test
    void theBannersLinesWorkInEveryShell() throws Exception {
        List<String> lines = SAID.stream().map(String::strip).filter(line -> line.startsWith("curl ")).toList();
        assertEquals(3, lines.size());
        for (String line : lines) {
            // Nothing that PowerShell and cmd read differently from bash and zsh.
            assertTrue(line.matches("curl [-\"A-Za-z0-9_:/. ]+"), line);
            for (String shell : List.of("bash", "zsh", "pwsh")) {
                if (Stream.of(System.getenv("PATH").split(":")).anyMatch(folder -> Files.isExecutable(Path.of(folder, shell)))) {
                    Process curl = new ProcessBuilder(shell, "-c", line).start();
                    String answer = new String(curl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                    assertTrue(answer.startsWith("{\"data\":"), shell + ": " + line + " answered " + answer);
                }
            }
        }
    }

    private record Ended(int status, String out, String err) {
    }

    private static Ended run(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-jar",
                Path.of("target", "phone-mock.jar").toString()));
        command.addAll(List.of(arguments));
        Process mock = new ProcessBuilder(command).start();
        String out = new String(mock.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        String err = new String(mock.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ended(mock.waitFor(), out, err);
    }

    @Test
    void helpTellsAllOptionsInGroups() throws Exception {
        Ended help = run("--help");
        assertEquals(0, help.status);
        for (String part : List.of("Listening:", "--port", "--host", "--ready-file", "Responses:", "--contract", "--stubs", "--stateless", "--seed",
                "--delay", "Admin API and diagnostics:", "--admin-from", "--admin-host", "--journal", "--no-bypass", "--verbose", "PHONE_LIMITS=off", "Examples:",
                "Exit codes:")) {
            assertTrue(help.out.contains(part), part);
        }
        help.out.lines().forEach(line -> assertTrue(line.length() <= 80, line));
        // An option that a group has forgotten would be nowhere.
        for (Field field : Main.class.getDeclaredFields()) {
            listed(help.out, field.getAnnotation(CommandLine.Option.class));
        }
        for (Method method : MockOptions.class.getDeclaredMethods()) {
            listed(help.out, method.getAnnotation(CommandLine.Option.class));
        }
    }

    private static void listed(String help, CommandLine.Option option) {
        if (option != null) {
            assertTrue(help.contains(option.names()[0]), option.names()[0]);
        }
    }

    @Test
    void anUnknownOptionSuggestsTheNearest() throws Exception {
        assertEquals(new Ended(2, "", "phone-mock: there is no option --prot; did you mean --port? (--help lists the options)\n"), run("--prot", "80"));
        assertEquals(new Ended(2, "", "phone-mock: there is no option nonsense (--help lists the options)\n"), run("nonsense"));
    }

    @Test
    void aTakenPortSaysWhoAndWhatToDo() throws Exception {
        int port = URI.create(url).getPort();
        Ended refused = run("--port", String.valueOf(port));
        assertEquals(1, refused.status);
        String who = Files.exists(Path.of("/proc/net/tcp")) ? " by java -jar target/phone-mock.jar --port 0 (process " + process.pid() + ")" : "";
        assertEquals("phone-mock: cannot listen at 127.0.0.1:" + port + ": Address already in use" + who + ". Stop it, or choose another port, such as --port "
                + (port + 1) + ", or --port 0 for any free one.\n", refused.err);
    }

    @Test
    void theVersionIsThatOfTheJarAndOfTheContract() throws Exception {
        Ended version = run("--version");
        assertTrue(version.out.matches("phone-mock [0-9.]+(-SNAPSHOT)?, contract [0-9.]+\n"), version.out);
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

    /** Our own classes are compiled for it; those of others must be, too. */
    @Test
    void noClassNeedsMoreThanJava21() throws IOException {
        try (JarFile jar = new JarFile(Path.of("target", "phone-mock.jar").toFile())) {
            for (JarEntry entry : Collections.list(jar.entries())) {
                if (entry.getName().endsWith(".class") && !entry.getName().startsWith("META-INF/versions/")) {
                    try (DataInputStream in = new DataInputStream(jar.getInputStream(entry))) {
                        in.readInt();
                        in.readUnsignedShort();
                        assertTrue(in.readUnsignedShort() <= 44 + 21, entry.getName());
                    }
                }
            }
        }
    }
}
