// SPDX-License-Identifier: Apache-2.0
package dev.phone.api;

import java.util.Map;

/** The header fields of every response to an operation. Names are in lower case. */
public final class CommonHeaders {
    /** The ID of the request. */
    public static final String REQUEST_ID = "x-request-id";

    /** By which a page of another origin may read the others. */
    public static final String EXPOSE = "access-control-expose-headers";

    /** Those that are the same in all, with their values; a page or document that may be cached has a {@code cache-control} of its own. */
    public static final Map<String, String> ALL = Map.of(
            // Answers are of one moment, and some hold secrets.
            "cache-control", "no-store",
            // JSON is not to be taken for a page, whatever a client has put into it.
            "x-content-type-options", "nosniff",
            // Nothing is authorised by a cookie: a page can send only credentials that it has been given.
            "access-control-allow-origin", "*",
            EXPOSE, Operations.RESPONSE_HEADERS);

    private CommonHeaders() {
    }

    /** What the contract makes of the ID of a request: a regular expression of ECMA-262. */
    public static String requestIdPattern() {
        return ((Schema.Text) Scalars.REQUEST_ID).pattern().toString();
    }
}
