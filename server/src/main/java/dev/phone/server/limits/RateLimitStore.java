// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.limits;

import java.time.Duration;
import java.util.List;

/**
 * Counts what happens in fixed windows. A window starts with the first hit of its key, so that nobody ever waits longer than its length.
 *
 * <p>One node counts in its own memory; nodes that share their limits count in a store they share.
 */
public interface RateLimitStore {

    /** What is counted. @param key whose hits these are @param limit how many there may be @param seconds how long each window is */
    record Window(String key, int limit, int seconds) {
    }

    /** @param hits so far, this one included @param left until the window ends */
    record Count(int hits, Duration left) {
    }

    /**
     * Counts one hit in each window, exactly, however many threads and nodes count at once, but in none after the first that is exceeded.
     *
     * @return for each window that was counted in, in their order
     */
    List<Count> hit(List<Window> windows);

    /** How long a window stays exceeded, if that is known without asking anyone; null when it is not exceeded, or not known to be. */
    Duration exceeded(Window window);
}
