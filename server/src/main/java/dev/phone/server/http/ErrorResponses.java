// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.http;

import dev.phone.api.ApiError;
import dev.phone.api.ErrorCode;
import dev.phone.api.Operation;
import io.helidon.http.DirectHandler;
import io.helidon.http.HttpException;
import io.helidon.http.ServerResponseHeaders;
import io.helidon.http.Status;
import io.helidon.webserver.http.DirectHandlers;
import java.lang.System.Logger.Level;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * Turns every failure into one of the contract's eight errors: those that our code throws, unexpected exceptions, and
 * requests that Helidon refuses before routing.
 *
 * <p>An {@link ApiError} has two messages: the client gets one, the log the other, both with the request ID. Any other exception is a bug:
 * the log gets the details, the client only a 500. The same applies to an error that the operation does not document, because the contract
 * promises that it cannot occur.
 */
final class ErrorResponses {
    private static final System.Logger LOGGER = System.getLogger(ErrorResponses.class.getName());
    private static final Pattern NOT_PRINTABLE = Pattern.compile("[\\p{C}\\p{Zl}\\p{Zp}]");

    private ErrorResponses() {
    }

    /** The error to send for {@code thrown}. @param operation null if it is not known */
    static ApiError of(Throwable thrown, Operation operation, String requestId) {
        OutOfMemory.notice(thrown);
        ApiError error = thrown instanceof ApiError ours ? ours
                : thrown instanceof HttpException refusal ? of(refusal.status())
                : ApiError.internal(operation == null ? "a request failed" : operation.id() + " failed", thrown);
        // An operation that is not built yet answers 501, although the contract documents its future responses.
        boolean known = operation == null || error.code() == ErrorCode.NOT_IMPLEMENTED || operation.statuses().contains(error.status());
        if (!known) {
            error = ApiError.internal(operation.id() + " does not document " + error.status() + " " + error.getMessage(), thrown);
        }
        switch (error.code()) {
            case INTERNAL_ERROR -> LOGGER.log(Level.ERROR, requestId + " " + error.detail(), error.getCause());
            default -> {
                if (LOGGER.isLoggable(Level.DEBUG)) {
                    LOGGER.log(Level.DEBUG, "{0} {1} {2} {3}", requestId, error.status(), printable(error.getMessage()), printable(error.detail()));
                }
            }
        }
        return error;
    }

    /** A text that may quote the request, in one line and without invisible characters. */
    private static String printable(String text) {
        return text == null ? "" : NOT_PRINTABLE.matcher(text).replaceAll("?");
    }

    /** Maps Helidon's statuses for invalid HTTP to our errors. */
    static ApiError of(Status status) {
        return switch (status.code()) {
            case 404, 405 -> ApiError.notFound();
            case 413 -> ApiError.tooLarge();
            // Another HTTP version, or an unknown transfer coding.
            case 501, 505 -> ApiError.malformed();
            default -> status.code() < 500 ? ApiError.malformed() : ApiError.internal("status " + status.code(), null);
        };
    }

    /** Handlers for failures outside of the API's own routes. */
    static DirectHandlers directHandlers(Supplier<String> requestIds) {
        DirectHandlers.Builder handlers = DirectHandlers.builder();
        for (DirectHandler.EventType type : DirectHandler.EventType.values()) {
            handlers.addHandler(type, new Refusal(requestIds));
        }
        return handlers.build();
    }

    private record Refusal(Supplier<String> requestIds) implements DirectHandler {
        @Override
        public TransportResponse handle(TransportRequest request, EventType type, Status status, ServerResponseHeaders headers,
                Throwable thrown, System.Logger logger) {
            return refuse(request, type == EventType.INTERNAL_ERROR ? thrown : of(status));
        }

        /** Helidon logs unexpected failures of a connection itself. */
        @Override
        public TransportResponse handle(TransportRequest request, EventType type, Status status, ServerResponseHeaders headers,
                String message) {
            return refuse(request, of(status));
        }

        private TransportResponse refuse(TransportRequest request, Throwable thrown) {
            String id = requestIds.get();
            HelidonResponse answer = HelidonResponse.of(ErrorResponses.of(thrown, null, id));
            ServerResponseHeaders own = ServerResponseHeaders.create();
            answer.headers(own, id);
            return TransportResponse.builder()
                    .status(Status.create(answer.status()))
                    .headers(own)
                    .entity(request.method().equals("HEAD") ? new byte[0] : answer.body())
                    .keepAlive(false)
                    .build();
        }
    }
}
