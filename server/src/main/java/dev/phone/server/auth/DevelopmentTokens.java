// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.auth;

import dev.phone.api.ApiError;
import dev.phone.api.Caller;
import dev.phone.api.HeaderCredentials;

/** Authenticates users by development tokens, without an issuer. */
public final class DevelopmentTokens implements Authentication.Users {
    @Override
    public Caller.User user(String token) {
        Caller.User user = HeaderCredentials.developer(token);
        if (user == null) {
            throw ApiError.unauthenticated("no issuer is configured, and this is not a development token");
        }
        return user;
    }
}
