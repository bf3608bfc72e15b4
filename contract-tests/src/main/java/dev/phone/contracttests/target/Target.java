// SPDX-License-Identifier: Apache-2.0
package dev.phone.contracttests.target;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** A running implementation of the contract. */
public interface Target extends AutoCloseable {

    /** The time of every target's clock after a reset, the same for all, so that their responses can be compared exactly. */
    Instant START = Instant.now().truncatedTo(ChronoUnit.SECONDS);

    /** The name in tables and failure messages. */
    String name();

    /** The base URL, without a path. */
    URI url();

    /** Resets the target to the demo world at {@link #START}, with unused limits. */
    void reset();

    /** Advances the target's clock. */
    void advance(Duration duration);

    /** Advances the clock, but does not wait for periodic work such as sweeps. */
    default void moveClock(Duration duration) {
        advance(duration);
    }

    /** Waits until background work that is due now is done. */
    default void settle() {
    }

    /** The value of {@code authorization} for a user of the demo world. @param development the value with a development token */
    default String authorization(String development) {
        return development;
    }

    /** The value to send instead of a header value of the demo world. @param name in lower case */
    default String header(String name, String value) {
        return name.equals("authorization") ? authorization(value) : value;
    }

    @Override
    void close();
}
