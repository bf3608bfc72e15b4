// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.http;

import dev.phone.api.Operation;
import io.helidon.http.Status;
import io.helidon.webserver.accesslog.AccessLogContext;
import io.helidon.webserver.accesslog.AccessLogEntry;
import io.helidon.webserver.accesslog.AccessLogFeature;
import io.helidon.webserver.accesslog.StatusLogEntry;
import io.helidon.webserver.accesslog.TimeTakenLogEntry;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * One line per well-formed request: the client's address, method, path template, status, duration in milliseconds, and request ID.
 *
 * <p>A line contains no text from the client: a path may contain IDs, phone numbers and secrets, or be forged to look like another line.
 */
public final class AccessLog {
    public static final String LOGGER = "dev.phone.server.access";

    private AccessLog() {
    }

    static AccessLogFeature of(HttpApi api) {
        return AccessLogFeature.builder()
                .loggerName(LOGGER)
                .entries(List.<AccessLogEntry>of(
                        context -> api.address(context.serverRequest()),
                        context -> what(api.operation(context.serverRequest()), context),
                        StatusLogEntry.create(),
                        TimeTakenLogEntry.builder().unit(TimeUnit.MILLISECONDS).build(),
                        context -> context.serverResponse().headers().first(HelidonResponse.REQUEST_ID).orElse(AccessLogEntry.NOT_AVAILABLE)))
                .build();
    }

    /** A successful request without an operation is for one of our pages, whose path is not secret; or a preflight, for any path. */
    private static String what(Operation operation, AccessLogContext context) {
        if (operation != null) {
            return operation.method() + ' ' + operation.path();
        }
        Status status = context.serverResponse().status();
        return status == Status.OK_200 || status == Status.NOT_MODIFIED_304
                ? context.serverRequest().prologue().method() + " " + context.serverRequest().path().rawPath()
                : AccessLogEntry.NOT_AVAILABLE;
    }
}
