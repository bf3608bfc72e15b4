// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.webhook;

import dev.phone.api.ApiError;
import dev.phone.api.Caller;
import dev.phone.api.DeliveriesService;
import dev.phone.api.Delivery;
import dev.phone.api.DeliveryStatus;
import dev.phone.api.Page;
import dev.phone.api.PageRequest;
import dev.phone.server.store.Database;

/** Deliveries to webhooks, for the user who owns their applications. */
public final class DeliveryEndpoint implements DeliveriesService {
    private final Database database;
    private final DeliveryStore deliveries;
    private final WebhookStore webhooks;
    private final Events events;

    public DeliveryEndpoint(Database database, DeliveryStore deliveries, WebhookStore webhooks, Events events) {
        this.database = database;
        this.deliveries = deliveries;
        this.webhooks = webhooks;
        this.events = events;
    }

    @Override
    public Page<Delivery> listDeliveries(Caller.User caller, String webhookId, DeliveryStatus status, PageRequest page) {
        webhooks.find(caller.id(), webhookId).orElseThrow(ApiError::notFound);
        return page.of(deliveries.list(webhookId, status, page), Delivery::id);
    }

    @Override
    public Delivery getDelivery(Caller.User caller, String deliveryId) {
        return deliveries.find(caller.id(), deliveryId).orElseThrow(ApiError::notFound);
    }

    @Override
    public Delivery redeliver(Caller.User caller, String deliveryId) {
        return database.transaction(tx -> events.again(tx, deliveries.lock(tx, caller.id(), deliveryId).orElseThrow(ApiError::notFound)));
    }
}
