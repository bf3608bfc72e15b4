// SPDX-License-Identifier: Apache-2.0
package dev.phone.mock;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.UncheckedIOException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a caller may ask to go wrong. */
class FaultsTest {
    @RegisterExtension
    static PhoneMockExtension phone = new PhoneMockExtension();

    private static Http.Reply get(String prefer) {
        return Http.send("GET", phone.mock().url() + "/v1/projects", Map.of("authorization", "Bearer dev_alice", "prefer", prefer),
                (String) null);
    }

    @ParameterizedTest
    @ValueSource(strings = {"fault=reset", "fault=empty", "fault=garbage", "fault=malformed"})
    void breaksTheConnection(String fault) {
        assertThrows(UncheckedIOException.class, () -> get(fault));
    }

    @Test
    void waits() {
        long start = System.nanoTime();
        assertEquals(200, get("delay=300").status());
        assertTrue(System.nanoTime() - start >= 300_000_000L);
    }

    @Test
    void knowsNoOtherFault() {
        assertEquals(422, get("fault=fire").status());
    }
}
