// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.store;

import io.helidon.dbclient.DbRow;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;

/**
 * Converts instants to and from database values.
 *
 * <p>They are stored with millisecond precision, like the API's, so that a value read back equals the one returned before.
 */
public final class Times {
    private Times() {
    }

    /** @param instant may be null */
    public static OffsetDateTime toSql(Instant instant) {
        return instant == null ? null : instant.truncatedTo(ChronoUnit.MILLIS).atOffset(ZoneOffset.UTC);
    }

    /** The instant in a column; null if the column is null. */
    public static Instant read(DbRow row, String column) {
        // The drivers return different types for TIMESTAMP WITH TIME ZONE.
        return switch (row.column(column).get(Object.class)) {
            case null -> null;
            case OffsetDateTime time -> time.toInstant();
            case Timestamp time -> time.toInstant();
            case Object other -> throw new IllegalStateException(column + " is a " + other.getClass());
        };
    }
}
