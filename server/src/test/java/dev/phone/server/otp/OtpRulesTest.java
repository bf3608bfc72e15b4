// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.otp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.phone.api.ApiError;
import dev.phone.api.OtpRequest;
import dev.phone.api.OtpRequestStatus;
import dev.phone.api.PhoneNumber;
import dev.phone.api.VerificationFailure;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class OtpRulesTest {
    private static final Instant NOW = Instant.parse("2026-01-15T09:30:00Z");
    private static final PhoneNumber NUMBER = new PhoneNumber("+999 482 918 102");
    private static final byte[] RIGHT = {1};
    private static final byte[] WRONG = {2};
    private static final Terms USUAL = Terms.of(NUMBER, true);

    private final Otp sent = Otp.sent("otp_1", "app_1", NUMBER, Map.of("orderId", "1234"), RIGHT, USUAL, NOW);

    @Test
    void aSentOtpIsPendingForFiveMinutesWithFiveAttempts() {
        assertEquals(new OtpRequest("otp_1", "app_1", NUMBER, OtpRequestStatus.PENDING, 5, Map.of("orderId", "1234"), NOW,
                NOW.plusSeconds(300), null), sent.request());
    }

    @Test
    void theRightCodeVerifiesAndCostsNothing() {
        Otp.Attempt attempt = sent.attempt(List.of(RIGHT), NOW.plusSeconds(1));
        assertNull(attempt.refusal());
        assertEquals(OtpRequestStatus.VERIFIED, attempt.after().request().status());
        assertEquals(NOW.plusSeconds(1), attempt.after().request().verifiedAt());
        assertEquals(5, attempt.after().request().attemptsRemaining());
    }

    @Test
    void eachWrongCodeCostsAnAttemptAndTheLastOneTheRequest() {
        Otp otp = sent;
        String[] said = {"4 attempts", "3 attempts", "2 attempts", "1 attempt", "no attempts"};
        for (int i = 0; i < said.length; i++) {
            Otp.Attempt attempt = otp.attempt(List.of(WRONG), NOW);
            assertRefused(attempt, VerificationFailure.INVALID_CODE, 4 - i, "Wrong code — " + said[i] + " remaining");
            assertEquals(i == 4 ? OtpRequestStatus.FAILED : OtpRequestStatus.PENDING, attempt.after().request().status());
            otp = attempt.after();
        }
        Otp failed = otp;
        Otp.Attempt late = failed.attempt(List.of(RIGHT), NOW);
        assertRefused(late, VerificationFailure.ATTEMPTS_EXHAUSTED, 0, "No attempts are left — send a new OTP");
        assertSame(failed, late.after());
    }

    @Test
    void theTimeIsOverAtTheMomentOfExpiryAndNotBefore() {
        Instant end = NOW.plus(Terms.LIFETIME);
        assertNull(sent.attempt(List.of(RIGHT), end.minusMillis(1)).refusal());
        assertEquals(OtpRequestStatus.PENDING, Otp.asOf(sent.request(), end.minusMillis(1)).status());
        Otp.Attempt late = sent.attempt(List.of(RIGHT), end);
        assertRefused(late, VerificationFailure.EXPIRED, 5, "This OTP has expired — send a new one");
        assertSame(sent, late.after(), "nothing is written");
        assertEquals(OtpRequestStatus.EXPIRED, Otp.asOf(sent.request(), end).status());
    }

    @ParameterizedTest
    @CsvSource({
        "VERIFIED, ALREADY_VERIFIED, This OTP has already been verified",
        "CANCELLED, CANCELLED, This OTP was cancelled — send a new one",
        "SUPERSEDED, SUPERSEDED, A newer OTP was sent to this number — verify that one",
        "EXPIRED, EXPIRED, This OTP has expired — send a new one"})
    void whatIsOverSaysWhyWhateverTheCodeAndTheTime(OtpRequestStatus status, VerificationFailure reason, String message) {
        Otp over = otp(status, 3);
        for (byte[] code : new byte[][] {RIGHT, WRONG}) {
            for (Instant now : new Instant[] {NOW, NOW.plusSeconds(3600)}) {
                Otp.Attempt attempt = over.attempt(List.of(code), now);
                assertRefused(attempt, reason, 3, message);
                assertSame(over, attempt.after());
            }
        }
    }

    @Test
    void resendingChangesTheCodeAndTheTimeAndNothingElse() {
        Otp tried = sent.attempt(List.of(WRONG), NOW).after();
        Otp resent = tried.resent(WRONG, NOW.plusSeconds(100));
        assertEquals(new OtpRequest("otp_1", "app_1", NUMBER, OtpRequestStatus.PENDING, 4, Map.of("orderId", "1234"), NOW,
                NOW.plusSeconds(400), null), resent.request());
        assertNotNull(resent.attempt(List.of(RIGHT), NOW).refusal());
        assertNull(resent.attempt(List.of(WRONG), NOW).refusal());
    }

    @ParameterizedTest
    @EnumSource(value = OtpRequestStatus.class, mode = EnumSource.Mode.EXCLUDE, names = "PENDING")
    void onlyWhatIsPendingIsResentOrCancelled(OtpRequestStatus status) {
        Otp over = otp(status, 1);
        ApiError resend = assertThrows(ApiError.class, () -> over.resent(RIGHT, NOW));
        assertEquals("Only a pending OTP can be resent — this one is " + status.text(), resend.getMessage());
        assertEquals(409, resend.status());
        ApiError cancel = assertThrows(ApiError.class, () -> over.cancelled(NOW));
        assertEquals("Only a pending OTP can be cancelled — this one is " + status.text(), cancel.getMessage());
        assertEquals(409, cancel.status());
    }

    @Test
    void whatHasExpiredUnnoticedIsNotPending() {
        Instant end = NOW.plus(Terms.LIFETIME);
        assertTrue(assertThrows(ApiError.class, () -> sent.resent(RIGHT, end)).getMessage().endsWith("this one is expired"));
        assertTrue(assertThrows(ApiError.class, () -> sent.cancelled(end)).getMessage().endsWith("this one is expired"));
        assertEquals(OtpRequestStatus.EXPIRED, sent.superseded(end).request().status());
        assertEquals(OtpRequestStatus.SUPERSEDED, sent.superseded(end.minusMillis(1)).request().status());
    }

    @Test
    void testNumbersHaveTermsOfTheirOwnWithTestCredentialsOnly() {
        assertEquals("123456", terms("001", true).code());
        assertEquals(1, terms("005", true).attempts());
        assertEquals(Duration.ZERO, terms("410", true).lifetime());
        ApiError limited = assertThrows(ApiError.class, () -> terms("429", true));
        assertEquals("Too many OTP requests — retry in 42s", limited.getMessage());
        assertEquals(Duration.ofSeconds(42), limited.retryAfter());
        assertEquals(500, assertThrows(ApiError.class, () -> terms("500", true)).status());
        assertEquals(USUAL, terms("002", true));
        for (String number : new String[] {"001", "005", "410", "429", "500"}) {
            assertEquals(USUAL, terms(number, false));
        }
    }

    @Test
    void anOtpThatHasExpiredAtOnceWasNeverPending() {
        OtpRequest request = Otp.sent("otp_1", "app_1", NUMBER, Map.of(), RIGHT, terms("410", true), NOW).request();
        assertEquals(OtpRequestStatus.EXPIRED, request.status());
        assertEquals(NOW, request.expiresAt());
        assertEquals(5, request.attemptsRemaining());
    }

    /** Ten thousand lives of random events, against what must hold in any of them. */
    @Test
    void whateverHappensTheLawsHold() {
        Random random = new Random(42);
        for (int life = 0; life < 10_000; life++) {
            Otp otp = sent;
            byte[] code = RIGHT;
            Instant now = NOW;
            int wrong = 0;
            for (int event = 0; event < 20; event++) {
                now = now.plusSeconds(random.nextInt(100));
                Otp before = otp;
                OtpRequestStatus status = Otp.asOf(before.request(), now).status();
                boolean pending = status == OtpRequestStatus.PENDING;
                switch (random.nextInt(5)) {
                    case 0 -> {
                        Otp.Attempt attempt = before.attempt(List.of(code), now);
                        assertEquals(pending, attempt.refusal() == null);
                        otp = attempt.after();
                    }
                    case 1, 2 -> {
                        Otp.Attempt attempt = before.attempt(List.of(new byte[] {99}), now);
                        assertNotNull(attempt.refusal());
                        assertEquals(pending, attempt.refusal() == VerificationFailure.INVALID_CODE);
                        wrong += pending ? 1 : 0;
                        otp = attempt.after();
                    }
                    case 3 -> {
                        byte[] fresh = {(byte) event};
                        if (pending) {
                            otp = before.resent(fresh, now);
                            code = fresh;
                        } else {
                            Instant when = now;
                            assertThrows(ApiError.class, () -> before.resent(fresh, when));
                        }
                    }
                    default -> {
                        if (pending && random.nextInt(4) == 0) {
                            otp = before.cancelled(now);
                        }
                    }
                }
                OtpRequest request = otp.request();
                assertEquals(5 - wrong, request.attemptsRemaining(), "only wrong codes count");
                assertEquals(wrong == 5, request.status() == OtpRequestStatus.FAILED, "the fifth ends it");
                assertEquals(request.status() == OtpRequestStatus.VERIFIED, request.verifiedAt() != null);
                if (!before.isPending()) {
                    assertSame(before, otp, "what is over never changes");
                }
                if (!pending) {
                    assertEquals(status, Otp.asOf(request, now).status());
                }
                assertFalse(request.expiresAt().isAfter(now.plus(Terms.LIFETIME)));
            }
        }
    }

    private Otp otp(OtpRequestStatus status, int attempts) {
        return new Otp(sent.request().withStatus(status).withAttemptsRemaining(attempts)
                .withVerifiedAt(status == OtpRequestStatus.VERIFIED ? NOW : null), RIGHT);
    }

    private static Terms terms(String lastDigits, boolean test) {
        return Terms.of(new PhoneNumber("+999 000 000 " + lastDigits), test);
    }

    private static void assertRefused(Otp.Attempt attempt, VerificationFailure reason, int remaining, String message) {
        assertEquals(reason, attempt.refusal());
        ApiError error = attempt.error();
        assertEquals(422, error.status());
        assertEquals(message, error.getMessage());
        assertEquals(reason, error.body().error().details().reason());
        assertEquals(remaining, error.body().error().details().attemptsRemaining());
    }
}
