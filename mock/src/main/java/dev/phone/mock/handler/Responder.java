// SPDX-License-Identifier: Apache-2.0
package dev.phone.mock.handler;

import dev.phone.api.ApiError;

/** Responds to requests as a contract says. */
public interface Responder {

    /** Never fails: what goes wrong here is a 500, as on the server. */
    Response handle(HttpRequest request);

    /** Whether the contract has a response to a request other than that there is no such route. */
    boolean knows(HttpRequest request);

    /** Whether a request asks after the mock itself, and is answered whatever stubs, delays and limits there are. */
    boolean isHealth(HttpRequest request);

    /** The response to what is not even a request. @param reason for {@code x-mock-reason} */
    Response refuse(ApiError error, String reason);
}
