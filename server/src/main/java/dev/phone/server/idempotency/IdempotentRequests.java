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
 * Makes a creating request safe to repeat: with the same {@code Idempotency-Key} it acts once, and answers every time as it did the first time.
 *
 * <p>First a row reserves the key, in a transaction of its own; then the work and its response are written in one transaction, so that neither
 * is there without the other. Whoever works holds the row locked. If a process dies on the way, nothing of the work was written, and the
 * reservation stands until its lease is over. A failure does nothing and leaves nothing: the key is free again.
 *
 * <p>What a response shows once must not lie around: responses are sealed, and keys and requests are there as hashes only.
 */
public final class IdempotentRequests {
    private static final Duration KEPT = Rules.IDEMPOTENCY_KEPT;
    /** Longer than any honest request takes. */
    private static final Duration LEASE = Duration.ofSeconds(60);

    private static final JsonProvider JSON = JsonProvider.provider();

    private final Database database;
    private final Secrets secrets;
    private final Supplier<String> reservations;
    private final Clock clock;

    /** @param reservations makes a name that nothing else has */
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
     * @param scope whose key it is: the ID of the user or the application, or the address of someone unknown
     * @param path of the request, without the query
     * @param body null when there is none
     * @param work what is to be done once; what it does to the database is part of the same transaction
     * @throws ApiError a 422 when the key was used for another request, a 409 while the first one is in flight, or whatever {@code work} throws
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

    /** @param ids of which the first is used from now on. @return empty when the key is ours now, otherwise the row of whoever had it before */
    private Optional<Stored> reserve(List<byte[]> ids, byte[] requestHash, String reservation) {
        Instant now = clock.instant();
        // Loses the race for a new key: begins anew, and then finds the row.
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
            // Then the lease ends it.
            why.addSuppressed(e);
        }
    }

    /** Forgets what was kept long enough. @return false: it is done at once */
    public boolean sweep() {
        Instant now = clock.instant();
        database.transaction(tx -> tx.createNamedDelete("idempotency.delete-expired").addParam("now", Times.toSql(now)).execute());
        return false;
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
