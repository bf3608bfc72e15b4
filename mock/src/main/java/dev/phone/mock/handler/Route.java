// SPDX-License-Identifier: Apache-2.0
package dev.phone.mock.handler;

import dev.phone.mock.model.OperationModel;
import dev.phone.mock.model.TextPattern;

/**
 * An operation and what the mock does for it.
 *
 * @param policy the value of RateLimit-Policy; null when no limit applies
 * @param logged whether requests of applications to it are logged
 * @param keySpelling how the last path parameter is spelt; null when in one way only
 */
record Route(OperationModel operation, OperationHandler handler, String policy, boolean logged, TextPattern keySpelling) {
}
