// SPDX-License-Identifier: Apache-2.0
package dev.phone.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The server as whoever types its name meets it: a process, what it prints, and how it ends. */
class MainTest {
    // As a shell tells it: 128, and the number of the signal.
    private static final int TERMINATED = 143;

    @TempDir
    private Path directory;

    private Process start(Map<String, String> environment, String... arguments) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp", System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")), arguments.length == 0 ? Main.class.getName() : Broken.class.getName());
        builder.command().addAll(List.of(arguments));
        builder.environment().keySet().removeIf(name -> name.startsWith("PHONE_"));
        builder.environment().putAll(environment);
        return builder.directory(directory.toFile()).start();
    }

    private static String rest(Process process) throws IOException {
        return new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    @Test
    void whatItPrintsWorksWhenPasted() throws Exception {
        Process process = start(Map.of("PHONE_PORT", "0"));
        try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
            String first = out.readLine();
            assertTrue(first != null && first.matches("Phone listens at http://localhost:[1-9][0-9]*"), () -> first + errors(process));
            List<String> commands = new ArrayList<>();
            while (commands.size() < 3) {
                String line = out.readLine();
                if (line.contains("curl")) {
                    commands.add(line);
                }
            }
            String created = shell(commands.get(0));
            assertTrue(created.matches("\\{\"data\":\\{\"id\":\"prj_[0-9a-z]{26}\",\"name\":\"My project\",.*"), created);
            String sent = shell(commands.get(1));
            assertTrue(sent.matches("\\{\"data\":\\{\"id\":\"otp_[0-9a-z]{26}\",.*\"status\":\"pending\".*"), sent);
            String verified = shell(commands.get(2));
            assertTrue(verified.contains("\"status\":\"verified\""), verified);
            assertEquals(sent.substring(0, 45), verified.substring(0, 45), "the one that was sent");

            String base = first.substring(first.indexOf("http"));
            for (String path : List.of("/docs", "/openapi.json", "/openapi.yaml", "/health/live", "/health/ready")) {
                assertEquals(200, HttpClient.newHttpClient().send(HttpRequest.newBuilder(URI.create(base + path)).build(),
                        HttpResponse.BodyHandlers.discarding()).statusCode(), path);
            }

            // By its handle: the process itself would close its output, too, with what we have not read yet.
            process.toHandle().destroy();
            assertTrue(process.waitFor(10, TimeUnit.SECONDS));
            assertEquals(TERMINATED, process.exitValue());
            assertEquals("", rest(process));
        } finally {
            process.destroyForcibly();
        }
    }

    private static String errors(Process process) {
        try {
            return rest(process);
        } catch (IOException e) {
            return e.toString();
        }
    }

    private static String shell(String command) throws Exception {
        Process shell = new ProcessBuilder("sh", "-c", command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        return new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    /** A server that something befalls. */
    static final class Broken {
        private Broken() {
        }

        public static void main(String[] what) {
            Main.main(new String[0]);
            if (what[0].equals("memory")) {
                Thread.ofVirtual().start(() -> {
                    throw new OutOfMemoryError("of a test");
                });
            } else {
                // It closes the socket that the thread accepts connections from.
                Thread.getAllStackTraces().keySet().stream().filter(thread -> thread.getName().equals("server-@default-listener"))
                        .forEach(Thread::interrupt);
            }
        }
    }

    @Test
    void withoutMemoryItEnds() throws Exception {
        Process process = start(Map.of("PHONE_PORT", "0"), "memory");
        assertTrue(process.waitFor(20, TimeUnit.SECONDS));
        assertEquals(3, process.exitValue());
    }

    @Test
    void withoutAListenerItEnds() throws Exception {
        Process process = start(Map.of("PHONE_PORT", "0"), "listener");
        try {
            assertTrue(process.waitFor(20, TimeUnit.SECONDS));
            assertEquals(3, process.exitValue());
            assertTrue(rest(process).endsWith("Phone exits: the listener has ended\n"));
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void oneLineSaysWhatIsWrong() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            String port = Integer.toString(taken.getLocalPort());
            assertEnds(2, "phone.host and phone.port = 127.0.0.1:" + port + ": must be a free address to listen on (Address already in use)",
                    Map.of("PHONE_PORT", port));
        }
        assertEnds(2, "phone.port = http: must be a whole number from 0 to 65535", Map.of("PHONE_PORT", "http"));
        assertEnds(1, "The database jdbc:postgresql://127.0.0.1:1/phone cannot be used: Connection refused", Map.of("PHONE_PORT", "0",
                "PHONE_DB_URL", "jdbc:postgresql://127.0.0.1:1/phone", "PHONE_SECRET", "00".repeat(32),
                "PHONE_AUTH_ISSUER", "https://securetoken.google.com/p", "PHONE_AUTH_AUDIENCE", "p"));
    }

    private void assertEnds(int status, String line, Map<String, String> environment) throws Exception {
        Process process = start(environment);
        assertEquals(line + "\n", rest(process));
        assertEquals(status, process.waitFor());
    }
}
