// SPDX-License-Identifier: Apache-2.0
package dev.phone.api;

import java.util.List;
import java.util.Set;

/**
 * What the contract says of an operation. The edge reads from here who may call and how often; no handler says it again.
 *
 * <p>The constants of our contract are in the generated {@code Operations}; {@code dev.phone.contract.Contract} reads the same data from
 * any contract at run time.
 *
 * @param id the operationId
 * @param path the template, such as {@code /v1/projects/{projectId}}
 * @param rateLimit the limit of this operation alone, besides the backstop; null when there is none
 * @param status the one success status; 0 when the operation is reserved
 * @param statuses all that it documents; no other may leave
 * @param body the schema of the request body; null when it takes none
 */
public record Operation(String id, String method, String path, Auth auth, RateLimit rateLimit, int status, Set<Integer> statuses,
        List<Parameter> parameters, Schema body, boolean bodyRequired) {

    /** How a caller proves who it is. */
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
         * The value of {@code WWW-Authenticate} in a 401. It is the same whatever was wrong, as is the body. Null where there are no credentials.
         */
        public String challenge() {
            return challenge;
        }

        /** From the names of the security schemes that the contract demands together. */
        public static Auth of(String... schemes) {
            return switch (Set.of(schemes)) {
                case Set<String> s when s.isEmpty() -> PUBLIC;
                case Set<String> s when s.equals(Set.of("bearer")) -> BEARER;
                case Set<String> s when s.equals(Set.of("apiKey")) -> API_KEY;
                case Set<String> s when s.equals(Set.of("clientId", "clientSecret", "apiKey")) -> TRIPLE;
                case Set<String> s -> throw new IllegalArgumentException("no authentication is known by the schemes " + s);
            };
        }
    }

    /**
     * A fixed window.
     *
     * @param name of the policy, in the RateLimit header fields
     * @param window in seconds
     * @param noun what is counted, to be read after "Too many"
     */
    public record RateLimit(String name, int limit, int window, Key key, String noun) {
        /** Whose requests are counted together. */
        public enum Key {
            IP, CLIENT_ID;

            public static Key of(String name) {
                return switch (name) {
                    case "ip" -> IP;
                    case "clientId" -> CLIENT_ID;
                    default -> throw new IllegalArgumentException("no limit is counted by " + name);
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

    /** @param fallback the value when it is absent, as text; null when the contract has no default */
    public record Parameter(Place in, String name, boolean required, Schema schema, String fallback) {
        String pointer() {
            return in.pointer(name);
        }
    }

    /** The header that makes a creating operation safe to repeat. */
    public static final String IDEMPOTENCY_KEY = "Idempotency-Key";

    /** Whether a repeated request with the same key must act only once. */
    public boolean idempotent() {
        for (Parameter parameter : parameters) {
            if (parameter.in == Place.HEADER && parameter.name.equals(IDEMPOTENCY_KEY)) {
                return true;
            }
        }
        return false;
    }
}
