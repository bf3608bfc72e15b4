// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.webhook;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.standardwebhooks.Webhook;
import dev.phone.api.WebhookAttempt;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is sent, and what receivers that mean us no good can do: little, and not for long. */
class SenderTest {
    private static final String SECRET = "whsec_1259d241e3c075e3384451e07b98158d84a9b4d085caba10";
    private static final String OLD_SECRET = "whsec_df4fec0c2f87858768f1c024c9fa0560aa7cf0475ecb32bd";
    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    private final Sender sender = new Sender(new Destinations(true, null, InetAddress::getAllByName), LocalReceiver.NONE, InstantSource.system(), 10,
            TIMEOUT);

    @AfterEach
    void close() {
        sender.close();
    }

    private WebhookAttempt send(String url, String... secrets) {
        return sender.send(new WebhookStore.Target("whk_1", "user", url, List.of(secrets.length == 0 ? new String[] {SECRET} : secrets), false), "evt_1",
                "{\"hello\":\"Phöne\"}");
    }

    private WebhookAttempt answered(String response) throws Exception {
        return answered((request, out) -> out.write(response.getBytes(StandardCharsets.US_ASCII)));
    }

    private WebhookAttempt answered(TestReceiver.Answer answer) throws Exception {
        try (TestReceiver receiver = new TestReceiver(answer)) {
            return send(receiver.url());
        }
    }

    @Test
    void thePublishedLibraryVerifiesBothSignatures() throws Exception {
        try (TestReceiver receiver = new TestReceiver(204)) {
            WebhookAttempt attempt = send(receiver.url() + "?a=%20b#c", SECRET, OLD_SECRET);
            assertEquals(204, attempt.status());
            assertNull(attempt.error());
            TestReceiver.Request request = receiver.next();
            assertEquals("POST /hook?a=%20b", request.method() + " " + request.target());
            assertEquals("application/json", request.headers().get("content-type").replaceAll(";.*", ""));
            for (String secret : List.of(SECRET, OLD_SECRET)) {
                assertDoesNotThrow(() -> new Webhook(secret).verify(request.body(), request.httpHeaders()));
            }
        }
    }

    @Test
    void theTimestampIsThatOfTheMachine() throws Exception {
        try (TestReceiver receiver = new TestReceiver(204)) {
            send(receiver.url());
            long timestamp = Long.parseLong(receiver.next().headers().get("webhook-timestamp"));
            assertTrue(Math.abs(timestamp - InstantSource.system().instant().getEpochSecond()) < 60);
        }
    }

    @Test
    void whatIsNeitherSuccessNorAnAnswerHasAReason() throws Exception {
        assertEquals("the endpoint answered 500", answered("HTTP/1.1 500 X\r\ncontent-length: 3\r\n\r\nabc").error());
        assertEquals("the endpoint answered 302",
                answered("HTTP/1.1 302 X\r\nlocation: http://localhost:1/\r\ncontent-length: 0\r\n\r\n").error());
        assertEquals("the endpoint answered 401", answered("HTTP/1.1 401 X\r\nwww-authenticate: Basic realm=x\r\ncontent-length: 0\r\n\r\n").error());
        assertEquals("the connection broke", answered((request, out) -> out.close()).error());
        assertEquals("the connection broke", answered("SSH-2.0-OpenSSH_9.9\r\n").error());
        assertEquals("no connection to the endpoint", send("http://localhost:1/").error());
        assertEquals(Duration.ofSeconds(7), answered("HTTP/1.1 503 X\r\nRetry-After: 7\r\ncontent-length: 0\r\n\r\n").retryAfter());
    }

    @Test
    void aReceiverThatHangsOrDripsIsLeft() throws Exception {
        String error = WebhookAttempt.timedOut(0).error();
        WebhookAttempt hung = answered((request, out) -> Thread.sleep(Duration.ofMinutes(1)));
        assertEquals(error, hung.error());
        assertTrue(hung.millis() >= TIMEOUT.toMillis() - 100 && hung.millis() < 20_000, hung.toString());
        // A byte now and then keeps any timeout of a socket from ending it.
        WebhookAttempt dripped = answered((request, out) -> drip(out, "HTTP/1.1 200 X\r\nx: " + "x".repeat(5_000)));
        assertEquals(error, dripped.error());
        assertTrue(dripped.millis() < 20_000, dripped.toString());
    }

    @Test
    void addressesWhereNobodyAcceptsAreLeftTogether() throws Exception {
        InetAddress[] many = {InetAddress.getByName("127.0.0.1"), InetAddress.getByName("127.0.0.2"), InetAddress.getByName("127.0.0.3")};
        List<Socket> waiting = new ArrayList<>();
        // What is full does not answer a SYN, as a packet filter that drops it.
        try (ServerSocket full = new ServerSocket(0, 1); Sender unlucky = new Sender(new Destinations(true, null, host -> many), LocalReceiver.NONE,
                InstantSource.system(), 10, TIMEOUT)) {
            for (boolean accepted = true; accepted; ) {
                Socket socket = new Socket();
                waiting.add(socket);
                try {
                    socket.connect(new InetSocketAddress(many[0], full.getLocalPort()), 500);
                } catch (SocketTimeoutException e) {
                    accepted = false;
                }
            }
            WebhookAttempt attempt = unlucky.send(new WebhookStore.Target("whk_1", "user", "http://localhost:" + full.getLocalPort() + "/", List.of(SECRET), false),
                    "evt_1", "{}");
            assertEquals(WebhookAttempt.timedOut(0).error(), attempt.error());
            assertTrue(attempt.millis() < TIMEOUT.toMillis() * 3 / 2, attempt.toString());
        } finally {
            for (Socket socket : waiting) {
                socket.close();
            }
        }
    }

