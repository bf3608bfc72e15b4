// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.limits;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;

/** Counts on this node alone. A window that is over is forgotten, and there is an end to how many we remember. */
public final class MemoryRateLimits implements RateLimitStore {
    /** Some 150 MB when full. Then the least used are forgotten first: a flood of addresses must not cost us the process. */
    private static final int MOST_KEYS = 1_000_000;

    private final InstantSource clock;
    private final Cache<String, Window> windows;

    public MemoryRateLimits(InstantSource clock) {
        this.clock = clock;
        this.windows = Caffeine.newBuilder()
                .maximumSize(MOST_KEYS)
                .ticker(() -> TimeUnit.MILLISECONDS.toNanos(clock.millis()))
                .expireAfter(Expiry.<String, Window>writing((key, window) -> Duration.between(clock.instant(), window.end())))
                .build();
    }

    @Override
    public Window hit(String key, int seconds) {
        Instant now = clock.instant();
        return windows.asMap().compute(key, (k, window) -> window == null || !now.isBefore(window.end())
                ? new Window(1, now.plusSeconds(seconds))
                : new Window(Math.max(window.count(), window.count() + 1), window.end()));
    }
}
