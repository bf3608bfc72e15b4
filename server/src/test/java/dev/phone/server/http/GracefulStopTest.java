// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.phone.api.Operations;
import java.io.IOException;
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
            assertThrows(IOException.class, () -> new Wire(port).close(), "nobody new is let in");
            assertTrue(stop.isAlive(), "it waits for the request in flight");

            finish.countDown();
            Wire.Response response = inFlight.read();
            assertEquals(200, response.status());
            assertEquals("close", response.headers().get("connection"));
            stop.join(2_000);
            assertFalse(stop.isAlive(), "it waits no longer than it must");
        }
    }
}
