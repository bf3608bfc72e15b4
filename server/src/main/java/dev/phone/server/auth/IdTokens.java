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
import com.nimbusds.jose.util.DefaultResourceRetriever;
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
 * Users known by the ID tokens of an issuer such as Firebase: RS256 and nothing else, signed with a key that the issuer publishes, and
 * meant for us (<a href="https://firebase.google.com/docs/auth/admin/verify-id-tokens#verify_id_tokens_using_a_third-party_jwt_library">the
 * rules of Firebase</a>).
 *
 * <p>Keys are kept for an hour, and for a day when the issuer cannot be reached. An unknown key ID makes us look again, but strangers who
 * make up key IDs make us look at most twice in half a minute.
 */
public final class IdTokens implements Authentication.Users {
    /** Where Firebase publishes its keys. */
    public static final String FIREBASE_KEYS = "https://www.googleapis.com/service_accounts/v1/jwk/securetoken@system.gserviceaccount.com";

    private static final Duration LEEWAY = Duration.ofSeconds(60);
    private static final int LONGEST_SUBJECT = 128;
    /** Far more than any issuer gives. What is longer is a number that was not meant, or a token that nobody could take back. */
    private static final Duration LONGEST_LIFE = Duration.ofDays(31);

    private final DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();
    /** Whether the issuer's keys were ever had. */
    private volatile boolean fetched;

    /** @param audience the project at Firebase. @param keys the URL of the issuer's JWK set */
    public IdTokens(String issuer, String audience, URI keys, InstantSource clock) {
        try {
            JWKSource<SecurityContext> source = JWKSourceBuilder
                    .<SecurityContext>create(keys.toURL(), new DefaultResourceRetriever(2_000, 2_000, 100_000))
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
                // What is required is there by name, but may still be null: a token without an expiry would never expire.
                if (set.getExpirationTime() == null || set.getIssueTime() == null || set.getSubject() == null) {
                    throw new BadJWTException("a claim is null");
                }
                // A number beyond all bounds has become an instant long ago, or the beginning of time.
                if (set.getNotBeforeTime() != null && set.getNotBeforeTime().getTime() <= 0) {
                    throw new BadJWTException("a time is none");
                }
                if (Duration.between(set.getIssueTime().toInstant(), set.getExpirationTime().toInstant()).compareTo(LONGEST_LIFE) > 0) {
                    throw new BadJWTException("a token is good for " + LONGEST_LIFE.toDays() + " days at most");
                }
                if (set.getIssueTime().toInstant().isAfter(clock.instant().plus(LEEWAY))) {
                    throw new BadJWTException("issued in the future");
                }
                if (set.getSubject().isEmpty() || set.getSubject().length() > LONGEST_SUBJECT) {
                    throw new BadJWTException("a subject has 1 to " + LONGEST_SUBJECT + " characters");
                }
                if (set.getSubject().codePoints().anyMatch(c -> Character.isISOControl(c) || Character.getType(c) == Character.SURROGATE)) {
                    throw new BadJWTException("a subject has no control characters and no halves of surrogate pairs");
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
                throw ApiError.unauthenticated("the ID token names no key");
            }
            JWTClaimsSet claims = processor.process(jwt, null);
            // The library makes texts of numbers.
            if (!claims.getSubject().equals(jwt.getPayload().toJSONObject().get("sub"))) {
                throw ApiError.unauthenticated("the subject of the ID token is no text");
            }
            return new Caller.User(claims.getSubject());
        } catch (ParseException e) {
            // Its message may quote the token, and a token has no place in a log.
            throw ApiError.unauthenticated("the ID token is no signed JWT");
        } catch (BadJOSEException e) {
            throw ApiError.unauthenticated("the ID token is invalid: " + e.getMessage());
        } catch (RateLimitReachedException e) {
            // Keys were asked for a moment ago. If we have any, then the one of this token is none of them.
            throw fetched ? ApiError.unauthenticated("the ID token names an unknown key") : ApiError.internal("the issuer's keys cannot be had", e);
        } catch (KeySourceException e) {
            // Nobody's credentials are wrong: we cannot tell. The caller should try again.
            throw ApiError.internal("the issuer's keys cannot be had", e);
        } catch (JOSEException e) {
            throw ApiError.unauthenticated("the ID token cannot be checked: " + e.getMessage());
        }
    }

    private static SignedJWT parse(String token) throws ParseException {
        try {
            return SignedJWT.parse(token);
        } catch (RuntimeException e) {
            // The library does not expect all that a stranger may send, such as a header that is null.
            throw new ParseException("the token is none", 0);
        }
    }
}
