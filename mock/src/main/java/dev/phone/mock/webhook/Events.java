// SPDX-License-Identifier: Apache-2.0
package dev.phone.mock.webhook;

import dev.phone.api.ApiError;
import dev.phone.mock.answer.Action;
import dev.phone.mock.answer.Maker;
import dev.phone.mock.answer.Outcome;
import dev.phone.mock.answer.Step;
import dev.phone.mock.contract.Blueprint;
import dev.phone.mock.contract.Plan;
import dev.phone.mock.contract.Resource;
import dev.phone.mock.state.Item;
import dev.phone.mock.state.Json;
import dev.phone.mock.state.Seed;
import dev.phone.mock.state.World;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonString;
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
    static final List<Duration> RETRIES = List.of(Duration.ofSeconds(5), Duration.ofMinutes(5), Duration.ofMinutes(30), Duration.ofHours(2),
            Duration.ofHours(5), Duration.ofHours(10), Duration.ofHours(10));
    private static final String PAYLOAD = "payload";
    private static final String TRIES = "tries";

    private final Resource webhooks;
    private final Resource deliveries;
    private final Seed seed;
    private final Sender sender;
    private final Map<String, JsonObject> models = new HashMap<>();

    public Events(Blueprint blueprint, Seed seed, Sender sender) {
        this.webhooks = blueprint.resource("Webhook");
        this.deliveries = blueprint.resource("Delivery");
        this.seed = seed;
        this.sender = sender;
        JsonObject json = blueprint.contract().json();
        JsonObject types = json.get("webhooks") instanceof JsonObject object ? object : JsonValue.EMPTY_JSON_OBJECT;
        types.forEach((type, item) -> {
            JsonObject post = blueprint.contract().resolve(item).getJsonObject("post");
            JsonObject examples = blueprint.contract().resolve(post.get("requestBody")).getJsonObject("content")
                    .getJsonObject("application/json").getJsonObject("examples");
            models.put(type, blueprint.contract().resolve(examples.values().iterator().next()).getJsonObject("value"));
        });
    }

    /** The actions of {@code x-mock.deliver}; null when the operation has none. */
    public Action action(Plan plan) {
        String what = plan.rule("deliver");
        return what == null ? null : what.equals("again") ? this::again : step -> test(step, what);
    }

    /** Tells the webhooks of an application. @param subject what it happened to */
    public void happened(World world, String application, String type, Item subject) {
        if (webhooks == null || deliveries == null || !models.containsKey(type)) {
            return;
        }
        JsonObject event = null;
        for (Item webhook : world.children(webhooks, application).values()) {
            if (webhook.text("status").equals("active") && webhook.value().getJsonArray("events").contains(Json.text(type))) {
                event = event != null ? event : event(world, type, subject, null);
                deliver(world, webhook, event);
            }
        }
    }

    private Outcome test(Step step, String type) {
        Item webhook = step.item(step.plan().subject(), step.key());
        Item delivery = deliver(step.world(), webhook, event(step.world(), type, webhook, null));
        return Outcome.show(delivery, "created Delivery " + delivery.key());
    }

    private Outcome again(Step step) {
        Item delivery = step.item(step.plan().resource(), step.key());
        Item webhook = step.world().find(webhooks, delivery.owner());
        if (delivery.hidden(PAYLOAD) == null) {
            if (!models.containsKey(delivery.text("eventType"))) {
                throw ApiError.conflict("The event is no longer known");
            }
            delivery.hide(PAYLOAD, event(step.world(), delivery.text("eventType"), webhook, delivery.text("eventId")).toString());
        }
        pend(step.world(), delivery, step.now(), 0);
        return Outcome.show(delivery, "pending again " + delivery.key());
    }

    /** @param id of the event; null for a new one */
    private JsonObject event(World world, String type, Item subject, String id) {
        JsonObject model = models.get(type);
        JsonObjectBuilder data = Json.object();
        model.getJsonObject("data").forEach((name, value) -> {
            if (value instanceof JsonString && name.endsWith("Id")) {
                data.add(name, subject.key());
            } else if (value instanceof JsonObject && !subject.resource().name().equals("Webhook")) {
                data.add(name, subject.value());
            } else {
                data.add(name, Json.shift(value, Duration.between(seed.now(), world.now())));
            }
        });
        String eventId = id != null ? id : Maker.text(deliveries.shape().get("eventId"), world);
        return Json.object().add("id", eventId).add("type", type).add("createdAt", Json.instant(world.now())).add("data", data).build();
    }

    private Item deliver(World world, Item webhook, JsonObject event) {
        Instant now = world.now();
        JsonObject value = Json.object().add("id", Maker.text(deliveries.shape().get("id"), world)).add("webhookId", webhook.key())
                .add("eventId", event.getString("id")).add("eventType", event.getString("type")).add("status", "pending")
                .add("attempts", JsonValue.EMPTY_JSON_ARRAY).add("nextAttemptAt", Json.instant(now)).add("createdAt", Json.instant(now))
                .build();
        Item delivery = world.add(deliveries, value, webhook.key(), Map.of(PAYLOAD, event.toString()));
        pend(world, delivery, now, 0);
        return delivery;
    }

    /** Plans an attempt. @param tries that were made since the delivery was last asked for */
    private void pend(World world, Item delivery, Instant when, int tries) {
        delivery.hide(TRIES, String.valueOf(tries));
        world.change(delivery, Json.object(delivery.value()).add("status", "pending").add("nextAttemptAt", Json.instant(when)).build());
        world.at(when, delivery, () -> attempt(world, delivery, when));
    }

    private void attempt(World world, Item delivery, Instant planned) {
        Item webhook = world.find(webhooks, delivery.owner());
        // It may have been planned anew for another time.
        if (webhook == null || !delivery.text("status").equals("pending")
                || !Json.instant(planned).equals(delivery.value().get("nextAttemptAt"))) {
            return;
        }
        String old = webhook.hidden("secret.until") != null && world.now().isBefore(Instant.parse(webhook.hidden("secret.until")))
                ? webhook.hidden("secret.before") : null;
        List<String> secrets = old == null ? List.of(webhook.hidden("secret")) : List.of(webhook.hidden("secret"), old);
        Instant at = world.now();
        sender.send(world.session(), webhook.text("url"), delivery.text("eventId"), delivery.hidden(PAYLOAD), secrets, result -> {
            synchronized (world) {
                if (!world.isClosed() && world.contains(delivery)) {
                    done(world, delivery, at, result);
                }
            }
        });
    }

    private void done(World world, Item delivery, Instant at, Sender.Result result) {
        JsonArray before = delivery.value().getJsonArray("attempts");
        JsonObject attempt = Json.object().add("at", Json.instant(at))
                .add("responseStatus", result.status() == 0 ? JsonValue.NULL : Json.number(result.status()))
                .add("durationMs", result.millis())
                .add("error", result.error() == null ? JsonValue.NULL : Json.text(result.error())).build();
        JsonObjectBuilder value = Json.object(delivery.value());
        var attempts = Json.array();
        before.forEach(attempts::add);
        value.add("attempts", attempts.add(attempt));
        int tries = Integer.parseInt(delivery.hidden(TRIES)) + 1;
        boolean over = result.error() == null || result.status() == 410 || tries > RETRIES.size();
        value.add("status", result.error() == null ? "delivered" : over ? "failed" : "pending");
        value.add("nextAttemptAt", JsonValue.NULL);
        world.change(delivery, value.build());
        if (!over) {
            pend(world, delivery, world.now().plus(RETRIES.get(tries - 1)), tries);
        }
    }
}
