// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.limits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

import io.lettuce.core.RedisURI;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import redis.embedded.RedisServer;

/** Two nodes and a real Redis, which is stopped and started again. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RedisRateLimitsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int LIMIT = 25;

    private final Clock clock = Clock.systemUTC();
    private int port;
    private RedisServer redis;
    private final List<RedisRateLimits> nodes = new ArrayList<>();

    @BeforeAll
    void start() throws IOException {
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        try {
            redis = server();
            redis.start();
        } catch (IOException | RuntimeException e) {
            abort("no Redis runs here: " + e.getMessage());
        }
        nodes.add(node());
        nodes.add(node());
        nodes.forEach(node -> await(node::isShared));
    }

    private RedisServer server() throws IOException {
        return RedisServer.newRedisServer().port(port).setting("bind 127.0.0.1").setting("save \"\"").build();
    }

    private RedisRateLimits node() {
        return new RedisRateLimits(RedisURI.create("redis://127.0.0.1:" + port + "?timeout=20s"), clock).start();
    }

    @AfterAll
    void stop() throws IOException {
        nodes.forEach(RedisRateLimits::close);
        if (redis != null) {
            redis.stop();
        }
    }

    private static RateLimitStore.Window window(String key) {
        return new RateLimitStore.Window(key, LIMIT, 60);
    }

    private static void await(BooleanSupplier condition) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < end, "not within " + PATIENCE);
            Thread.onSpinWait();
        }
    }

    /** Twice as many hits as the limit allows, on both nodes at once. @return how many were within it */
    private long passed(String key) throws Exception {
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            CountDownLatch go = new CountDownLatch(1);
            List<Future<Integer>> hits = IntStream.range(0, 2 * LIMIT).mapToObj(i -> executor.submit(() -> {
                go.await();
                return nodes.get(i % 2).hit(List.of(window(key))).getFirst().hits();
            })).toList();
            go.countDown();
            long passed = 0;
            for (Future<Integer> hit : hits) {
                passed += hit.get() <= LIMIT ? 1 : 0;
            }
            return passed;
        }
    }

    @Test
    void limitsAreExactAcrossNodes() throws Exception {
        for (int i = 0; i < 20; i++) {
            assertEquals(LIMIT, passed("exact" + i));
        }
    }

    @Test
    void whatIsExceededIsCountedNoFurtherAndKnownWithoutAsking() {
        RateLimitStore.Window one = new RateLimitStore.Window("first", 1, 60);
        RateLimitStore.Window other = window("second");
        assertEquals(2, nodes.get(0).hit(List.of(one, other)).size());
        assertNull(nodes.get(0).exceeded(one));
        List<RateLimitStore.Count> refused = nodes.get(1).hit(List.of(one, other));
        assertEquals(List.of(2), refused.stream().map(RateLimitStore.Count::hits).toList());
        assertNotNull(nodes.get(1).exceeded(one));
        assertEquals(2, nodes.get(0).hit(List.of(other)).getFirst().hits(), "the second was counted once before");
    }

    @Test
    void aWindowEndsByTheTimeOfRedis() {
        RateLimitStore.Window second = new RateLimitStore.Window("short", 1, 1);
        RateLimitStore.Count first = nodes.get(0).hit(List.of(second)).getFirst();
        assertTrue(first.left().compareTo(Duration.ofSeconds(1)) <= 0 && first.left().isPositive(), first::toString);
        await(() -> nodes.get(0).hit(List.of(second)).getFirst().hits() == 1);
    }

    @Test
    void withoutRedisEachNodeCountsAloneAndNobodyFails() throws Exception {
        passed("before");
        redis.stop();
        assertEquals(2 * LIMIT, passed("away"), "each of the two nodes has the whole limit");
        nodes.forEach(node -> assertFalse(node.isShared()));
        RedisRateLimits late = node();
        assertEquals(1, late.hit(List.of(window("late"))).getFirst().hits());
        assertFalse(late.isShared());
        redis = server();
        redis.start();
        nodes.add(late);
        for (RedisRateLimits node : nodes) {
            await(() -> {
                node.hit(List.of(new RateLimitStore.Window("any", 1_000_000_000, 60)));
                return node.isShared();
            });
        }
        assertEquals(LIMIT, passed("after"));
    }

    /** Answers of other types than the script's, as from something that is no Redis. */
    @Test
    void nonsenseIsNoAnswer() throws Exception {
        AtomicReference<String> nonsense = new AtomicReference<>();
        try (ServerSocket proxy = new ServerSocket(0)) {
            Thread.startVirtualThread(() -> {
                try {
                    while (true) {
                        Socket client = proxy.accept();
                        Socket real = new Socket("127.0.0.1", port);
                        Thread.startVirtualThread(() -> copy(real, client, null));
                        Thread.startVirtualThread(() -> copy(client, real, nonsense));
                    }
                } catch (IOException e) {
                    // The test is over.
                }
            });
            for (String answer : List.of("$-1\r\n", ":1\r\n", "+OK\r\n", "*1\r\n:1\r\n", "*2\r\n$1\r\na\r\n$1\r\nb\r\n", "*2\r\n$-1\r\n$-1\r\n", "*0\r\n",
                    "*2\r\n:9223372036854775807\r\n:9223372036854775807\r\n", "*2\r\n:-1\r\n:-1\r\n")) {
                nonsense.set(null);
                try (RedisRateLimits node = new RedisRateLimits(RedisURI.create("redis://127.0.0.1:" + proxy.getLocalPort() + "?timeout=5s"), clock).start()) {
                    await(node::isShared);
                    nonsense.set(answer);
                    RateLimitStore.Count count = node.hit(List.of(window("nonsense"))).getFirst();
                    assertTrue(count.hits() >= 1 && count.left().compareTo(Duration.ofSeconds(60)) <= 0, () -> answer + ": " + count);
                }
            }
        }
    }

    /** @param instead what is answered instead of passing anything on; null for nothing */
    private static void copy(Socket from, Socket to, AtomicReference<String> instead) {
        byte[] buffer = new byte[8_192];
        try (from; to) {
            for (int n = from.getInputStream().read(buffer); n >= 0; n = from.getInputStream().read(buffer)) {
                if (instead != null && instead.get() != null) {
                    from.getOutputStream().write(instead.get().getBytes(StandardCharsets.US_ASCII));
                } else {
                    to.getOutputStream().write(buffer, 0, n);
                }
            }
        } catch (IOException e) {
            // One of them has gone.
        }
    }
}
