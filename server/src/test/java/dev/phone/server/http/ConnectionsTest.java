// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.phone.api.ConnectionLimits;
import dev.phone.api.Operations;
import jakarta.json.Json;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Which connection goes when there are too many, or when they hold too much. */
class ConnectionsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration SOON = Duration.ofSeconds(5);
    private static final Duration SOME_TIME = Duration.ofMillis(300);
    private static final String GET = "GET /v1/projects HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer dev_alice\r\n\r\n";
    private static final String POST = "POST /v1/projects HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            + "Authorization: Bearer dev_alice\r\n";

    private static TestApi start(ConnectionLimits limits) {
        return TestApi.builder().unlimited().connections(limits)
                .route(Operations.LIST_PROJECTS, (caller, input) -> TestApi.OK)
                .route(Operations.CREATE_PROJECT, (caller, input) -> TestApi.OK).start();
    }

    @Test
    void theOneThatKeepsUsWaitingForLongestGoes() throws Exception {
        try (TestApi api = start(new ConnectionLimits(2, 2, 1 << 20, PATIENCE));
                Wire slow = new Wire(api.port()).send(GET.substring(0, 30));
                Wire busy = new Wire(api.port())) {
            // The server reads connections in no particular order; what came this much earlier, it has read earlier.
            Thread.sleep(SOME_TIME);
            assertEquals(200, busy.send(GET).read().status());
            try (Wire late = new Wire(api.port())) {
                assertEquals(200, late.send(GET).read().status());
                assertTrue(slow.isClosedWithin(SOON));
                assertEquals(200, busy.send(GET).read().status());
            }
        }
    }

    @Test
    void anAddressHasNoMoreThanItsShare() throws Exception {
        try (TestApi api = start(new ConnectionLimits(100, 1, 1 << 20, PATIENCE)); Wire first = new Wire(api.port()).send(GET)) {
            assertEquals(200, first.read().status());
            try (Wire second = new Wire(api.port())) {
                assertEquals(200, second.send(GET).read().status());
                assertTrue(first.isClosedWithin(SOON));
            }
        }
    }

    @Test
    void aProxyHasNoShareOfItsOwn() throws Exception {
        try (TestApi api = TestApi.builder().unlimited().connections(new ConnectionLimits(100, 1, 1 << 20, PATIENCE)).proxies("127.0.0.1")
                .route(Operations.LIST_PROJECTS, (caller, input) -> TestApi.OK).start();
                Wire first = new Wire(api.port()); Wire second = new Wire(api.port())) {
            assertEquals(200, first.send(GET).read().status());
            assertEquals(200, second.send(GET).read().status());
            assertEquals(200, first.send(GET).read().status());
        }
    }

    @Test
    void whoWaitsForUsStays() throws Exception {
        CountDownLatch arrived = new CountDownLatch(1);
        CountDownLatch finish = new CountDownLatch(1);
        try (TestApi api = TestApi.builder().unlimited().connections(new ConnectionLimits(1, 1, 1 << 20, PATIENCE))
                .route(Operations.LIST_PROJECTS, (caller, input) -> {
                    arrived.countDown();
                    try {
                        finish.await();
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                    return TestApi.OK;
                }).start();
                Wire first = new Wire(api.port()).send(GET)) {
            arrived.await();
            try (Wire second = new Wire(api.port()).send(GET)) {
                assertTrue(second.isClosedWithin(SOON));
            }
            finish.countDown();
            assertEquals(200, first.read().status());
        }
    }

    @Test
    void headsThatHoldTooMuchGo() throws Exception {
        String head = "GET /v1/projects HTTP/1.1\r\nHost: localhost\r\n" + "x: y\r\n".repeat(1_000);
        try (TestApi api = start(new ConnectionLimits(100, 100, 300_000, PATIENCE));
                Wire first = new Wire(api.port()).send(head)) {
            assertFalse(first.isClosedWithin(SOME_TIME));
            try (Wire second = new Wire(api.port()).send(head)) {
                assertTrue(first.isClosedWithin(SOON));
                assertFalse(second.isClosedWithin(SOME_TIME));
            }
        }
    }

    @Test
    void bodiesThatHoldTooMuchGo() throws Exception {
        String body = POST + "Content-Length: 60000\r\n\r\n{\"name\":\"" + "a".repeat(40_000);
        try (TestApi api = start(new ConnectionLimits(100, 100, 60_000, PATIENCE));
                Wire first = new Wire(api.port()).send(body)) {
            assertFalse(first.isClosedWithin(SOME_TIME));
            try (Wire second = new Wire(api.port()).send(body)) {
                assertTrue(first.isClosedWithin(SOON));
                assertFalse(second.isClosedWithin(SOME_TIME));
            }
        }
    }

    /** Helidon would keep a chunk until it is complete. */
    @Test
    void aChunkThatIsLargeIsKeptInNoPlace() throws Exception {
        try (TestApi api = start(new ConnectionLimits(100, 100, 1 << 20, PATIENCE)); Wire wire = new Wire(api.port())) {
            wire.send(POST + "Transfer-Encoding: chunked\r\n\r\n3e80;x=y\r\n{\"name\":\"x\"" + " ".repeat(15_988) + "}\r\n2\r\n  \r\n0\r\n\r\n");
            assertEquals(200, wire.read().status());
            wire.send(POST + "Transfer-Encoding: chunked\r\n\r\n+3e80\r\n{\"name\":\"x\"" + " ".repeat(15_988) + "}\r\n0\r\n\r\n");
            assertEquals(422, wire.read().status());
        }
        try (TestApi api = start(new ConnectionLimits(100, 100, 1 << 20, PATIENCE)); Wire wire = new Wire(api.port())) {
            wire.send(POST + "Transfer-Encoding: chunked\r\n\r\nfffff\r\n" + " ".repeat(0xfffff) + "\r\n0\r\n\r\n");
            assertEquals(422, wire.read().status());
        }
    }

    @Test
    void theSizeOfAChunkHasAnEnd() throws Exception {
        try (TestApi api = start(new ConnectionLimits(100, 100, 1 << 20, PATIENCE)); Wire wire = new Wire(api.port())) {
            wire.send(POST + "Transfer-Encoding: chunked\r\n\r\n1;" + "x".repeat(5_000));
            assertEquals(422, wire.read().status());
        }
    }

    @Test
    void responsesThatNobodyTakesGo() throws Exception {
        String large = "x".repeat(4_000_000);
        try (TestApi api = TestApi.builder().unlimited().connections(new ConnectionLimits(100, 100, 6_000_000, PATIENCE))
                .route(Operations.LIST_PROJECTS, (caller, input) -> TestApi.ok(Json.createObjectBuilder().add("data", large).build())).start();
                Wire first = new Wire(api.port()).send(GET);
                Wire second = new Wire(api.port()).send(GET)) {
            // Each holds four megabytes, of which the kernel takes a little; there is room for one. Nobody takes any before both are held.
            first.awaitAnswer();
            second.awaitAnswer();
            assertEquals(1, Stream.of(first, second).filter(wire -> isComplete(wire, large)).count());
        }
    }

    private static boolean isComplete(Wire wire, String data) {
        try {
            return wire.read().body().equals("{\"data\":\"" + data + "\"}");
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void pagesAreThereOnceForAll() throws Exception {
        try (TestApi api = start(new ConnectionLimits(100, 100, 100_000, PATIENCE))) {
            Wire[] readers = new Wire[20];
            for (int i = 0; i < readers.length; i++) {
                readers[i] = new Wire(api.port()).send("GET /docs/scalar.js HTTP/1.1\r\nHost: localhost\r\n\r\n");
            }
            for (Wire reader : readers) {
                assertTrue(reader.read().body().length() > 1_000_000);
                reader.close();
            }
        }
    }
}
