// SPDX-License-Identifier: Apache-2.0
package dev.phone.api;

import java.util.List;
import java.util.regex.Pattern;

/**
 * The header fields that contain credentials. The server and the mock each look up the owner, and check that the credentials belong together.
 *
 * <p>The detail of an error is for the log, and for the mock's {@code x-mock-reason}.
 */
public final class HeaderCredentials {
    public static final String CLIENT_ID = Operations.CREDENTIAL_HEADERS.get("clientId");
    public static final String CLIENT_SECRET = Operations.CREDENTIAL_HEADERS.get("clientSecret");
    public static final String API_KEY = Operations.CREDENTIAL_HEADERS.get("apiKey");
    private static final String AUTHORIZATION = "authorization";
    private static final String BEARER = "Bearer ";
    private static final Pattern DEVELOPMENT_TOKEN = Pattern.compile("dev_[A-Za-z0-9_-]{1,64}");
    private static final int SHOWN = 4;

    private HeaderCredentials() {
    }

    /**
     * The value of a field. @throws ApiError a 401 if it is missing, or repeated with different values, of which a proxy and we could read different
     * ones
     */
    public static String only(Exchange exchange, String name) {
        List<String> values = exchange.single(name);
        if (values.size() != 1) {
            throw ApiError.unauthenticated(values.isEmpty() ? "there is no " + name + " header" : name + " is repeated, with different values");
        }
        return values.getFirst();
    }

    /** The value of {@code x-client-id}. @throws ApiError a 401 if it is missing or malformed */
    public static String clientId(Exchange exchange) {
        return wellFormed(exchange, CLIENT_ID, Scalars.CLIENT_ID);
    }

    /** The value of {@code x-client-secret}. @throws ApiError a 401 if it is missing or malformed */
    public static String clientSecret(Exchange exchange) {
        return wellFormed(exchange, CLIENT_SECRET, Scalars.CLIENT_SECRET);
    }

    /** The value of {@code x-api-key}. @throws ApiError a 401 if it is missing or malformed */
    public static String apiKey(Exchange exchange) {
        return wellFormed(exchange, API_KEY, Scalars.API_KEY);
    }

    private static String wellFormed(Exchange exchange, String name, Schema schema) {
        String value = only(exchange, name);
        ((Schema.Text) schema).check(value, name, HeaderCredentials::malformed);
        return value;
    }

    private static void malformed(String name, String rule, String message) {
        throw ApiError.unauthenticated(name + " is malformed");
    }

    /** The bearer token in {@code authorization} (RFC 6750, section 2.1). @throws ApiError a 401 if there is none */
    public static String bearerToken(Exchange exchange) {
        String value = only(exchange, AUTHORIZATION);
        if (!value.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            throw ApiError.unauthenticated("authorization is no bearer token");
        }
        return value.substring(BEARER.length()).strip();
    }

    /**
     * The user of a development token; null if it is not one. The token {@code dev_alice} is the user with the ID {@code dev_alice}: the ID keeps the
     * prefix, so that such data never belongs to a subject of a real issuer.
     */
    public static Caller.User developer(String token) {
        return DEVELOPMENT_TOKEN.matcher(token).matches() ? new Caller.User(token) : null;
    }

    /** The masked form of a secret: its prefix, the first four and the last four digits, such as {@code ph_test_secret_c537…08b0}. */
    public static String preview(String secret) {
        int start = secret.lastIndexOf('_') + 1 + SHOWN;
        return start + SHOWN >= secret.length() ? secret : secret.substring(0, start) + '…' + secret.substring(secret.length() - SHOWN);
    }
}
