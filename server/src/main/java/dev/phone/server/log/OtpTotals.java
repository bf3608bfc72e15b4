// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.log;

import dev.phone.api.OtpCounts;
import dev.phone.server.store.Database;
import dev.phone.server.store.Times;
import io.helidon.dbclient.DbExecute;
import io.helidon.dbclient.DbRow;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Counts OTP requests in a time that hardly depends on their number: running totals are written periodically, and only
 * requests that no total covers are read individually.
 *
 * <p>A total covers only requests that have ended, so it never changes. The sweep of any node writes totals in blocks, one application after
 * another. If an application has no recent totals, counting takes longer but is still correct.
 */
public final class OtpTotals {
    /** The number of requests between two totals. A larger number makes the table smaller and counting slower. */
    private static final int SPACING = 32;
    private static final int BLOCK = 64 * SPACING;
    /** The longest time until a request becomes visible: the clocks of nodes differ, and transactions take time. */
    private static final Duration LAG = Duration.ofMinutes(15);
    private static final int APPLICATIONS = 100;

    private final Database database;
    private final Clock clock;
    private String lastApplication = "";

    public OtpTotals(Database database, Clock clock) {
        this.database = database;
        this.clock = clock;
    }

    /**
     * Counts the requests of an application that were sent in each of several consecutive periods of the same length.
     *
     * @param from the start of the first period, in whole milliseconds like {@code to}
     * @param to the end of the last period, which may be shorter
     * @param each the length of a period
     * @param points the number of periods
     * @param now the current time, which decides whether a pending request counts as expired
     */
    List<OtpCounts> series(String applicationId, Instant from, Instant to, Duration each, int points, Instant now) {
        List<OtpCounts> series = new ArrayList<>(Collections.nCopies(points, new OtpCounts(0, 0, 0, 0, 0, 0)));
        Total before = Total.none();
        for (DbRow row : database.execute().createNamedQuery("analytics.series")
                .addParam("applicationId", applicationId)
                .addParam("from", Times.toSql(from))
                .addParam("to", Times.toSql(to))
                .addParam("seconds", (int) each.toSeconds())
                .addParam("points", points)
                .addParam("now", Times.toSql(now))
                .execute().toList()) {
            Total counted = Total.of(row);
            int i = row.column("i").get(Integer.class);
            Total after = row.column("running").get(Boolean.class) ? counted : before.plus(counted);
            if (i >= 0) {
                series.set(i, after.since(before));
            }
            before = after;
        }
        return series;
    }

    /** The times to verify for the requests of an application that were sent in a period. */
    VerifyTimes verifyTimes(String applicationId, Instant from, Instant to) {
        VerifyTimes times = new VerifyTimes();
        List<DbRow> first = bounds("analytics.first-times", applicationId, from, to);
        if (first.isEmpty()) {
            count(times, applicationId, from, to);
            return times;
        }
        DbRow last = bounds("analytics.last-times", applicationId, from, to).getFirst();
        // A total includes requests of its own millisecond.
        count(times, applicationId, from, Times.read(first.getFirst(), "until").plusMillis(1));
        count(times, applicationId, Times.read(last, "until").plusMillis(1), to);
        times.add(VerifyTimes.read(last.column("verify_times").get(byte[].class)));
        times.subtract(VerifyTimes.read(first.getFirst().column("verify_times").get(byte[].class)));
        return times;
    }

    private List<DbRow> bounds(String statement, String applicationId, Instant from, Instant to) {
        return database.execute().createNamedQuery(statement).addParam("applicationId", applicationId).addParam("from", Times.toSql(from))
                .addParam("to", Times.toSql(to)).execute().toList();
    }

    private void count(VerifyTimes times, String applicationId, Instant from, Instant to) {
        database.execute().createNamedQuery("analytics.verified").addParam("applicationId", applicationId).addParam("from", Times.toSql(from))
                .addParam("to", Times.toSql(to)).execute()
                .forEach(row -> times.add(Duration.between(Times.read(row, "created_at"), Times.read(row, "verified_at"))));
    }

    /** Writes a block of totals for each of the next few applications that have one. @return whether there may be more */
    public boolean sweep() {
        List<String> applications = database.execute().createNamedQuery("analytics.applications").addParam("after", lastApplication)
                .addParam("limit", APPLICATIONS).execute().map(row -> row.column("id").get(String.class)).toList();
        boolean more = false;
        for (String application : applications) {
            more |= writeBlock(application);
        }
        if (!more) {
            // The next sweep continues; requests that are not covered yet are counted individually.
            lastApplication = applications.size() < APPLICATIONS ? "" : applications.getLast();
        }
        return more;
    }

