// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.http;

import dev.phone.api.ApiError;
import dev.phone.api.Response;
import io.helidon.http.Header;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.ServerResponseHeaders;
import jakarta.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * What goes over the wire for a success or an error, and the header fields that every response has.
 *
 * @param retryAfter null unless it is a 429
 */
record Answer(int status, byte[] body, Duration retryAfter) {
    static final HeaderName REQUEST_ID = HeaderNames.create("x-request-id");
    private static final Header JSON = HeaderValues.createCached(HeaderNames.CONTENT_TYPE, "application/json");
    private static final Header NO_STORE = HeaderValues.createCached(HeaderNames.CACHE_CONTROL, "no-store");
    private static final Header NO_SNIFF = HeaderValues.createCached("x-content-type-options", "nosniff");

    static Answer of(Response response) {
        return new Answer(response.status(), bytes(response.json()), null);
    }

    static Answer of(ApiError error) {
        return new Answer(error.status(), bytes(error.body().toJson()), error.retryAfter());
    }

    private static byte[] bytes(JsonObject json) {
        // A writer to a stream would allocate its buffers anew each time.
        return json.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** The header fields that every response has; a page may be kept and says so itself. */
    static void common(ServerResponseHeaders headers, String requestId) {
        headers.set(REQUEST_ID, requestId);
        headers.set(NO_SNIFF);
        headers.set(NO_STORE);
        Cors.open(headers);
    }

    void headers(ServerResponseHeaders headers, String requestId) {
        common(headers, requestId);
        headers.set(JSON);
        if (retryAfter != null) {
            headers.set(HeaderNames.RETRY_AFTER, Long.toString(retryAfter.toSeconds()));
        }
    }
}
