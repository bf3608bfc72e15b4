// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.limits;

import java.time.Duration;
import java.util.List;

/**
 * Counts hits in fixed windows. A window starts with the first hit of its key, so a caller never waits longer than its length.
 *
 * <p>A single node counts in its own memory; nodes that share their limits count in a shared store.
 */
public interface RateLimitStore {

    /** A window. @param key the key of its hits @param limit the maximum number of hits @param seconds the length of the window */
    record Window(String key, int limit, int seconds) {
    }

    /** @param hits the hits so far, including this one @param left the time until the window ends */
    record Count(int hits, Duration left) {
    }

    /**
     * Counts one hit in each window, up to and including the first that is exceeded. The count is exact, even with concurrent threads and nodes.
     *
     * @return the count of each window that was counted, in their order
     */
    List<Count> hit(List<Window> windows);

    /** How long a window stays exceeded, as far as this node knows without a request to the store; null if it is not known to be exceeded. */
    Duration exceeded(Window window);
}
