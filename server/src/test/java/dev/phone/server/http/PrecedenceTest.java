// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.phone.api.ApiError;
import dev.phone.api.Operations;
import java.io.IOException;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Which error wins when several apply: unknown route, backstop, credentials, suspension, the operation's limit, input, and then what the
 * implementation says. Each case is wrong in everything from its own error on.
 */
class PrecedenceTest {

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        // the first thing that is wrong, route, backstop, credentials, own limit, body, status
        "unknown route,             false, false, bad,       false, false, 404",
        "backstop,                  true,  false, bad,       false, false, 429",
        "credentials,               true,  true,  bad,       false, false, 401",
        "suspended,                 true,  true,  suspended, false, false, 403",
        "limit of the operation,    true,  true,  good,      false, false, 429",
        "input,                     true,  true,  good,      true,  false, 422",
        "implementation,            true,  true,  good,      true,  true,  404"})
    void theFirstThingThatIsWrong(String name, boolean route, boolean backstop, String credentials, boolean own, boolean body, int status)
            throws IOException {
        Map<String, Limits.Setting> limits = Map.of(
                "requests", new Limits.Setting(OptionalInt.of(backstop ? 100 : 1), OptionalInt.empty()),
                "otp-verify", new Limits.Setting(OptionalInt.of(own ? 100 : 1), OptionalInt.empty()));
        try (TestEdge edge = TestEdge.builder().limits(limits)
                .route(Operations.VERIFY_OTP, TestEdge.failing(ApiError.notFound())).start()) {
            // Uses up what there is little of: every request hits the backstop, and this one the limit of the operation.
            Wire.exchange(edge.port(), request("/v1/otp/verify", "good", "{}"));
            Wire.Response response = Wire.exchange(edge.port(), request(route ? "/v1/otp/verify" : "/v1/otp/verified", credentials,
                    body ? "{\"otpRequestId\":\"otp_01kf0ft54g2dgvjx7yyvtq3k51\",\"code\":\"482913\"}" : "nonsense"));
            assertEquals(status, response.status(), response::body);
        }
    }

    private static String request(String path, String credentials, String body) {
        String headers = switch (credentials) {
            case "good" -> "x-api-key: " + TestEdge.API_KEY + "\r\n";
            case "suspended" -> "x-api-key: " + TestEdge.SUSPENDED_KEY + "\r\n";
            default -> "";
        };
        return "POST " + path + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nx-client-id: " + TestEdge.CLIENT_ID
                + "\r\nx-client-secret: " + TestEdge.SECRET + "\r\n" + headers + "Content-Length: " + body.length() + "\r\n\r\n" + body;
    }

    @ParameterizedTest(name = "{0} before the body is read")
    @CsvSource({"401, none", "403, suspended"})
    void aLargeBodyDoesNotChangeThat(int status, String credentials) throws IOException {
        try (TestEdge edge = TestEdge.builder().route(Operations.VERIFY_OTP, TestEdge.failing(ApiError.notFound())).start()) {
            assertEquals(status, Wire.exchange(edge.port(), request("/v1/otp/verify", credentials, "a".repeat(100_000))).status());
        }
    }
}
