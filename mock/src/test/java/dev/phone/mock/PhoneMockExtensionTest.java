// SPDX-License-Identifier: Apache-2.0
package dev.phone.mock;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Each test of a class begins in the demo world, at the present time. */
class PhoneMockExtensionTest {
    @RegisterExtension
    static PhoneMockExtension phone = new PhoneMockExtension();

    @RepeatedTest(2)
    void beginsAnew(PhoneMock mock) {
        assertEquals(phone.mock(), mock);
        assertEquals(false, mock.clock().isFrozen());
        assertEquals(false, mock.state().contains("Left behind"));
        Http.send("POST", mock.url() + "/v1/projects", mock.credentials("alice"), "{\"name\": \"Left behind\"}");
        assertEquals(true, mock.state().contains("Left behind"));
        mock.clock().freeze();
        mock.clock().advance(Duration.ofDays(1));
    }
}
