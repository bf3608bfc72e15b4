// SPDX-License-Identifier: Apache-2.0
package dev.phone.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class PhoneNumberTest {
    @Test
    void thereIsOneFormWhateverComesIn() {
        for (String input : new String[] {"+999482918102", "+999 482 918 102", "+999 482918 102", "+999482 918102"}) {
            assertEquals("+999 482 918 102", PhoneNumber.of(input).text());
        }
        assertEquals(new PhoneNumber("+999 000 000 001"), PhoneNumber.of("+999000000001"));
    }

    @Test
    void theReservedRangeIsAThousandNumbers() {
        assertTrue(PhoneNumber.of("+999000000000").isReserved());
        assertTrue(PhoneNumber.of("+999000000999").isReserved());
        assertFalse(PhoneNumber.of("+999000001000").isReserved());
        assertFalse(PhoneNumber.of("+999100000000").isReserved());
    }
}
