// SPDX-License-Identifier: Apache-2.0
package dev.phone.api;

import dev.phone.api.Operation.RateLimit;
import java.time.Duration;

/**
 * What one request has been counted against so far, and the header fields that tell the caller (draft-ietf-httpapi-ratelimit-headers):
 * {@code RateLimit-Policy} what limits there are, {@code RateLimit} what is left of those that were counted. Server and mock count in stores of
 * their own.
 */
public final class RateLimitUsage {
    private RateLimit first;
    private String firstItem;
    private RateLimit second;
    private String secondItem;
    private RateLimit exceeded;

    /** The value of {@code RateLimit-Policy}; null when there is no limit. @param own of an operation; null for none, like {@code backstop} */
    public static String policy(RateLimit backstop, RateLimit own) {
        return backstop == null ? own == null ? null : policy(own) : own == null ? policy(backstop) : policy(backstop) + ", " + policy(own);
    }

    private static String policy(RateLimit limit) {
        return '"' + limit.name() + "\";q=" + limit.limit() + ";w=" + limit.window();
    }

    /**
     * Takes down that the request was counted: against the limit of all requests first, then against the operation's own.
     *
     * @param hits in the window so far, this one included; 0 where nothing is counted
     * @param left until the window ends
     * @throws ApiError a 429, when the limit is exceeded
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

    /** Says of a limit, if it was counted, that it is exhausted for so long: a 429 that was decided otherwise must fit its headers. */
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

    /** The value of {@code RateLimit}; null when nothing was counted. */
    public String header() {
        return secondItem == null ? firstItem : firstItem + ", " + secondItem;
    }

    /** The limit that is exceeded; null when none is. */
    public RateLimit exceeded() {
        return exceeded;
    }
}
