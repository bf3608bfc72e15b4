// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.store;

import io.helidon.dbclient.DbRow;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;

/**
 * Instants on their way to and from a database.
 *
 * <p>They are kept to the millisecond, which is what the API shows: what is read back equals what was answered.
 */
public final class Times {
    private Times() {
    }

    /** @param instant may be null */
    public static OffsetDateTime toSql(Instant instant) {
        return instant == null ? null : instant.truncatedTo(ChronoUnit.MILLIS).atOffset(ZoneOffset.UTC);
    }

    /** Null when the column is. */
    public static Instant read(DbRow row, String column) {
        // The drivers disagree about what a TIMESTAMP WITH TIME ZONE is.
        return switch (row.column(column).get(Object.class)) {
            case null -> null;
            case OffsetDateTime time -> time.toInstant();
            case Timestamp time -> time.toInstant();
            case Object other -> throw new IllegalStateException(column + " is a " + other.getClass());
        };
    }
}
