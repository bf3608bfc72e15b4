// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.store;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * Deletes OTP requests and deliveries some time after they ended. An embedded database is in our own heap, so its rows are also bounded: beyond the
 * bound the oldest are deleted, whatever their state.
 */
public final class Retention {
    private static final List<String> BOUNDED = List.of("otp-requests", "deliveries", "request-logs", "idempotent-requests");
    private static final int DELETED_AT_ONCE = 500;

    private final Database database;
    private final Ids ids;
    private final Clock clock;
    private final Duration kept;
    private final int rows;

    /**
     * @param kept how long OTP requests and deliveries are kept after their creation
     * @param rows the maximum number of OTP requests, deliveries, request logs and idempotency keys, each; 0 for no maximum
     */
    public Retention(Database database, Ids ids, Clock clock, Duration kept, int rows) {
        this.database = database;
        this.ids = ids;
        this.clock = clock;
        this.kept = kept;
        this.rows = rows;
    }

    /** Deletes a batch of expired rows. @return whether there may be more */
    public boolean sweepOld() {
        boolean more = delete("retention.otp-requests-older", "otp");
        if (!more) {
            // Not before the requests that they cover, which would have to be counted one by one.
            database.transaction(tx ->
                    tx.createNamedDelete("retention.otp-totals-older").addParam("before", Times.toSql(clock.instant().minus(kept))).execute());
        }
        return more | delete("retention.deliveries-older", "dlv");
    }

    private boolean delete(String statement, String prefix) {
        Instant before = clock.instant().minus(kept);
        return database.transaction(tx -> tx.createNamedDelete(statement).addParam("id", ids.first(prefix, before))
                .addParam("before", Times.toSql(before)).addParam("limit", DELETED_AT_ONCE).execute()) == DELETED_AT_ONCE;
    }

    /** Deletes the rows beyond the bound. @return false, because one call deletes all */
    public boolean sweepRows() {
        if (rows > 0) {
            BOUNDED.forEach(table -> database.transaction(tx -> {
                Object bound = tx.createNamedGet("retention." + table + "-bound").addParam("rows", rows).execute()
                        .map(row -> row.column("bound").get(Object.class)).orElse(null);
                return bound == null ? 0 : tx.createNamedDelete("retention." + table + "-beyond").addParam("bound", bound).execute();
            }));
        }
        return false;
    }
}
