// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.phone.api.ApplicationOperation;
import dev.phone.api.Caller;
import dev.phone.api.CreateWebhookRequest;
import dev.phone.api.ApplicationEnvironment;
import dev.phone.api.OtpRequest;
import dev.phone.api.RequestLog;
import dev.phone.api.SubscribableEvent;
import dev.phone.server.Features;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
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
        Caller.Application caller = phone.caller(ApplicationEnvironment.TEST);
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
        Caller.Application caller = phone.caller(ApplicationEnvironment.TEST);
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

    /** OTP requests, deliveries and request logs, in several batches. */
    @Test
    void nodesSweepSideBySide() throws Exception {
        Caller.User user = phone.user();
        Caller.Application caller = Features.caller(phone.application(user, phone.project(user).id(), ApplicationEnvironment.TEST));
        phone.webhooks.createWebhook(user, caller.id(), new CreateWebhookRequest("https://hooks.phone.dev/", List.of(SubscribableEvent.OTP_SENT)));
        OtpRequest sent = phone.send(caller, phone.number());
        String delivery = phone.database.execute().createGet("SELECT id FROM delivery").execute().orElseThrow().column(1).get(String.class);
        String rows = phone.database.isEmbedded() ? "(SELECT \"X\" AS i FROM SYSTEM_RANGE(1, 1200)) AS r" : "GENERATE_SERIES(1, 1200) AS r (i)";
        String id = "SUBSTRING(id, 1, 4) || '0' || LPAD(CAST(i AS VARCHAR), 25, '0')";
        phone.database.execute().createDmlStatement("INSERT INTO otp_request (id, application_id, phone_number, status, attempts_remaining, code_hash, metadata, "
                + "created_at, expires_at) SELECT " + id + ", application_id, phone_number, 'failed', 0, code_hash, metadata, created_at, expires_at FROM otp_request, "
                + rows + " WHERE id = '" + sent.id() + "'").execute();
        phone.database.execute().createDmlStatement("INSERT INTO delivery (id, webhook_id, event_id, event_type, payload, status, attempts, round, tries, created_at) SELECT "
                + id + ", webhook_id, event_id, event_type, payload, 'failed', attempts, 0, 0, created_at FROM delivery, " + rows + " WHERE id = '" + delivery + "'").execute();
        List<RequestLog> logs = new ArrayList<>();
        for (int i = 0; i < 2_500; i++) {
            logs.add(new RequestLog(phone.ids.next("req"), caller.id(), ApplicationOperation.SEND_OTP, "POST", "/v1/otp/send", 201, null, 3, phone.clock.instant()));
        }
        for (int i = 0; i < logs.size(); i += 100) {
            phone.logs.insert(logs.subList(i, i + 100));
        }
        phone.clock.advance(KEPT.plusDays(1));
        CountDownLatch start = new CountDownLatch(1);
        List<CompletableFuture<Void>> nodes = new ArrayList<>();
        for (int node = 0; node < 3; node++) {
            Retention retention = retention(0);
            nodes.add(CompletableFuture.runAsync(() -> {
                awaits(start);
                while (retention.sweepOld() | phone.logs.sweep() | phone.totals.sweep()) {
                    // The next batch.
                }
            }, Thread::startVirtualThread));
        }
        start.countDown();
        for (CompletableFuture<Void> node : nodes) {
            node.get(60, TimeUnit.SECONDS);
        }
        assertEquals(0, phone.count("SELECT COUNT(*) FROM otp_request WHERE status = 'failed'"));
        assertEquals(0, phone.count("SELECT COUNT(*) FROM delivery WHERE status = 'failed'"));
        assertEquals(0, phone.count("SELECT COUNT(*) FROM request_log"));
        assertEquals(1, phone.count("SELECT COUNT(*) FROM delivery"), "what is pending stays");
        retention(0).sweepRows();
        assertEquals(1, phone.count("SELECT COUNT(*) FROM delivery"));
        phone.database.execute().createDmlStatement("UPDATE delivery SET status = 'delivered', due_at = NULL").execute();
        retention(0).sweepOld();
        assertEquals(0, phone.count("SELECT COUNT(*) FROM delivery"));
    }

    private static void awaits(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
