// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.webhook;

import dev.phone.api.EventType;
import dev.phone.api.PageRequest;
import dev.phone.api.SubscribableEvent;
import dev.phone.api.Webhook;
import dev.phone.api.WebhookAttempt;
import dev.phone.api.WebhookStatus;
import dev.phone.api.Rules;
import dev.phone.server.store.Database;
import dev.phone.server.store.Secrets;
import dev.phone.server.store.SignedCursors;
import dev.phone.server.store.Times;
import io.helidon.dbclient.DbExecute;
import io.helidon.dbclient.DbRow;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Webhooks in the database. With an owner, webhooks of other users are not found. Each secret is encrypted and bound to its webhook. */
public final class WebhookStore {
    private static final int BATCH = 100;

    private final Database database;
    private final Secrets secrets;
    private String lastResealed = "";

    public WebhookStore(Database database, Secrets secrets) {
        this.database = database;
        this.secrets = secrets;
    }

    /**
     * The URL and signing secrets of a webhook.
     *
     * @param owner the user whose webhook it is
     * @param secrets the secrets that sign now: the current one and, during an overlap, the previous one
     * @param failing whether the last attempt failed
     */
    record Target(String webhookId, String owner, String url, List<String> secrets, boolean failing) {
    }

    /** @param secret in clear text */
    public void insert(DbExecute tx, Webhook webhook, String secret) {
        tx.createNamedInsert("webhook.insert")
                .addParam("id", webhook.id())
                .addParam("applicationId", webhook.applicationId())
                .addParam("url", webhook.url())
                .addParam("events", text(webhook.events()))
                .addParam("status", webhook.status().text())
                .addParam("secretPreview", webhook.secretPreview())
                .addParam("sealedSecret", seal(webhook.id(), secret))
                .addParam("createdAt", Times.toSql(webhook.createdAt()))
                .addParam("updatedAt", Times.toSql(webhook.updatedAt()))
                .execute();
    }

    Optional<Webhook> find(String owner, String id) {
        return database.execute().createNamedGet("webhook.find").addParam("id", id).addParam("owner", owner).execute().map(WebhookStore::webhook);
    }

    /** Like {@link #find}, and locks it against changes, deletion and new deliveries until the transaction ends. */
    Optional<Webhook> lock(DbExecute tx, String owner, String id) {
        return tx.createNamedGet("webhook.lock").addParam("id", id).addParam("owner", owner).execute().map(WebhookStore::webhook);
    }

    List<Webhook> list(String applicationId, PageRequest page) {
        return SignedCursors.select(page, database.execute().createNamedQuery("webhook.list"))
                .addParam("applicationId", applicationId)
                .execute().map(WebhookStore::webhook).toList();
    }

    /** Writes URL, events and status, and resets the count of failures. */
    void update(DbExecute tx, Webhook webhook) {
        tx.createNamedUpdate("webhook.update")
                .addParam("id", webhook.id())
                .addParam("url", webhook.url())
                .addParam("events", text(webhook.events()))
                .addParam("status", webhook.status().text())
                .addParam("updatedAt", Times.toSql(webhook.updatedAt()))
                .execute();
    }

    /** @param webhook with its new preview @param secret in clear text @param oldUntil until when the replaced secret also signs */
    void rotate(DbExecute tx, Webhook webhook, String secret, Instant oldUntil) {
        tx.createNamedUpdate("webhook.rotate")
                .addParam("id", webhook.id())
                .addParam("sealedSecret", seal(webhook.id(), secret))
                .addParam("secretPreview", webhook.secretPreview())
                .addParam("oldUntil", Times.toSql(oldUntil))
                .addParam("updatedAt", Times.toSql(webhook.updatedAt()))
                .execute();
    }

    /** How many webhooks an application has. */
    long count(DbExecute tx, String applicationId) {
        return tx.createNamedGet("webhook.count").addParam("applicationId", applicationId).execute().orElseThrow().column(1).get(Long.class);
    }

    /** Deletes a webhook with its deliveries. */
    void delete(DbExecute tx, String id) {
        tx.createNamedDelete("webhook.delete").addParam("id", id).execute();
    }

