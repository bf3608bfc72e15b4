// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.phone.api.Operations;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LimitsTest {
    private static final String OTP = "{\"phoneNumber\":\"+999 482 918 102\"}";

    /** Stands still until it is moved. */
    private static final class Hands extends Clock {
        private Instant now = Instant.parse("2026-01-15T09:30:00Z");

        @Override
        public Instant instant() {
            return now;
        }

        void forward(long millis) {
            now = now.plusMillis(millis);
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }

    private final Hands clock = new Hands();

    private TestEdge.Builder edge() {
        return TestEdge.builder().clock(clock)
                .route(Operations.LIST_PROJECTS, (caller, input) -> TestEdge.OK)
                .route(Operations.SEND_OTP, (caller, input) -> TestEdge.OK)
                .route(Operations.CREATE_BIN, (caller, input) -> TestEdge.OK);
    }

    private static HttpResponse<String> sendOtp(TestEdge edge) throws Exception {
        return edge.send(edge.application("/v1/otp/send").header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(OTP)));
    }

    private static String header(HttpResponse<?> response, String name) {
        return response.headers().firstValue(name).orElse(null);
    }

    @Test
    void everyResponseTellsHowTheCallerStands() throws Exception {
        try (TestEdge edge = edge().start()) {
            HttpResponse<String> first = edge.send(edge.console("/v1/projects"));
            assertEquals("\"requests\";q=120;w=60", header(first, "RateLimit-Policy"));
            assertEquals("\"requests\";r=119;t=60", header(first, "RateLimit"));
            clock.forward(12_300);
            HttpResponse<String> both = sendOtp(edge);
            assertEquals("\"requests\";q=120;w=60, \"otp-send\";q=5;w=60", header(both, "RateLimit-Policy"));
            assertEquals("\"requests\";r=118;t=48, \"otp-send\";r=4;t=60", header(both, "RateLimit"));
            // Who it is has not been found out, so only the address has been charged.
            HttpResponse<String> stranger = edge.send(edge.request("/v1/otp/send").POST(HttpRequest.BodyPublishers.noBody()));
            assertEquals(401, stranger.statusCode());
            assertEquals("\"requests\";q=120;w=60, \"otp-send\";q=5;w=60", header(stranger, "RateLimit-Policy"));
            assertEquals("\"requests\";r=117;t=48", header(stranger, "RateLimit"));
            assertNull(header(edge.send(edge.request("/health/live")), "RateLimit"));
        }
    }

    @Test
    void aWindowIsOverAfterItsLength() throws Exception {
        try (TestEdge edge = edge().start()) {
            for (int i = 0; i < 5; i++) {
                assertEquals(200, sendOtp(edge).statusCode());
                clock.forward(3_000);
            }
            HttpResponse<String> refused = sendOtp(edge);
            assertEquals(429, refused.statusCode());
            assertEquals("45", header(refused, "Retry-After"));
            assertEquals("Too many OTP requests — retry in 45s",
                    TestEdge.json(refused.body()).getJsonObject("error").getString("message"));
            assertTrue(header(refused, "RateLimit").endsWith("\"otp-send\";r=0;t=45"), header(refused, "RateLimit"));
            clock.forward(44_999);
            assertEquals("1", header(sendOtp(edge), "Retry-After"));
            clock.forward(1);
            HttpResponse<String> again = sendOtp(edge);
            assertEquals(200, again.statusCode());
            assertTrue(header(again, "RateLimit").endsWith("\"otp-send\";r=4;t=60"), header(again, "RateLimit"));
        }
    }

    @Test
    void theBackstopComesBeforeEverythingButTheRoute() throws Exception {
        try (TestEdge edge = edge().limits(Map.of("requests", new Limits.Setting(OptionalInt.of(2), OptionalInt.of(10)))).start()) {
            edge.send(edge.console("/v1/projects"));
            edge.send(edge.request("/v1/projects"));
            HttpResponse<String> refused = edge.send(edge.request("/v1/projects"));
            assertEquals(429, refused.statusCode());
            assertEquals("\"requests\";q=2;w=10", header(refused, "RateLimit-Policy"));
            assertEquals("10", header(refused, "Retry-After"));
            assertEquals(404, edge.send(edge.request("/v1/nowhere")).statusCode());
        }
    }

    @Test
    void exactlyTheQuotaPassesHoweverManyComeAtOnce() throws Exception {
        for (int round = 0; round < 50; round++) {
            MemoryLimitStore store = new MemoryLimitStore(clock);
            List<Integer> counts = atOnce(64, () -> store.hit("key", 60).count());
            assertEquals(IntStream.rangeClosed(1, 64).boxed().toList(), counts.stream().sorted().toList());
        }
        try (TestEdge edge = edge().start()) {
            List<Integer> statuses = atOnce(64, () -> sendOtp(edge).statusCode());
            assertEquals(5, statuses.stream().filter(status -> status == 200).count(), statuses::toString);
            assertEquals(59, statuses.stream().filter(status -> status == 429).count(), statuses::toString);
        }
    }

    private static <T> List<T> atOnce(int threads, Callable<T> work) throws Exception {
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            List<T> results = new java.util.ArrayList<>();
            for (Future<T> future : executor.invokeAll(java.util.Collections.nCopies(threads, work))) {
                results.add(future.get());
            }
            return results;
        }
    }

    @Test
    void switchedOffTheyAreStillTold() throws Exception {
        try (TestEdge edge = edge().unlimited().start()) {
            for (int i = 0; i < 6; i++) {
                HttpResponse<String> response = sendOtp(edge);
                assertEquals(200, response.statusCode());
                assertEquals("\"requests\";r=120;t=60, \"otp-send\";r=5;t=60", header(response, "RateLimit"));
            }
        }
    }

    @Test
    void eachClientOfATrustedProxyHasItsOwn() throws Exception {
        try (TestEdge edge = edge().proxies("127.0.0.0/8").start()) {
            assertEquals("\"requests\";r=119;t=60", header(edge.send(edge.console("/v1/projects").header("X-Forwarded-For", "1.1.1.1")),
                    "RateLimit"));
            assertEquals("\"requests\";r=119;t=60", header(edge.send(edge.console("/v1/projects").header("X-Forwarded-For", "1.1.1.2")),
                    "RateLimit"));
        }
        try (TestEdge edge = edge().start()) {
            edge.send(edge.console("/v1/projects").header("X-Forwarded-For", "1.1.1.1"));
            assertEquals("\"requests\";r=118;t=60", header(edge.send(edge.console("/v1/projects").header("X-Forwarded-For", "1.1.1.2")),
                    "RateLimit"));
        }
    }
}
