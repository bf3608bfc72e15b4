// SPDX-License-Identifier: Apache-2.0
package dev.phone.mock.answer;

import java.util.Map;

/**
 * What goes back.
 *
 * @param policy the value of RateLimit-Policy; null when there is none, like {@code standing}, the value of RateLimit
 * @param retryAfter in seconds; 0 when there is none
 * @param reason the value of x-mock-reason
 * @param applied the value of Preference-Applied; null when nothing was wished for
 * @param more headers, besides those that every answer has
 * @param delay in milliseconds, before it is sent
 * @param fault what to break instead; null for nothing
 */
public record Answer(int status, String contentType, byte[] body, String requestId, String policy, String standing, long retryAfter,
        String reason, String applied, Map<String, String> more, int delay, Fault fault) {

    /** How a connection may break. */
    public enum Fault {
        RESET, EMPTY, MALFORMED, GARBAGE
    }

    /** The same for another request. */
    public Answer identified(String id) {
        return new Answer(status, contentType, body, id, policy, standing, retryAfter, reason, applied, more, delay, fault);
    }
}
