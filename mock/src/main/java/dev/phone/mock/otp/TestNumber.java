// SPDX-License-Identifier: Apache-2.0
package dev.phone.mock.otp;

import dev.phone.api.Rules;

/** The test numbers, with results that are otherwise hard to provoke; see the contract's guide about them. */
enum TestNumber {
    FIXED_CODE, ONE_ATTEMPT, EXPIRED, RATE_LIMITED, BROKEN, NONE;

    static TestNumber of(String number) {
        return switch (number) {
            case Rules.TEST_NUMBERS_FIXED_CODE -> FIXED_CODE;
            case Rules.TEST_NUMBERS_ONE_ATTEMPT -> ONE_ATTEMPT;
            case Rules.TEST_NUMBERS_EXPIRED -> EXPIRED;
            case Rules.TEST_NUMBERS_RATE_LIMITED -> RATE_LIMITED;
            case Rules.TEST_NUMBERS_INTERNAL_ERROR -> BROKEN;
            default -> NONE;
        };
    }
}
