// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.phone.api.Caller;
import dev.phone.api.Operations;
import jakarta.json.Json;
import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class AuthenticationTest {
    private static final String ID = "x-client-id: " + TestEdge.CLIENT_ID + "\r\n";
    private static final String SECRET = "x-client-secret: " + TestEdge.SECRET + "\r\n";
    private static final String KEY = "x-api-key: " + TestEdge.API_KEY + "\r\n";
    private static final String SUSPENDED = "x-api-key: " + TestEdge.SUSPENDED_KEY + "\r\n";
    private static final String CONSOLE = "/v1/projects";
    private static final String TRIPLE = "/v1/otp/otp_01kf0ft54g2dgvjx7yyvtq3k51";
    private static final String KEY_ALONE = "/v1/users/+999482918102";

    private static TestEdge edge;

    @BeforeAll
    static void start() {
        edge = TestEdge.builder().unlimited()
                .route(Operations.LIST_PROJECTS, (caller, input) -> told(((Caller.User) caller).id()))
                .route(Operations.GET_OTP, (caller, input) -> told(((Caller.Application) caller).id()))
                .route(Operations.GET_USER, (caller, input) -> told(((Caller.Application) caller).id()))
                .start();
    }

    private static dev.phone.api.Response told(String caller) {
        return TestEdge.ok(Json.createObjectBuilder().add("data", caller).build());
    }

    @AfterAll
    static void stop() {
        edge.close();
    }

    /** What is sent where, and who it is found to be, or the status. */
    static Stream<Arguments> credentials() {
        String bearer = "Authorization: Bearer ";
        return Stream.of(
                Arguments.of("a development token", CONSOLE, bearer + "dev_alice\r\n", "dev_alice"),
                Arguments.of("the scheme in lower case", CONSOLE, "authorization: bearer dev_alice\r\n", "dev_alice"),
                Arguments.of("the longest name", CONSOLE, bearer + "dev_" + "a".repeat(64) + "\r\n", "dev_" + "a".repeat(64)),
                Arguments.of("a longer name", CONSOLE, bearer + "dev_" + "a".repeat(65) + "\r\n", "401"),
                Arguments.of("no name", CONSOLE, bearer + "dev_\r\n", "401"),
                Arguments.of("a strange name", CONSOLE, bearer + "dev_a.b\r\n", "401"),
                Arguments.of("no token", CONSOLE, "Authorization: Bearer\r\n", "401"),
                Arguments.of("another scheme", CONSOLE, "Authorization: Basic ZGV2X2FsaWNlOg==\r\n", "401"),
                Arguments.of("no scheme", CONSOLE, "Authorization: dev_alice\r\n", "401"),
                Arguments.of("two tokens", CONSOLE, bearer + "dev_alice\r\n" + bearer + "dev_bob\r\n", "401"),
                Arguments.of("the same token twice", CONSOLE, (bearer + "dev_alice\r\n").repeat(2), "401"),
                Arguments.of("an ID token, but no issuer is configured", CONSOLE, bearer + "eyJhbGciOiJub25lIn0.e30.\r\n", "401"),
                Arguments.of("nothing", CONSOLE, "", "401"),
                Arguments.of("an application's credentials", CONSOLE, ID + SECRET + KEY, "401"),

                Arguments.of("all three", TRIPLE, ID + SECRET + KEY, "app_1"),
                Arguments.of("the secret before the last rotation", TRIPLE,
                        ID + "x-client-secret: " + TestEdge.OLD_SECRET + "\r\n" + KEY, "app_1"),
                Arguments.of("no client ID", TRIPLE, SECRET + KEY, "401"),
                Arguments.of("no secret", TRIPLE, ID + KEY, "401"),
                Arguments.of("no key", TRIPLE, ID + SECRET, "401"),
                Arguments.of("a wrong client ID", TRIPLE, ID.replace("4ed", "5ed") + SECRET + KEY, "401"),
                Arguments.of("a wrong secret", TRIPLE, ID + SECRET.replace("4ed", "6ed") + KEY, "401"),
                Arguments.of("a wrong key", TRIPLE, ID + SECRET + KEY.replace("4ed", "5ed"), "401"),
                Arguments.of("a malformed client ID", TRIPLE, ID.replace("4ed", "4EG") + SECRET + KEY, "401"),
                Arguments.of("a malformed secret", TRIPLE, ID + SECRET.replace("4ed", "4eg") + KEY, "401"),
                Arguments.of("a malformed key", TRIPLE, ID + SECRET + KEY.replace("4ed", "4eg"), "401"),
                Arguments.of("a longer key", TRIPLE, ID + SECRET + KEY.replace("4ed", "04ed"), "401"),
                Arguments.of("the secret as key", TRIPLE, ID + SECRET + "x-api-key: " + TestEdge.SECRET + "\r\n", "401"),
                Arguments.of("two keys", TRIPLE, ID + SECRET + KEY + KEY, "401"),
                Arguments.of("a suspended application", TRIPLE, ID + SECRET + SUSPENDED, "403"),
                Arguments.of("a suspended application and a wrong secret", TRIPLE, ID + SECRET.replace("4ed", "6ed") + SUSPENDED, "401"),
                Arguments.of("a user", TRIPLE, bearer + "dev_alice\r\n", "401"),

                Arguments.of("the key alone", KEY_ALONE, KEY, "app_1"),
                Arguments.of("a wrong key alone", KEY_ALONE, KEY.replace("4ed", "5ed"), "401"),
                Arguments.of("a suspended application's key alone", KEY_ALONE, SUSPENDED, "403"),
                Arguments.of("no key alone", KEY_ALONE, ID + SECRET, "401"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("credentials")
    void findsTheCaller(String name, String path, String headers, String expected) throws IOException {
        Wire.Response response = Wire.exchange(edge.port(), "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n" + headers + "\r\n");
        switch (expected) {
            case "401" -> {
                assertEquals(401, response.status());
                assertEquals("{\"message\":\"Credentials are missing, malformed or invalid\",\"code\":\"UNAUTHENTICATED\"}",
                        response.error().toString());
            }
            case "403" -> {
                assertEquals(403, response.status());
                assertEquals("{\"message\":\"This application is suspended\",\"code\":\"FORBIDDEN\"}", response.error().toString());
            }
            default -> assertEquals("{\"data\":\"" + expected + "\"}", response.body());
        }
    }
}
