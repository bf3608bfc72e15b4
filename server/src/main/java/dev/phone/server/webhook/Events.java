// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.webhook;

import dev.phone.api.Delivery;
import dev.phone.api.DeliveryStatus;
import dev.phone.api.EventType;
import dev.phone.api.OtpEvent;
import dev.phone.api.OtpEventData;
import dev.phone.api.OtpRequest;
import dev.phone.api.SubscribableEvent;
import dev.phone.api.TestEvent;
import dev.phone.api.TestEventData;
import dev.phone.api.TestEventType;
import dev.phone.server.store.Database;
import dev.phone.server.store.Ids;
import io.helidon.dbclient.DbExecute;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;

/**
 * Publishes events to webhooks. An event is written in the same transaction as the change that it reports, as one delivery per subscribed webhook, so
 * neither exists without the other. It is sent after the commit.
 */
public final class Events {
    private final Database database;
    private final WebhookStore webhooks;
    private final DeliveryStore deliveries;
    private final Ids ids;
    private final Clock clock;
    private final Consumer<Collection<String>> written;

    /** @param written called after the commit with the IDs of the webhooks that have new deliveries */
    public Events(Database database, WebhookStore webhooks, DeliveryStore deliveries, Ids ids, Clock clock, Consumer<Collection<String>> written) {
        this.database = database;
        this.webhooks = webhooks;
        this.deliveries = deliveries;
        this.ids = ids;
        this.clock = clock;
        this.written = written;
    }

    /** @param request the current state of the OTP request */
    public void publish(DbExecute tx, SubscribableEvent type, OtpRequest request) {
        List<String> listening = webhooks.lockListening(tx, request.applicationId(), EventType.of(type.text()));
        if (listening.isEmpty()) {
            return;
        }
        OtpEvent event = new OtpEvent(ids.next("evt"), type, clock.instant(), new OtpEventData(request));
        String payload = event.toJson().toString();
        for (String webhookId : listening) {
            deliver(tx, webhookId, event.id(), EventType.of(type.text()), payload, event.createdAt());
        }
        database.afterCommit(() -> written.accept(listening));
    }

    /** Sends a test event to a webhook, whatever it subscribes to. */
    Delivery test(DbExecute tx, String webhookId) {
        TestEvent event = new TestEvent(ids.next("evt"), TestEventType.WEBHOOK_TEST, clock.instant(), new TestEventData(webhookId));
        Delivery delivery = deliver(tx, webhookId, event.id(), EventType.WEBHOOK_TEST, event.toJson().toString(), event.createdAt());
        database.afterCommit(() -> written.accept(List.of(webhookId)));
        return delivery;
    }

    /** Sends the event of a delivery again. */
    Delivery again(DbExecute tx, Delivery delivery) {
        Instant now = clock.instant();
        deliveries.again(tx, delivery.id(), now);
        database.afterCommit(() -> written.accept(List.of(delivery.webhookId())));
        return delivery.withStatus(DeliveryStatus.PENDING).withNextAttemptAt(now);
    }

    private Delivery deliver(DbExecute tx, String webhookId, String eventId, EventType type, String payload, Instant now) {
        Delivery delivery = new Delivery(ids.next("dlv"), webhookId, eventId, type, DeliveryStatus.PENDING, List.of(), now, now);
        deliveries.insert(tx, delivery, payload);
        return delivery;
    }
}
