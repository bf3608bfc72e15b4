// SPDX-License-Identifier: Apache-2.0
package dev.phone.api;

import dev.phone.api.Operation.RateLimit;
import java.time.Duration;

/**
 * The limits against which a request has been counted so far, and their header fields (draft-ietf-httpapi-ratelimit-headers):
 * {@code RateLimit-Policy} lists the limits, {@code RateLimit} the remaining quota of those that were counted. The server and the mock each have
 * their own counters.
 */
public final class RateLimitUsage {
    private RateLimit first;
    private String firstItem;
    private RateLimit second;
    private String secondItem;
    private RateLimit exceeded;

    /**
     * The value of {@code RateLimit-Policy}; null if there is no limit. @param backstop null for none @param own the operation's limit; null for none
     */
    public static String policy(RateLimit backstop, RateLimit own) {
        return backstop == null ? own == null ? null : policy(own) : own == null ? policy(backstop) : policy(backstop) + ", " + policy(own);
    }

    private static String policy(RateLimit limit) {
        return '"' + limit.name() + "\";q=" + limit.limit() + ";w=" + limit.window();
    }

    /**
     * Records that the request was counted: first against the limit of all requests, then against the operation's own.
     *
     * @param hits the requests in the window so far, including this one; 0 if limits are off
     * @param left the time until the window ends
     * @throws ApiError a 429 if the limit is exceeded
     */
    public void count(RateLimit limit, int hits, Duration left) {
        String item = item(limit, Math.max(0, limit.limit() - hits), left);
        if (first == null) {
            first = limit;
            firstItem = item;
        } else {
            second = limit;
            secondItem = item;
        }
        if (hits > limit.limit()) {
            exceeded = limit;
            throw ApiError.rateLimited(limit.noun(), left);
        }
    }

    /** Marks a counted limit as exhausted for this long, so that the headers match a 429 that has another cause. */
    public void exhaust(RateLimit limit, Duration wait) {
        if (limit != null && limit == first) {
            firstItem = item(limit, 0, wait);
        } else if (limit != null && limit == second) {
            secondItem = item(limit, 0, wait);
        }
    }

    private static String item(RateLimit limit, int left, Duration wait) {
        return '"' + limit.name() + "\";r=" + left + ";t=" + ErrorMessages.seconds(wait);
    }

    /** The value of {@code RateLimit}; null if nothing was counted. */
    public String header() {
        return secondItem == null ? firstItem : firstItem + ", " + secondItem;
    }

    /** The exceeded limit; null if none is. */
    public RateLimit exceeded() {
        return exceeded;
    }
}
