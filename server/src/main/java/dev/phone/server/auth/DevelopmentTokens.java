// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.auth;

import dev.phone.api.ApiError;
import dev.phone.api.Caller;
import java.util.regex.Pattern;

/**
 * Users without an issuer, for development: the token {@code dev_alice} is the user whose ID is {@code dev_alice}. It keeps its prefix, so
 * that data written this way never belongs to a subject of a real issuer.
 */
public final class DevelopmentTokens implements Authentication.Users {
    private static final Pattern TOKEN = Pattern.compile("dev_[A-Za-z0-9_-]{1,64}");

    @Override
    public Caller.User user(String token) {
        if (!TOKEN.matcher(token).matches()) {
            throw ApiError.unauthenticated("no issuer is configured, and this is no development token");
        }
        return new Caller.User(token);
    }
}
