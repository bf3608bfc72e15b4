// SPDX-License-Identifier: Apache-2.0
package dev.phone.contracttests.target;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** A running program that claims to be what the contract says. */
public interface Target extends AutoCloseable {

    /** What every target's clock shows after a reset: one instant for all, so that their answers can be compared to the millisecond. */
    Instant START = Instant.now().truncatedTo(ChronoUnit.SECONDS);

    /** As it is called in tables and failures. */
    String name();

    /** Without a path. */
    URI url();

    /** Back to the demo world at {@link #START}, with all limits unspent. */
    void reset();

    /** Lets the target's clock go on. */
    void advance(Duration duration);

    /** The same, but what is done from time to time, such as a sweep of what is over, need not have been done when this returns. */
    default void moveClock(Duration duration) {
        advance(duration);
    }

    /** Returns when what is due at this moment of the clock is done, where the target does it in a time of its own. */
    default void settle() {
    }

    /** What a user of the demo world sends as {@code authorization}. @param development the same as a development token */
    default String authorization(String development) {
        return development;
    }

    /** What is sent as a header of this name in place of one of the demo world. @param name in lower case */
    default String header(String name, String value) {
        return name.equals("authorization") ? authorization(value) : value;
    }

    @Override
    void close();
}
