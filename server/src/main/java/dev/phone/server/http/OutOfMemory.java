// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.http;

/**
 * Whether a request has ended because the heap is full. Anything may be half done then, in libraries too, so this process must not go on:
 * {@code -XX:+ExitOnOutOfMemoryError} sees to that, and this does where it is missing.
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
