// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.log;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.phone.api.ApplicationOperation;
import dev.phone.api.Operation;
import dev.phone.api.Operations;
import dev.phone.api.RequestLog;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RequestLogWriterTest {
    private final List<RequestLog> written = Collections.synchronizedList(new ArrayList<>());

    private static RequestLog log(int number) {
        return new RequestLog("req_" + number, "app_1", ApplicationOperation.SEND_OTP, "POST", "/v1/otp/send", 201, null, 1, Instant.EPOCH);
    }

    private static List<RequestLog> logs(int count) {
        return IntStream.range(0, count).mapToObj(RequestLogWriterTest::log).toList();
    }

    @Test
    void whatWasAcceptedIsThereAfterAFlushAndAtTheEnd() {
        RequestLogWriter writer = new RequestLogWriter(written::addAll);
        writer.start();
        logs(350).forEach(writer);
        writer.flush();
        assertEquals(logs(350), written);
        writer.accept(log(350));
        writer.stop();
        assertEquals(logs(351), written);
    }

    @Test
    void whatDoesNotFitIsDroppedAndCountedAndNobodyWaits() throws InterruptedException {
        CountDownLatch taken = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        RequestLogWriter writer = new RequestLogWriter(batch -> {
            taken.countDown();
            await(release);
            written.addAll(batch);
        }, 10);
        long before = writer.dropped();
        writer.start();
        writer.accept(log(0));
        taken.await();
        logs(25).forEach(writer);
        assertEquals(15, writer.dropped() - before);
        release.countDown();
        writer.stop();
        assertEquals(1 + 10, written.size());
        assertEquals(logs(10), written.subList(1, 11), "the newest are missing");
    }

    @Test
    void aDatabaseThatIsAwayForAWhileLosesNothing() {
        AtomicInteger attempts = new AtomicInteger();
        RequestLogWriter writer = new RequestLogWriter(batch -> {
            if (attempts.incrementAndGet() < 3) {
                throw new IllegalStateException("the database is away");
            }
            written.addAll(batch);
        });
        writer.start();
        writer.accept(log(0));
        writer.flush();
        writer.stop();
        assertEquals(logs(1), written);
        assertEquals(3, attempts.get());
    }

    @Test
    void everyOperationOfApplicationsHasANameInTheLog() {
        Operations.ALL.stream().filter(operation -> operation.auth() == Operation.Auth.TRIPLE || operation.auth() == Operation.Auth.API_KEY)
                .forEach(operation -> assertDoesNotThrow(() -> ApplicationOperation.of(operation.id()), operation.id()));
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
