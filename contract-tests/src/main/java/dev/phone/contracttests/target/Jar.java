// SPDX-License-Identifier: Apache-2.0
package dev.phone.contracttests.target;

import java.io.BufferedReader;
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
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** A jar as shipped, in its own process. */
public final class Jar implements AutoCloseable {
    public static final Path ROOT = Path.of(System.getProperty("phone.root", ".."));

    public final int port;
    public final Process process;
    private final Path log;

    private Jar(int port, Process process, Path log) {
        this.port = port;
        this.process = process;
        this.log = log;
    }

    /** Starts the server and waits until it is ready. */
    public static Jar start(Path directory, Map<String, String> environment) throws IOException, InterruptedException {
        return start("server/target/phone-server.jar", "PHONE_PORT", "/health/ready", directory, environment);
    }

    /** Starts the mock and waits until it is ready. */
    public static Jar mock(Map<String, String> environment) {
        try {
            Path directory = Files.createTempDirectory("phone-mock");
            directory.toFile().deleteOnExit();
            return start("mock/target/phone-mock.jar", "PHONE_MOCK_PORT", "/openapi.json", directory, environment);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static Jar start(String path, String portVariable, String readyPath, Path directory, Map<String, String> environment)
            throws IOException, InterruptedException {
        int port = freePort();
        Path log = Files.createTempFile(directory, "output", ".log");
        Path jar = ROOT.resolve(path).toAbsolutePath().normalize();
        ProcessBuilder builder = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:+ExitOnOutOfMemoryError", "-jar", jar.toString())
                .directory(directory.toFile()).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("PHONE_"));
        builder.environment().put(portVariable, String.valueOf(port));
        builder.environment().putAll(environment);
        Jar started = new Jar(port, builder.start(), log);
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest ready = HttpRequest.newBuilder(URI.create(started.url(readyPath))).timeout(Duration.ofSeconds(5)).build();
            for (int i = 0; i < 600; i++) {
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
        throw new IllegalStateException("it is not ready after 30 s:\n" + started.log());
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

    /** The standard output of a command. */
    public static String output(ProcessBuilder builder) throws IOException, InterruptedException {
        Process process = builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
        process.getOutputStream().close();
        StringBuilder text = new StringBuilder();
        try (BufferedReader reader = process.inputReader()) {
            reader.lines().forEach(line -> text.append(line).append('\n'));
        }
        process.waitFor();
        return text.toString();
    }
}
