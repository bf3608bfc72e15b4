// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.webhook;

import dev.phone.api.Codec;
import dev.phone.api.Delivery;
import dev.phone.api.DeliveryAttempt;
import dev.phone.api.DeliveryStatus;
import dev.phone.api.EventType;
import dev.phone.api.PageRequest;
import dev.phone.api.WebhookAttempt;
import dev.phone.server.store.Database;
import dev.phone.server.store.SignedCursors;
import dev.phone.server.store.Times;
import io.helidon.dbclient.DbExecute;
import io.helidon.dbclient.DbRow;
import io.helidon.dbclient.DbStatementQuery;
import jakarta.json.JsonReader;
import jakarta.json.spi.JsonProvider;
import java.io.StringReader;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Deliveries in the database. A node claims a delivery for some time before it sends it; if there is no result by then, the delivery is due again.
 * The node may have sent it nevertheless, so an event can arrive twice.
 */
public final class DeliveryStore {
    private static final JsonProvider JSON = JsonProvider.provider();

    private final Database database;

    public DeliveryStore(Database database) {
        this.database = database;
    }

    /** A delivery claimed by this node. @param attempts the earlier attempts */
    record Claimed(String id, String eventId, String payload, List<DeliveryAttempt> attempts, int round, int tries) {
    }

    /** @param due the number of due deliveries @param oldest since when the oldest of them has been due; null if there are none */
    record Backlog(long due, Instant oldest) {
    }

    /** @param payload the body to send */
    public void insert(DbExecute tx, Delivery delivery, String payload) {
        tx.createNamedInsert("delivery.insert")
                .addParam("id", delivery.id())
                .addParam("webhookId", delivery.webhookId())
                .addParam("eventId", delivery.eventId())
                .addParam("eventType", delivery.eventType().text())
                .addParam("payload", payload)
                .addParam("status", delivery.status().text())
                .addParam("attempts", text(delivery.attempts()))
                .addParam("nextAttemptAt", Times.toSql(delivery.nextAttemptAt()))
                .addParam("createdAt", Times.toSql(delivery.createdAt()))
                .execute();
    }

    /** The delivery; empty if it belongs to no webhook of this user. */
    Optional<Delivery> find(String owner, String id) {
        return database.execute().createNamedGet("delivery.find").addParam("id", id).addParam("owner", owner).execute().map(DeliveryStore::delivery);
    }

    /** Like {@link #find}, and locks it against changes until the transaction ends. */
    Optional<Delivery> lock(DbExecute tx, String owner, String id) {
        return tx.createNamedGet("delivery.lock").addParam("id", id).addParam("owner", owner).execute().map(DeliveryStore::delivery);
    }

    /** @param status null for any */
    List<Delivery> list(String webhookId, DeliveryStatus status, PageRequest page) {
        DbStatementQuery query = SignedCursors.select(page, database.execute()
                .createNamedQuery(status == null ? "delivery.list" : "delivery.list-by-status")).addParam("webhookId", webhookId);
        if (status != null) {
            query.addParam("status", status.text());
        }
        return query.execute().map(DeliveryStore::delivery).toList();
    }

    /** Makes a delivery due again: at once, or after the current attempt. */
    void again(DbExecute tx, String id, Instant now) {
        tx.createNamedUpdate("delivery.again").addParam("id", id).addParam("now", Times.toSql(now)).execute();
    }

    /** Claims some of the due deliveries of a webhook, skipping those claimed by others. @param until when the claim expires */
    List<Claimed> claim(DbExecute tx, String webhookId, String node, Instant now, Instant until, int limit) {
        List<Claimed> claimed = tx.createNamedQuery("delivery.lock-due")
                .addParam("webhookId", webhookId).addParam("now", Times.toSql(now)).addParam("limit", limit).execute()
                .map(row -> new Claimed(row.column("id").get(String.class), row.column("event_id").get(String.class),
                        row.column("payload").get(String.class), attempts(row), row.column("round").get(Integer.class),
                        row.column("tries").get(Integer.class)))
                .toList();
        for (Claimed one : claimed) {
            tx.createNamedUpdate("delivery.claim").addParam("id", one.id).addParam("node", node).addParam("until", Times.toSql(until)).execute();
        }
        return claimed;
    }

    /**
     * Records an attempt of a claimed delivery, unless it has been deleted or claimed by another node meanwhile.
     *
     * @param next when to try again; null if the delivery has ended
     */
    void finish(DbExecute tx, Claimed claimed, String node, WebhookAttempt attempt, Instant at, Instant next) {
        List<DeliveryAttempt> attempts = new ArrayList<>(claimed.attempts);
        attempts.add(attempt.shown(at));
        if (attempts.size() > WebhookAttempt.KEPT) {
            attempts.removeFirst();
        }
        DeliveryStatus status = next != null ? DeliveryStatus.PENDING : attempt.succeeded() ? DeliveryStatus.DELIVERED : DeliveryStatus.FAILED;
        long finished = tx.createNamedUpdate("delivery.finish")
                .addParam("id", claimed.id)
                .addParam("node", node)
                .addParam("round", claimed.round)
                .addParam("status", status.text())
                .addParam("attempts", text(attempts))
                .addParam("tries", claimed.tries + 1)
                .addParam("nextAttemptAt", Times.toSql(next))
                .execute();
        if (finished == 0) {
            tx.createNamedUpdate("delivery.finish-older-round")
                    .addParam("id", claimed.id).addParam("node", node).addParam("attempts", text(attempts)).execute();
        }
    }

    Backlog backlog(Instant now) {
        return database.execute().createNamedGet("delivery.measure").addParam("now", Times.toSql(now)).execute()
                .map(row -> new Backlog(row.column("due").get(Long.class), Times.read(row, "oldest"))).orElseThrow();
    }

    private static Delivery delivery(DbRow row) {
        return new Delivery(
                row.column("id").get(String.class),
                row.column("webhook_id").get(String.class),
                row.column("event_id").get(String.class),
                EventType.of(row.column("event_type").get(String.class)),
                DeliveryStatus.of(row.column("status").get(String.class)),
                attempts(row),
                Times.read(row, "next_attempt_at"),
                Times.read(row, "created_at"));
    }

    private static String text(List<DeliveryAttempt> attempts) {
        return attempts.isEmpty() ? "[]" : Codec.listOf(DeliveryAttempt::toJson).apply(attempts).toString();
    }

    private static List<DeliveryAttempt> attempts(DbRow row) {
        String text = row.column("attempts").get(String.class);
        if (text.equals("[]")) {
            return List.of();
        }
        try (JsonReader reader = JSON.createReader(new StringReader(text))) {
            return Codec.list(DeliveryAttempt::fromJson).apply(reader.readArray());
        }
    }
}
