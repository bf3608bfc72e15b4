// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.otp;

import dev.phone.api.ApiError;
import dev.phone.api.Operations;
import dev.phone.api.PhoneNumber;
import dev.phone.api.Rules;
import java.time.Duration;

/**
 * The code, attempts and lifetime with which an OTP is sent. With test credentials, the documented test numbers have special terms; all other
 * numbers, and all numbers with live credentials, have the normal ones.
 *
 * @param code null for a random code
 */
record Terms(String code, int attempts, Duration lifetime) {
    static final Duration LIFETIME = Rules.OTP_LIFETIME;

    private static final Terms USUAL = new Terms(null, Rules.OTP_ATTEMPTS, LIFETIME);

    /** @throws ApiError if it is a test number that stands for an error */
    static Terms of(PhoneNumber number, boolean test) {
        if (!test) {
            return USUAL;
        }
        return switch (number.text()) {
            case Rules.TEST_NUMBERS_FIXED_CODE -> new Terms(Rules.TEST_NUMBERS_CODE, Rules.OTP_ATTEMPTS, LIFETIME);
            case Rules.TEST_NUMBERS_ONE_ATTEMPT -> new Terms(null, 1, LIFETIME);
            case Rules.TEST_NUMBERS_EXPIRED -> new Terms(null, Rules.OTP_ATTEMPTS, Duration.ZERO);
            case Rules.TEST_NUMBERS_RATE_LIMITED -> throw ApiError.rateLimited(Operations.SEND_OTP.rateLimit().noun(), Rules.TEST_NUMBERS_RETRY_AFTER);
            case Rules.TEST_NUMBERS_INTERNAL_ERROR -> throw ApiError.internal("the test number that stands for an internal error", null);
            default -> USUAL;
        };
    }
}
