// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.http;

/**
 * Records whether a request ran out of memory. The process may then be in an inconsistent state, including its libraries, so it must end.
 * {@code -XX:+ExitOnOutOfMemoryError} does that; this class covers processes started without it.
 */
final class OutOfMemory {
    private static volatile boolean seen;

    private OutOfMemory() {
    }

    static void notice(Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof OutOfMemoryError) {
                seen = true;
            }
        }
    }

    static boolean isSeen() {
        return seen;
    }
}
