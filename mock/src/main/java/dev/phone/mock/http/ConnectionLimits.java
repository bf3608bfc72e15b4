// SPDX-License-Identifier: Apache-2.0
package dev.phone.mock.http;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;

/**
 * How much of the connections of clients is too much.
 *
 * @param most connections in all
 * @param perAddress connections of one address
 * @param bytes that the requests and responses of all connections may hold
 * @param patience how long a client may take to send the head of a request, again for its body, and again to take a response that is not large
 */
public record ConnectionLimits(int most, int perAddress, long bytes, Duration patience) {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    /** More than a request takes that is as large as it may be, and what Jetty needs to read it. */
    private static final int CONNECTION_BYTES = 256 * 1_024;
    private static final int MANY_CONNECTIONS = 10_000;

    /** What this process can hold, by its heap and by the files that it may have open. */
    static ConnectionLimits ofProcess() {
        long memory = Runtime.getRuntime().maxMemory();
        long files = ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix ? unix.getMaxFileDescriptorCount()
                : Long.MAX_VALUE;
        int most = (int) Math.min(Math.min(files / 2, MANY_CONNECTIONS), Math.max(16, memory / CONNECTION_BYTES));
        return new ConnectionLimits(most, Math.max(1, most / 4), memory / 4, PATIENCE);
    }
}
