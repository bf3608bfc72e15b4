// SPDX-License-Identifier: Apache-2.0

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Makes the AOT cache (JEP 514) of an archive: starts the program of the archive, asks it for what its users ask first, and stops it; the JVM then
 * writes what it has learned.
 *
 * <pre>java AotTraining.java PROGRAM JAVA_OPTIONS_VARIABLE PORT_VARIABLE CACHE</pre>
 */
final class AotTraining {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final List<String> PAGES = List.of("/openapi.json", "/openapi.yaml", "/docs", "/v1/projects", "/v1/numbers", "/health/ready");

    private AotTraining() {
    }

    public static void main(String[] arguments) throws Exception {
        Path cache = Path.of(arguments[3]);
        Files.deleteIfExists(cache);
        Path log = Files.createTempFile("aot-training", ".log");
        int port = freePort();
        ProcessBuilder builder = new ProcessBuilder(arguments[0]).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().put(arguments[1], "-XX:AOTCacheOutput=" + cache + " -XX:AOTMode=auto");
        builder.environment().put(arguments[2], String.valueOf(port));
        Process process = builder.start();
        try {
            train("http://localhost:" + port, process);
            // Stopped in an orderly way, the JVM writes the cache, which takes some seconds.
            process.destroy();
            process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } finally {
            process.destroyForcibly();
        }
        if (!Files.exists(cache)) {
            System.err.println(Files.readString(log));
            throw new IllegalStateException("the JVM wrote no " + cache);
        }
        Files.delete(log);
    }

    private static void train(String url, Process process) throws InterruptedException {
        HttpClient client = HttpClient.newHttpClient();
        long end = System.nanoTime() + PATIENCE.toNanos();
        boolean ready = false;
        while (!ready) {
            if (!process.isAlive() || System.nanoTime() > end) {
                throw new IllegalStateException("the program did not listen at " + url);
            }
            ready = get(client, url + "/openapi.json") == 200;
            Thread.sleep(50);
        }
        for (int round = 0; round < 20; round++) {
            PAGES.forEach(page -> get(client, url + page));
        }
    }

    /** The status; 0 when nobody answers. */
    private static int get(HttpClient client, String url) {
        try {
            return client.send(HttpRequest.newBuilder(URI.create(url)).header("authorization", "Bearer dev_alice").timeout(Duration.ofSeconds(10)).build(),
                    HttpResponse.BodyHandlers.discarding()).statusCode();
        } catch (IOException e) {
            return 0;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
