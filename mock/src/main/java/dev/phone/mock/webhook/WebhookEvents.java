// SPDX-License-Identifier: Apache-2.0
package dev.phone.mock.webhook;

import dev.phone.api.ApiError;
import dev.phone.api.Rules;
import dev.phone.api.WebhookAttempt;
import dev.phone.mock.handler.BaseUrls;
import dev.phone.mock.handler.OperationHandler;
import dev.phone.mock.handler.RequestContext;
import dev.phone.mock.handler.ResourceFactory;
import dev.phone.mock.handler.Result;
import dev.phone.mock.model.MockModel;
import dev.phone.mock.model.OperationModel;
import dev.phone.mock.model.ResourceType;
import dev.phone.mock.state.DemoData;
import dev.phone.mock.state.Json;
import dev.phone.mock.state.Resource;
import dev.phone.mock.state.Session;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Publishes events to webhooks: creates a delivery for each subscribed webhook, and retries it until it succeeds or finally fails.
 *
 * <p>The payloads are derived from the {@code webhooks} of the contract.
 */
public final class WebhookEvents {
    /** Since when all attempts of a webhook have failed, with the revision of the webhook. */
    private static final String FAILING = "failing.since";
    private static final String FAILING_REVISION = "failing.revision";

    private final ResourceType webhooks;
    private final ResourceType deliveries;
    private final ResourceType bins;
    private final DemoData demo;
    private final BaseUrls baseUrls;
    private final WebhookClient client;
    private final Map<String, JsonObject> models = new HashMap<>();

    /** @param baseUrls the URLs of this mock */
    public WebhookEvents(MockModel model, DemoData demo, BaseUrls baseUrls, WebhookClient client) {
        this.webhooks = model.type("Webhook");
        this.deliveries = model.type("Delivery");
        this.bins = model.type("Bin");
        this.demo = demo;
        this.baseUrls = baseUrls;
        this.client = client;
        JsonObject json = model.contract().json();
        JsonObject types = json.get("webhooks") instanceof JsonObject object ? object : JsonValue.EMPTY_JSON_OBJECT;
        types.forEach((type, path) -> {
            JsonObject post = model.contract().resolve(path).getJsonObject("post");
            JsonObject examples = model.contract().resolve(post.get("requestBody")).getJsonObject("content")
                    .getJsonObject("application/json").getJsonObject("examples");
            models.put(type, model.contract().resolve(examples.values().iterator().next()).getJsonObject("value"));
        });
    }

    /** The handler of {@code x-mock.deliver}; null if the operation has none. */
    public OperationHandler handler(OperationModel operation) {
        String what = operation.rule("deliver");
        return what == null ? null : what.equals("again") ? this::again : context -> test(context, what);
    }

    /** Publishes an event to the webhooks of an application. @param subject the resource that the event is about */
    public void publish(Session session, String application, String type, Resource subject) {
        if (webhooks == null || deliveries == null || !models.containsKey(type)) {
            return;
        }
        Event event = null;
        for (Resource webhook : session.children(webhooks, application)) {
            if (webhook.text("status").equals("active") && webhook.value().getJsonArray("events").contains(Json.text(type))) {
                event = event != null ? event : event(session, type, subject, null);
                deliver(session, webhook, event);
            }
        }
    }

    private Result test(RequestContext context, String type) {
        Resource webhook = context.resource(context.operation().subject(), context.key());
        Resource delivery = deliver(context.session(), webhook, event(context.session(), type, webhook, null));
        return Result.show(delivery, "created Delivery " + delivery.key());
    }

    private Result again(RequestContext context) {
        Session session = context.session();
        Resource resource = context.resource(context.operation().resourceType(), context.key());
        Delivery delivery;
        if (resource.source() instanceof Delivery known) {
            delivery = known;
        } else {
            Resource webhook = session.find(webhooks, resource.owner());
            if (!models.containsKey(resource.text("eventType"))) {
                throw ApiError.conflict("The event is no longer known");
            }
            delivery = new Delivery(resource.key(), resource.owner(), event(session, resource.text("eventType"), webhook, resource.text("eventId")),
                    resource.instant("createdAt"), resource.value().getJsonArray("attempts"));
        }
        delivery.again(context.now());
        session.changed(resource, delivery);
        schedule(session, resource, delivery, context.now());
        return Result.show(resource, "pending again " + resource.key());
    }

