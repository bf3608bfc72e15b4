// SPDX-License-Identifier: Apache-2.0
package dev.phone.mock.state;

import dev.phone.api.ApiError;
import dev.phone.api.ErrorMessages;
import dev.phone.api.Operation;
import dev.phone.api.Operation.RateLimit;
import dev.phone.api.RateLimitUsage;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The limits of the contract: fixed windows, in memory. */
public final class Limits {

    private record Window(Instant end, int count) {
    }

    private final InstantSource clock;
    private final boolean enabled;
    private final RateLimit backstop;
    private final Windows ofAddresses;
    private final Windows ofClients = new Windows();

    /** Windows that have begun, by limit and caller. */
    public static final class Windows {
        /** Beyond this many, those that have ended are forgotten, and if that is not enough, all. */
        static final int MOST = 10_000;

        private final Map<String, Window> byCaller = new ConcurrentHashMap<>();

        private Window count(String key, Instant now, Instant latest) {
            if (byCaller.size() >= MOST) {
                byCaller.values().removeIf(window -> !now.isBefore(window.end));
                if (byCaller.size() >= MOST) {
                    byCaller.clear();
                }
            }
            // A window that ends later than a whole one away was opened before the clock was set back.
            return byCaller.compute(key, (k, w) -> w == null || !now.isBefore(w.end) || w.end.isAfter(latest)
                    ? new Window(latest, 1) : new Window(w.end, w.count + 1));
        }

        int size() {
            return byCaller.size();
        }

        void clear() {
            byCaller.clear();
        }
    }

    /**
     * @param ofAddresses the windows of limits that count the requests of an address
     * @param enabled whether anything is counted; the header fields are there either way
     * @param backstop null when the contract has none
     */
    public Limits(InstantSource clock, boolean enabled, RateLimit backstop, Windows ofAddresses) {
        this.ofAddresses = ofAddresses;
        this.clock = clock;
        this.enabled = enabled;
        this.backstop = backstop;
    }

    /** What is counted for one request, which is nothing yet. */
    public Usage usage(Operation operation) {
        return new Usage(operation.rateLimit());
    }

    /** What has been counted for one request so far. */
    public final class Usage {
        private final RateLimit own;
        private final RateLimitUsage counted = new RateLimitUsage();

        private Usage(RateLimit own) {
            this.own = own;
        }

        /** Counts a request. @throws ApiError a 429 */
        public void countRequest(String address) {
            if (backstop != null) {
                count(backstop, ofAddresses, address);
            }
        }

        /** Counts it against the operation's own limit, if it has one. @throws ApiError a 429 */
        public void countOperation(String address, String clientId) {
            if (own != null) {
                boolean ofAddress = own.key() == RateLimit.Key.IP;
                count(own, ofAddress ? ofAddresses : ofClients, ofAddress ? address : clientId);
            }
        }

        private void count(RateLimit limit, Windows windows, String key) {
            if (enabled) {
                Instant now = clock.instant();
                Window window = windows.count(limit.name() + '|' + key, now, now.plusSeconds(limit.window()));
                counted.count(limit, window.count, Duration.between(now, window.end));
            } else {
                counted.count(limit, 0, Duration.ofSeconds(limit.window()));
            }
        }

        /** Says that the limit that a 429 is about is exhausted, though it may not be. @param message of the 429 */
        public void exhaust(String message, Duration wait) {
            counted.exhaust(own != null && ErrorMessages.isRateLimited(message, own.noun()) ? own : backstop, wait);
        }

        /** The value of {@code RateLimit}; null when nothing was counted. */
        public String header() {
            return counted.header();
        }

        /** The name of the limit that is exceeded; null when none is. */
        public String exceeded() {
            return counted.exceeded() == null ? null : counted.exceeded().name();
        }
    }
}
