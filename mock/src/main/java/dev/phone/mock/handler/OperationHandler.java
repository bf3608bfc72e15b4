// SPDX-License-Identifier: Apache-2.0
package dev.phone.mock.handler;

import dev.phone.api.ApiError;

/** Does what an operation does with a session. */
@FunctionalInterface
public interface OperationHandler {

    /**
     * Is called with the monitor of the session held.
     *
     * @throws ApiError what the contract documents
     * @throws DocumentedError a documented answer, word for word
     */
    Result handle(RequestContext context);
}
