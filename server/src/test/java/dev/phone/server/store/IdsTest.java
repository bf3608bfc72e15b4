// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.store;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.phone.server.Race;
import dev.phone.server.TestClock;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class IdsTest {
    private final TestClock clock = new TestClock();
    private final Ids ids = new Ids(clock, new SecureRandom());

    @Test
    void theyLookAsTheContractSays() {
        assertTrue(ids.next("prj").matches("prj_[0-9a-hjkmnp-tv-z]{26}"));
    }

    @Test
    void eachIsGreaterThanTheOneBefore() {
        String last = ids.next("otp");
        for (int i = 0; i < 10_000; i++) {
            if (i % 100 == 0) {
                clock.advance(Duration.ofMillis(1));
            }
            if (i == 5_000) {
                clock.advance(Duration.ofSeconds(-5));
            }
            String next = ids.next("otp");
            assertTrue(next.compareTo(last) > 0, next + " after " + last);
            last = next;
        }
    }

    @Test
    void noTwoAreEqual() {
        Set<String> all = new HashSet<>();
        for (Race.Outcome<List<String>> outcome : Race.run(i -> List.of(ids.next("otp"), ids.next("otp")))) {
            all.addAll(outcome.result());
        }
        assertTrue(all.size() == 2 * Race.THREADS);
    }
}
