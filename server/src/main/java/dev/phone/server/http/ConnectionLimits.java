// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.http;

import java.time.Duration;

/**
 * How much of the connections of clients is too much.
 *
 * @param most connections in all
 * @param perAddress connections of one address, unless it is a proxy's
 * @param bytes that the requests and responses of all connections may hold
 * @param patience how long a client may take to send the head of a request, again for its body, and again to take a response that is not large
 */
public record ConnectionLimits(int most, int perAddress, long bytes, Duration patience) {
}
