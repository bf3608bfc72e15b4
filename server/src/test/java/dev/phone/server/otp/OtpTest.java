// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.otp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.phone.api.Caller;
import dev.phone.api.ApplicationEnvironment;
import dev.phone.api.OtpRequest;
import dev.phone.api.OtpRequestStatus;
import dev.phone.server.Features;
import dev.phone.server.store.TestDatabase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class OtpTest {
    private final Features phone;
    private final Caller.User user;
    private final String projectId;

    OtpTest(TestDatabase kind) {
        phone = new Features(kind.open());
        user = phone.user();
        projectId = phone.project(user).id();
    }

    @AfterAll
    void close() {
        phone.close();
    }

    private Caller.Application caller(ApplicationEnvironment environment) {
        return Features.caller(phone.application(user, projectId, environment));
    }

    @Test
    void theSweepWritesExpiryDownAndClearsTheInbox() {
        Caller.Application caller = caller(ApplicationEnvironment.LIVE);
        List<String> sent = new ArrayList<>();
        for (int i = 0; i < 101; i++) {
            sent.add(phone.send(caller, phone.number()).id());
        }
        phone.clock.advance(Duration.ofMinutes(5).minusMillis(1));
        OtpRequest young = phone.send(caller, phone.number());
        while (phone.expiry.sweep()) {
            // The next batch.
        }
        assertEquals("pending", stored(sent.getFirst()));
        phone.clock.advance(Duration.ofMillis(1));
        assertTrue(phone.expiry.sweep(), "there is more than one batch");
        assertFalse(phone.expiry.sweep());
        for (String id : sent) {
            assertEquals("expired", stored(id));
            assertEquals(OtpRequestStatus.EXPIRED, phone.get(caller, id).status());
        }
        assertEquals(0, phone.count("SELECT COUNT(*) FROM message WHERE otp_request_id = '" + sent.getFirst() + "'"));
        assertEquals("pending", stored(young.id()));
        assertEquals(1, phone.count("SELECT COUNT(*) FROM message WHERE otp_request_id = '" + young.id() + "'"));
    }

    @Test
    void theSweepLeavesAloneWhatSomebodyIsAt() throws Exception {
        Caller.Application caller = caller(ApplicationEnvironment.LIVE);
        OtpRequest held = phone.send(caller, phone.number());
        OtpRequest free = phone.send(caller, phone.number());
        phone.clock.advance(Duration.ofMinutes(5));
        phone.database.transaction(tx -> {
            phone.otpStore.lock(tx, caller.id(), held.id());
            try {
                Thread.ofVirtual().start(() -> phone.expiry.sweep()).join(Duration.ofSeconds(5));
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            return null;
        });
        assertEquals("expired", stored(free.id()));
        assertEquals("pending", stored(held.id()));
        phone.expiry.sweep();
        assertEquals("expired", stored(held.id()));
    }

    @Test
    void aClaimedAndAnUnclaimedNumberAreServedTheSame() {
        Caller.Application caller = caller(ApplicationEnvironment.LIVE);
        for (String number : List.of(claimed(), phone.number())) {
            OtpRequest sent = phone.send(caller, number);
            assertEquals(1, phone.count("SELECT COUNT(*) FROM message WHERE otp_request_id = '" + sent.id() + "'"));
        }
    }

    @Test
    void noCodeIsInTheDatabase() {
        Caller.Application caller = caller(ApplicationEnvironment.TEST);
        String one = phone.send(caller, "+999 000 000 001").id();
        String other = phone.send(caller(ApplicationEnvironment.TEST), "+999 000 000 001").id();
        byte[] first = hash(one);
        byte[] second = hash(other);
        assertEquals(32, first.length);
        assertFalse(Arrays.equals(first, second), "equal codes look different");
    }

    private byte[] hash(String id) {
        return phone.database.execute().createGet("SELECT code_hash FROM otp_request WHERE id = :id").addParam("id", id).execute().orElseThrow()
                .column(1).get(byte[].class);
    }

    private String stored(String id) {
        return phone.database.execute().createGet("SELECT status FROM otp_request WHERE id = :id").addParam("id", id).execute().orElseThrow()
                .column(1).get(String.class);
    }

    private String claimed() {
        String number = phone.number();
        phone.claim(user, number);
        return number;
    }
}
