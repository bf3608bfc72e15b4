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

    /** What configuration changes about the limit of a name. */
    public record Setting(OptionalInt limit, OptionalInt window) {
    }

    private final RateLimitStore store;
    private final boolean enabled;
    private final RateLimit backstop;
    private final Map<String, RateLimit> byOperation = new HashMap<>();
    private final Map<String, String> policies = new HashMap<>();

    /**
     * @param enabled whether anything is counted; the header fields are sent either way, for the contract promises them
     * @param settings by the name of the limit
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

    /** What is counted for one request, which is nothing yet. */
    public Usage usage(Operation operation) {
        return new Usage(policies.get(operation.id()), byOperation.get(operation.id()));
    }

    /** What has been counted for one request so far. */
    public final class Usage {
        private final String policy;
        private final RateLimit own;
        private final RateLimitUsage counted = new RateLimitUsage();
        private boolean admitted;

        private Usage(String policy, RateLimit own) {
            this.policy = policy;
            this.own = own;
        }

        /** Refuses who is known to have exceeded the limit of all requests, before anything is done for them. @throws ApiError a 429 */
        public void check(String address) {
            Duration left = enabled ? store.exceeded(window(backstop, address)) : null;
            if (left != null) {
                counted.count(backstop, Integer.MAX_VALUE, left);
            }
        }

        /**
         * Counts a request, and against the operation's own limit if it has one and the caller may call it. What is exceeded is counted
         * no further.
         *
         * @param allowed whether the caller may call the operation: nobody can spend the limit of another
         * @param clientId null when the caller has none
         * @throws ApiError a 429
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

        /** A 429 that the operation itself decided on: its limit is said to be exhausted for as long as the error says. */
        public void exhaust(Duration wait) {
            counted.exhaust(own, wait);
        }

        /** Whether it was within the limit of all requests, and so went as far as to its credentials. */
        public boolean admitted() {
            return admitted;
        }

        /** The value of {@code RateLimit-Policy}. */
        public String policy() {
            return policy;
        }

        /** The value of {@code RateLimit}; null when nothing has been counted. */
        public String header() {
            return counted.header();
        }
    }
}
