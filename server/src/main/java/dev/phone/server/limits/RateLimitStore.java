// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.limits;

import java.time.Instant;

/**
 * Counts what happens in fixed windows. A window starts with the first hit of its key, so that nobody ever waits longer than its length.
 *
 * <p>One node counts in its own memory; nodes that share their limits will count in a store they share.
 */
public interface RateLimitStore {

    /** @param count the hits so far, this one included */
    record Window(int count, Instant end) {
    }

    /** Counts one hit, exactly, however many threads count at once. @param seconds the length of the key's windows */
    Window hit(String key, int seconds);
}
