// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.sun.net.httpserver.HttpServer;
import dev.phone.api.ApiError;
import dev.phone.api.ErrorCode;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Tokens that the issuer's key has signed, and that make no sense. Each is a 401, and none a failure of ours. */
class MalformedIdTokensTest {
    private static final Instant NOW = Instant.parse("2026-01-15T09:30:00Z");
    private static final long SECOND = NOW.getEpochSecond();
    private static final String HUGE = "\"" + "x".repeat(5_000) + "\"";
    /** As JSON. */
    private static final List<String> NEITHER_TEXT_NOR_TIME = List.of("null", "true", "{}", "{\"a\":1}", "[[]]", "[1]", "[null]", "-0.5e-7", "1e400", "-1e400",
            "99999999999999999999999999", "-99999999999999999999999999");
    private static final List<String> NO_TEXT = List.of("0", "-1", "1.5", "[]", "\"\"", "\"\\u0000\"", "\"alice\\u0000\"", "\"\\ud800\"", "\"\\u202e\\u0007\"",
            "[\"alice\",\"bob\"]", HUGE);
    private static final List<String> NO_TIME = List.of("\"\"", "\"tomorrow\"", "\"" + SECOND + "\"", "[" + SECOND + "]", "\"\\u0000\"", "9223372036854775807",
            "-9223372036854775808", "9223372036854775", "253402300800000", "-1", "1e18", "1e30", "[]", HUGE);

    private static RSAKey key;
    private static HttpServer keyServer;
    private static IdTokens tokens;

    @BeforeAll
    static void start() throws Exception {
        key = new RSAKeyGenerator(2048).keyID("one").generate();
        byte[] keys = new JWKSet(key.toPublicJWK()).toString().getBytes(StandardCharsets.UTF_8);
        keyServer = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        keyServer.createContext("/keys", exchange -> {
            exchange.sendResponseHeaders(200, keys.length);
            exchange.getResponseBody().write(keys);
            exchange.close();
        });
        keyServer.start();
        tokens = new IdTokens("issuer", "audience", URI.create("http://localhost:" + keyServer.getAddress().getPort() + "/keys"),
                InstantSource.fixed(NOW));
    }

    @AfterAll
    static void stop() {
        keyServer.stop(0);
    }

    private static Map<String, String> claims() {
        Map<String, String> claims = new LinkedHashMap<>();
        claims.put("iss", "\"issuer\"");
        claims.put("aud", "\"audience\"");
        claims.put("sub", "\"alice\"");
        claims.put("iat", Long.toString(SECOND));
        claims.put("exp", Long.toString(SECOND + 3_600));
        return claims;
    }

    private static String json(Map<String, String> members) {
        return members.entrySet().stream().map(member -> "\"" + member.getKey() + "\":" + member.getValue()).collect(Collectors.joining(",", "{", "}"));
    }

    private static String signed(String payload) throws Exception {
        JWSObject object = new JWSObject(new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("one").build(), new Payload(payload));
        object.sign(new RSASSASigner(key));
        return object.serialize();
    }

    private static void assertRefused(String token) {
        ApiError error = assertThrows(ApiError.class, () -> tokens.user(token));
        assertEquals(ErrorCode.UNAUTHENTICATED, error.code(), error::detail);
    }

    @Test
    void oneThatMakesSenseIsTaken() throws Exception {
        assertEquals("alice", tokens.user(signed(json(claims()))).id());
    }

