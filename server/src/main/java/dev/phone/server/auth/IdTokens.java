// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.auth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.jwk.source.RateLimitReachedException;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.jwt.proc.BadJWTException;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import dev.phone.api.ApiError;
import dev.phone.api.Caller;
import java.net.MalformedURLException;
import java.net.URI;
import java.text.ParseException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Date;
import java.util.List;
import java.util.Set;

/**
 * Authenticates users by ID tokens of an issuer such as Firebase: signed with RS256 and a key that the issuer publishes, and issued for our audience
 * (<a href="https://firebase.google.com/docs/auth/admin/verify-id-tokens#verify_id_tokens_using_a_third-party_jwt_library">the rules of
 * Firebase</a>).
 *
 * <p>Keys are cached for an hour, or for a day if the issuer cannot be reached. An unknown key ID triggers a refresh, but at most two in 30 seconds,
 * so that made-up key IDs do not cause a flood.
 */
public final class IdTokens implements Authentication.Users {
    /** The URL of Firebase's keys. */
    public static final String FIREBASE_KEYS = "https://www.googleapis.com/service_accounts/v1/jwk/securetoken@system.gserviceaccount.com";

    private static final Duration LEEWAY = Duration.ofSeconds(60);
    private static final int LONGEST_SUBJECT = 128;
    /** Much longer than any issuer uses. A longer lifetime is a mistake, or a token that could never be revoked. */
    private static final Duration LONGEST_LIFE = Duration.ofDays(31);

    private final DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();
    /** Whether the issuer's keys have been fetched at least once. */
    private volatile boolean fetched;

    /** @param audience the ID of the Firebase project @param keys the URL of the issuer's JWK set (RFC 7517) */
    public IdTokens(String issuer, String audience, URI keys, InstantSource clock) {
        try {
            JWKSource<SecurityContext> source = JWKSourceBuilder
                    .<SecurityContext>create(keys.toURL(), new KeyReader())
                    .cache(Duration.ofHours(1).toMillis(), Duration.ofSeconds(5).toMillis())
                    .refreshAheadCache(Duration.ofMinutes(5).toMillis(), false)
                    .rateLimited(Duration.ofSeconds(30).toMillis())
                    .retrying(true)
                    .outageTolerant(Duration.ofDays(1).toMillis())
                    .build();
            processor.setJWSKeySelector(new JWSVerificationKeySelector<>(JWSAlgorithm.RS256, (selector, context) -> {
                List<JWK> found = source.get(selector, context);
                fetched = true;
                return found;
            }));
        } catch (MalformedURLException e) {
            throw new IllegalArgumentException(keys + " is not a URL", e);
        }
        JWTClaimsSet exact = new JWTClaimsSet.Builder().issuer(issuer).build();
        DefaultJWTClaimsVerifier<SecurityContext> claims = new DefaultJWTClaimsVerifier<>(audience, exact, Set.of("sub", "iat", "exp")) {
            @Override
            public void verify(JWTClaimsSet set, SecurityContext context) throws BadJWTException {
                super.verify(set, context);
                // Required claims are present but may be null: a token without an expiry would never expire.
                if (set.getExpirationTime() == null || set.getIssueTime() == null || set.getSubject() == null) {
                    throw new BadJWTException("a claim is null");
                }
                // A huge number overflows to an instant in the past, or to 0.
                if (set.getNotBeforeTime() != null && set.getNotBeforeTime().getTime() <= 0) {
                    throw new BadJWTException("a time is invalid");
                }
                if (Duration.between(set.getIssueTime().toInstant(), set.getExpirationTime().toInstant()).compareTo(LONGEST_LIFE) > 0) {
                    throw new BadJWTException("a token must be valid for at most " + LONGEST_LIFE.toDays() + " days");
                }
                if (set.getIssueTime().toInstant().isAfter(clock.instant().plus(LEEWAY))) {
                    throw new BadJWTException("issued in the future");
                }
                if (set.getSubject().isEmpty() || set.getSubject().length() > LONGEST_SUBJECT) {
                    throw new BadJWTException("a subject must have 1 to " + LONGEST_SUBJECT + " characters");
                }
                if (set.getSubject().codePoints().anyMatch(c -> Character.isISOControl(c) || Character.getType(c) == Character.SURROGATE)) {
                    throw new BadJWTException("a subject must not have control characters or lone surrogates");
                }
            }

            @Override
            protected Date currentTime() {
                return Date.from(clock.instant());
            }
        };
        claims.setMaxClockSkew((int) LEEWAY.toSeconds());
        processor.setJWTClaimsSetVerifier(claims);
    }

    @Override
    public Caller.User user(String token) {
        try {
            SignedJWT jwt = parse(token);
            if (jwt.getHeader().getKeyID() == null) {
                throw ApiError.unauthenticated("the ID token has no key ID");
            }
            JWTClaimsSet claims = processor.process(jwt, null);
            // The library converts numbers to strings.
            if (!claims.getSubject().equals(jwt.getPayload().toJSONObject().get("sub"))) {
                throw ApiError.unauthenticated("the subject of the ID token is not a string");
            }
            return new Caller.User(claims.getSubject());
        } catch (ParseException e) {
            // The message of the exception may quote the token, which must not be logged.
            throw ApiError.unauthenticated("the ID token is not a signed JWT");
        } catch (BadJOSEException e) {
            throw ApiError.unauthenticated("the ID token is invalid: " + e.getMessage());
        } catch (RateLimitReachedException e) {
            // The keys were refreshed a moment ago. If we have any, the key of this token is not among them.
            throw fetched ? ApiError.unauthenticated("the ID token has an unknown key ID") : ApiError.internal("the issuer's keys are unavailable", e);
        } catch (KeySourceException e) {
            // The credentials cannot be checked, so they are not refused. The caller should retry.
            throw ApiError.internal("the issuer's keys are unavailable", e);
        } catch (JOSEException e) {
            throw ApiError.unauthenticated("the ID token cannot be checked: " + e.getMessage());
        }
    }

    private static SignedJWT parse(String token) throws ParseException {
        try {
            return SignedJWT.parse(token);
        } catch (RuntimeException e) {
            // The library fails on unexpected input, such as a null header.
            throw new ParseException("the token is malformed", 0);
        }
    }
}
