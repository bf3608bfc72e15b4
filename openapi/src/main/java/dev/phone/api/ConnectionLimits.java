// SPDX-License-Identifier: Apache-2.0
package dev.phone.api;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;

/**
 * What the connections of clients may take of a process.
 *
 * @param most connections in all
 * @param perAddress connections of one address, unless that is a proxy's
 * @param bytes that the requests and responses of all connections may hold
 * @param patience how long a client may take to send the head of a request, again for its body, and again to take a response that is not large
 */
public record ConnectionLimits(int most, int perAddress, long bytes, Duration patience) {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    /** More than a request takes that is as large as it may be, and what an HTTP library needs to read it. */
    private static final int CONNECTION_BYTES = 256 * 1_024;
    /** More than these need to be asked for. */
    private static final int MANY = 10_000;
    private static final int FEW = 16;

    /** What a process with so many bytes of heap can hold. @param most connections */
    public static ConnectionLimits of(int most, long memory) {
        return new ConnectionLimits(most, Math.max(1, most / 4), memory / 4, PATIENCE);
    }

    /** What this process can hold. */
    public static ConnectionLimits ofProcess() {
        long memory = Runtime.getRuntime().maxMemory();
        return of(most(memory, files()), memory);
    }

    /** How many connections a process can hold. @param memory bytes of its heap @param files that it may have open */
    public static int most(long memory, long files) {
        return (int) Math.min(Math.min(files / 2, MANY), Math.max(FEW, memory / CONNECTION_BYTES));
    }

    /** How many files this process may have open. */
    public static long files() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix ? unix.getMaxFileDescriptorCount()
                : Long.MAX_VALUE;
    }
}
