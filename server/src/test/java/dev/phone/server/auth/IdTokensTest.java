// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpServer;
import dev.phone.api.ApiError;
import dev.phone.api.ErrorCode;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Against a key server of its own, as Google's would be. */
class IdTokensTest {
    private static final String ISSUER = "https://securetoken.google.com/phone-test";
    private static final String AUDIENCE = "phone-test";
    private static final Instant NOW = Instant.now();

    private static RSAKey key;
    private static RSAKey nextKey;
    private static RSAKey strangersKey;

    private final AtomicInteger fetches = new AtomicInteger();
    private volatile String keys;
    private volatile int keyStatus = 200;
    private HttpServer keyServer;
    private IdTokens tokens;

    @BeforeAll
    static void makeKeys() throws JOSEException {
        key = new RSAKeyGenerator(2048).keyID("one").keyUse(KeyUse.SIGNATURE).generate();
        nextKey = new RSAKeyGenerator(2048).keyID("two").keyUse(KeyUse.SIGNATURE).generate();
        strangersKey = new RSAKeyGenerator(2048).keyID("one").keyUse(KeyUse.SIGNATURE).generate();
    }

    @BeforeEach
    void start() throws Exception {
        keys = new JWKSet(key.toPublicJWK()).toString();
        keyServer = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        keyServer.createContext("/keys", exchange -> {
            fetches.incrementAndGet();
            byte[] body = keys.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("content-type", "application/json");
            exchange.sendResponseHeaders(keyStatus, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        keyServer.start();
        tokens = new IdTokens(ISSUER, AUDIENCE,
                URI.create("http://localhost:" + keyServer.getAddress().getPort() + "/keys"), InstantSource.fixed(NOW));
    }

    @AfterEach
    void stop() {
        keyServer.stop(0);
    }

    private static JWTClaimsSet.Builder claims() {
        return new JWTClaimsSet.Builder().issuer(ISSUER).audience(AUDIENCE).subject("alice")
                .issueTime(Date.from(NOW.minusSeconds(10))).expirationTime(Date.from(NOW.plusSeconds(3600)));
    }

    private static String signed(RSAKey with, JWTClaimsSet claims) {
        return signed(JWSAlgorithm.RS256, with.getKeyID(), signer(with), claims);
    }

    private static JWSSigner signer(RSAKey key) {
        try {
            return new RSASSASigner(key);
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String signed(JWSAlgorithm algorithm, String keyId, JWSSigner signer, JWTClaimsSet claims) {
        SignedJWT jwt = new SignedJWT(new JWSHeader.Builder(algorithm).keyID(keyId).type(JOSEObjectType.JWT).build(), claims);
        try {
            jwt.sign(signer);
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
        return jwt.serialize();
    }

    private void assertRefused(String token) {
        ApiError error = assertThrows(ApiError.class, () -> tokens.user(token));
        assertEquals(ErrorCode.UNAUTHENTICATED, error.code());
        assertEquals("Credentials are missing, malformed or invalid", error.getMessage());
        assertTrue(token.length() < 8 || !error.detail().contains(token.substring(0, 8)), error::detail);
    }

    private void assertRefused(UnaryOperator<JWTClaimsSet.Builder> change) {
        assertRefused(signed(key, change.apply(claims()).build()));
    }

    @Test
    void theSubjectIsTheUser() {
        assertEquals("alice", tokens.user(signed(key, claims().build())).id());
    }

    @Test
    void onlyForUsAndOnlyNow() {
        assertRefused(claims -> claims.audience("another-project"));
        assertRefused(claims -> claims.audience((String) null));
        assertRefused(claims -> claims.issuer("https://securetoken.google.com/another-project"));
        assertRefused(claims -> claims.issuer(null));
        assertRefused(claims -> claims.subject(null));
        assertRefused(claims -> claims.subject(""));
        assertRefused(claims -> claims.subject("a".repeat(129)));
        assertRefused(claims -> claims.issueTime(null));
        assertRefused(claims -> claims.expirationTime(null));
        assertRefused(claims -> claims.expirationTime(Date.from(NOW.minusSeconds(62))));
        assertRefused(claims -> claims.issueTime(Date.from(NOW.plusSeconds(62))));
        assertRefused(claims -> claims.notBeforeTime(Date.from(NOW.plusSeconds(62))));
    }

    /** The issuer signed it, and still a claim may be of a form that nobody expects: it is the token that is wrong, and not we. */
    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            sub | null
            sub | true
            sub | {}
            sub | ["alice"]
            sub | ""
            sub | "a\\u0000b"
            sub | "a\\nb"
            sub | "\\ud800"
            iat | null
            iat | "now"
            iat | "1768469400"
            iat | {}
            iat | 1e300
            exp | null
            exp | "never"
            exp | []
            exp | false
            exp | -1
            exp | -1e300
            nbf | "x"
            nbf | 1e300
            aud | null
            aud | 5
            aud | []
            aud | {}
            aud | [null]
            iss | null
            iss | 5
            iss | ["https://securetoken.google.com/phone-test"]
            """)
    void aClaimOfAnotherFormIsRefused(String claim, String value) throws JOSEException {
        String given = claims().build().toString();
        assertTrue(accepts(given), given);
        String changed = given.contains('"' + claim + '"')
                ? given.replaceAll("\"" + claim + "\":(\"[^\"]*\"|[0-9]+)", Matcher.quoteReplacement('"' + claim + "\":" + value))
                : given.replaceFirst("}$", Matcher.quoteReplacement(",\"" + claim + "\":" + value + '}'));
        assertFalse(changed.equals(given));
        assertRefused(signed(changed));
    }

    private boolean accepts(String claims) throws JOSEException {
        return tokens.user(signed(claims)).id().equals("alice");
    }

    private String signed(String payload) throws JOSEException {
        JWSObject object = new JWSObject(new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(key.getKeyID()).type(JOSEObjectType.JWT).build(),
                new Payload(payload));
        object.sign(signer(key));
        return object.serialize();
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"null", "[]", "\"x\"", "5", "", "{", "{\"sub\":\"alice\",\"sub\":\"mallory\"}"})
    void claimsThatAreNoObjectAreRefused(String payload) throws JOSEException {
        assertRefused(signed(payload));
    }

    @Test
    void clocksMayDifferByAMinute() {
        tokens.user(signed(key, claims().expirationTime(Date.from(NOW.minusSeconds(58))).build()));
        tokens.user(signed(key, claims().issueTime(Date.from(NOW.plusSeconds(58))).build()));
    }

    @Test
    void onlySignedWithAKeyOfTheIssuer() throws Exception {
        JWTClaimsSet claims = claims().build();
        assertRefused(signed(strangersKey, claims));
        assertRefused(signed(JWSAlgorithm.RS256, null, signer(key), claims));
        assertRefused(signed(JWSAlgorithm.RS512, key.getKeyID(), signer(key), claims));
        assertRefused(signed(JWSAlgorithm.PS256, key.getKeyID(), signer(key), claims));
        assertRefused(new PlainJWT(claims).serialize());
        // The public key is public: whoever takes it for an HMAC key takes anyone's word.
        assertRefused(signed(JWSAlgorithm.HS256, key.getKeyID(), new MACSigner(key.toRSAPublicKey().getEncoded()), claims));
        String good = signed(key, claims);
        assertRefused(good.substring(0, good.lastIndexOf('.') + 1));
        String[] parts = signed(key, claims().subject("mallory").build()).split("\\.");
        assertRefused(good.split("\\.")[0] + '.' + parts[1] + '.' + good.split("\\.")[2]);
        assertRefused("nonsense");
        assertRefused("a.b.c");
        assertRefused("dev_alice");
        assertRefused("");
    }

    @Test
    void keysAreFetchedOnceAndAgainForANewOne() {
        for (int i = 0; i < 10; i++) {
            tokens.user(signed(key, claims().build()));
        }
        assertEquals(1, fetches.get());
        keys = new JWKSet(java.util.List.of(key.toPublicJWK(), nextKey.toPublicJWK())).toString();
        tokens.user(signed(nextKey, claims().build()));
        assertEquals(2, fetches.get());
    }

    @Test
    void strangersCannotMakeUsAskTheIssuerAllDay() throws JOSEException {
        for (int i = 0; i < 50; i++) {
            assertRefused(signed(JWSAlgorithm.RS256, "made-up-" + i, signer(strangersKey), claims().build()));
        }
        assertTrue(fetches.get() <= 2, fetches::toString);
        tokens.user(signed(key, claims().build()));
    }

    @Test
    void withoutKeysNobodyIsWrong() {
        keyStatus = 503;
        ApiError error = assertThrows(ApiError.class, () -> tokens.user(signed(key, claims().build())));
        assertEquals(ErrorCode.INTERNAL_ERROR, error.code());
    }

    @Test
    void anOutageOfTheIssuerIsSurvived() {
        tokens.user(signed(key, claims().build()));
        keyStatus = 503;
        // An unknown key ID makes us ask, in vain.
        assertRefused(signed(nextKey, claims().build()));
        tokens.user(signed(key, claims().build()));
        keyServer.stop(0);
        tokens.user(signed(key, claims().expirationTime(Date.from(NOW.plus(Duration.ofMinutes(1)))).build()));
    }

    /** A byte at a time, each within the library's timeout for one read. */
    @Test
    void keysThatDripAreLeft() throws Exception {
        CountDownLatch closed = new CountDownLatch(1);
        keyServer.createContext("/drip", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            try (OutputStream out = exchange.getResponseBody()) {
                for (int i = 0; i < 200; i++) {
                    out.write(' ');
                    out.flush();
                    TimeUnit.MILLISECONDS.sleep(50);
                }
            } catch (IOException e) {
                closed.countDown();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        URL dripping = URI.create("http://localhost:" + keyServer.getAddress().getPort() + "/drip").toURL();
        IOException thrown = assertThrows(IOException.class, () -> new KeyReader(Duration.ofMillis(300)).retrieveResource(dripping));
        assertTrue(thrown.getMessage().contains("PT0.3S"), thrown.getMessage());
        assertTrue(closed.await(10, TimeUnit.SECONDS), "the connection is closed");
    }

    @Test
    void keysAreReadToALimit() throws Exception {
        keys = " ".repeat(200_000) + keys;
        URL tooLong = URI.create("http://localhost:" + keyServer.getAddress().getPort() + "/keys").toURL();
        assertThrows(IOException.class, () -> new KeyReader().retrieveResource(tooLong));
    }
}
