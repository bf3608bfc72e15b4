// SPDX-License-Identifier: Apache-2.0
package dev.phone.mock.state;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.phone.api.Operation.RateLimit;
import dev.phone.api.Operations;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class LimitsTest {
    @Test
    void asManyAddressesAsThereAreTakeNoMoreMemory() {
        Limits.Windows windows = new Limits.Windows();
        RateLimit backstop = new RateLimit("requests", 120, 60, RateLimit.Key.IP, "requests");
        Limits limits = new Limits(() -> Instant.EPOCH, true, backstop, windows);
        for (int i = 0; i < 3 * Limits.Windows.MOST; i++) {
            limits.usage(Operations.ALL.getFirst()).countRequest("address " + i);
            assertTrue(windows.size() <= Limits.Windows.MOST);
        }
        assertEquals(Limits.Windows.MOST, windows.size());
    }
}
