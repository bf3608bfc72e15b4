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

    /** The current windows, by limit and caller. */
    public static final class Windows {
        /** Beyond this number, ended windows are removed, and if that is not enough, all. */
        static final int MOST = 10_000;

        private final Map<String, Window> byCaller = new ConcurrentHashMap<>();

        private Window count(String key, Instant now, Instant latest) {
            if (byCaller.size() >= MOST) {
                byCaller.values().removeIf(window -> !now.isBefore(window.end));
                if (byCaller.size() >= MOST) {
                    byCaller.clear();
                }
            }
            // A window that ends more than its length from now was opened before the clock was set back.
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
     * @param ofAddresses the windows of limits that are counted by address
     * @param enabled whether requests are counted; the header fields are sent in either case
     * @param backstop null if the contract has none
     */
    public Limits(InstantSource clock, boolean enabled, RateLimit backstop, Windows ofAddresses) {
        this.ofAddresses = ofAddresses;
        this.clock = clock;
        this.enabled = enabled;
        this.backstop = backstop;
    }

    /** Starts counting for a request. */
    public Usage usage(Operation operation) {
        return new Usage(operation.rateLimit());
    }

    /** The counts for one request. */
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

        /** Counts the request against the operation's own limit, if it has one. @throws ApiError a 429 */
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

        /** Reports the limit of a 429 as exhausted, although it may not be. @param message the message of the 429 */
        public void exhaust(String message, Duration wait) {
            counted.exhaust(own != null && ErrorMessages.isRateLimited(message, own.noun()) ? own : backstop, wait);
        }

        /** The value of {@code RateLimit}; null if nothing was counted. */
        public String header() {
            return counted.header();
        }

        /** The name of the exceeded limit; null if none is. */
        public String exceeded() {
            return counted.exceeded() == null ? null : counted.exceeded().name();
        }
    }
}
