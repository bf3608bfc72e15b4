// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.limits;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import io.helidon.metrics.api.Counter;
import io.helidon.metrics.api.MeterRegistry;
import io.helidon.service.registry.Services;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.Base16;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DefaultClientResources;
import io.lettuce.core.resource.Delay;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Counts in Redis, for nodes that share their limits. One script counts all windows of a request, using the clock of Redis; keys expire with
 * their windows.
 *
 * <p>While Redis is unavailable, this node counts on its own. No request is refused because of that, and with N nodes a client can use at most
 * N times a limit. The beginning and the end are logged; requests are counted as {@code phone_rate_limits_alone}; see {@link #isShared}.
 */
public final class RedisRateLimits implements RateLimitStore, AutoCloseable {
    private static final System.Logger LOGGER = System.getLogger(RedisRateLimits.class.getName());
    private static final String PREFIX = "phone:limit:";
    /** How long a request waits for Redis, which normally answers within a millisecond. The URL can change it: {@code ?timeout=1s}. */
    private static final Duration PATIENCE = Duration.ofMillis(250);
    /** The pause before Redis is tried again after a failure. */
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final int MOST_KEYS = 100_000;
    /** KEYS are windows; ARGV are alternately their limits and their lengths in milliseconds. PTTL uses the clock of Redis, not of the nodes. */
    private static final String SCRIPT = """
            local counts = {}
            for i, key in ipairs(KEYS) do
              local hits = redis.call('INCR', key)
              local left = redis.call('PTTL', key)
              if left < 0 then
                left = tonumber(ARGV[2 * i])
                redis.call('PEXPIRE', key, left)
              end
              counts[2 * i - 1] = hits
              counts[2 * i] = left
              if hits > tonumber(ARGV[2 * i - 1]) then
                break
              end
            end
            return counts
            """;

    private final InstantSource clock;
    private final MemoryRateLimits alone;
    private final ClientResources resources;
    private final RedisClient client;
    private final String script;
    private final Counter countedAlone;
    private final AtomicBoolean shared = new AtomicBoolean(true);
    private final CountDownLatch closing = new CountDownLatch(1);
    /** An exceeded window stays exceeded until it ends, so a flood need not reach Redis. */
    private final Cache<String, Instant> exceeded;
    private volatile StatefulRedisConnection<String, String> connection;
    private volatile Instant notBefore = Instant.MIN;

    /** @param url such as {@code redis://user:password@host:6379/0}, or {@code rediss:} for TLS */
    @SuppressWarnings("removal") // There is no other registry that /metrics shows.
    public RedisRateLimits(RedisURI url, InstantSource clock) {
        this.clock = clock;
        this.alone = new MemoryRateLimits(clock);
        this.exceeded = Caffeine.newBuilder()
                .maximumSize(MOST_KEYS)
                .ticker(() -> TimeUnit.MILLISECONDS.toNanos(clock.millis()))
                .expireAfter(Expiry.<String, Instant>writing((key, end) -> Duration.between(clock.instant(), end)))
                .build();
        this.countedAlone = Services.get(MeterRegistry.class).getOrCreate(Counter.builder("phone.rate.limits.alone")
                .description("Requests that this node counted on its own because Redis was unavailable"));
        if (url.getTimeout().equals(RedisURI.DEFAULT_TIMEOUT_DURATION)) {
            url.setTimeout(PATIENCE);
        }
        this.resources = DefaultClientResources.builder().ioThreadPoolSize(2).computationThreadPoolSize(2)
                .reconnectDelay(Delay.constant(PAUSE)).build();
        this.client = RedisClient.create(resources, url);
        client.setOptions(ClientOptions.builder()
                // Fail immediately, because a client is waiting.
                .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
                .socketOptions(SocketOptions.builder().connectTimeout(PAUSE).build())
                .timeoutOptions(TimeoutOptions.enabled(url.getTimeout()))
                .build());
        this.script = Base16.digest(SCRIPT.getBytes(StandardCharsets.UTF_8));
    }

    /** Connects; if that fails, keeps retrying while this node counts on its own. */
    public RedisRateLimits start() {
        if (!connect()) {
            Thread.ofVirtual().name("redis").start(() -> {
                try {
                    while (!closing.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS) && !connect()) {
                        // Retried in the next round.
                    }
                } catch (InterruptedException e) {
                    // An interrupt ends this thread.
                }
            });
        }
        return this;
    }

    private boolean connect() {
        try {
            connection = client.connect();
            back();
            return true;
        } catch (RedisException e) {
            away(e);
            return false;
        }
    }

    @Override
    public List<Count> hit(List<Window> windows) {
        StatefulRedisConnection<String, String> redis = connection;
        if (redis != null && !clock.instant().isBefore(notBefore)) {
            try {
                List<Count> counts = counts(redis, windows);
                back();
                return counts;
            } catch (RuntimeException e) {
                // Not only a RedisException: whatever answers there may not be a Redis, and its answers have other types.
                away(e);
            }
        }
        countedAlone.increment();
        return alone.hit(windows);
    }

    private List<Count> counts(StatefulRedisConnection<String, String> redis, List<Window> windows) {
        String[] keys = new String[windows.size()];
        String[] arguments = new String[2 * keys.length];
        for (int i = 0; i < keys.length; i++) {
            keys[i] = PREFIX + windows.get(i).key();
            arguments[2 * i] = Integer.toString(windows.get(i).limit());
            arguments[2 * i + 1] = Long.toString(windows.get(i).seconds() * 1_000L);
        }
        List<Long> answer;
        try {
            answer = redis.sync().evalsha(script, ScriptOutputType.MULTI, keys, arguments);
        } catch (RedisNoScriptException e) {
            answer = redis.sync().eval(SCRIPT, ScriptOutputType.MULTI, keys, arguments);
        }
        if (answer.isEmpty() || answer.size() % 2 != 0 || answer.size() > arguments.length) {
            throw new IllegalStateException("an answer of " + answer.size() + " numbers");
        }
        List<Count> counts = new ArrayList<>(keys.length);
        for (int i = 0; 2 * i < answer.size(); i++) {
            // The window of another node's configuration may be longer.
            long left = Math.clamp(answer.get(2 * i + 1), 0, windows.get(i).seconds() * 1_000L);
            Count count = new Count(Math.clamp(answer.get(2 * i), 1, Integer.MAX_VALUE), Duration.ofMillis(left));
            if (count.hits() > windows.get(i).limit()) {
                exceeded.put(windows.get(i).key(), clock.instant().plus(count.left()));
            }
            counts.add(count);
        }
        return counts;
    }

    @Override
    public Duration exceeded(Window window) {
        Instant now = clock.instant();
        Instant end = exceeded.getIfPresent(window.key());
        return end != null && now.isBefore(end) ? Duration.between(now, end) : isShared() ? null : alone.exceeded(window);
    }

    private void away(RuntimeException why) {
        notBefore = clock.instant().plus(PAUSE);
        if (shared.compareAndSet(true, false)) {
            LOGGER.log(Level.WARNING, "Redis is unavailable; this node counts its rate limits on its own: " + why.getMessage());
        }
    }

    private void back() {
        if (!shared.get() && shared.compareAndSet(false, true)) {
            LOGGER.log(Level.INFO, "Redis is back; rate limits are shared again");
        }
    }

    /** Whether the last request was counted in Redis. */
    public boolean isShared() {
        return shared.get();
    }

    @Override
    public void close() {
        closing.countDown();
        client.shutdown(Duration.ZERO, PAUSE);
        resources.shutdown(0, PAUSE.toMillis(), TimeUnit.MILLISECONDS);
    }
}
