// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.number;

import dev.phone.api.ApiError;
import dev.phone.api.Rules;
import java.time.Duration;
import java.time.Instant;

/**
 * What is known of a number that was claimed at least once.
 *
 * @param owner null while it is free
 * @param releasedAt null while it has an owner
 */
record Claim(String owner, Instant releasedAt) {
    /** How long nobody can have a number that somebody gave back: what is still sent to it was meant for that one. */
    static final Duration REST = Rules.NUMBERS_REST;

    /** @throws ApiError a 409 when the number cannot be claimed at this moment */
    void checkFree(Instant now) {
        if (owner != null) {
            throw ApiError.conflict("This number is taken");
        }
        if (now.isBefore(releasedAt.plus(REST))) {
            throw ApiError.conflict("This number was released recently and rests for " + REST.toDays() + " days");
        }
    }
}
