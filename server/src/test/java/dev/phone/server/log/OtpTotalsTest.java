// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.phone.api.Caller;
import dev.phone.api.ApplicationEnvironment;
import dev.phone.api.OtpCounts;
import dev.phone.api.OtpRequest;
import dev.phone.api.OtpRequestStatus;
import dev.phone.api.PhoneNumber;
import dev.phone.server.Features;
import dev.phone.server.store.Retention;
import dev.phone.server.store.TestDatabase;
import dev.phone.server.store.Times;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** That counting with running totals gives what counting every request gives. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class OtpTotalsTest {
    private static final int REQUESTS = 5_000;
    private static final OtpRequestStatus[] OVER = {OtpRequestStatus.VERIFIED, OtpRequestStatus.FAILED, OtpRequestStatus.EXPIRED,
        OtpRequestStatus.CANCELLED, OtpRequestStatus.SUPERSEDED};

    private final TestDatabase kind;
    private final Random random = new Random(1);
    private Features phone;
    private Instant start;

    OtpTotalsTest(TestDatabase kind) {
        this.kind = kind;
    }

    @BeforeAll
    void open() {
        phone = new Features(kind.open());
        start = phone.clock.instant().minus(Duration.ofDays(10));
    }

    @AfterAll
    void close() {
        phone.close();
    }

    private OtpRequest request(String application, OtpRequestStatus status, Instant at) {
        return new OtpRequest(phone.ids.next("otp"), application, PhoneNumber.of(phone.number()), status, 5, Map.of(), at, at.plusSeconds(300),
                status == OtpRequestStatus.VERIFIED ? at.plusMillis(random.nextInt(300_000)) : null);
    }

    /** Several at a moment, and many moments. */
    private List<OtpRequest> requests(String application) {
        List<OtpRequest> requests = IntStream.range(0, REQUESTS)
                .mapToObj(i -> request(application, OVER[random.nextInt(OVER.length)], start.plusSeconds(random.nextInt(900_000) / 7 * 7))).toList();
        insert(requests);
        return requests;
    }

    private void insert(List<OtpRequest> requests) {
        phone.database.transaction(tx -> {
            requests.forEach(request -> phone.otpStore.insert(tx, request, "123456"));
            return null;
        });
    }

    private static List<OtpCounts> counted(List<OtpRequest> requests, Instant from, Instant to, Duration each, int points, Instant now) {
        List<OtpCounts> counts = new ArrayList<>();
        for (int i = 0; i < points; i++) {
            Instant begin = from.plus(each.multipliedBy(i));
            Instant end = begin.plus(each).isBefore(to) ? begin.plus(each) : to;
            List<OtpRequestStatus> statuses = requests.stream().filter(r -> !r.createdAt().isBefore(begin) && r.createdAt().isBefore(end))
                    .map(r -> r.status() == OtpRequestStatus.PENDING && !now.isBefore(r.expiresAt()) ? OtpRequestStatus.EXPIRED : r.status()).toList();
            counts.add(new OtpCounts(statuses.size(), of(statuses, OtpRequestStatus.VERIFIED), of(statuses, OtpRequestStatus.FAILED),
                    of(statuses, OtpRequestStatus.EXPIRED), of(statuses, OtpRequestStatus.CANCELLED), of(statuses, OtpRequestStatus.SUPERSEDED)));
        }
        return counts;
    }

    private static int of(List<OtpRequestStatus> statuses, OtpRequestStatus status) {
        return (int) statuses.stream().filter(status::equals).count();
    }

    private void assertCounted(String application, List<OtpRequest> requests) {
        Instant now = phone.clock.instant();
        for (int i = 0; i < 20; i++) {
            Duration each = i % 2 == 0 ? Duration.ofHours(1) : Duration.ofDays(1);
            Instant from = start.minusSeconds(10_000).plusMillis(random.nextInt(500_000_000));
            Instant to = from.plusMillis(1 + random.nextInt(500_000_000));
            int points = (int) Duration.between(from, to).plus(each).minusMillis(1).dividedBy(each);
            assertEquals(counted(requests, from, to, each, points, now), phone.totals.series(application, from, to, each, points, now),
                    application + " from " + from + " to " + to);
            VerifyTimes times = new VerifyTimes();
            requests.stream().filter(r -> r.verifiedAt() != null && !r.createdAt().isBefore(from) && r.createdAt().isBefore(to))
                    .forEach(r -> times.add(Duration.between(r.createdAt(), r.verifiedAt())));
            VerifyTimes found = phone.totals.verifyTimes(application, from, to);
            assertEquals(times.percentile(50), found.percentile(50));
            assertEquals(times.percentile(95), found.percentile(95));
        }
    }

    private long totals(String application) {
        return phone.count("SELECT COUNT(*) FROM otp_total WHERE application_id = '" + application + "'");
    }

    @Test
    void countsAreTheSameWithAndWithoutTotals() {
        Caller.Application application = phone.caller(ApplicationEnvironment.TEST);
        List<OtpRequest> requests = requests(application.id());
        assertCounted(application.id(), requests);
        while (phone.totals.sweep()) {
            // The next block.
        }
        assertTrue(totals(application.id()) > 100, "there are totals");
        assertCounted(application.id(), requests);
    }

    @Test
    void whatIsNoLongerKeptIsNotCounted() {
        Caller.Application application = phone.caller(ApplicationEnvironment.TEST);
        List<OtpRequest> requests = requests(application.id());
        while (phone.totals.sweep()) {
            // The next block.
        }
        Instant before = start.plus(Duration.ofDays(4));
        // Its ID tells when one was made, but these were all made now.
        phone.database.execute().createDmlStatement("DELETE FROM otp_request WHERE created_at < :before").addParam("before", Times.toSql(before)).execute();
        new Retention(phone.database, phone.ids, phone.clock, Duration.between(before, phone.clock.instant()), 0).sweepOld();
        assertCounted(application.id(), requests.stream().filter(request -> !request.createdAt().isBefore(before)).toList());
    }

    @Test
    void totalsStayUntilTheRequestsThatTheyCoverAreDeleted() {
        Caller.Application application = phone.caller(ApplicationEnvironment.TEST);
        requests(application.id());
        while (phone.totals.sweep()) {
            // The next block.
        }
        long before = totals(application.id());
        Retention retention = new Retention(phone.database, phone.ids, phone.clock, Duration.ofDays(-1), 0);
        assertTrue(retention.sweepOld());
        assertEquals(before, totals(application.id()));
        while (retention.sweepOld()) {
            // The next batch.
        }
        assertEquals(0, totals(application.id()));
    }

    @Test
    void whatATotalCoversIsNotReadAgain() {
        assumeTrue(kind == TestDatabase.POSTGRES, "H2 counts the rows");
        Caller.Application application = phone.caller(ApplicationEnvironment.TEST);
        requests(application.id());
        assertTrue(phone.totals.writeBlock(application.id()));
        Instant now = phone.clock.instant();
        List<OtpCounts> before = phone.totals.series(application.id(), start, now, Duration.ofDays(10), 1, now);
        String covered = " FROM otp_request WHERE application_id = '" + application.id() + "' AND created_at > (SELECT MIN(until) FROM otp_total "
                + "WHERE application_id = '" + application.id() + "') AND created_at <= (SELECT MAX(until) FROM otp_total WHERE application_id = '"
                + application.id() + "')";
        assertTrue(phone.count("SELECT COUNT(*)" + covered) > 1_900);
        phone.database.execute().createDmlStatement("DELETE" + covered).execute();
        assertEquals(before, phone.totals.series(application.id(), start, now, Duration.ofDays(10), 1, now));
    }

    @Test
    void whatMayStillChangeIsInNoTotal() {
        Caller.Application application = phone.caller(ApplicationEnvironment.TEST);
        requests(application.id());
        insert(List.of(request(application.id(), OtpRequestStatus.PENDING, start.plusSeconds(1))));
        assertFalse(phone.totals.writeBlock(application.id()), "one of the first is pending");
        Caller.Application recent = phone.caller(ApplicationEnvironment.TEST);
        Instant now = phone.clock.instant();
        insert(IntStream.range(0, 2_200).mapToObj(i -> request(recent.id(), OtpRequestStatus.FAILED, now.minusMillis(i))).toList());
        assertFalse(phone.totals.writeBlock(recent.id()), "others may still arrive between them");
        phone.clock.advance(Duration.ofMinutes(16));
        assertTrue(phone.totals.writeBlock(recent.id()));
    }

    @Test
    void percentilesAreNearestRanks() {
        VerifyTimes times = new VerifyTimes();
        assertEquals(null, times.percentile(50));
        for (int i = 1; i <= 20; i++) {
            times.add(Duration.ofSeconds(i));
        }
        assertEquals(10, times.percentile(50));
        assertEquals(19, times.percentile(95));
        times.add(Duration.ofDays(2));
        assertEquals(3_600, times.percentile(100));
        assertEquals(1, VerifyTimes.read(times.bytes()).percentile(1));
    }
}
