// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.http;

import dev.phone.api.Operation;
import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.ServerRequestHeaders;
import io.helidon.http.ServerResponseHeaders;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * Lets pages of any origin call the API. That is safe because nothing here is authorised by a cookie: a page can only send credentials that
 * it has been given.
 */
final class Cors {
    private static final Header ANY_ORIGIN = HeaderValues.createCached(HeaderNames.ACCESS_CONTROL_ALLOW_ORIGIN, "*");
    private static final Header EXPOSED = HeaderValues.createCached(HeaderNames.ACCESS_CONTROL_EXPOSE_HEADERS,
            "x-request-id, RateLimit, RateLimit-Policy, Retry-After, Idempotent-Replayed, WWW-Authenticate");
    // Two hours, the longest that a browser remembers.
    private static final Header MAX_AGE = HeaderValues.createCached(HeaderNames.ACCESS_CONTROL_MAX_AGE, "7200");

    private final Header methods;
    private final Header headers;

    Cors(List<Operation> operations) {
        Set<String> methods = new TreeSet<>();
        Set<String> headers = new TreeSet<>(Set.of("authorization", "content-type", "x-client-id", "x-client-secret", "x-api-key"));
        for (Operation operation : operations) {
            methods.add(operation.method());
            for (Operation.Parameter parameter : operation.parameters()) {
                if (parameter.in() == Operation.Place.HEADER) {
                    headers.add(parameter.name().toLowerCase(Locale.ROOT));
                }
            }
        }
        this.methods = HeaderValues.createCached(HeaderNames.ACCESS_CONTROL_ALLOW_METHODS, String.join(", ", methods));
        this.headers = HeaderValues.createCached(HeaderNames.ACCESS_CONTROL_ALLOW_HEADERS, String.join(", ", headers));
    }

    static void open(ServerResponseHeaders response) {
        response.set(ANY_ORIGIN);
        response.set(EXPOSED);
    }

    /** Whether a browser asks what a page may do. It is answered for unknown paths, too, so that the page can read their 404. */
    static boolean isPreflight(String method, ServerRequestHeaders request) {
        return method.equals("OPTIONS") && request.contains(HeaderNames.ORIGIN)
                && request.contains(HeaderNames.ACCESS_CONTROL_REQUEST_METHOD);
    }

    void preflight(ServerResponseHeaders response) {
        response.set(methods);
        response.set(headers);
        response.set(MAX_AGE);
    }
}
