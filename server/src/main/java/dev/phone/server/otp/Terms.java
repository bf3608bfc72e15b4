// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.otp;

import dev.phone.api.ApiError;
import dev.phone.api.Operations;
import dev.phone.server.number.PhoneNumber;
import java.time.Duration;

/**
 * On what terms an OTP is sent. With test credentials the documented test numbers have terms of their own; everything else, and every number
 * with live credentials, has the usual ones.
 *
 * @param code null for a random one
 */
record Terms(String code, int attempts, Duration lifetime) {
    static final int ATTEMPTS = 5;
    static final Duration LIFETIME = Duration.ofMinutes(5);

    private static final Terms USUAL = new Terms(null, ATTEMPTS, LIFETIME);
    private static final Duration TEST_WAIT = Duration.ofSeconds(42);

    /** @throws ApiError when it is a test number that stands for one */
    static Terms of(PhoneNumber number, boolean test) {
        if (!test) {
            return USUAL;
        }
        return switch (number.text()) {
            case "+999 000 000 001" -> new Terms("123456", ATTEMPTS, LIFETIME);
            case "+999 000 000 005" -> new Terms(null, 1, LIFETIME);
            case "+999 000 000 410" -> new Terms(null, ATTEMPTS, Duration.ZERO);
            case "+999 000 000 429" -> throw ApiError.rateLimited(Operations.SEND_OTP.rateLimit().noun(), TEST_WAIT);
            case "+999 000 000 500" -> throw ApiError.internal("the test number that stands for an internal error", null);
            default -> USUAL;
        };
    }
}