    /** @return whether there were enough requests for a block */
    boolean writeBlock(String applicationId) {
        Instant before = clock.instant().minus(LAG);
        return database.transaction(tx -> {
            Total total = tx.createNamedGet("analytics.last").addParam("applicationId", applicationId).execute()
                    .map(row -> Total.of(row).at(Times.read(row, "until"), VerifyTimes.read(row.column("verify_times").get(byte[].class))))
                    .orElseGet(Total::none);
            // More than a block, because a total covers either all requests of the same millisecond or none.
            List<Request> requests = tx.createNamedQuery("analytics.requests").addParam("applicationId", applicationId)
                    .addParam("after", Times.toSql(total.until)).addParam("before", Times.toSql(before)).addParam("limit", 2 * BLOCK).execute()
                    .map(Request::of).toList();
            List<Total> totals = totals(total, requests);
            if (totals.isEmpty() || tx.createNamedGet("otp.lock-application").addParam("id", applicationId).execute().isEmpty()) {
                return false;
            }
            insert(tx, applicationId, totals);
            return true;
        });
    }

    /** The totals of the next block; empty if the block is not full, or its requests may still change. */
    private static List<Total> totals(Total before, List<Request> requests) {
        List<Total> totals = new ArrayList<>(BLOCK / SPACING + 1);
        Total total = before;
        int sinceLast = 0;
        for (int i = 0; i + 1 < requests.size(); i++) {
            Request request = requests.get(i);
            if (request.status.equals("pending")) {
                break;
            }
            total = total.plus(request);
            sinceLast++;
            boolean momentIsOver = request.at.isBefore(requests.get(i + 1).at);
            if (momentIsOver && i + 1 >= BLOCK) {
                totals.add(total);
                return totals;
            }
            if (momentIsOver && sinceLast >= SPACING) {
                totals.add(total.at(total.until, null));
                sinceLast = 0;
            }
        }
        return List.of();
    }

    private static void insert(DbExecute tx, String applicationId, List<Total> totals) {
        for (Total total : totals) {
            tx.createNamedInsert("analytics.insert")
                    .addParam("applicationId", applicationId)
                    .addParam("until", Times.toSql(total.until))
                    .addParam("sent", total.sent)
                    .addParam("verified", total.verified)
                    .addParam("failed", total.failed)
                    .addParam("expired", total.expired)
                    .addParam("cancelled", total.cancelled)
                    .addParam("superseded", total.superseded)
                    .addParam("verifyTimes", total.times == null ? null : total.times.bytes())
                    .execute();
        }
    }

    private record Request(Instant at, String status, Instant verifiedAt) {
        static Request of(DbRow row) {
            return new Request(Times.read(row, "created_at"), row.column("status").get(String.class), Times.read(row, "verified_at"));
        }
    }

    /** @param times mutable, updated as requests are added; null if it is not written */
    private record Total(Instant until, long sent, long verified, long failed, long expired, long cancelled, long superseded, VerifyTimes times) {
        static Total none() {
            return new Total(Instant.EPOCH, 0, 0, 0, 0, 0, 0, new VerifyTimes());
        }

        static Total of(DbRow row) {
            return new Total(null, number(row, "sent"), number(row, "verified"), number(row, "failed"), number(row, "expired"),
                    number(row, "cancelled"), number(row, "superseded"), null);
        }

        private static long number(DbRow row, String column) {
            return row.column(column).get(Number.class).longValue();
        }

        Total at(Instant moment, VerifyTimes times) {
            return new Total(moment, sent, verified, failed, expired, cancelled, superseded, times);
        }

        Total plus(Total other) {
            return new Total(null, sent + other.sent, verified + other.verified, failed + other.failed, expired + other.expired,
                    cancelled + other.cancelled, superseded + other.superseded, null);
        }

        OtpCounts since(Total other) {
            return new OtpCounts((int) (sent - other.sent), (int) (verified - other.verified), (int) (failed - other.failed),
                    (int) (expired - other.expired), (int) (cancelled - other.cancelled), (int) (superseded - other.superseded));
        }

        Total plus(Request request) {
            if (request.verifiedAt != null) {
                times.add(Duration.between(request.at, request.verifiedAt));
            }
            return new Total(request.at, sent + 1, verified + one(request, "verified"), failed + one(request, "failed"),
                    expired + one(request, "expired"), cancelled + one(request, "cancelled"), superseded + one(request, "superseded"), times);
        }

        private static int one(Request request, String status) {
            return request.status.equals(status) ? 1 : 0;
        }
    }
}
