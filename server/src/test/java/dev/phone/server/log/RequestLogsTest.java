// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.phone.api.ApplicationOperation;
import dev.phone.api.PageRequest;
import dev.phone.api.RequestLog;
import dev.phone.server.Features;
import dev.phone.server.store.SignedCursors;
import dev.phone.server.store.TestDatabase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class RequestLogsTest {
    private final TestDatabase kind;
    private Features phone;

    RequestLogsTest(TestDatabase kind) {
        this.kind = kind;
    }

    @BeforeAll
    void open() {
        phone = new Features(kind.open());
    }

    @AfterAll
    void close() {
        phone.close();
    }

    private RequestLog log(String application, ApplicationOperation operation, int status) {
        return new RequestLog(phone.ids.next("req"), application, operation, "POST", "/v1/otp/send", status, status < 400 ? null : "CONFLICT", 3,
                phone.clock.instant());
    }

    private PageRequest page() {
        return new PageRequest(new SignedCursors(phone.secrets), new String[0], 100, null);
    }

    @Test
    void eachFilterAndBothAtOnce() {
        String application = phone.ids.next("app");
        List<RequestLog> all = new ArrayList<>();
        for (ApplicationOperation operation : List.of(ApplicationOperation.SEND_OTP, ApplicationOperation.VERIFY_OTP)) {
            for (int status : List.of(201, 409)) {
                all.addFirst(log(application, operation, status));
            }
        }
        phone.logs.insert(all);
        phone.logs.insert(List.of(log(phone.ids.next("app"), ApplicationOperation.SEND_OTP, 201)));
        assertEquals(all, phone.logs.list(application, null, null, page()));
        assertEquals(all.stream().filter(log -> log.status() == 409).toList(), phone.logs.list(application, 409, null, page()));
        assertEquals(all.stream().filter(log -> log.operationId() == ApplicationOperation.SEND_OTP).toList(),
                phone.logs.list(application, null, ApplicationOperation.SEND_OTP, page()));
        assertEquals(all.stream().filter(log -> log.operationId() == ApplicationOperation.SEND_OTP && log.status() == 409).toList(),
                phone.logs.list(application, 409, ApplicationOperation.SEND_OTP, page()));
    }

    @Test
    void theSweepDeletesWhatIsOlderThanItIsKept() {
        String application = phone.ids.next("app");
        int old = 1_500;
        for (int i = 0; i < old; i += 100) {
            phone.logs.insert(IntStream.range(0, 100).mapToObj(n -> log(application, ApplicationOperation.SEND_OTP, 201)).toList());
        }
        phone.clock.advance(Duration.ofMillis(1));
        RequestLog newer = log(application, ApplicationOperation.SEND_OTP, 201);
        phone.logs.insert(List.of(newer));
        phone.clock.advance(Duration.ofDays(30));
        assertTrue(phone.logs.sweep(), "a batch was full");
        assertFalse(phone.logs.sweep(), "the rest was less");
        assertEquals(List.of(newer), phone.logs.list(application, null, null, page()));
    }
}
