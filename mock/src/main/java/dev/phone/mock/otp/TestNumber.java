// SPDX-License-Identifier: Apache-2.0
package dev.phone.mock.otp;

/** The numbers that make an OTP end in ways that are hard to provoke otherwise; see the contract's guide on them. */
enum TestNumber {
    FIXED_CODE, ONE_ATTEMPT, EXPIRED, RATE_LIMITED, BROKEN, NONE;

    static TestNumber of(String number) {
        return switch (number) {
            case "+999 000 000 001" -> FIXED_CODE;
            case "+999 000 000 005" -> ONE_ATTEMPT;
            case "+999 000 000 410" -> EXPIRED;
            case "+999 000 000 429" -> RATE_LIMITED;
            case "+999 000 000 500" -> BROKEN;
            default -> NONE;
        };
    }
}