    /** The active webhooks of an application that subscribe to a type, locked against deletion until the transaction ends. */
    List<String> lockListening(DbExecute tx, String applicationId, EventType type) {
        return tx.createNamedQuery("webhook.lock-listening").addParam("applicationId", applicationId).addParam("type", type.text()).execute()
                .map(row -> row.column("id").get(String.class)).toList();
    }

    /** The webhooks with due deliveries. */
    List<String> listDue(Instant now) {
        return database.execute().createNamedQuery("webhook.list-due").addParam("now", Times.toSql(now)).execute()
                .map(row -> row.column("id").get(String.class)).toList();
    }

    /** The target; empty if the webhook no longer exists. */
    Optional<Target> target(String id, Instant now) {
        return database.execute().createNamedGet("webhook.read-target").addParam("id", id).execute().map(row -> {
            List<String> signing = new ArrayList<>(2);
            signing.add(open(id, row, "sealed_secret"));
            Instant oldUntil = Times.read(row, "old_secret_until");
            if (oldUntil != null && now.isBefore(oldUntil)) {
                signing.add(open(id, row, "old_sealed_secret"));
            }
            return new Target(id, row.column("owner").get(String.class), row.column("url").get(String.class), signing, Times.read(row, "failing_since") != null);
        });
    }

    /** Records the result of an attempt. Disables a webhook that has only failed for long enough, or whose endpoint answered 410. */
    void tried(DbExecute tx, Target target, WebhookAttempt attempt, Instant now) {
        if (attempt.succeeded()) {
            if (target.failing) {
                tx.createNamedUpdate("webhook.succeeded").addParam("id", target.webhookId).execute();
            }
            return;
        }
        tx.createNamedUpdate("webhook.failed").addParam("id", target.webhookId).addParam("now", Times.toSql(now)).execute();
        if (attempt.gone()) {
            tx.createNamedUpdate("webhook.disable").addParam("id", target.webhookId).addParam("now", Times.toSql(now)).execute();
        } else if (target.failing) {
            tx.createNamedUpdate("webhook.disable-failing").addParam("id", target.webhookId).addParam("now", Times.toSql(now))
                    .addParam("limit", Times.toSql(now.minus(Rules.WEBHOOKS_DISABLED_AFTER))).execute();
        }
    }

    /** Seals anew what was sealed with a secret that is only accepted any more: a batch. @return whether there may be more */
    public boolean reseal() {
        if (!secrets.acceptOthers()) {
            return false;
        }
        List<DbRow> batch = database.execute().createNamedQuery("webhook.list-sealed").addParam("after", lastResealed).addParam("limit", BATCH).execute()
                .toList();
        for (DbRow row : batch) {
            lastResealed = row.column("id").get(String.class);
            byte[] before = row.column("sealed_secret").get(byte[].class);
            secrets.reseal(Secrets.Purpose.WEBHOOK_SECRET, before, bytes(lastResealed)).ifPresent(sealed ->
                    database.transaction(tx -> tx.createNamedUpdate("webhook.reseal").addParam("id", lastResealed).addParam("sealedSecret", sealed)
                            .addParam("before", before).execute()));
        }
        if (batch.size() < BATCH) {
            lastResealed = "";
        }
        return batch.size() == BATCH;
    }

    private byte[] seal(String id, String secret) {
        return secrets.seal(Secrets.Purpose.WEBHOOK_SECRET, bytes(secret), bytes(id));
    }

    private String open(String id, DbRow row, String column) {
        return new String(secrets.open(Secrets.Purpose.WEBHOOK_SECRET, row.column(column).get(byte[].class), bytes(id)), StandardCharsets.US_ASCII);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static String text(List<SubscribableEvent> events) {
        return events.stream().map(SubscribableEvent::text).collect(Collectors.joining(" "));
    }

    private static Webhook webhook(DbRow row) {
        return new Webhook(
                row.column("id").get(String.class),
                row.column("application_id").get(String.class),
                row.column("url").get(String.class),
                Arrays.stream(row.column("events").get(String.class).split(" ")).map(SubscribableEvent::of).toList(),
                WebhookStatus.of(row.column("status").get(String.class)),
                row.column("secret_preview").get(String.class),
                Times.read(row, "created_at"),
                Times.read(row, "updated_at"));
    }
}
