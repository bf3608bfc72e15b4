// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.store;

import com.github.f4b6a3.ulid.Ulid;
import com.github.f4b6a3.ulid.UlidFactory;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;

/**
 * New IDs: a prefix that names the type, and a ULID in lower case.
 *
 * <p>They are monotonic: of two IDs from here, the later one is the greater one. Lists are sorted by that. The price is that an ID can be
 * guessed from one made in the same millisecond, so what grants access is {@link #unguessable}.
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

    /** An ID with 80 random bits of its own, for what whoever knows the ID may use. Those made in the same millisecond have no order. */
    public String unguessable(String prefix) {
        byte[] bytes = new byte[RANDOM_BYTES];
        random.nextBytes(bytes);
        return prefix + '_' + new Ulid(clock.millis(), bytes).toLowerCase();
    }

    /** The ID of something that is older than this program, so that it is listed where it belongs. */
    public String next(String prefix, Instant at) {
        return prefix + '_' + ulids.create(at.toEpochMilli()).toLowerCase();
    }

    /** What no ID from that moment on is smaller than. */
    String first(String prefix, Instant at) {
        return prefix + '_' + new Ulid(at.toEpochMilli(), new byte[RANDOM_BYTES]).toLowerCase();
    }
}
