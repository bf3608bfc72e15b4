// SPDX-License-Identifier: Apache-2.0
package dev.phone.mock.handler;

import dev.phone.api.ApiError;

/** Handles an operation. */
@FunctionalInterface
public interface OperationHandler {

    /**
     * Called with the monitor of the session held.
     *
     * @throws ApiError an error that the contract documents
     * @throws DocumentedError an example of the contract as the response
     */
    Result handle(RequestContext context);
}
