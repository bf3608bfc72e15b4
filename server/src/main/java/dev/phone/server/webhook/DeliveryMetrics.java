// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.webhook;

import dev.phone.api.WebhookAttempt;
import io.helidon.metrics.api.Counter;
import io.helidon.metrics.api.Gauge;
import io.helidon.metrics.api.MeterRegistry;
import io.helidon.metrics.api.Tag;
import io.helidon.service.registry.Services;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** Metrics of deliveries: {@code phone_webhooks_…} at {@code /metrics}. The number of due deliveries is for the whole database, a few seconds old. */
final class DeliveryMetrics {
    private final AtomicLong inFlight = new AtomicLong();
    private final AtomicLong due = new AtomicLong();
    private final AtomicLong oldest = new AtomicLong();
    private final Counter succeeded;
    private final Counter failed;
    private final Counter givenUp;

    DeliveryMetrics() {
        MeterRegistry registry = Services.get(MeterRegistry.class);
        registry.getOrCreate(Gauge.builder("phone.webhooks.in.flight", inFlight::get).description("Attempts that this node is making"));
        registry.getOrCreate(Gauge.builder("phone.webhooks.due", due::get).description("Deliveries that are due"));
        registry.getOrCreate(Gauge.builder("phone.webhooks.oldest.due", oldest::get).baseUnit("seconds")
                .description("How long the oldest due delivery has been waiting"));
        succeeded = attempts(registry, "succeeded");
        failed = attempts(registry, "failed");
        givenUp = registry.getOrCreate(Counter.builder("phone.webhooks.given.up").description("Deliveries that ended without success"));
    }

    private static Counter attempts(MeterRegistry registry, String result) {
        return registry.getOrCreate(Counter.builder("phone.webhooks.attempts").description("Attempts to deliver an event")
                .tags(List.of(Tag.create("result", result))));
    }

    void inFlight(int change) {
        inFlight.addAndGet(change);
    }

    void backlog(DeliveryStore.Backlog backlog, Instant now) {
        due.set(backlog.due());
        oldest.set(backlog.oldest() == null ? 0 : Math.max(0, Duration.between(backlog.oldest(), now).toSeconds()));
    }

    /** @param over whether this was the last attempt */
    void count(WebhookAttempt attempt, boolean over) {
        (attempt.succeeded() ? succeeded : failed).increment();
        if (over && !attempt.succeeded()) {
            givenUp.increment();
        }
    }
}
