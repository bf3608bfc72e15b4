// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.log;

import dev.phone.api.ApiError;
import dev.phone.api.ApplicationOperation;
import dev.phone.api.Caller;
import dev.phone.api.LogsService;
import dev.phone.api.Page;
import dev.phone.api.PageRequest;
import dev.phone.api.RequestLog;
import dev.phone.server.application.ApplicationStore;

/** The requests of an application, for the user who owns it. */
public final class LogsEndpoint implements LogsService {
    private final RequestLogs logs;
    private final RequestLogWriter writer;
    private final ApplicationStore applications;

    public LogsEndpoint(RequestLogs logs, RequestLogWriter writer, ApplicationStore applications) {
        this.logs = logs;
        this.writer = writer;
        this.applications = applications;
    }

    @Override
    public Page<RequestLog> listRequestLogs(Caller.User caller, String applicationId, Integer status, ApplicationOperation operation,
            PageRequest page) {
        applications.find(caller.id(), applicationId).orElseThrow(ApiError::notFound);
        // A caller must see a request that this node has just answered; requests to other nodes follow shortly.
        writer.flush();
        return page.of(logs.list(applicationId, status, operation, page), RequestLog::id);
    }
}
