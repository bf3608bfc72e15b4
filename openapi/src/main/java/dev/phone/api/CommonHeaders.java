// SPDX-License-Identifier: Apache-2.0
package dev.phone.api;

import java.util.Map;

/** The header fields of every response of an operation. Names are in lower case. */
public final class CommonHeaders {
    /** The ID of the request. */
    public static final String REQUEST_ID = "x-request-id";

    /** The header that lets pages of other origins read the others. */
    public static final String EXPOSE = "access-control-expose-headers";

    /** The headers that are the same in all responses, with their values; cacheable pages and documents have their own {@code cache-control}. */
    public static final Map<String, String> ALL = Map.of(
            // Responses change at any time, and some contain secrets.
            "cache-control", "no-store",
            // Browsers must not interpret JSON as a page, whatever data from clients it contains.
            "x-content-type-options", "nosniff",
            // No cookie authorises anything: a page can only send credentials that it has.
            "access-control-allow-origin", "*",
            EXPOSE, Operations.RESPONSE_HEADERS);

    private CommonHeaders() {
    }

    /** The contract's pattern of request IDs: an ECMA-262 regular expression. */
    public static String requestIdPattern() {
        return ((Schema.Text) Scalars.REQUEST_ID).pattern().toString();
    }
}
