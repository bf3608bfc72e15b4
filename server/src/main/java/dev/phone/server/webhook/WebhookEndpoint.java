// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.webhook;

import dev.phone.api.ApiError;
import dev.phone.api.Caller;
import dev.phone.api.CreateWebhookRequest;
import dev.phone.api.Delivery;
import dev.phone.api.HeaderCredentials;
import dev.phone.api.Page;
import dev.phone.api.PageRequest;
import dev.phone.api.Rules;
import dev.phone.api.UpdateWebhookRequest;
import dev.phone.api.Webhook;
import dev.phone.api.WebhookSignature;
import dev.phone.api.WebhookStatus;
import dev.phone.api.WebhookWithSecret;
import dev.phone.api.WebhooksService;
import dev.phone.server.application.ApplicationStore;
import dev.phone.server.store.Database;
import dev.phone.server.store.Ids;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Objects;

/** Webhooks, for the user who owns their applications. */
public final class WebhookEndpoint implements WebhooksService {
    private static final int SECRET_BYTES = 24;

    private final Database database;
    private final WebhookStore webhooks;
    private final Events events;
    private final ApplicationStore applications;
    private final Destinations destinations;
    private final Ids ids;
    private final SecureRandom random;
    private final Clock clock;

    public WebhookEndpoint(Database database, WebhookStore webhooks, Events events, ApplicationStore applications, Destinations destinations,
            Ids ids, SecureRandom random, Clock clock) {
        this.database = database;
        this.webhooks = webhooks;
        this.events = events;
        this.applications = applications;
        this.destinations = destinations;
        this.ids = ids;
        this.random = random;
        this.clock = clock;
    }

    @Override
    public Page<Webhook> listWebhooks(Caller.User caller, String applicationId, PageRequest page) {
        applications.find(caller.id(), applicationId).orElseThrow(ApiError::notFound);
        return page.of(webhooks.list(applicationId, page), Webhook::id);
    }

    @Override
    public WebhookWithSecret createWebhook(Caller.User caller, String applicationId, CreateWebhookRequest request) {
        destinations.check(request.url());
        Instant now = clock.instant();
        String secret = secret();
        Webhook webhook = new Webhook(ids.next("whk"), applicationId, request.url(), request.events(), WebhookStatus.ACTIVE, HeaderCredentials.preview(secret), now, now);
        return database.transaction(tx -> {
            applications.lock(tx, caller.id(), applicationId).orElseThrow(ApiError::notFound);
            if (webhooks.count(tx, applicationId) >= Rules.WEBHOOKS_PER_APPLICATION) {
                throw ApiError.conflict("An application has at most " + Rules.WEBHOOKS_PER_APPLICATION + " webhooks — delete one first");
            }
            webhooks.insert(tx, webhook, secret);
            return withSecret(webhook, secret);
        });
    }

    @Override
    public Webhook getWebhook(Caller.User caller, String webhookId) {
        return webhooks.find(caller.id(), webhookId).orElseThrow(ApiError::notFound);
    }

    @Override
    public Webhook updateWebhook(Caller.User caller, String webhookId, UpdateWebhookRequest request) {
        if (request.url() != null) {
            destinations.check(request.url());
        }
        Instant now = clock.instant();
        return database.transaction(tx -> {
            Webhook before = webhooks.lock(tx, caller.id(), webhookId).orElseThrow(ApiError::notFound);
            Webhook after = before
                    .withUrl(Objects.requireNonNullElse(request.url(), before.url()))
                    .withEvents(Objects.requireNonNullElse(request.events(), before.events()))
                    .withStatus(request.status() == null ? before.status() : WebhookStatus.of(request.status().text()))
                    .withUpdatedAt(now);
            webhooks.update(tx, after);
            return after;
        });
    }

    @Override
    public void deleteWebhook(Caller.User caller, String webhookId) {
        database.transaction(tx -> {
            webhooks.lock(tx, caller.id(), webhookId).orElseThrow(ApiError::notFound);
            webhooks.delete(tx, webhookId);
            return null;
        });
    }

    @Override
    public WebhookWithSecret rotateWebhookSecret(Caller.User caller, String webhookId) {
        Instant now = clock.instant();
        String secret = secret();
        return database.transaction(tx -> {
            Webhook after = webhooks.lock(tx, caller.id(), webhookId).orElseThrow(ApiError::notFound)
                    .withSecretPreview(HeaderCredentials.preview(secret)).withUpdatedAt(now);
            webhooks.rotate(tx, after, secret, now.plus(Rules.WEBHOOKS_SECRET_OVERLAP));
            return withSecret(after, secret);
        });
    }

    @Override
    public Delivery testWebhook(Caller.User caller, String webhookId) {
        return database.transaction(tx -> {
            webhooks.lock(tx, caller.id(), webhookId).orElseThrow(ApiError::notFound);
            return events.test(tx, webhookId);
        });
    }

    private String secret() {
        byte[] bytes = new byte[SECRET_BYTES];
        random.nextBytes(bytes);
        return WebhookSignature.SECRET_PREFIX + HexFormat.of().formatHex(bytes);
    }

    private static WebhookWithSecret withSecret(Webhook w, String secret) {
        return new WebhookWithSecret(w.id(), w.applicationId(), w.url(), w.events(), w.status(), w.secretPreview(), w.createdAt(), w.updatedAt(),
                secret);
    }
}
