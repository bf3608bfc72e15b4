// SPDX-License-Identifier: Apache-2.0
package dev.phone.mock.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.phone.api.ApiError;
import dev.phone.api.ConnectionLimits;
import dev.phone.mock.handler.HttpRequest;
import dev.phone.mock.handler.Responder;
import dev.phone.mock.handler.Response;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What clients may take of the mock's server: threads, time, connections and memory. */
@Timeout(30)
class ConnectionsTest {
    private static final Duration LONG = Duration.ofMinutes(5);
    private static final byte[] SMALL = new byte[2];
    private static final byte[] LARGE = new byte[16 << 20];
    private static final String HEAD = "POST /x HTTP/1.1\r\nHost: x\r\n";

    private final CountDownLatch working = new CountDownLatch(1);
    private final List<Socket> sockets = new ArrayList<>();
    private MockServer server;

    /** Reads the body and answers; at {@code /large} with a lot, at {@code /wait} not before it is allowed to. */
    private final class Answers implements Responder {
        @Override
        public Response handle(HttpRequest request) {
            if (request.path().equals("/wait")) {
                try {
                    working.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }
            try {
                request.body();
            } catch (ApiError e) {
                return refuse(e, "no body");
            }
            return Response.status(200, "req_1").body("text/plain", request.path().equals("/large") ? LARGE : SMALL).because("test");
        }

        @Override
        public boolean isHealth(HttpRequest request) {
            return false;
        }

        @Override
        public boolean knows(HttpRequest request) {
            return true;
        }

        @Override
        public Response refuse(ApiError error, String reason) {
            return Response.status(error.status(), "req_1").because(reason);
        }
    }

    private void start(int most, int perAddress, long bytes, Duration patience) {
        server = new MockServer("127.0.0.1", 0, new Answers(), () -> false, () -> null, new AdminGuard("127.0.0.1", List.of(), List.of()), null,
                new ConnectionLimits(most, perAddress, bytes, patience));
        server.start();
    }

    @AfterEach
    void stop() throws IOException {
        working.countDown();
        for (Socket socket : sockets) {
            socket.close();
        }
        server.stop();
    }

    private Socket connect(String from, String sent) throws IOException {
        Socket socket = new Socket(InetAddress.getByName("127.0.0.1"), server.port(), InetAddress.getByName(from), 0);
        socket.setSoTimeout(30_000);
        sockets.add(socket);
        socket.getOutputStream().write(sent.getBytes(StandardCharsets.ISO_8859_1));
        return socket;
    }

    private Socket connect(String sent) throws IOException {
        return connect("127.0.0.1", sent);
    }

    private static void assertAnswered(Socket socket) throws IOException {
        assertEquals("HTTP/1.1 200", new String(socket.getInputStream().readNBytes(12), StandardCharsets.ISO_8859_1));
    }

    private static void assertClosed(Socket socket) throws IOException {
        try {
            while (socket.getInputStream().read() >= 0) {
                // What came before.
            }
        } catch (SocketException reset) {
            // Closed just as well.
        }
    }

    private void assertHonestClientIsAnswered() throws IOException {
        assertAnswered(connect("GET /x HTTP/1.1\r\nHost: x\r\n\r\n"));
    }

    /** Jetty's pool has at most 200 threads. */
    @ParameterizedTest
    @ValueSource(strings = {HEAD + "Content-Length: 10\r\n\r\n123", "GET /large HTTP/1.1\r\nHost: x\r\n\r\n", "GET /wait HTTP/1.1\r\nHost: x\r\n\r\n"})
    void whoIsSlowHoldsNoThreadThatOthersNeed(String request) throws IOException {
        start(1_000, 1_000, 1 << 30, LONG);
        for (int i = 0; i < 300; i++) {
            connect(request);
        }
        assertHonestClientIsAnswered();
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET /x HTTP/1.1\r\nHost", HEAD + "Content-Length: 10\r\n\r\n123", HEAD + "Transfer-Encoding: chunked\r\n\r\nffff\r\n123",
            "GET /large HTTP/1.1\r\nHost: x\r\n\r\n"})
    void whoNeverEndsIsCutOff(String request) throws Exception {
        start(10, 10, 1 << 30, Duration.ofMillis(500));
        Socket slow = connect(request);
        if (!request.startsWith("GET /large")) {
            // A byte now and then changes nothing.
            Thread drip = Thread.ofVirtual().start(() -> {
                try {
                    while (true) {
                        Thread.sleep(50);
                        slow.getOutputStream().write('1');
                    }
                } catch (IOException | InterruptedException e) {
                    // Cut off.
                }
            });
            assertClosed(slow);
            drip.join();
        }
        until(() -> server.connections().cutOff() == 1 && server.connections().count() == 0);
    }

    @Test
    void whoWaitsForUsIsNotCutOff() throws IOException, InterruptedException {
        start(10, 10, 1 << 30, Duration.ofSeconds(1));
        Socket waiting = connect("GET /wait HTTP/1.1\r\nHost: x\r\n\r\n");
        // Somebody who is late is cut off in the meantime.
        assertClosed(connect("GET /x HTTP/1.1\r\nHost"));
        working.countDown();
        assertAnswered(waiting);
    }

    @Test
    void whenThereAreTooManyTheOneThatWaitsForTheLongestIsClosed() throws IOException {
        start(20, 20, 1 << 30, LONG);
        Socket first = connect("GET /x HTTP/1.1\r\nHost");
        until(() -> server.connections().count() == 1);
        for (int i = 0; i < 100; i++) {
            connect("127.0.0.2", "GET /x HTTP/1.1\r\nHost");
        }
        assertHonestClientIsAnswered();
        until(() -> server.connections().count() <= 20);
        // It is the only one of its address, so others went.
        first.getOutputStream().write(": x\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
        assertAnswered(first);
    }

    @Test
    void anAddressHasALimitOfItsOwn() throws IOException {
        start(100, 5, 1 << 30, LONG);
        for (int i = 0; i < 30; i++) {
            connect("127.0.0.2", "GET /x HTTP/1.1\r\nHost");
        }
        assertHonestClientIsAnswered();
        until(() -> server.connections().cutOff() == 25);
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET /x HTTP/1.1\r\nHost: x\r\n", HEAD + "Content-Length: 60000\r\n\r\n"})
    void whatAllHoldIsBounded(String request) throws IOException {
        start(1_000, 1_000, 2 << 20, LONG);
        String more = request.startsWith("GET") ? "a:b\r\n".repeat(2_000) : "x".repeat(50_000);
        for (int i = 0; i < 100; i++) {
            try {
                connect(request + more);
            } catch (SocketException cutOff) {
                // So soon.
            }
        }
        until(() -> server.connections().cutOff() >= 50);
        untilAllIsRead();
        assertHonestClientIsAnswered();
        assertTrue(server.connections().held() <= 2 << 20);
    }

    /** While a crowd is being read, a newcomer may be the one that has been waited for longest. */
    private void untilAllIsRead() {
        long[] held = {-1};
        long[] since = {0};
        until(() -> {
            long now = server.connections().held();
            if (now != held[0]) {
                held[0] = now;
                since[0] = System.nanoTime();
            }
            return System.nanoTime() - since[0] > 200_000_000;
        });
    }

    private void until(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            LockSupport.parkNanos(5_000_000);
            assertFalse(Thread.interrupted(), () -> server.connections().count() + " connections, " + server.connections().cutOff() + " cut off");
        }
    }
}
