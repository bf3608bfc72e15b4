// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.phone.api.Operations;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class GracefulStopTest {
    private static final String GET = "GET /v1/projects HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer dev_alice\r\n\r\n";

    @Test
    void requestsInFlightFinish() throws Exception {
        CountDownLatch arrived = new CountDownLatch(1);
        CountDownLatch finish = new CountDownLatch(1);
        TestApi api = TestApi.builder().route(Operations.LIST_PROJECTS, (caller, input) -> {
            arrived.countDown();
            try {
                finish.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return TestApi.OK;
        }).start();
        int port = api.port();
        try (Wire inFlight = new Wire(port); Wire idle = new Wire(port)) {
            idle.send("GET /openapi.json HTTP/1.1\r\nHost: localhost\r\n\r\n").read();
            inFlight.send(GET);
            assertTrue(arrived.await(5, TimeUnit.SECONDS));

            Thread stop = Thread.ofPlatform().start(api::close);
            assertTrue(idle.isClosed(), "a connection that waits for nothing is closed at once");
            assertTrue(isRefused(port), "nobody new is let in");
            assertTrue(stop.isAlive(), "it waits for the request in flight");

            finish.countDown();
            Wire.Response response = inFlight.read();
            assertEquals(200, response.status());
            assertEquals("close", response.headers().get("connection"));
            stop.join(2_000);
            assertFalse(stop.isAlive(), "it waits no longer than it must");
        }
    }

    /** Whether nobody listens any more, or does not for much longer: Helidon closes connections that wait for nothing first. */
    private static boolean isRefused(int port) throws InterruptedException {
        for (long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(5); System.nanoTime() < end; Thread.sleep(10)) {
            try {
                new Wire(port).close();
            } catch (IOException e) {
                return true;
            }
        }
        return false;
    }

    /** Helidon would wait for them as long as for those that we are working on. */
    @Test
    void whoIsStillSendingHasLittleTime() throws Exception {
        TestApi api = TestApi.builder().unlimited().route(Operations.CREATE_PROJECT, (caller, input) -> TestApi.OK).start();
        try (Wire head = new Wire(api.port()).send(GET.substring(0, GET.length() - 4));
                Wire body = new Wire(api.port()).send("POST /v1/projects HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer dev_alice\r\n"
                        + "Content-Type: application/json\r\nContent-Length: 12\r\n\r\n{")) {
            // Until the server has read what there is, they would be idle connections.
            assertFalse(head.isClosedWithin(Duration.ofSeconds(1)));
            Thread stop = Thread.ofPlatform().start(api::close);
            assertFalse(body.isClosedWithin(Duration.ofSeconds(1)), "it may still be finished");
            stop.join(14_000);
            assertFalse(stop.isAlive());
        }
    }

    @Test
    void whoIsStillSendingWhatWasRefusedHasLittleTime() throws Exception {
        TestApi api = TestApi.builder().unlimited().start();
        try (Wire rest = new Wire(api.port()).send("POST /nowhere HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n{")) {
            assertEquals(404, rest.read().status());
            Thread drip = Thread.startVirtualThread(() -> {
                try {
                    while (true) {
                        Thread.sleep(200);
                        rest.send("x");
                    }
                } catch (IOException | InterruptedException e) {
                    // The connection is closed.
                }
            });
            Thread stop = Thread.ofPlatform().start(api::close);
            stop.join(14_000);
            assertFalse(stop.isAlive());
            drip.interrupt();
        }
    }
}
