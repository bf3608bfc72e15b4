// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.auth;

import dev.phone.api.ApiError;
import dev.phone.api.Caller;
import dev.phone.api.Exchange;
import dev.phone.api.HeaderCredentials;
import dev.phone.api.Operation;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;
import java.util.function.Function;

/**
 * Finds out who sends a request, in the way its operation demands.
 *
 * <p>What does not even look like a credential is refused before any store is touched. Of an application's three, the API key is looked up
 * first, by its hash; client ID and secret must then be that application's. Whatever is wrong, the caller hears the same, and after the
 * same work: an unknown key costs a comparison, too.
 */
public final class Authentication {
    private static final Caller ANYONE = new Caller.Anonymous();
    private static final byte[] NO_HASH = new byte[32];

    /** Whoever knows the people of the console by their tokens. */
    @FunctionalInterface
    public interface Users {
        /** @throws ApiError a 401 */
        Caller.User user(String token);
    }

    /** @param suspended whether it is an application that may do nothing for now */
    public record Authenticated(Caller caller, boolean suspended) {
    }

    private final Users users;
    private final Function<String, Optional<StoredCredentials>> applications;
    private final Function<String, byte[]> secretHash;

    /**
     * @param applications finds an application by its API key
     * @param secretHash hashes a client secret as it is stored
     */
    public Authentication(Users users, Function<String, Optional<StoredCredentials>> applications, Function<String, byte[]> secretHash) {
        this.users = users;
        this.applications = applications;
        this.secretHash = secretHash;
    }

    /** @throws ApiError a 401 */
    public Authenticated authenticate(Operation.Auth auth, Exchange exchange) {
        return switch (auth) {
            case PUBLIC -> new Authenticated(ANYONE, false);
            case BEARER -> new Authenticated(users.user(HeaderCredentials.bearerToken(exchange)), false);
            case API_KEY -> {
                String apiKey = HeaderCredentials.apiKey(exchange);
                StoredCredentials stored = applications.apply(apiKey)
                        .orElseThrow(() -> ApiError.unauthenticated("no application has this API key"));
                yield new Authenticated(stored.application(), stored.suspended());
            }
            case TRIPLE -> triple(exchange);
        };
    }

    private Authenticated triple(Exchange exchange) {
        String apiKey = HeaderCredentials.apiKey(exchange);
        String clientId = HeaderCredentials.clientId(exchange);
        byte[] secret = secretHash.apply(HeaderCredentials.clientSecret(exchange));
        StoredCredentials stored = applications.apply(apiKey).orElse(null);
        if (stored == null) {
            MessageDigest.isEqual(secret, NO_HASH);
            throw ApiError.unauthenticated("no application has this API key");
        }
        boolean idFits = MessageDigest.isEqual(bytes(clientId), bytes(stored.application().clientId()));
        boolean secretFits = false;
        for (byte[] hash : stored.clientSecretHashes()) {
            secretFits |= MessageDigest.isEqual(secret, hash);
        }
        if (!idFits || !secretFits) {
            throw ApiError.unauthenticated(idFits ? "the client secret is wrong" : "the client ID is not the one of this API key");
        }
        return new Authenticated(stored.application(), stored.suspended());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
