// SPDX-License-Identifier: Apache-2.0
package dev.phone.api;

import java.time.Duration;
import java.util.List;

/**
 * A failure that is reported to the caller: one of the contract's closed set of errors.
 *
 * <p>There are two messages. {@link #getMessage()} is for the caller and must not reveal internals; {@link #detail()} is for the log and the
 * operator, and never leaves the process. Only the HTTP layer turns an {@code ApiError} into a response. Any other exception becomes an
 * {@link ErrorCode#INTERNAL_ERROR}.
 */
public final class ApiError extends RuntimeException {
    private static final int MOST_QUOTED = 200;

    private final transient ErrorCode code;
    private final transient ErrorDetails details;
    private final transient Duration retryAfter;
    private final String detail;

    private ApiError(ErrorCode code, String message, ErrorDetails details, Duration retryAfter, String detail, Throwable cause) {
        // An ApiError is an ordinary response, so it needs no stack trace; internal errors have the stack trace of their cause.
        super(message, cause, false, false);
        this.code = code;
        this.details = details;
        this.retryAfter = retryAfter;
        this.detail = detail;
    }

    private static ApiError of(ErrorCode code, String message, String detail) {
        return new ApiError(code, message, null, null, detail, null);
    }

    /** @param detail which check failed; only for the log, because it would help an attacker */
    public static ApiError unauthenticated(String detail) {
        return of(ErrorCode.UNAUTHENTICATED, "Credentials are missing, malformed or invalid", detail);
    }

    public static ApiError forbidden(String message) {
        return of(ErrorCode.FORBIDDEN, message, null);
    }

    /** The application with these credentials is suspended. */
    public static ApiError suspended() {
        return forbidden("This application is suspended");
    }

    /** The same whether the resource does not exist or belongs to someone else. */
    public static ApiError notFound() {
        return of(ErrorCode.NOT_FOUND, "No such resource, or it belongs to someone else", null);
    }

    public static ApiError noSuchRoute(String method, String path) {
        return of(ErrorCode.NOT_FOUND, "No such route: " + quoted(method) + " " + quoted(path), null);
    }

    /** Text from the request, shortened for an error message, so that errors do not grow with their requests. */
    static String quoted(String text) {
        if (text.length() <= MOST_QUOTED) {
            return text;
        }
        int end = MOST_QUOTED - 1;
        return text.substring(0, Character.isHighSurrogate(text.charAt(end - 1)) ? end - 1 : end) + '…';
    }

    public static ApiError conflict(String message) {
        return of(ErrorCode.CONFLICT, message, null);
    }

    /** @param violations at least one */
    public static ApiError invalid(List<Violation> violations) {
        Violation first = violations.getFirst();
        String message = ErrorMessages.invalid(first.path(), first.message(), violations.size());
        return new ApiError(ErrorCode.VALIDATION_ERROR, message, new ErrorDetails(violations, null, null), null, null, null);
    }

    public static ApiError invalid(String path, String rule, String message) {
        return invalid(List.of(new Violation(path, rule, message)));
    }

    /** An earlier request with this Idempotency-Key is still being handled. */
    public static ApiError inFlight() {
        return conflict("A request with this Idempotency-Key is still in flight — retry when it has ended");
    }

    /** The Idempotency-Key was used with a different request. */
    public static ApiError keyReused() {
        return invalid("header:idempotency-key", "reused", "was used with another request");
    }

    /** @param done the operation, as a participle, such as {@code resent} @param status the status of the OTP request */
    public static ApiError notPending(String done, String status) {
        return conflict("Only a pending OTP can be " + done + " — this one is " + status);
    }

    /** A period that ends before it begins. */
    public static ApiError emptyPeriod() {
        return invalid("query:from", "order", "must be before query:to");
    }

    /** A period of more than {@link Rules#ANALYTICS_INTERVALS} intervals. */
    public static ApiError longPeriod() {
        return invalid("query:from", "period", "must be at most " + Rules.ANALYTICS_INTERVALS + " intervals before query:to");
    }

    /** The cursor is forged, or belongs to another list. */
    public static ApiError foreignCursor() {
        return invalid("query:cursor", "cursor", "must be the nextCursor of a page of this list");
    }

    /** The request is not well-formed HTTP/1.1. */
    public static ApiError malformed() {
        return invalid("", "http", "must come in a well-formed HTTP/1.1 request");
    }

    /** The body is larger than {@link Rules#BODY_MAXIMUM} bytes. */
    public static ApiError tooLarge() {
        return invalid("", "size", "must be at most " + Rules.BODY_MAXIMUM + " bytes");
    }

    /** A code is refused. @param attemptsRemaining 0 if none is left */
    public static ApiError verificationFailed(VerificationFailure reason, int attemptsRemaining) {
        String message = switch (reason) {
            case INVALID_CODE -> "Wrong code — " + switch (attemptsRemaining) {
                case 0 -> "no attempts";
                case 1 -> "1 attempt";
                default -> attemptsRemaining + " attempts";
            } + " remaining";
            case EXPIRED -> "This OTP has expired — send a new one";
            case ATTEMPTS_EXHAUSTED -> "No attempts are left — send a new OTP";
            case ALREADY_VERIFIED -> "This OTP has already been verified";
            case CANCELLED -> "This OTP was cancelled — send a new one";
            case SUPERSEDED -> "A newer OTP was sent to this number — verify that one";
        };
        return new ApiError(ErrorCode.VALIDATION_ERROR, message, new ErrorDetails(null, reason, attemptsRemaining), null, null, null);
    }

    /**
     * @param noun what is counted, from the contract's {@code x-rate-limit}
     * @param wait the time until the window ends; rounded up to whole seconds, at least one
     */
    public static ApiError rateLimited(String noun, Duration wait) {
        long seconds = ErrorMessages.seconds(wait);
        return new ApiError(ErrorCode.RATE_LIMITED, ErrorMessages.rateLimited(noun, seconds), null, Duration.ofSeconds(seconds), null, null);
    }

    /** @param cause the cause, for the log only; may be null */
    public static ApiError internal(String detail, Throwable cause) {
        return new ApiError(ErrorCode.INTERNAL_ERROR,
                "Something went wrong on our side. It is safe to retry; if it persists, report the x-request-id", null, null, detail,
                cause);
    }

    public static ApiError notImplemented() {
        return of(ErrorCode.NOT_IMPLEMENTED, "This endpoint is reserved and not built yet", null);
    }

    public ErrorCode code() {
        return code;
    }

    /** The HTTP status that goes with the code. */
    public int status() {
        return code.status();
    }

    /** Details for the operator that the caller must not see; null if there are none. */
    public String detail() {
        return detail;
    }

    /** The value of Retry-After; null unless the error is a 429. */
    public Duration retryAfter() {
        return retryAfter;
    }

    public ErrorEnvelope body() {
        return new ErrorEnvelope(new ErrorBody(getMessage(), code, details));
    }
}
