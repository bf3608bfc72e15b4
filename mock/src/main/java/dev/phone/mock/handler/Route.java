// SPDX-License-Identifier: Apache-2.0
package dev.phone.mock.handler;

import dev.phone.mock.model.OperationModel;
import dev.phone.mock.model.TextPattern;

/**
 * An operation with its handler in the mock.
 *
 * @param policy the value of RateLimit-Policy; null if no limit applies
 * @param logged whether requests of applications to it are logged
 * @param keySpelling the pattern that normalises the last path parameter; null if it has only one form
 */
record Route(OperationModel operation, OperationHandler handler, String policy, boolean logged, TextPattern keySpelling) {
}
