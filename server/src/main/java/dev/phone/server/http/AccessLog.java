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
 * A line for each request that is HTTP: the client's address, the method, the path as the contract has it, the status, milliseconds, and the ID
 * of the request.
 *
 * <p>Nothing of a line is the client's: what it sent as a path may hold IDs, phone numbers and secrets, or be made to look like another line.
 */
final class AccessLog {
    static final String LOGGER = "dev.phone.server.access";

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

    /** What is no operation and was found all the same is a page of ours, whose path is no secret. */
    private static String what(Operation operation, AccessLogContext context) {
        if (operation != null) {
            return operation.method() + ' ' + operation.path();
        }
        Status status = context.serverResponse().status();
        return status.family() == Status.Family.SUCCESSFUL || status == Status.NOT_MODIFIED_304
                ? context.serverRequest().prologue().method() + " " + context.serverRequest().path().rawPath()
                : AccessLogEntry.NOT_AVAILABLE;
    }
}
