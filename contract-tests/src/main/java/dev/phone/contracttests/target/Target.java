// SPDX-License-Identifier: Apache-2.0
package dev.phone.contracttests.target;

import java.net.URI;
import java.time.Duration;

/** Something that claims to be what the contract says. */
public interface Target extends AutoCloseable {

    /** As it is called in the coverage table. */
    String name();

    /** Without a path. */
    URI url();

    /** Back to the demo world, at the time of the start. */
    void reset();

    /** Lets the target's clock go on. */
    void advance(Duration duration);

    /** What a user of the demo world sends as {@code authorization}. @param development the same as a development token */
    default String authorization(String development) {
        return development;
    }

    @Override
    void close();
}
