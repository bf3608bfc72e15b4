// SPDX-License-Identifier: Apache-2.0
package dev.phone.api;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;

/**
 * Limits on client connections.
 *
 * @param most the maximum number of connections
 * @param perAddress the maximum number of connections of one address that is not a trusted proxy
 * @param bytes the maximum memory, in bytes, for the requests and responses of all connections
 * @param patience the time that a client has to send the head of a request, to send its body, and to read a response, each; large responses get more
 */
public record ConnectionLimits(int most, int perAddress, long bytes, Duration patience) {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    /** More than the largest allowed request takes, including the buffers of the HTTP library. */
    private static final int CONNECTION_BYTES = 256 * 1_024;
    /** More connections than this must be configured explicitly. */
    private static final int MANY = 10_000;
    private static final int FEW = 16;

    /** The limits for a process. @param most the maximum number of connections @param memory the size of its heap, in bytes */
    public static ConnectionLimits of(int most, long memory) {
        return new ConnectionLimits(most, Math.max(1, most / 4), memory / 4, PATIENCE);
    }

    /** The limits for this process. */
    public static ConnectionLimits ofProcess() {
        long memory = Runtime.getRuntime().maxMemory();
        return of(most(memory, files()), memory);
    }

    /** The maximum number of connections of a process. @param memory the size of its heap, in bytes @param files its limit of open files */
    public static int most(long memory, long files) {
        return (int) Math.min(Math.min(files / 2, MANY), Math.max(FEW, memory / CONNECTION_BYTES));
    }

    /** The open-file limit of this process. */
    public static long files() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix ? unix.getMaxFileDescriptorCount()
                : Long.MAX_VALUE;
    }
}
