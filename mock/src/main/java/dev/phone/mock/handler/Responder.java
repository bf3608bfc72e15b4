// SPDX-License-Identifier: Apache-2.0
package dev.phone.mock.handler;

import dev.phone.api.ApiError;

/** Responds to requests according to a contract. */
public interface Responder {

    /** Never throws: a failure is a 500, as on the server. */
    Response handle(HttpRequest request);

    /** Whether the contract has a route for a request. */
    boolean knows(HttpRequest request);

    /** Whether a request is a health check, which is answered regardless of stubs, delays and limits. */
    boolean isHealth(HttpRequest request);

    /** The response to an invalid request. @param reason for {@code x-mock-reason} */
    Response refuse(ApiError error, String reason);
}
