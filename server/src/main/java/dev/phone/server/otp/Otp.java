// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.otp;

import dev.phone.api.ApiError;
import dev.phone.api.OtpRequest;
import dev.phone.api.OtpRequestStatus;
import dev.phone.api.PhoneNumber;
import dev.phone.api.SubscribableEvent;
import dev.phone.api.VerificationFailure;
import dev.phone.server.store.Secrets;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * The rules of an OTP request: what can become of it, given what it is and what time it is. Nothing here reads a clock or a database.
 *
 * <p>Only a pending request ever changes. One whose time is over is expired from that moment on, whatever its row still says: the clock
 * is asked at each use.
 *
 * @param request as stored
 * @param codeHash of the code that works
 */
record Otp(OtpRequest request, byte[] codeHash) {

    /**
     * What came of a code that was tried.
     *
     * @param after the request as it is now
     * @param refusal why the code was refused; null when it was right
     */
    record Attempt(Otp after, VerificationFailure refusal) {
        /** Only when the code was refused. */
        ApiError error() {
            return ApiError.verificationFailed(refusal, after.request.attemptsRemaining());
        }
    }

    static Otp sent(String id, String applicationId, PhoneNumber number, Map<String, String> metadata, byte[] codeHash, Terms terms,
            Instant now) {
        return new Otp(new OtpRequest(id, applicationId, number,
                terms.lifetime().isZero() ? OtpRequestStatus.EXPIRED : OtpRequestStatus.PENDING,
                terms.attempts(), metadata, now, now.plus(terms.lifetime()), null), codeHash);
    }

    /** The request as everybody is to see it at this moment. */
    static OtpRequest asOf(OtpRequest request, Instant now) {
        return request.status() == OtpRequestStatus.PENDING && !now.isBefore(request.expiresAt())
                ? request.withStatus(OtpRequestStatus.EXPIRED) : request;
    }

    boolean isPending() {
        return request.status() == OtpRequestStatus.PENDING;
    }

    /** A wrong code costs an attempt, and the last one the request. A right code costs none; nor does one that comes too late. */
    Attempt attempt(List<byte[]> hashesOfCode, Instant now) {
        VerificationFailure over = switch (asOf(request, now).status()) {
            case PENDING -> null;
            case VERIFIED -> VerificationFailure.ALREADY_VERIFIED;
            case FAILED -> VerificationFailure.ATTEMPTS_EXHAUSTED;
            case EXPIRED -> VerificationFailure.EXPIRED;
            case CANCELLED -> VerificationFailure.CANCELLED;
            case SUPERSEDED -> VerificationFailure.SUPERSEDED;
        };
        if (over != null) {
            return new Attempt(this, over);
        }
        if (Secrets.anyEqual(hashesOfCode, codeHash)) {
            return new Attempt(with(request.withStatus(OtpRequestStatus.VERIFIED).withVerifiedAt(now)), null);
        }
        int remaining = request.attemptsRemaining() - 1;
        return new Attempt(with(request.withAttemptsRemaining(remaining)
                .withStatus(remaining == 0 ? OtpRequestStatus.FAILED : OtpRequestStatus.PENDING)), VerificationFailure.INVALID_CODE);
    }

    /** The same request with a new code and its whole time. The attempts stay: asking again must not buy guesses. @throws ApiError a 409 */
    Otp resent(byte[] hashOfNewCode, Instant now) {
        checkPending("resent", now);
        return new Otp(request.withExpiresAt(now.plus(Terms.LIFETIME)), hashOfNewCode);
    }

    /** @throws ApiError a 409 */
    Otp cancelled(Instant now) {
        checkPending("cancelled", now);
        return with(request.withStatus(OtpRequestStatus.CANCELLED));
    }

    /** What becomes of a pending request when a newer one takes its place. */
    Otp superseded(Instant now) {
        OtpRequestStatus status = asOf(request, now).status();
        return with(request.withStatus(status == OtpRequestStatus.PENDING ? OtpRequestStatus.SUPERSEDED : status));
    }

    /** For a pending request whose time is over. */
    Otp expired() {
        return with(request.withStatus(OtpRequestStatus.EXPIRED));
    }

    /** The event that tells of the end of the request; null while it is pending, and when it was superseded: the newer one's tells of that. */
    SubscribableEvent end() {
        return switch (request.status()) {
            case PENDING, SUPERSEDED -> null;
            case VERIFIED -> SubscribableEvent.OTP_VERIFIED;
            case FAILED -> SubscribableEvent.OTP_FAILED;
            case EXPIRED -> SubscribableEvent.OTP_EXPIRED;
            case CANCELLED -> SubscribableEvent.OTP_CANCELLED;
        };
    }

    private void checkPending(String what, Instant now) {
        OtpRequestStatus status = asOf(request, now).status();
        if (status != OtpRequestStatus.PENDING) {
            throw ApiError.notPending(what, status.text());
        }
    }

    private Otp with(OtpRequest after) {
        return new Otp(after, codeHash);
    }
}
