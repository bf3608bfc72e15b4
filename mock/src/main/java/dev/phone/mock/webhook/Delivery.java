// SPDX-License-Identifier: Apache-2.0
package dev.phone.mock.webhook;

import dev.phone.api.WebhookAttempt;
import dev.phone.mock.state.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** The delivery of an event to a webhook. Guarded by its session. */
final class Delivery implements Supplier<JsonObject> {

    private record Attempt(Instant at, WebhookAttempt result) {
    }

    private final String id;
    private final String webhookId;
    private final Event event;
    private final Instant createdAt;
    private final JsonArray before;
    private final List<Attempt> attempts = new ArrayList<>(1);
    private String status = "pending";
    private Instant next;
    private int tries;

    /** A delivery without attempts. */
    Delivery(String id, String webhookId, Event event) {
        this(id, webhookId, event, event.createdAt(), JsonValue.EMPTY_JSON_ARRAY);
    }

    /** @param before earlier attempts, as JSON */
    Delivery(String id, String webhookId, Event event, Instant createdAt, JsonArray before) {
        this.id = id;
        this.webhookId = webhookId;
        this.event = event;
        this.createdAt = createdAt;
        this.before = before;
    }

    String id() {
        return id;
    }

    Event event() {
        return event;
    }

    /** Whether an attempt is scheduled for exactly this instant; it may have been rescheduled. */
    boolean isDue(Instant planned) {
        return status.equals("pending") && planned.equals(next);
    }

    /** Restarts the delivery. */
    void again(Instant when) {
        tries = 0;
        await(when);
    }

    private void await(Instant when) {
        status = "pending";
        next = when;
    }

    /** Records an attempt. @return when to try again; null if the delivery has ended */
    Instant tried(Instant at, WebhookAttempt result, Instant now) {
        attempts.add(new Attempt(at, result));
        if (attempts.size() > WebhookAttempt.KEPT) {
            attempts.removeFirst();
        }
        tries++;
        Duration pause = result.pause(tries);
        if (pause == null) {
            status = result.succeeded() ? "delivered" : "failed";
            next = null;
        } else {
            await(now.plus(pause));
        }
        return next;
    }

    @Override
    public JsonObject get() {
        JsonArrayBuilder all = Json.array();
        before.stream().skip(Math.max(0, before.size() + attempts.size() - WebhookAttempt.KEPT)).forEach(all::add);
        for (Attempt attempt : attempts) {
            all.add(attempt.result.shown(attempt.at).toJson());
        }
        return Json.object().add("id", id).add("webhookId", webhookId).add("eventId", event.id()).add("eventType", event.type())
                .add("status", status).add("attempts", all).add("nextAttemptAt", next == null ? JsonValue.NULL : Json.instant(next))
                .add("createdAt", Json.instant(createdAt)).build();
    }
}
