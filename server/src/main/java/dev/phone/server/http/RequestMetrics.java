// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.http;

import dev.phone.api.Operation;
import io.helidon.metrics.api.MeterRegistry;
import io.helidon.metrics.api.Tag;
import io.helidon.metrics.api.Timer;
import io.helidon.service.registry.Services;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** How many requests there were and how long they took, by operation and status: {@code phone_requests} at {@code /metrics}. */
final class RequestMetrics {
    // Those of one node cannot be added to another's, and they are what makes a timer slow.
    private static final double[] NO_PERCENTILES = {};

    private final MeterRegistry registry = Services.get(MeterRegistry.class);
    private final Map<String, Timer> timers = new ConcurrentHashMap<>();

    /** @param operation null for a request that found none. @param start as of {@link System#nanoTime()} */
    void count(Operation operation, int status, long start) {
        String id = operation == null ? "none" : operation.id();
        timers.computeIfAbsent(id + status, key -> registry.getOrCreate(Timer.builder("phone.requests")
                        .description("Requests to the API")
                        .percentiles(NO_PERCENTILES)
                        .tags(List.of(Tag.create("operation", id), Tag.create("status", Integer.toString(status))))))
                .record(Duration.ofNanos(System.nanoTime() - start));
    }
}
