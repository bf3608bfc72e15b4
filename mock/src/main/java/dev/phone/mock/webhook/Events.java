// SPDX-License-Identifier: Apache-2.0
package dev.phone.mock.webhook;

import dev.phone.api.ApiError;
import dev.phone.api.Rules;
import dev.phone.mock.answer.Action;
import dev.phone.mock.answer.Maker;
import dev.phone.mock.answer.RequestContext;
import dev.phone.mock.answer.Result;
import dev.phone.mock.model.MockModel;
import dev.phone.mock.model.OperationModel;
import dev.phone.mock.model.ResourceType;
import dev.phone.mock.state.Item;
import dev.phone.mock.state.Json;
import dev.phone.mock.state.Seed;
import dev.phone.mock.state.World;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Tells webhooks what happens: makes a delivery for each that wants to know, and tries it until it arrives or is given up.
 *
 * <p>What an event looks like is read from the {@code webhooks} of the contract.
 */
public final class Events {
    /** How long after an attempt that failed the next one is made; after the last it is given up. */
    static final List<Duration> RETRIES = Rules.WEBHOOKS_RETRIES;

    private final ResourceType webhooks;
    private final ResourceType deliveries;
    private final Seed seed;
    private final Sender sender;
    private final Map<String, JsonObject> models = new HashMap<>();

    public Events(MockModel model, Seed seed, Sender sender) {
        this.webhooks = model.type("Webhook");
        this.deliveries = model.type("Delivery");
        this.seed = seed;
        this.sender = sender;
        JsonObject json = model.contract().json();
        JsonObject types = json.get("webhooks") instanceof JsonObject object ? object : JsonValue.EMPTY_JSON_OBJECT;
        types.forEach((type, item) -> {
            JsonObject post = model.contract().resolve(item).getJsonObject("post");
            JsonObject examples = model.contract().resolve(post.get("requestBody")).getJsonObject("content")
                    .getJsonObject("application/json").getJsonObject("examples");
            models.put(type, model.contract().resolve(examples.values().iterator().next()).getJsonObject("value"));
        });
    }

    /** The actions of {@code x-mock.deliver}; null when the operation has none. */
    public Action action(OperationModel operation) {
        String what = operation.rule("deliver");
        return what == null ? null : what.equals("again") ? this::again : context -> test(context, what);
    }

    /** Tells the webhooks of an application. @param subject what it happened to */
    public void happened(World world, String application, String type, Item subject) {
        if (webhooks == null || deliveries == null || !models.containsKey(type)) {
            return;
        }
        Event event = null;
        for (Item webhook : world.children(webhooks, application)) {
            if (webhook.text("status").equals("active") && webhook.value().getJsonArray("events").contains(Json.text(type))) {
                event = event != null ? event : event(world, type, subject, null);
                deliver(world, webhook, event);
            }
        }
    }

    private Result test(RequestContext context, String type) {
        Item webhook = context.item(context.operation().subject(), context.key());
        Item delivery = deliver(context.world(), webhook, event(context.world(), type, webhook, null));
        return Result.show(delivery, "created Delivery " + delivery.key());
    }

    private Result again(RequestContext context) {
        World world = context.world();
        Item item = context.item(context.operation().resourceType(), context.key());
        Delivery delivery;
        if (item.source() instanceof Delivery known) {
            delivery = known;
        } else {
            Item webhook = world.find(webhooks, item.owner());
            if (!models.containsKey(item.text("eventType"))) {
                throw ApiError.conflict("The event is no longer known");
            }
            delivery = new Delivery(item.key(), item.owner(), event(world, item.text("eventType"), webhook, item.text("eventId")),
                    item.instant("createdAt"), item.value().getJsonArray("attempts"));
        }
        delivery.again(context.now());
        world.changed(item, delivery);
        schedule(world, item, delivery, context.now());
        return Result.show(item, "pending again " + item.key());
    }

    /** @param id of the event; null for a new one */
    private Event event(World world, String type, Item subject, String id) {
        Instant now = world.now();
        return new Event(id != null ? id : Maker.text(deliveries.schema().get("eventId"), world), type, now, models.get(type), subject.key(),
                subject.type() == webhooks ? null : subject.value(), Duration.between(seed.now(), now));
    }

    private Item deliver(World world, Item webhook, Event event) {
        Delivery delivery = new Delivery(Maker.text(deliveries.schema().get("id"), world), webhook.key(), event);
        delivery.again(event.createdAt());
        Item item = world.add(deliveries, delivery.id(), webhook.key(), delivery);
        schedule(world, item, delivery, event.createdAt());
        return item;
    }

    private void schedule(World world, Item item, Delivery delivery, Instant when) {
        world.at(when, item, () -> attempt(world, item, delivery, when));
    }

    private void attempt(World world, Item item, Delivery delivery, Instant planned) {
        Item webhook = world.find(webhooks, item.owner());
        if (webhook == null || !delivery.isDue(planned)) {
            return;
        }
        Instant at = world.now();
        sender.send(world.session(), webhook.text("url"), delivery.event(), () -> secrets(webhook, at), result -> {
            synchronized (world) {
                if (!world.isClosed() && !item.isRemoved()) {
                    Instant next = delivery.tried(at, result, world.now());
                    world.changed(item, delivery);
                    if (next != null) {
                        schedule(world, item, delivery, next);
                    }
                }
            }
        });
    }

    /** The secret that a webhook signs with, and for a while the one before. */
    private static List<String> secrets(Item webhook, Instant at) {
        String until = webhook.hidden("secret.until");
        return until != null && at.isBefore(Instant.parse(until)) ? List.of(webhook.hidden("secret"), webhook.hidden("secret.before"))
                : List.of(webhook.hidden("secret"));
    }
}
