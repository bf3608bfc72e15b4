// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.limits;

import dev.phone.api.ApiError;
import dev.phone.api.Operation;
import dev.phone.api.Operation.RateLimit;
import dev.phone.api.Operations;
import dev.phone.api.RateLimitUsage;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** The limits of the contract, as configured. */
public final class RateLimits {

    /** The configured changes to a limit. */
    public record Setting(OptionalInt limit, OptionalInt window) {
    }

    private final RateLimitStore store;
    private final boolean enabled;
    private final RateLimit backstop;
    private final Map<String, RateLimit> byOperation = new HashMap<>();
    private final Map<String, String> policies = new HashMap<>();

    /**
     * @param enabled whether requests are counted; the header fields are sent in either case, because the contract promises them
     * @param settings the configured changes, by the name of the limit
     */
    public RateLimits(RateLimitStore store, boolean enabled, Map<String, Setting> settings, List<Operation> operations) {
        this.store = store;
        this.enabled = enabled;
        this.backstop = configured(Operations.BACKSTOP, settings);
        for (Operation operation : operations) {
            RateLimit own = operation.rateLimit() == null ? null : configured(operation.rateLimit(), settings);
            byOperation.put(operation.id(), own);
            policies.put(operation.id(), RateLimitUsage.policy(backstop, own));
        }
    }

    private static RateLimit configured(RateLimit limit, Map<String, Setting> settings) {
        Setting setting = Optional.ofNullable(settings.get(limit.name()))
                .orElse(new Setting(OptionalInt.empty(), OptionalInt.empty()));
        return new RateLimit(limit.name(), setting.limit.orElse(limit.limit()), setting.window.orElse(limit.window()), limit.key(),
                limit.noun());
    }

    /** Starts counting for a request. */
    public Usage usage(Operation operation) {
        return new Usage(policies.get(operation.id()), byOperation.get(operation.id()));
    }

    /** The counts for one request. */
    public final class Usage {
        private final String policy;
        private final RateLimit own;
        private final RateLimitUsage counted = new RateLimitUsage();
        private boolean admitted;

        private Usage(String policy, RateLimit own) {
            this.policy = policy;
            this.own = own;
        }

        /** Refuses an address that is known to have exceeded the limit of all requests, before any work is done. @throws ApiError a 429 */
        public void check(String address) {
            Duration left = enabled ? store.exceeded(window(backstop, address)) : null;
            if (left != null) {
                counted.count(backstop, Integer.MAX_VALUE, left);
            }
        }

        /**
         * Counts a request against the limit of all requests, and against the operation's own limit if it has one and the caller is allowed.
         *
         * @param allowed whether the caller may call the operation, because no one may spend the limit of another caller
         * @param clientId null if the caller has none
         * @throws ApiError a 429 if a limit is exceeded
         */
        public void count(String address, boolean allowed, String clientId) {
            List<RateLimit> limits = own == null || !allowed ? List.of(backstop) : List.of(backstop, own);
            List<RateLimitStore.Count> counts = !enabled ? limits.stream().map(limit ->
                    new RateLimitStore.Count(0, Duration.ofSeconds(limit.window()))).toList()
                    : store.hit(limits.stream().map(limit -> window(limit, limit.key() == RateLimit.Key.IP ? address : clientId)).toList());
            for (int i = 0; i < counts.size(); i++) {
                counted.count(limits.get(i), counts.get(i).hits(), counts.get(i).left());
                admitted = true;
            }
        }

        private static RateLimitStore.Window window(RateLimit limit, String key) {
            return new RateLimitStore.Window(limit.name() + '|' + key, limit.limit(), limit.window());
        }

        /** The operation itself answered 429: its limit is reported as exhausted for this long. */
        public void exhaust(Duration wait) {
            counted.exhaust(own, wait);
        }

        /** Whether the request was within the limit of all requests, so that its credentials were checked. */
        public boolean admitted() {
            return admitted;
        }

        /** The value of {@code RateLimit-Policy}. */
        public String policy() {
            return policy;
        }

        /** The value of {@code RateLimit}; null if nothing has been counted. */
        public String header() {
            return counted.header();
        }
    }
}
