// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.store;

import com.github.f4b6a3.ulid.Ulid;
import com.github.f4b6a3.ulid.UlidFactory;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;

/**
 * Generates IDs: a prefix for the type, followed by a ULID in lower case.
 *
 * <p>They are monotonic: a later ID is greater, so lists are sorted by ID. As a consequence, an ID can be
 * guessed from another one of the same millisecond, so IDs that grant access are {@link #unguessable}.
 */
public final class Ids {
    private static final int RANDOM_BYTES = 10;

    private final UlidFactory ulids;
    private final Clock clock;
    private final SecureRandom random;

    public Ids(Clock clock, SecureRandom random) {
        this.clock = clock;
        this.random = random;
        ulids = UlidFactory.newMonotonicInstance(random, clock::millis);
    }

    /** @param prefix such as {@code prj} */
    public String next(String prefix) {
        return prefix + '_' + ulids.create().toLowerCase();
    }

    /** An ID with 80 independent random bits, for resources that anyone with the ID may use. IDs of the same millisecond have no order. */
    public String unguessable(String prefix) {
        byte[] bytes = new byte[RANDOM_BYTES];
        random.nextBytes(bytes);
        return prefix + '_' + new Ulid(clock.millis(), bytes).toLowerCase();
    }

    /** An ID for something created at {@code at}, so that it is listed in the right place. */
    public String next(String prefix, Instant at) {
        return prefix + '_' + ulids.create(at.toEpochMilli()).toLowerCase();
    }

    /** The smallest possible ID from that time on. */
    String first(String prefix, Instant at) {
        return prefix + '_' + new Ulid(at.toEpochMilli(), new byte[RANDOM_BYTES]).toLowerCase();
    }
}
