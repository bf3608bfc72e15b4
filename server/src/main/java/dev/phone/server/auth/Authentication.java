// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.auth;

import dev.phone.api.ApiError;
import dev.phone.api.Caller;
import dev.phone.api.Exchange;
import dev.phone.api.HeaderCredentials;
import dev.phone.api.Operation;
import dev.phone.server.store.Secrets;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;

/**
 * Authenticates the caller of an operation.
 *
 * <p>Malformed credentials are refused before any store is accessed. For an application, the API key is looked up
 * first, by its hash; client ID and client secret must then belong to the same application. The response and the work are the same whatever
 * is wrong: for an unknown key, a secret is compared, too.
 */
public final class Authentication {
    private static final Caller ANYONE = new Caller.Anonymous();
    private static final byte[] NO_HASH = new byte[32];

    /** Authenticates console users by their tokens. */
    @FunctionalInterface
    public interface Users {
        /** @throws ApiError a 401 if the token is invalid */
        Caller.User user(String token);
    }

    /** Finds applications by their credentials. */
    public interface Applications {
        /** The application with this API key, which may be a rotated key that still works. */
        Optional<StoredCredentials> findByApiKey(String apiKey);

        /** The possible stored hashes of a client secret; first the current one. */
        List<byte[]> hashesOfClientSecret(String clientSecret);

        /** Stores valid credentials again, with their current hashes. */
        void renew(String id, String apiKey, String clientSecret);
    }

    /** @param suspended whether it is a suspended application */
    public record Authenticated(Caller caller, boolean suspended) {
    }

    private final Users users;
    private final Applications applications;

    public Authentication(Users users, Applications applications) {
        this.users = users;
        this.applications = applications;
    }

    /** @throws ApiError a 401 */
    public Authenticated authenticate(Operation.Auth auth, Exchange exchange) {
        return switch (auth) {
            case PUBLIC -> new Authenticated(ANYONE, false);
            case BEARER -> new Authenticated(users.user(HeaderCredentials.bearerToken(exchange)), false);
            case API_KEY -> {
                String apiKey = HeaderCredentials.apiKey(exchange);
                StoredCredentials stored = applications.findByApiKey(apiKey)
                        .orElseThrow(() -> ApiError.unauthenticated("no application has this API key"));
                yield new Authenticated(stored.application(), stored.suspended());
            }
            case TRIPLE -> triple(exchange);
        };
    }

    private Authenticated triple(Exchange exchange) {
        String apiKey = HeaderCredentials.apiKey(exchange);
        String clientId = HeaderCredentials.clientId(exchange);
        String clientSecret = HeaderCredentials.clientSecret(exchange);
        List<byte[]> secret = applications.hashesOfClientSecret(clientSecret);
        StoredCredentials stored = applications.findByApiKey(apiKey).orElse(null);
        if (stored == null) {
            Secrets.anyEqual(secret, NO_HASH);
            throw ApiError.unauthenticated("no application has this API key");
        }
        boolean idFits = MessageDigest.isEqual(bytes(clientId), bytes(stored.application().clientId()));
        boolean secretFits = false;
        for (byte[] hash : stored.clientSecretHashes()) {
            secretFits |= Secrets.anyEqual(secret, hash);
        }
        if (!idFits || !secretFits) {
            throw ApiError.unauthenticated(idFits ? "the client secret is wrong" : "the client ID is not the one of this API key");
        }
        if (stored.outdated() || Secrets.anyEqual(secret.subList(1, secret.size()), stored.clientSecretHashes().getFirst())) {
            applications.renew(stored.application().id(), apiKey, clientSecret);
        }
        return new Authenticated(stored.application(), stored.suspended());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