    /** @param id the ID of the event; null for a new one */
    private Event event(Session session, String type, Resource subject, String id) {
        Instant now = session.now();
        String eventId = id != null ? id : ResourceFactory.text(deliveries.schema().get("eventId"), session);
        return new Event(eventId, type, now, models.get(type), subject.key(), subject.type() == webhooks ? null : subject.value(),
                Duration.between(demo.now(), now));
    }

    private Resource deliver(Session session, Resource webhook, Event event) {
        Delivery delivery = new Delivery(ResourceFactory.text(deliveries.schema().get("id"), session), webhook.key(), event);
        delivery.again(event.createdAt());
        Resource resource = session.add(deliveries, delivery.id(), webhook.key(), delivery, event.state() == null ? JsonValue.NULL : event.state());
        schedule(session, resource, delivery, event.createdAt());
        return resource;
    }

    private void schedule(Session session, Resource resource, Delivery delivery, Instant when) {
        session.at(when, resource, () -> attempt(session, resource, delivery, when));
    }

    private void attempt(Session session, Resource resource, Delivery delivery, Instant planned) {
        Resource webhook = session.find(webhooks, resource.owner());
        if (webhook == null || !delivery.isDue(planned)) {
            return;
        }
        Instant at = session.now();
        String url = webhook.text("url");
        String own = baseUrls.own(url, isBin(session, url));
        client.send(own == null ? url : own, own == null ? "" : session.name(), delivery.event(), () -> secrets(webhook, at), result -> {
            synchronized (session) {
                if (!session.isClosed() && !resource.isRemoved()) {
                    tried(session, webhook, result);
                    Instant next = delivery.tried(at, result, session.now());
                    session.changed(resource, delivery);
                    if (next != null) {
                        schedule(session, resource, delivery, next);
                    }
                }
            }
        });
    }

    /** Whether it is the URL that this mock gave an echo bin of the session. */
    private boolean isBin(Session session, String url) {
        Resource bin = bins == null ? null : session.find(bins, url.substring(url.lastIndexOf('/') + 1));
        return bin != null && url.equals(bin.value().getString("url", null));
    }

    /** Disables a webhook if its endpoint answered 410, or if all attempts have failed for long enough. */
    private static void tried(Session session, Resource webhook, WebhookAttempt result) {
        if (result.succeeded()) {
            webhook.hide(FAILING, null);
            return;
        }
        Instant now = session.now();
        // A change of the webhook resets the failures.
        String revision = String.valueOf(webhook.revision());
        if (webhook.hidden(FAILING) == null || !revision.equals(webhook.hidden(FAILING_REVISION))) {
            webhook.hide(FAILING, now.toString());
            webhook.hide(FAILING_REVISION, revision);
        }
        boolean failing = !now.isBefore(Instant.parse(webhook.hidden(FAILING)).plus(Rules.WEBHOOKS_DISABLED_AFTER));
        if (result.gone() ? !webhook.text("status").equals("disabled") : failing && webhook.text("status").equals("active")) {
            JsonObject disabled = Json.with(webhook.value(), "status", Json.text("disabled"));
            session.change(webhook, disabled.containsKey("updatedAt") ? Json.with(disabled, "updatedAt", Json.instant(now)) : disabled);
        }
    }

    /** The current signing secret of a webhook, and during an overlap the previous one. */
    private static List<String> secrets(Resource webhook, Instant at) {
        String until = webhook.hidden("secret.until");
        return until != null && at.isBefore(Instant.parse(until)) ? List.of(webhook.hidden("secret"), webhook.hidden("secret.before"))
                : List.of(webhook.hidden("secret"));
    }
}
