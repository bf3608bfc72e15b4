// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.http;

import dev.phone.api.ApiError;
import dev.phone.api.CommonHeaders;
import dev.phone.api.Cors;
import dev.phone.api.ErrorCode;
import dev.phone.api.Operation;
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
 * @param challenge null unless it is a 401
 * @param replayed whether it was given before, to a request with the same Idempotency-Key
 */
record HelidonResponse(int status, byte[] body, Duration retryAfter, String challenge, boolean replayed) {
    static final HeaderName REQUEST_ID = HeaderNames.create(CommonHeaders.REQUEST_ID);
    private static final Header REPLAYED = HeaderValues.createCached("Idempotent-Replayed", "true");
    private static final Header JSON = HeaderValues.createCached(HeaderNames.CONTENT_TYPE, "application/json");
    private static final Header[] COMMON = CommonHeaders.ALL.entrySet().stream().map(each -> HeaderValues.createCached(each.getKey(), each.getValue()))
            .toArray(Header[]::new);

    static HelidonResponse of(Response response) {
        return new HelidonResponse(response.status(), bytes(response.json()), null, null, response.replayed());
    }

    static HelidonResponse of(ApiError error) {
        return of(error, null);
    }

    /** @param operation null when none is known */
    static HelidonResponse of(ApiError error, Operation operation) {
        String challenge = error.code() == ErrorCode.UNAUTHENTICATED && operation != null ? operation.auth().challenge() : null;
        return new HelidonResponse(error.status(), bytes(error.body().toJson()), error.retryAfter(), challenge, false);
    }

    private static byte[] bytes(JsonObject json) {
        // A writer to a stream would allocate its buffers anew each time.
        return json.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** The header fields that every response has; a page may be kept and says so itself. */
    static void common(ServerResponseHeaders headers, String requestId) {
        headers.set(REQUEST_ID, requestId);
        for (Header header : COMMON) {
            headers.set(header);
        }
    }

    /** The header fields that tell a browser what a page may do. */
    static void preflight(ServerResponseHeaders headers, Cors cors) {
        headers.set(HeaderNames.ACCESS_CONTROL_ALLOW_METHODS, cors.methods());
        headers.set(HeaderNames.ACCESS_CONTROL_ALLOW_HEADERS, cors.headers());
        headers.set(HeaderNames.ACCESS_CONTROL_MAX_AGE, Cors.MAX_AGE);
    }

    void headers(ServerResponseHeaders headers, String requestId) {
        common(headers, requestId);
        headers.set(JSON);
        if (retryAfter != null) {
            headers.set(HeaderNames.RETRY_AFTER, Long.toString(retryAfter.toSeconds()));
        }
        if (challenge != null) {
            headers.set(HeaderNames.WWW_AUTHENTICATE, challenge);
        }
        if (replayed) {
            headers.set(REPLAYED);
        }
    }
}
