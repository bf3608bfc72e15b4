// SPDX-License-Identifier: Apache-2.0
package dev.phone.mock.answer;

import dev.phone.api.ApiError;

/** What an operation does with a session. */
@FunctionalInterface
public interface Action {

    /**
     * Is called with the monitor of the session held.
     *
     * @throws ApiError what the contract documents
     * @throws Refusal a documented answer, word for word
     */
    Result act(RequestContext context);
}