    @Test
    void aHandshakeThatDripsIsLeft() throws Exception {
        CompletableFuture<Integer> first = new CompletableFuture<>();
        try (ServerSocket server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> {
                try (Socket socket = server.accept()) {
                    first.complete(socket.getInputStream().read());
                    // The head of a record of TLS 1.2 that holds 16 KiB of handshake.
                    socket.getOutputStream().write(new byte[] {22, 3, 3, 0x40, 0});
                    drip(socket.getOutputStream(), "\0".repeat(5_000));
                } catch (Exception e) {
                    // The other side has gone.
                }
            });
            WebhookAttempt attempt = send("https://localhost:" + server.getLocalPort() + "/");
            assertEquals(22, first.get(), "it begins with a handshake");
            assertEquals(WebhookAttempt.timedOut(0).error(), attempt.error());
            assertTrue(attempt.millis() < TIMEOUT.toMillis() * 3 / 2, attempt.toString());
        }
    }

    private static void drip(OutputStream out, String text) throws Exception {
        for (byte each : text.getBytes(StandardCharsets.US_ASCII)) {
            out.write(each);
            out.flush();
            Thread.sleep(50);
        }
    }

    @Test
    void aBodyThatDripsDoesNotChangeTheAnswer() throws Exception {
        WebhookAttempt attempt = answered((request, out) -> {
            out.write("HTTP/1.1 200 X\r\ncontent-length: 5000\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            drip(out, "x".repeat(5_000));
        });
        assertEquals(200, attempt.status());
        assertTrue(attempt.succeeded());
    }

    @Test
    void aBodyOfAGigabyteIsNotRead() throws Exception {
        AtomicLong written = new AtomicLong();
        CountDownLatch over = new CountDownLatch(2);
        TestReceiver.Answer endless = (request, out) -> {
            try {
                out.write("HTTP/1.1 200 X\r\ntransfer-encoding: chunked\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                byte[] chunk = ("10000\r\n" + "x".repeat(65_536) + "\r\n").getBytes(StandardCharsets.US_ASCII);
                for (int i = 0; i < 16_384; i++) {
                    out.write(chunk);
                    written.addAndGet(65_536);
                }
            } finally {
                over.countDown();
            }
        };
        try (TestReceiver receiver = new TestReceiver(endless)) {
            assertTrue(send(receiver.url()).succeeded());
            assertTrue(send(receiver.url()).succeeded());
            assertTrue(over.await(30, TimeUnit.SECONDS), "both connections are closed");
        }
        assertTrue(written.get() < 64L << 20, () -> written + " bytes were taken");
    }

    /** A body that does not end is read to the limit, and not a byte further. */
    @Test
    void aBodyIsReadTo16KiB() throws Exception {
        for (int bytes : List.of(16 * 1_024, 16 * 1_024 + 1)) {
            CountDownLatch end = new CountDownLatch(1);
            CompletableFuture<WebhookAttempt> attempt = new CompletableFuture<>();
            Thread.startVirtualThread(() -> {
                try {
                    attempt.complete(answered((request, out) -> {
                        out.write(("HTTP/1.1 200 X\r\ntransfer-encoding: chunked\r\n\r\n" + Integer.toHexString(bytes) + "\r\n" + "x".repeat(bytes) + "\r\n")
                                .getBytes(StandardCharsets.US_ASCII));
                        out.flush();
                        end.await();
                        out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                    }));
                } catch (Exception e) {
                    attempt.completeExceptionally(e);
                }
            });
            boolean isLeft = bytes > 16 * 1_024;
            assertEquals(isLeft, attempt.completeOnTimeout(null, isLeft ? 1_500 : 300, TimeUnit.MILLISECONDS).get() != null, bytes + " bytes");
            end.countDown();
        }
    }

    @Test
    void headersWithoutEndAreLeft() throws Exception {
        assertEquals("the connection broke", answered("HTTP/1.1 200 X\r\nx: " + "x".repeat(100_000) + "\r\n\r\n").error());
        assertEquals("the connection broke", answered("HTTP/1.1 200 X\r\n" + "x: y\r\n".repeat(10_000) + "\r\n").error());
    }

    @Test
    void anAddressOfThisServerNeedsNoConnection() {
        try (Sender local = new Sender(new Destinations(false, null, InetAddress::getAllByName), (url, headers, body) -> {
            assertEquals("{}", body);
            assertTrue(headers.get("webhook-signature").startsWith("v1,"));
            return url.getPath().equals("/bin") ? OptionalInt.of(200) : OptionalInt.empty();
        }, InstantSource.system(), 10, TIMEOUT)) {
            List<String> secrets = List.of(SECRET);
            assertEquals(200, local.send(new WebhookStore.Target("whk_1", "user", "http://localhost:1/bin", secrets, false), "evt_1", "{}").status());
            assertEquals(0, local.send(new WebhookStore.Target("whk_1", "user", "http://localhost:1/other", secrets, false), "evt_1", "{}").status());
        }
    }
}
