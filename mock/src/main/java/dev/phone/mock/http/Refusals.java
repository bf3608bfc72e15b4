// SPDX-License-Identifier: Apache-2.0
package dev.phone.mock.http;

import static jakarta.servlet.RequestDispatcher.ERROR_EXCEPTION;

import dev.phone.api.ApiError;
import dev.phone.mock.handler.Responder;
import dev.phone.mock.handler.Response;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.eclipse.jetty.http.BadMessageException;
import org.eclipse.jetty.http.DateGenerator;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.handler.ErrorHandler;

/** Converts Jetty's own errors to the contract's: invalid HTTP is a 422, as on the server. */
final class Refusals extends ErrorHandler {
    private final Responder contract;

    Refusals(Responder contract) {
        this.contract = contract;
    }

    @Override
    public ByteBuffer badMessageError(int status, String reason, HttpFields.Mutable fields) {
        boolean tooLarge = WireChannel.isTooLarge(reason);
        Response refusal = contract.refuse(tooLarge ? ApiError.tooLarge() : ApiError.malformed(),
                "rule=" + (tooLarge ? "size" : "http") + " (" + reason + ")");
        refusal.headers().forEach(header -> fields.put(header.name(), header.value()));
        Response.ALWAYS.forEach(fields::put);
        fields.put(HttpHeader.DATE, DateGenerator.formatDate(System.currentTimeMillis()));
        return ByteBuffer.wrap(refusal.body());
    }

    @Override
    public boolean errorPageForMethod(String method) {
        return true;
    }

    @Override
    public void handle(String path, Request jetty, HttpServletRequest request, HttpServletResponse response) throws IOException {
        jetty.setHandled(true);
        WireChannel channel = WireChannel.of(jetty);
        // WireMock has journalled requests without a stub or a route as unmatched.
        Response refusal = response.getStatus() == 404 ? contract.handle(new ServletRequest(request, channel.method(), channel.target()))
                : contract.refuse(error(request, response.getStatus()), "rule=http (" + response.getStatus() + ")");
        response.setStatus(refusal.status());
        refusal.headers().forEach(header -> response.setHeader(header.name(), header.value()));
        Response.ALWAYS.forEach(response::setHeader);
        response.getOutputStream().write(refusal.body());
    }

    private static ApiError error(HttpServletRequest request, int status) {
        if (status == HttpStatus.PAYLOAD_TOO_LARGE_413) {
            return ApiError.tooLarge();
        }
        // The last two are bodies that could not be read to the end.
        return status < 500 || isCausedBy(request, BadMessageException.class) || isCausedBy(request, IOException.class) ? ApiError.malformed()
                : ApiError.internal("status " + status, null);
    }

    private static boolean isCausedBy(HttpServletRequest request, Class<? extends Throwable> type) {
        for (Throwable cause = (Throwable) request.getAttribute(ERROR_EXCEPTION); cause != null; cause = cause.getCause()) {
            if (type.isInstance(cause)) {
                return true;
            }
        }
        return false;
    }
}
