// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.phone.api.Operations;
import dev.phone.server.limits.MemoryRateLimits;
import dev.phone.server.limits.RateLimitStore;
import dev.phone.server.limits.RateLimits;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Instant;
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

/** What a client cannot see, or sees only of a server that is configured in its own way. */
class RateLimitsTest {
    private static final String OTP = "{\"phoneNumber\":\"+999 482 918 102\"}";

    private final Clock clock = Clock.fixed(Instant.parse("2026-01-15T09:30:00Z"), ZoneOffset.UTC);

    private TestApi.Builder api() {
        return TestApi.builder().clock(clock)
                .route(Operations.LIST_PROJECTS, (caller, input) -> TestApi.OK)
                .route(Operations.SEND_OTP, (caller, input) -> TestApi.OK)
                .route(Operations.CREATE_BIN, (caller, input) -> TestApi.OK);
    }

    private static HttpResponse<String> sendOtp(TestApi api) throws Exception {
        return api.send(api.application("/v1/otp/send").header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(OTP)));
    }

    private static String header(HttpResponse<?> response, String name) {
        return response.headers().firstValue(name).orElse(null);
    }

    @Test
    void whatIsNotTheApiHasNoLimit() throws Exception {
        try (TestApi api = api().start()) {
            assertNull(header(api.send(api.request("/health/live")), "RateLimit"));
        }
    }

    @Test
    void theBackstopComesBeforeEverythingButTheRoute() throws Exception {
        try (TestApi api = api().limits(Map.of("requests", new RateLimits.Setting(OptionalInt.of(2), OptionalInt.of(10)))).start()) {
            api.send(api.console("/v1/projects"));
            api.send(api.request("/v1/projects"));
            HttpResponse<String> refused = api.send(api.request("/v1/projects"));
            assertEquals(429, refused.statusCode());
            assertEquals("\"requests\";q=2;w=10", header(refused, "RateLimit-Policy"));
            assertEquals("10", header(refused, "Retry-After"));
            assertEquals(404, api.send(api.request("/v1/nowhere")).statusCode());
        }
    }

    @Test
    void noHitIsCountedTwiceOrLost() throws Exception {
        for (int round = 0; round < 50; round++) {
            MemoryRateLimits store = new MemoryRateLimits(clock);
            List<Integer> counts = atOnce(64, () -> store.hit(List.of(new RateLimitStore.Window("key", 64, 60))).getFirst().hits());
            assertEquals(IntStream.rangeClosed(1, 64).boxed().toList(), counts.stream().sorted().toList());
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
        try (TestApi api = api().unlimited().start()) {
            for (int i = 0; i < 6; i++) {
                HttpResponse<String> response = sendOtp(api);
                assertEquals(200, response.statusCode());
                assertEquals("\"requests\";r=120;t=60, \"otp-send\";r=5;t=60", header(response, "RateLimit"));
            }
        }
    }

    @Test
    void eachClientOfATrustedProxyHasItsOwn() throws Exception {
        try (TestApi api = api().proxies("127.0.0.0/8").start()) {
            assertEquals("\"requests\";r=119;t=60", header(api.send(api.console("/v1/projects").header("X-Forwarded-For", "1.1.1.1")),
                    "RateLimit"));
            assertEquals("\"requests\";r=119;t=60", header(api.send(api.console("/v1/projects").header("X-Forwarded-For", "1.1.1.2")),
                    "RateLimit"));
        }
        try (TestApi api = api().start()) {
            api.send(api.console("/v1/projects").header("X-Forwarded-For", "1.1.1.1"));
            assertEquals("\"requests\";r=118;t=60", header(api.send(api.console("/v1/projects").header("X-Forwarded-For", "1.1.1.2")),
                    "RateLimit"));
        }
    }
}
