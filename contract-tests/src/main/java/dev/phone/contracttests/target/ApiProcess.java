// SPDX-License-Identifier: Apache-2.0
package dev.phone.contracttests.target;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** Server or mock in a process of its own: its jar as shipped, or what a command starts. */
public final class ApiProcess implements AutoCloseable {
    public static final Path ROOT = Path.of(System.getProperty("phone.root", ".."));
    private static final Duration TO_START = Duration.ofSeconds(90);

    public final int port;
    public final Process process;
    private final Path log;

    private ApiProcess(int port, Process process, Path log) {
        this.port = port;
        this.process = process;
        this.log = log;
    }

    /** Starts the server and waits until it is ready. */
    public static ApiProcess start(Path directory, Map<String, String> environment) throws IOException, InterruptedException {
        return start(java("server/target/phone-server.jar"), "PHONE_PORT", directory, environment, TO_START);
    }

    /** Starts the mock and waits until it is ready. */
    public static ApiProcess mock(Map<String, String> environment) {
        try {
            Path directory = Files.createTempDirectory("phone-mock");
            directory.toFile().deleteOnExit();
            return start(java("mock/target/phone-mock.jar"), "PHONE_MOCK_PORT", directory, environment, TO_START);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static List<String> java(String path) {
        return List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:+ExitOnOutOfMemoryError", "-jar",
                ROOT.resolve(path).toAbsolutePath().normalize().toString());
    }

    /** Starts it with a command and waits until it is ready. @param portVariable the environment variable with its port */
    public static ApiProcess start(List<String> command, String portVariable, Path directory, Map<String, String> environment, Duration patience)
            throws IOException, InterruptedException {
        int port = freePort();
        Path log = Files.createTempFile(directory, "output", ".log");
        ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("PHONE_"));
        builder.environment().put(portVariable, String.valueOf(port));
        builder.environment().putAll(environment);
        ApiProcess started = new ApiProcess(port, builder.start(), log);
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest ready = HttpRequest.newBuilder(URI.create(started.url("/health/ready"))).timeout(Duration.ofSeconds(5)).build();
            for (Instant end = Instant.now().plus(patience); Instant.now().isBefore(end);) {
                if (!started.process.isAlive()) {
                    throw new IllegalStateException("it did not start:\n" + started.log());
                }
                try {
                    if (client.send(ready, HttpResponse.BodyHandlers.discarding()).statusCode() / 100 == 2) {
                        return started;
                    }
                } catch (IOException notYet) {
                    // It is not listening yet.
                }
                TimeUnit.MILLISECONDS.sleep(50);
            }
        }
        started.close();
        throw new IllegalStateException("it is not ready after " + patience.toSeconds() + " s:\n" + started.log());
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    public String url(String path) {
        return "http://localhost:" + port + path;
    }

    public String log() throws IOException {
        return Files.readString(log);
    }

    /** Its output, after a line has matched this number of times: it may listen before it prints that. */
    public String log(Predicate<String> line, int times) throws IOException, InterruptedException {
        for (int i = 0; i < 200 && log().lines().filter(line).count() < times; i++) {
            TimeUnit.MILLISECONDS.sleep(50);
        }
        return log();
    }

    /** Stops it with SIGTERM. @return the exit code */
    public int terminate() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(40, TimeUnit.SECONDS)) {
            throw new IllegalStateException("the server does not stop");
        }
        return process.exitValue();
    }

    /** Kills it, like a power failure. */
    public void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
