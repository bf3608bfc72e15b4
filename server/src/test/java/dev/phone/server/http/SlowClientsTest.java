// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.phone.api.Operations;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SlowClientsTest {
    private static final String POST = "POST /v1/projects HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";
    private static final Duration PATIENCE = Duration.ofMillis(500);

    private static final AtomicInteger handled = new AtomicInteger();
    private static TestApi api;

    @BeforeAll
    static void start() {
        api = TestApi.builder().unlimited().patience(PATIENCE)
                .route(Operations.CREATE_PROJECT, (caller, input) -> {
                    handled.incrementAndGet();
                    try {
                        Thread.sleep(3 * PATIENCE.toMillis());
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                    return TestApi.OK;
                }).start();
    }

    @AfterAll
    static void stop() {
        api.close();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(quoteCharacter = '`', value = {
        // what comes slowly, what comes at once, what then comes again and again
        "headers,                  `Authorization: Bearer dev_alice~`,                              `x: y~`",
        "a body,                   `Authorization: Bearer dev_alice~Content-Length: 1000~~`,        ` `",
        "chunks,                   `Authorization: Bearer dev_alice~Transfer-Encoding: chunked~~`,  `1~ ~`",
        "a body nobody wants,      `Content-Length: 1000~~`,                                        ` `",
        "a chunk that is none,     `Transfer-Encoding: chunked~~zz~x`,                              `x`"})
    void whoTakesTooLongIsCutOff(String name, String start, String again) throws Exception {
        try (Wire wire = new Wire(api.port())) {
            wire.send(POST + start.replace("~", "\r\n"));
            long began = System.nanoTime();
            boolean closed = false;
            while (!closed && System.nanoTime() - began < 10 * PATIENCE.toNanos()) {
                wire.send(again.replace("~", "\r\n"));
                closed = wire.isClosedWithin(Duration.ofMillis(50));
            }
            assertTrue(closed, name);
            assertEquals(0, handled.get());
        }
    }

    @Test
    void ourOwnTimeIsNotTheClients() throws Exception {
        try (Wire wire = new Wire(api.port())) {
            for (int i = 0; i < 2; i++) {
                wire.send(POST + "Authorization: Bearer dev_alice\r\nContent-Length: 12\r\n\r\n{\"name\":\"x\"}");
                assertEquals(200, wire.read().status());
                // Between two requests, only Helidon's much longer timeout counts.
                assertFalse(wire.isClosedWithin(PATIENCE.multipliedBy(2)));
            }
        } finally {
            handled.set(0);
        }
    }
}
