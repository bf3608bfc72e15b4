// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.log;

import dev.phone.api.ApplicationOperation;
import dev.phone.api.PageRequest;
import dev.phone.api.RequestLog;
import dev.phone.server.store.Database;
import dev.phone.server.store.SignedCursors;
import dev.phone.server.store.Times;
import io.helidon.dbclient.DbExecute;
import io.helidon.dbclient.DbRow;
import io.helidon.dbclient.DbStatementDml;
import io.helidon.dbclient.DbStatementQuery;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;

/** Request logs in the database. */
public final class RequestLogs {
    private static final String INSERT =
            "INSERT INTO request_log (id, application_id, operation_id, method, path, status, error_code, duration_ms, created_at) VALUES ";
    private static final String ROW = "(?, ?, ?, ?, ?, ?, ?, ?, ?)";
    private static final int DELETED_AT_ONCE = 1_000;

    private final Database database;
    private final Clock clock;
    private final Duration kept;

    /** @param kept how long request logs are kept */
    public RequestLogs(Database database, Clock clock, Duration kept) {
        this.database = database;
        this.clock = clock;
        this.kept = kept;
    }

    /** Inserts all of them, or none if it fails. */
    public void insert(List<RequestLog> logs) {
        database.transaction(tx -> {
            insert(tx, logs);
            return null;
        });
    }

    /** @param logs at least one, and no more than fit in one statement */
    public void insert(DbExecute tx, List<RequestLog> logs) {
        DbStatementDml insert = tx.createInsert(INSERT + String.join(", ", Collections.nCopies(logs.size(), ROW)));
        for (RequestLog log : logs) {
            insert.addParam(log.id())
                    .addParam(log.applicationId())
                    .addParam(log.operationId().text())
                    .addParam(log.method())
                    .addParam(log.path())
                    .addParam(log.status())
                    .addParam(log.errorCode())
                    .addParam(log.durationMs())
                    .addParam(Times.toSql(log.createdAt()));
        }
        insert.execute();
    }

    /** @param status null for any, like {@code operation} */
    List<RequestLog> list(String applicationId, Integer status, ApplicationOperation operation, PageRequest page) {
        // A separate statement for each combination of filters, so that each uses an index.
        String name = status == null ? operation == null ? "log.list" : "log.list-by-operation"
                : operation == null ? "log.list-by-status" : "log.list-by-both";
        DbStatementQuery query = SignedCursors.select(page, database.execute().createNamedQuery(name)).addParam("applicationId", applicationId);
        if (status != null) {
            query.addParam("status", status);
        }
        if (operation != null) {
            query.addParam("operationId", operation.text());
        }
        return query.execute().map(RequestLogs::log).toList();
    }

    private static RequestLog log(DbRow row) {
        return new RequestLog(
                row.column("id").get(String.class),
                row.column("application_id").get(String.class),
                ApplicationOperation.of(row.column("operation_id").get(String.class)),
                row.column("method").get(String.class),
                row.column("path").get(String.class),
                row.column("status").get(Integer.class),
                row.column("error_code").get(String.class),
                row.column("duration_ms").get(Integer.class),
                Times.read(row, "created_at"));
    }

    /** Deletes a batch of expired request logs. @return whether there may be more */
    public boolean sweep() {
        Instant before = clock.instant().minus(kept);
        return database.transaction(tx -> tx.createNamedDelete("log.delete-old").addParam("before", Times.toSql(before))
                .addParam("limit", DELETED_AT_ONCE).execute()) == DELETED_AT_ONCE;
    }
}
