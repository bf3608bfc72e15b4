// SPDX-License-Identifier: Apache-2.0
package dev.phone.mock.webhook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.phone.api.WebhookAttempt;
import jakarta.json.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Endpoints that answer without an end. What proper ones get is tested in contract-tests. */
class WebhookClientTest {
    private static final Duration TIMEOUT = Duration.ofMillis(500);
    private static final Duration LONG = Duration.ofSeconds(60);

    /** Writes the same bytes again and again, until the connection is closed. */
    private static final class Endless implements AutoCloseable {
        private final ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        private final CompletableFuture<Long> written = new CompletableFuture<>();

        Endless(String head, String piece, long pauseMillis) throws IOException {
            Thread.startVirtualThread(() -> {
                long bytes = 0;
                try (Socket connection = socket.accept()) {
                    OutputStream out = connection.getOutputStream();
                    out.write(head.getBytes(StandardCharsets.US_ASCII));
                    while (true) {
                        out.write(piece.getBytes(StandardCharsets.US_ASCII));
                        bytes += piece.length();
                        Thread.sleep(pauseMillis);
                    }
                } catch (IOException | InterruptedException e) {
                    written.complete(bytes);
                }
            });
        }

        WebhookAttempt attempt(Duration timeout) throws Exception {
            CompletableFuture<WebhookAttempt> attempt = new CompletableFuture<>();
            try (WebhookClient client = new WebhookClient(Clock.systemUTC(), timeout)) {
                Event event = new Event("evt_1", "webhook.test", Instant.EPOCH, Json.createObjectBuilder().add("data", Json.createObjectBuilder()).build(),
                        "x", null, Duration.ZERO);
                client.send("http://127.0.0.1:" + socket.getLocalPort() + "/", "", event, () -> List.of("whsec_AAAA"), attempt::complete);
                WebhookAttempt made = attempt.get(30, TimeUnit.SECONDS);
                written.get(30, TimeUnit.SECONDS);
                return made;
            }
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    /** The status is known when the body begins. */
    @Test
    void aBodyThatDripsEndsWithTheTimeout() throws Exception {
        for (String head : List.of("content-length: 5000", "transfer-encoding: chunked", "x: until the end")) {
            String piece = head.endsWith("chunked") ? "1\r\nx\r\n" : "x";
            try (Endless endpoint = new Endless("HTTP/1.1 500 X\r\nretry-after: 7\r\n" + head + "\r\n\r\n", piece, 10)) {
                WebhookAttempt attempt = endpoint.attempt(TIMEOUT);
                assertEquals(500, attempt.status(), head);
                assertEquals(Duration.ofSeconds(7), attempt.retryAfter(), head);
            }
        }
    }

    @Test
    void aHeadThatDripsIsNoAnswer() throws Exception {
        try (Endless endpoint = new Endless("HTTP/1.1 200 X\r\n", "x: x\r\n", 10)) {
            WebhookAttempt attempt = endpoint.attempt(TIMEOUT);
            assertEquals(0, attempt.status());
            assertTrue(attempt.error().startsWith("no answer"), attempt.error());
        }
    }

    @Test
    void aBodyWithoutAnEndIsNotRead() throws Exception {
        try (Endless endpoint = new Endless("HTTP/1.1 200 X\r\n\r\n", "x".repeat(IgnoredBody.LONGEST), 0)) {
            assertTrue(endpoint.attempt(LONG).succeeded());
            assertTrue(endpoint.written.join() < 64 << 20, () -> endpoint.written.join() + " bytes were taken");
        }
    }
}
