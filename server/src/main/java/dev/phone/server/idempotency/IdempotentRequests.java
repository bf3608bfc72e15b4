// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.idempotency;

import dev.phone.api.ApiError;
import dev.phone.api.CanonicalJson;
import dev.phone.api.Operation;
import dev.phone.api.Response;
import dev.phone.api.Rules;
import dev.phone.server.store.Database;
import dev.phone.server.store.Secrets;
import dev.phone.server.store.Times;
import io.helidon.dbclient.DbRow;
import jakarta.json.JsonReader;
import jakarta.json.JsonValue;
import jakarta.json.spi.JsonProvider;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Makes a creating request safe to repeat: requests with the same {@code Idempotency-Key} act once and get the same response.
 *
 * <p>First a row reserves the key, in a separate transaction. Then the work and its response are written in one transaction, so that neither
 * exists without the other; the row is locked meanwhile. If a process dies, nothing of the work has been written, and the
 * reservation lasts until its lease ends. If the work fails, nothing is written and the key is free again.
 *
 * <p>Responses may contain secrets that are shown only once, so responses are encrypted, and keys and requests are stored only as hashes.
 */
public final class IdempotentRequests {
    private static final Duration KEPT = Rules.IDEMPOTENCY_KEPT;
    /** Longer than any honest request takes. */
    private static final Duration LEASE = Duration.ofSeconds(60);
    /** The size of a batch, so that a transaction holds few locks. */
    private static final int DELETED_AT_ONCE = 1_000;

    private static final JsonProvider JSON = JsonProvider.provider();

    private final Database database;
    private final Secrets secrets;
    private final Supplier<String> reservations;
    private final Clock clock;

    /** @param reservations generates unique names */
    public IdempotentRequests(Database database, Secrets secrets, Supplier<String> reservations, Clock clock) {
        this.database = database;
        this.secrets = secrets;
        this.reservations = reservations;
        this.clock = clock;
    }

    /** A row. @param response null while the request is in flight */
    private record Stored(byte[] id, byte[] requestHash, String reservation, Instant leaseUntil, Integer status, byte[] response, Instant expiresAt) {
    }

    /**
     * @param scope the owner of the key: the ID of the user or application, or the address of an anonymous caller
     * @param path the path of the request, without the query
     * @param body null for none
     * @param work the work to do once; its database changes are part of the same transaction
     * @throws ApiError a 422 if the key was used with another request, a 409 while the first request is in flight, or any error of {@code work}
     */
    public Response run(Operation operation, String scope, String key, String path, JsonValue body, Supplier<Response> work) {
        List<byte[]> ids = secrets.hashes(Secrets.Purpose.IDEMPOTENCY_KEY, operation.id(), scope, key);
        List<byte[]> requestHashes = secrets.hashes(Secrets.Purpose.IDEMPOTENT_REQUEST, operation.method(), path,
                body == null ? null : CanonicalJson.of(body));
        String reservation = reservations.get();
        Optional<Stored> before = reserve(ids, requestHashes.getFirst(), reservation);
        if (before.isPresent()) {
            return replay(before.get(), requestHashes);
        }
        byte[] id = ids.getFirst();
        try {
            return database.transaction(tx -> {
                if (tx.createNamedGet("idempotency.lock").addParam("id", id).addParam("reservation", reservation).execute().isEmpty()) {
                    throw ApiError.inFlight();
                }
                Response response = work.get();
                tx.createNamedUpdate("idempotency.complete")
                        .addParam("id", id)
                        .addParam("status", response.status())
                        .addParam("response", secrets.seal(Secrets.Purpose.IDEMPOTENT_RESPONSE,
                                response.json().toString().getBytes(StandardCharsets.UTF_8), id))
                        .execute();
                return response;
            });
        } catch (RuntimeException | Error e) {
            release(id, reservation, e);
            throw e;
        }
    }

    /** @param ids the possible IDs; new rows get the first @return empty if the key is reserved for this request, otherwise the existing row */
    private Optional<Stored> reserve(List<byte[]> ids, byte[] requestHash, String reservation) {
        Instant now = clock.instant();
        // If this loses the race for a new key, the transaction is retried and finds the row.
        return database.transaction(tx -> {
            for (byte[] id : ids) {
                Optional<Stored> found = tx.createNamedGet("idempotency.find").addParam("id", id).execute().map(row -> stored(id, row));
                if (found.isPresent()) {
                    Stored stored = found.get();
                    boolean over = !now.isBefore(stored.expiresAt);
                    boolean abandoned = stored.status == null && !now.isBefore(stored.leaseUntil)
                            && tx.createNamedGet("idempotency.lock").addParam("id", id).addParam("reservation", stored.reservation).execute()
                                    .isPresent();
                    if (!over && !abandoned) {
                        return found;
                    }
                    tx.createNamedDelete("idempotency.delete").addParam("id", id).addParam("reservation", stored.reservation).execute();
                }
            }
            tx.createNamedInsert("idempotency.reserve")
                    .addParam("id", ids.getFirst())
                    .addParam("requestHash", requestHash)
                    .addParam("reservation", reservation)
                    .addParam("leaseUntil", Times.toSql(now.plus(LEASE)))
                    .addParam("expiresAt", Times.toSql(now.plus(KEPT)))
                    .execute();
            return Optional.empty();
        });
    }

    private Response replay(Stored stored, List<byte[]> requestHashes) {
        if (!Secrets.anyEqual(requestHashes, stored.requestHash)) {
            throw ApiError.keyReused();
        }
        if (stored.status == null) {
            throw ApiError.inFlight();
        }
        byte[] json = secrets.open(Secrets.Purpose.IDEMPOTENT_RESPONSE, stored.response, stored.id);
        return Response.replay(stored.status, parse(json).asJsonObject());
    }

    private void release(byte[] id, String reservation, Throwable why) {
        try {
            database.transaction(tx ->
                    tx.createNamedDelete("idempotency.delete").addParam("id", id).addParam("reservation", reservation).execute());
        } catch (RuntimeException e) {
            // The reservation then ends with its lease.
            why.addSuppressed(e);
        }
    }

    /** Deletes a batch of expired keys. @return whether there may be more */
    public boolean sweep() {
        Instant now = clock.instant();
        return database.transaction(tx -> tx.createNamedDelete("idempotency.delete-expired").addParam("now", Times.toSql(now))
                .addParam("limit", DELETED_AT_ONCE).execute()) == DELETED_AT_ONCE;
    }

    private static Stored stored(byte[] id, DbRow row) {
        return new Stored(
                id,
                row.column("request_hash").get(byte[].class),
                row.column("reservation").get(String.class),
                Times.read(row, "lease_until"),
                row.column("status").get(Integer.class),
                row.column("response").get(byte[].class),
                Times.read(row, "expires_at"));
    }

    private static JsonValue parse(byte[] json) {
        try (JsonReader reader = JSON.createReader(new ByteArrayInputStream(json))) {
            return reader.readValue();
        }
    }
}
