// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.number;

import dev.phone.api.ApiError;
import dev.phone.api.Rules;
import java.time.Duration;
import java.time.Instant;

/**
 * The state of a number that has been claimed at least once.
 *
 * @param owner null if it is free
 * @param releasedAt null if it has an owner
 */
record Claim(String owner, Instant releasedAt) {
    /** How long a released number cannot be claimed, because codes for its previous owner may still be sent to it. */
    static final Duration REST = Rules.NUMBERS_REST;

    /** @throws ApiError a 409 if the number cannot be claimed now */
    void checkFree(Instant now) {
        if (owner != null) {
            throw ApiError.conflict("This number is taken");
        }
        if (now.isBefore(releasedAt.plus(REST))) {
            throw ApiError.conflict("This number was released recently and rests for " + REST.toDays() + " days");
        }
    }
}
