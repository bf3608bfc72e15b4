// SPDX-License-Identifier: Apache-2.0
package dev.phone.api;

import java.util.List;
import java.util.Set;

/**
 * An operation of the contract. The HTTP layer takes authentication and limits from here, so handlers do not repeat them.
 *
 * <p>The generated {@code Operations} has the constants of our contract; {@code dev.phone.contract.Contract} reads the same data from
 * any contract at run time.
 *
 * @param id the operationId
 * @param path the template, such as {@code /v1/projects/{projectId}}
 * @param rateLimit the operation's own limit, in addition to the backstop; null if it has none
 * @param status the success status; 0 if the operation is reserved
 * @param statuses all documented statuses; no other may be returned
 * @param body the schema of the request body; null if it takes none
 */
public record Operation(String id, String method, String path, Auth auth, RateLimit rateLimit, int status, Set<Integer> statuses,
        List<Parameter> parameters, Schema body, boolean bodyRequired) {

    /** How a caller authenticates. */
    public enum Auth {
        PUBLIC(null),
        BEARER("Bearer realm=\"Phone\""),
        TRIPLE("Phone-Credentials realm=\"Phone\", headers=\"x-client-id x-client-secret x-api-key\""),
        API_KEY("Phone-Credentials realm=\"Phone\", headers=\"x-api-key\"");

        private final String challenge;

        Auth(String challenge) {
            this.challenge = challenge;
        }

        /**
         * The value of {@code WWW-Authenticate} in a 401 (RFC 9110, section 11.6.1). Like the body, it does not depend on what was wrong. Null for a
         * public operation.
         */
        public String challenge() {
            return challenge;
        }

        /** From the names of the security schemes that the contract requires together. @throws IllegalArgumentException if we do not support them */
        public static Auth of(String... schemes) {
            return switch (Set.of(schemes)) {
                case Set<String> s when s.isEmpty() -> PUBLIC;
                case Set<String> s when s.equals(Set.of("bearer")) -> BEARER;
                case Set<String> s when s.equals(Set.of("apiKey")) -> API_KEY;
                case Set<String> s when s.equals(Set.of("clientId", "clientSecret", "apiKey")) -> TRIPLE;
                case Set<String> s -> throw new IllegalArgumentException("unsupported security schemes: " + s);
            };
        }
    }

    /**
     * A fixed window.
     *
     * @param name the name of the policy, in the RateLimit header fields
     * @param limit the maximum number of requests in a window
     * @param window in seconds
     * @param noun what is counted, as it follows "Too many" in the message
     */
    public record RateLimit(String name, int limit, int window, Key key, String noun) {
        /** Whose requests are counted together. */
        public enum Key {
            IP, CLIENT_ID;

            public static Key of(String name) {
                return switch (name) {
                    case "ip" -> IP;
                    case "clientId" -> CLIENT_ID;
                    default -> throw new IllegalArgumentException("limits cannot be counted by " + name);
                };
            }
        }
    }

    public enum Place {
        PATH, QUERY, HEADER;

        String pointer(String name) {
            return switch (this) {
                case PATH -> "path:" + name;
                case QUERY -> "query:" + name;
                case HEADER -> "header:" + name.toLowerCase(java.util.Locale.ROOT);
            };
        }
    }

    /** @param fallback the default value as text; null if the contract has none */
    public record Parameter(Place in, String name, boolean required, Schema schema, String fallback) {
        String pointer() {
            return in.pointer(name);
        }
    }

    /** The header that makes a creating operation safe to repeat. */
    public static final String IDEMPOTENCY_KEY = "Idempotency-Key";

    /** Whether the operation takes an Idempotency-Key, so that a repeated request acts only once. */
    public boolean idempotent() {
        for (Parameter parameter : parameters) {
            if (parameter.in == Place.HEADER && parameter.name.equals(IDEMPOTENCY_KEY)) {
                return true;
            }
        }
        return false;
    }
}
