// SPDX-License-Identifier: Apache-2.0
package dev.phone.mock.wiremock;

import static jakarta.servlet.RequestDispatcher.ERROR_EXCEPTION;

import com.github.tomakehurst.wiremock.common.Errors;
import com.github.tomakehurst.wiremock.common.Json;
import com.github.tomakehurst.wiremock.verification.RequestJournalDisabledException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.handler.ErrorHandler;

/** Writes errors of WireMock's admin API in the format that its clients expect. */
final class AdminErrors extends ErrorHandler {

    @Override
    public boolean errorPageForMethod(String method) {
        return true;
    }

    @Override
    public void handle(String path, Request jetty, HttpServletRequest request, HttpServletResponse response) throws IOException {
        jetty.setHandled(true);
        Throwable thrown = (Throwable) request.getAttribute(ERROR_EXCEPTION);
        Errors errors;
        if (isForWantOfAJournal(thrown)) {
            response.setStatus(403);
            errors = Errors.notPermitted("There is no journal of requests: start the mock without --journal 0");
        } else if (thrown == null) {
            errors = Errors.single(response.getStatus(), response.getStatus() == 404 ? "Not found" : "Not acceptable");
        } else {
            errors = Errors.single(response.getStatus(), message(thrown));
        }
        response.setContentType("application/json");
        response.getOutputStream().write(Json.write(errors).getBytes(StandardCharsets.UTF_8));
    }

    /** The message of the first cause. The classes in between say nothing to a caller. */
    private static String message(Throwable thrown) {
        Throwable cause = thrown;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause.getMessage() == null ? "Internal error" : cause.getMessage();
    }

    private static boolean isForWantOfAJournal(Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof RequestJournalDisabledException) {
                return true;
            }
        }
        return false;
    }
}
