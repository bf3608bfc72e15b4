// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.store;

import com.github.f4b6a3.ulid.UlidFactory;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;

/**
 * New IDs: a prefix that names the type, and a ULID in lower case.
 *
 * <p>They are monotonic: of two IDs from here, the later one is the greater one. Lists are sorted by that. The price is that an ID can be
 * guessed from one made in the same millisecond, so an ID from here must never be what grants access.
 */
public final class Ids {
    private final UlidFactory ulids;

    public Ids(Clock clock, SecureRandom random) {
        ulids = UlidFactory.newMonotonicInstance(random, clock::millis);
    }

    /** @param prefix such as {@code prj} */
    public String next(String prefix) {
        return prefix + '_' + ulids.create().toLowerCase();
    }

    /** The ID of something that is older than this program, so that it is listed where it belongs. */
    public String next(String prefix, Instant at) {
        return prefix + '_' + ulids.create(at.toEpochMilli()).toLowerCase();
    }
}
