// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.limits;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Counts in the memory of this node. Windows are removed when they end, and their number is bounded. */
public final class MemoryRateLimits implements RateLimitStore {
    /** About 150 MB when full. Beyond that the least used windows are evicted, so that a flood of addresses cannot exhaust the heap. */
    private static final int MOST_KEYS = 1_000_000;

    private record Counted(int hits, Instant end) {
    }

    private final InstantSource clock;
    private final Cache<String, Counted> windows;

    public MemoryRateLimits(InstantSource clock) {
        this.clock = clock;
        this.windows = Caffeine.newBuilder()
                .maximumSize(MOST_KEYS)
                .ticker(() -> TimeUnit.MILLISECONDS.toNanos(clock.millis()))
                .expireAfter(Expiry.<String, Counted>writing((key, counted) -> Duration.between(clock.instant(), counted.end)))
                .build();
    }

    @Override
    public List<Count> hit(List<Window> all) {
        Instant now = clock.instant();
        List<Count> counts = new ArrayList<>(all.size());
        for (Window window : all) {
            Counted counted = windows.asMap().compute(window.key(), (key, before) -> before == null || !now.isBefore(before.end)
                    ? new Counted(1, now.plusSeconds(window.seconds()))
                    : new Counted(Math.max(before.hits, before.hits + 1), before.end));
            counts.add(new Count(counted.hits, Duration.between(now, counted.end)));
            if (counted.hits > window.limit()) {
                break;
            }
        }
        return counts;
    }

    @Override
    public Duration exceeded(Window window) {
        Instant now = clock.instant();
        Counted counted = windows.getIfPresent(window.key());
        return counted != null && counted.hits > window.limit() && now.isBefore(counted.end) ? Duration.between(now, counted.end) : null;
    }
}