    @TestFactory
    Stream<DynamicTest> claimsThatMakeNoSense() {
        Map<String, String> payloads = new LinkedHashMap<>();
        for (String claim : List.of("iss", "aud", "sub", "iat", "exp")) {
            Map<String, String> absent = claims();
            absent.remove(claim);
            payloads.put(claim + " is absent", json(absent));
            payloads.put(claim + " is there as " + claim.toUpperCase(Locale.ROOT) + " alone",
                    json(absent).replaceFirst("\\{", "{\"" + claim.toUpperCase(Locale.ROOT) + "\":" + claims().get(claim) + ","));
        }
        Map<String, List<String>> values = new LinkedHashMap<>();
        List.of("iss", "aud", "sub").forEach(claim -> values.put(claim, NO_TEXT));
        List.of("iat", "exp", "nbf").forEach(claim -> values.put(claim, NO_TIME));
        values.forEach((claim, wrong) -> Stream.concat(NEITHER_TEXT_NOR_TIME.stream(), wrong.stream())
                .filter(value -> !isHarmless(claim, value)).forEach(value -> {
                    Map<String, String> claims = claims();
                    claims.put(claim, value);
                    payloads.put(claim + " is " + value.substring(0, Math.min(40, value.length())), json(claims));
                }));
        payloads.put("iss is another's", json(claims()).replace("\"issuer\"", "\"Issuer\""));
        payloads.put("iss ends with a slash", json(claims()).replace("\"issuer\"", "\"issuer/\""));
        payloads.put("aud is another's", json(claims()).replace("\"audience\"", "\"other\""));
        for (String payload : List.of("", "null", "[]", "\"alice\"", "{", "{}", "\0", "{\"sub\":\"alice\"}", "[".repeat(20_000), "{\"a\":".repeat(20_000))) {
            payloads.put("the payload is " + payload.substring(0, Math.min(20, payload.length())) + " of " + payload.length(), payload);
        }
        assertTrue(payloads.size() >= 100, () -> payloads.size() + " forms");
        return payloads.entrySet().stream().map(form -> dynamicTest(form.getKey(), () -> assertRefused(signed(form.getValue()))));
    }

    /** What need not be there may be null. */
    private static boolean isHarmless(String claim, String value) {
        return claim.equals("nbf") && value.equals("null");
    }

    @TestFactory
    Stream<DynamicTest> headersThatMakeNoSense() throws Exception {
        String good = signed(json(claims()));
        String rest = good.substring(good.indexOf('.'));
        List<String> headers = new ArrayList<>();
        for (String algorithm : List.of("null", "\"none\"", "\"HS256\"", "\"RS384\"", "\"rs256\"", "\"\"", "1", "{}", "[\"RS256\"]", "\"RS256\\u0000\"")) {
            headers.add("{\"alg\":" + algorithm + ",\"kid\":\"one\"}");
        }
        for (String keyId : List.of("null", "1", "\"\"", "\"two\"", "[\"one\"]", "\"one\\u0000\"", "\"../../one\"", HUGE)) {
            headers.add("{\"alg\":\"RS256\",\"kid\":" + keyId + "}");
        }
        for (String more : List.of("\"crit\":[\"exp\"]", "\"crit\":[]", "\"crit\":1", "\"b64\":false,\"crit\":[\"b64\"]", "\"typ\":1", "\"jwk\":{}", "\"jwk\":1",
                "\"jku\":\"::\"", "\"x5c\":[\"x\"]", "\"x5c\":1", "\"x5u\":1", "\"cty\":{}")) {
            headers.add("{\"alg\":\"RS256\",\"kid\":\"one\"," + more + "}");
        }
        headers.addAll(List.of("", "null", "[]", "{", "\0", "[".repeat(20_000)));
        Stream<DynamicTest> ofHeaders = headers.stream().map(header -> dynamicTest("header " + header.substring(0, Math.min(60, header.length())),
                () -> assertRefused(Base64.getUrlEncoder().withoutPadding().encodeToString(header.getBytes(StandardCharsets.UTF_8)) + rest)));
        Stream<DynamicTest> ofTokens = Stream.of("", ".", "..", "...", "....", "a.b.c", good + ".", "." + good, good.substring(0, good.length() - 3), good + "A",
                good.replace('.', ' '), "\0", "é", good.substring(0, good.lastIndexOf('.') + 1), "a".repeat(10_000), ".".repeat(10_000))
                .map(token -> dynamicTest("token " + token.substring(0, Math.min(20, token.length())) + " of " + token.length(), () -> assertRefused(token)));
        return Stream.concat(ofHeaders, ofTokens);
    }
}
