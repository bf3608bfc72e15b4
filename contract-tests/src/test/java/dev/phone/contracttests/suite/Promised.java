// SPDX-License-Identifier: Apache-2.0
package dev.phone.contracttests.suite;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * What clients build on, said once more and independently of the contract: when the contract changes one of these, server and mock follow it, and
 * only this class notices. Everything else the suites read from the contract.
 */
final class Promised {
    static final Duration OTP_LIFETIME = Duration.ofMinutes(5);
    static final int OTP_ATTEMPTS = 5;
    static final String OTP_CODE = "[0-9]{6}";

    // Test numbers, and what they do for test credentials.
    static final String FIXED_CODE_NUMBER = "+999 000 000 001";
    static final String FIXED_CODE = "123456";
    static final String ONE_ATTEMPT_NUMBER = "+999 000 000 005";
    static final String EXPIRED_NUMBER = "+999 000 000 410";
    static final String RATE_LIMITED_NUMBER = "+999 000 000 429";
    static final String INTERNAL_ERROR_NUMBER = "+999 000 000 500";

    static final Duration NUMBER_RESTS = Duration.ofDays(30);
    static final Duration KEY_IS_KEPT = Duration.ofHours(24);
    static final Duration BIN_IS_KEPT = Duration.ofHours(24);
    static final int BIN_EVENTS = 100;
    static final int BIN_BYTES = 262_144;
    static final int PAGE = 20;
    static final int LARGEST_PAGE = 100;
    static final int LARGEST_BODY = 65_536;

    static final int WEBHOOKS = 20;
    /** The pauses between the attempts to deliver an event. */
    static final List<Duration> RETRIES = List.of(Duration.ofSeconds(5), Duration.ofMinutes(5), Duration.ofMinutes(30), Duration.ofHours(2),
            Duration.ofHours(5), Duration.ofHours(10), Duration.ofHours(10));
    static final Duration FAILURE_DISABLES = Duration.ofDays(5);
    static final Duration OLD_SECRET_SIGNS = Duration.ofHours(24);

    /** By operation; all of them together are limited by the last. As in {@code RateLimit-Policy}. */
    static final Map<String, String> LIMITS = Map.of("sendOtp", "\"otp-send\";q=5;w=60", "resendOtp", "\"otp-send\";q=5;w=60",
            "verifyOtp", "\"otp-verify\";q=10;w=60", "createBin", "\"bin-create\";q=20;w=3600", "deliverToBin", "\"bin-deliver\";q=30;w=60",
            "", "\"requests\";q=120;w=60");

    /** {@code WWW-Authenticate}, by the headers that an operation takes. */
    static final Map<List<String>, String> CHALLENGES = Map.of(
            List.of("authorization"), "Bearer realm=\"Phone\"",
            List.of("x-client-id", "x-client-secret", "x-api-key"),
            "Phone-Credentials realm=\"Phone\", headers=\"x-client-id x-client-secret x-api-key\"",
            List.of("x-api-key"), "Phone-Credentials realm=\"Phone\", headers=\"x-api-key\"");

    private Promised() {
    }
}
