// SPDX-License-Identifier: Apache-2.0
package dev.phone.mock.state;

import dev.phone.api.ApiError;
import dev.phone.api.Operation;
import dev.phone.api.Operation.RateLimit;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The fixed windows of the contract's limits, and the header fields that tell how a caller stands. */
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

        private Window charge(String key, Instant now, Instant latest) {
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

    /** The value of RateLimit-Policy for an operation. */
    public static String policy(RateLimit backstop, Operation operation) {
        String own = operation.rateLimit() == null ? null : policy(operation.rateLimit());
        String all = backstop == null ? null : policy(backstop);
        return all == null ? own : own == null ? all : all + ", " + own;
    }

    private static String policy(RateLimit limit) {
        return '"' + limit.name() + "\";q=" + limit.limit() + ";w=" + limit.window();
    }

    /** What one request is charged. */
    public final class Account {
        private final RateLimit own;
        private String standing;
        private String exceeded;

        private Account(RateLimit own) {
            this.own = own;
        }

        /** @throws ApiError a 429 */
        public void chargeBackstop(String address) {
            if (backstop != null) {
                charge(backstop, ofAddresses, address);
            }
        }

        /** Charges the operation's own limit, if it has one. @throws ApiError a 429 */
        public void chargeOwn(String address, String clientId) {
            if (own != null) {
                boolean ofAddress = own.key() == RateLimit.Key.IP;
                charge(own, ofAddress ? ofAddresses : ofClients, ofAddress ? address : clientId);
            }
        }

        private void charge(RateLimit limit, Windows windows, String key) {
            int left = limit.limit();
            Duration wait = Duration.ofSeconds(limit.window());
            if (enabled) {
                Instant now = clock.instant();
                Window window = windows.charge(limit.name() + '|' + key, now, now.plus(wait));
                left = limit.limit() - window.count;
                wait = Duration.between(now, window.end);
            }
            String item = '"' + limit.name() + "\";r=" + Math.max(0, left) + ";t=" + Math.max(1, wait.plusMillis(999).toSeconds());
            standing = standing == null ? item : standing + ", " + item;
            if (left < 0) {
                exceeded = limit.name();
                throw ApiError.rateLimited(limit.noun(), wait);
            }
        }

        /** The value of RateLimit; null when nothing was charged. */
        public String standing() {
            return standing;
        }

        /** What the value of RateLimit would be if the limit that a message is about were exhausted. @param wait in seconds */
        public String standingOf429(String message, long wait) {
            RateLimit limit = own != null && message.startsWith("Too many " + own.noun() + " ") ? own : backstop;
            return standing == null || limit == null ? standing
                    : standing.replaceFirst('"' + limit.name() + "\";r=[0-9]+;t=[0-9]+", '"' + limit.name() + "\";r=0;t=" + wait);
        }

        /** The name of the limit that is exceeded; null when none is. */
        public String exceeded() {
            return exceeded;
        }
    }

    public Account account(Operation operation) {
        return new Account(operation.rateLimit());
    }
}
