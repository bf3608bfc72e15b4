// SPDX-License-Identifier: Apache-2.0
package dev.phone.mock.handler;

import dev.phone.api.Caller;
import dev.phone.api.ErrorCode;
import dev.phone.mock.model.MockModel;
import dev.phone.mock.model.ObjectSchema;
import dev.phone.mock.model.OperationModel;
import dev.phone.mock.model.ResourceType;
import dev.phone.mock.state.Json;
import dev.phone.mock.state.Resource;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.time.Instant;
import java.util.function.Supplier;

/** Records requests of applications for the operation with {@code x-mock: {records: requests}}. */
final class RequestLog {
    /** Null if the contract lists no requests. */
    private final ResourceType entries;

    RequestLog(MockModel model) {
        entries = model.operations().stream().filter(operation -> "requests".equals(operation.rule("records")))
                .map(OperationModel::resourceType).findFirst().orElse(null);
    }

    /** Whether the schema of an entry allows this operation. */
    boolean records(OperationModel operation) {
        ObjectSchema.Property named = entries == null ? null : entries.schema().get("operationId");
        return named != null && (!named.schema().containsKey("enum")
                || named.schema().getJsonArray("enum").contains(Json.text(operation.id())));
    }

    /** @param start the time of {@link System#nanoTime} at the start of the request */
    void add(RequestContext context, Response response, long start) {
        // A suspended application is logged, too, although it is not a caller.
        if (!context.route().logged() || !(context.caller() instanceof Caller.Application) && response.status() != 403) {
            return;
        }
        String key = context.request().only("x-api-key");
        Resource application = key == null ? null : context.session().holder("apiKey", key);
        if (application == null) {
            return;
        }
        Entry entry = new Entry(context.id(), application.key(), context.operation().id(), context.request().method(),
                context.operation().spec().path(),
                response.status(), (int) ((System.nanoTime() - start) / 1_000_000), context.now());
        context.session().soon(() -> {
            if (!application.isRemoved()) {
                context.session().add(entries, entry.id, application.key(), entry, JsonValue.NULL);
            }
        });
    }

    private record Entry(String id, String applicationId, String operationId, String method, String path, int status, int durationMs,
            Instant createdAt) implements Supplier<JsonObject> {
        @Override
        public JsonObject get() {
            return Json.object().add("id", id).add("applicationId", applicationId).add("operationId", operationId).add("method", method)
                    .add("path", path).add("status", status).add("errorCode", errorCode()).add("durationMs", durationMs)
                    .add("createdAt", Json.instant(createdAt)).build();
        }

        private JsonValue errorCode() {
            for (ErrorCode code : ErrorCode.values()) {
                if (code.status() == status) {
                    return Json.text(code.text());
                }
            }
            return JsonValue.NULL;
        }
    }
}
