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
 * The response to send for a success or an error, with the header fields of every response.
 *
 * @param retryAfter null unless it is a 429
 * @param challenge null unless it is a 401
 * @param replayed whether it repeats the response to an earlier request with the same Idempotency-Key
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

    /** @param operation null if it is not known */
    static HelidonResponse of(ApiError error, Operation operation) {
        String challenge = error.code() == ErrorCode.UNAUTHENTICATED && operation != null ? operation.auth().challenge() : null;
        return new HelidonResponse(error.status(), bytes(error.body().toJson()), error.retryAfter(), challenge, false);
    }

    private static byte[] bytes(JsonObject json) {
        // A stream writer would allocate new buffers each time.
        return json.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** Adds the header fields of every response. Cacheable pages override cache-control. */
    static void common(ServerResponseHeaders headers, String requestId) {
        headers.set(REQUEST_ID, requestId);
        for (Header header : COMMON) {
            headers.set(header);
        }
    }

    /** Adds the header fields of a preflight response. */
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
