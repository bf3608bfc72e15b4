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
 * The state transitions of an OTP request, as pure functions of its state and the time. This class reads neither a clock nor a database.
 *
 * <p>Only a pending request can change. A request is expired from its expiry time on, even if its row still says pending, so
 * every method takes the current time.
 *
 * @param request the stored request
 * @param codeHash the hash of the valid code
 */
record Otp(OtpRequest request, byte[] codeHash) {

    /**
     * The result of trying a code.
     *
     * @param after the request after the attempt
     * @param refusal why the code was refused; null if it was accepted
     */
    record Attempt(Otp after, VerificationFailure refusal) {
        /** The error for the refusal. Call it only if the code was refused. */
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

    /** The request as visible to clients at this time. */
    static OtpRequest asOf(OtpRequest request, Instant now) {
        return request.status() == OtpRequestStatus.PENDING && !now.isBefore(request.expiresAt())
                ? request.withStatus(OtpRequestStatus.EXPIRED) : request;
    }

    boolean isPending() {
        return request.status() == OtpRequestStatus.PENDING;
    }

    /** A wrong code uses up an attempt, and with the last attempt the request fails. A right code, or one after the expiry, uses up none. */
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

    /** The request with a new code and a full lifetime, but no new attempts: resending must not allow more guesses. @throws ApiError a 409 */
    Otp resent(byte[] hashOfNewCode, Instant now) {
        checkPending("resent", now);
        return new Otp(request.withExpiresAt(now.plus(Terms.LIFETIME)), hashOfNewCode);
    }

    /** @throws ApiError a 409 */
    Otp cancelled(Instant now) {
        checkPending("cancelled", now);
        return with(request.withStatus(OtpRequestStatus.CANCELLED));
    }

    /** The pending request after a newer one has replaced it. */
    Otp superseded(Instant now) {
        OtpRequestStatus status = asOf(request, now).status();
        return with(request.withStatus(status == OtpRequestStatus.PENDING ? OtpRequestStatus.SUPERSEDED : status));
    }

    /** The expired request. Call it only for a pending request after its expiry time. */
    Otp expired() {
        return with(request.withStatus(OtpRequestStatus.EXPIRED));
    }

    /** The event for the end of the request; null if it is pending or superseded, because then the newer request has an event. */
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
