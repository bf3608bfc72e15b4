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

/** The number and duration of requests by operation and status: {@code phone_requests} at {@code /metrics}. */
final class RequestMetrics {
    // Percentiles cannot be aggregated over nodes, and they make a timer slow.
    private static final double[] NO_PERCENTILES = {};

    private final MeterRegistry registry = Services.get(MeterRegistry.class);
    private final Map<String, Timer> timers = new ConcurrentHashMap<>();

    /** @param operation null if the request has none @param start the time of {@link System#nanoTime()} at its start */
    void count(Operation operation, int status, long start) {
        String id = operation == null ? "none" : operation.id();
        timers.computeIfAbsent(id + status, key -> registry.getOrCreate(Timer.builder("phone.requests")
                        .description("Requests to the API")
                        .percentiles(NO_PERCENTILES)
                        .tags(List.of(Tag.create("operation", id), Tag.create("status", Integer.toString(status))))))
                .record(Duration.ofNanos(System.nanoTime() - start));
    }
}
