// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.phone.api.Caller;
import dev.phone.api.Environment;
import dev.phone.api.OtpRequest;
import dev.phone.server.Features;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

abstract class RetentionTest {
    private static final Duration KEPT = Duration.ofDays(30);

    private final Features phone;

    RetentionTest(TestDatabase kind) {
        phone = new Features(kind.open());
    }

    @AfterEach
    void close() {
        phone.close();
    }

    private Retention retention(int rows) {
        return new Retention(phone.database, phone.ids, phone.clock, KEPT, rows);
    }

    private long otpRequests() {
        return phone.count("SELECT COUNT(*) FROM otp_request");
    }

    @Test
    void whatEndedLongAgoGoes() {
        Caller.Application caller = phone.caller(Environment.TEST);
        phone.send(caller, phone.number());
        phone.clock.advance(Duration.ofMinutes(6));
        while (phone.expiry.sweep()) {
            // The next batch.
        }
        phone.send(caller, phone.number());
        phone.clock.advance(KEPT.minusMinutes(7));
        assertFalse(retention(0).sweepOld());
        assertEquals(2, otpRequests(), "not before its time");
        phone.clock.advance(Duration.ofMinutes(10));
        assertFalse(retention(0).sweepOld());
        assertEquals(1, otpRequests(), "what is pending has to expire first");
        phone.expiry.sweep();
        retention(0).sweepOld();
        assertEquals(0, otpRequests());
    }

    @Test
    void theNewestRowsStay() {
        Caller.Application caller = phone.caller(Environment.TEST);
        for (int i = 0; i < 5; i++) {
            phone.send(caller, phone.number());
        }
        retention(0).sweepRows();
        assertEquals(5, otpRequests(), "no bound");
        OtpRequest last = phone.send(caller, phone.number());
        retention(2).sweepRows();
        assertEquals(2, otpRequests());
        assertEquals(1, phone.count("SELECT COUNT(*) FROM otp_request WHERE id = '" + last.id() + "'"));
    }
}
