// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.auth;

import dev.phone.api.ApiError;
import dev.phone.api.Caller;
import dev.phone.api.Exchange;
import dev.phone.api.Operation;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * Finds out who sends a request, in the way its operation demands.
 *
 * <p>What does not even look like a credential is refused before any store is touched. Of an application's three, the API key is looked up
 * first, by its hash; client ID and secret must then be that application's. Whatever is wrong, the caller hears the same, and after the
 * same work: an unknown key costs a comparison, too.
 */
public final class Authentication {
    private static final Pattern CLIENT_ID = Pattern.compile("ph_(live|test)_client_[0-9a-f]{48}");
    private static final Pattern CLIENT_SECRET = Pattern.compile("ph_(live|test)_secret_[0-9a-f]{48}");
    private static final Pattern API_KEY = Pattern.compile("ph_(live|test)_api_[0-9a-f]{48}");
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
            case BEARER -> new Authenticated(users.user(bearerToken(exchange)), false);
            case API_KEY -> {
                String apiKey = credential(exchange, "x-api-key", API_KEY);
                StoredCredentials stored = applications.apply(apiKey)
                        .orElseThrow(() -> ApiError.unauthenticated("no application has this API key"));
                yield new Authenticated(stored.application(), stored.suspended());
            }
            case TRIPLE -> triple(exchange);
        };
    }

    private Authenticated triple(Exchange exchange) {
        String apiKey = credential(exchange, "x-api-key", API_KEY);
        String clientId = credential(exchange, "x-client-id", CLIENT_ID);
        byte[] secret = secretHash.apply(credential(exchange, "x-client-secret", CLIENT_SECRET));
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

    private static String credential(Exchange exchange, String header, Pattern pattern) {
        String value = only(exchange, header);
        if (!pattern.matcher(value).matches()) {
            throw ApiError.unauthenticated(header + " is malformed");
        }
        return value;
    }

    private static String bearerToken(Exchange exchange) {
        String value = only(exchange, "authorization");
        if (!value.regionMatches(true, 0, "Bearer ", 0, 7)) {
            throw ApiError.unauthenticated("authorization is not a bearer token");
        }
        return value.substring(7).strip();
    }

    /** A credential that is given twice and differs is ambiguous: two of us could read two different ones. */
    private static String only(Exchange exchange, String header) {
        List<String> values = exchange.single(header);
        if (values.size() != 1) {
            throw ApiError.unauthenticated(header + (values.isEmpty() ? " is missing" : " is repeated, with different values"));
        }
        return values.getFirst();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
