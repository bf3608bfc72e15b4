// SPDX-License-Identifier: Apache-2.0
package dev.phone.contracttests.suite;

import static dev.phone.contracttests.gate.NamedTests.each;
import static dev.phone.contracttests.suite.World.ALICES_NUMBER;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.phone.contracttests.target.Target;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The life of an OTP request: how it ends, what it counts, and what the owner of the number reads meanwhile. */
class OtpTest extends OtpSuite {
    private static final String REQUESTS = "/v1/applications/" + World.APPLICATION + "/otp-requests";

    private JsonPath liveApplication() {
        return as("alice", "{'name': 'Live', 'environment': 'live'}").post(url("/v1/projects/" + World.PROJECT + "/applications")).then()
                .statusCode(201).extract().jsonPath();
    }

    @Test
    void itIsFoundAsItWasSent() {
        String sent = as("app", "{'phoneNumber': '+999482918102', 'metadata': {'zuletzt': '\\'quoted\\' \\\\ – 📱', 'leer': '', 'ü': '👍'}}")
                .post(url("/v1/otp/send")).then().statusCode(201)
                .body("data.applicationId", equalTo(World.APPLICATION))
                .body("data.phoneNumber", equalTo(ALICES_NUMBER))
                .body("data.status", equalTo("pending"))
                .body("data.attemptsRemaining", equalTo(Promised.OTP_ATTEMPTS))
                .body("data.metadata", equalTo(Map.of("zuletzt", "\"quoted\" \\ – 📱", "leer", "", "ü", "👍")))
                .body("data.expiresAt", equalTo(instant(Promised.OTP_LIFETIME)))
                .body("data.verifiedAt", nullValue()).extract().asString();
        String id = JsonPath.from(sent).getString("data.id");
        // The order of metadata included.
        assertEquals(sent, as("app").get(url("/v1/otp/" + id)).asString());
        assertEquals(sent, as("alice").get(url("/v1/otp-requests/" + id)).asString());
    }

    @Test
    void aKeyOfMetadataIsTextThatPeopleSee() {
        Map.of("", "/metadata/", " ", "/metadata/ ", "a\\u202eb", "/metadata/a\u202eb", "a/b\\t", "/metadata/a~1b\t", "x".repeat(41), "/metadata/" + "x".repeat(41))
                .forEach((key, path) -> as("app", "{'phoneNumber': '+999482918102', 'metadata': {'a': '1', '" + key + "': '2'}}")
                        .post(url("/v1/otp/send")).then().statusCode(422)
                        .body("error.details.violations.path", equalTo(List.of(path)))
                        .body("error.details.violations.rule", equalTo(List.of("propertyNames"))));
        as("app", "{'phoneNumber': '+999482918102', 'metadata': {' " + "👍".repeat(40) + " ': '1'}}").post(url("/v1/otp/send")).then().statusCode(201);
    }

    /** @param since {@link Target#START} */
    private static String instant(Duration since) {
        return Instant.from(Target.START.plus(since)).toString().replace("Z", ".000Z");
    }

    @Test
    void aCodeIsReadFromTheInboxAndVerifiesOnce() {
        String id = send(ALICES_NUMBER);
        List<Map<String, String>> messages = inbox();
        assertEquals(1, messages.size());
        Map<String, String> message = messages.getFirst();
        assertEquals(Map.of("id", message.get("id"), "phoneNumber", ALICES_NUMBER, "applicationName", "Checkout test",
                "code", message.get("code"), "receivedAt", instant(Duration.ZERO), "expiresAt", instant(Promised.OTP_LIFETIME)), message);
        String code = message.get("code");
        assertTrue(code.matches(Promised.OTP_CODE), code);
        target().advance(Duration.ofSeconds(7));
        String verified = verify(id, code).then().statusCode(200).body("data.status", equalTo("verified"))
                .body("data.verifiedAt", equalTo(instant(Duration.ofSeconds(7))))
                .body("data.attemptsRemaining", equalTo(Promised.OTP_ATTEMPTS)).extract().asString();
        assertEquals(verified, as("app").get(url("/v1/otp/" + id)).asString());
        assertEquals(List.of(), inbox());
        isRefused(verify(id, code), "already_verified", Promised.OTP_ATTEMPTS);
    }

    private static void isRefused(Response verification, String reason, int attemptsRemaining) {
        verification.then().statusCode(422).body("error.details", equalTo(Map.of("reason", reason, "attemptsRemaining", attemptsRemaining)));
    }

    @Test
    void theLastWrongCodeEndsIt() {
        String id = send(ALICES_NUMBER);
        String code = code();
        for (int remaining = Promised.OTP_ATTEMPTS - 1; remaining >= 0; remaining--) {
            // What is no code costs nothing.
            verify(id, "12345").then().statusCode(422).body("error.details.violations.path", equalTo(List.of("/code")));
            Response refused = miss(id, code);
            isRefused(refused, "invalid_code", remaining);
            refused.then().body("error.message", containsString(remaining == 0 ? "no attempts remaining" : remaining == 1 ? "1 attempt remaining"
                    : remaining + " attempts remaining"));
            JsonPath counted = otp(id);
            assertEquals(remaining, counted.getInt("data.attemptsRemaining"));
            assertEquals(remaining == 0 ? "failed" : "pending", counted.getString("data.status"));
        }
        assertEquals(List.of(), inbox());
        isRefused(verify(id, code), "attempts_exhausted", 0);
    }

    @Test
    void aRightCodeAfterWrongOnesStillCounts() {
        String id = send(ALICES_NUMBER);
        String code = code();
        for (int i = 1; i < Promised.OTP_ATTEMPTS; i++) {
            miss(id, code).then().statusCode(422);
        }
        verify(id, code).then().statusCode(200).body("data.attemptsRemaining", equalTo(1));
    }

    @Test
    void itExpiresWhereverItIsLookedAt() {
        String id = send(ALICES_NUMBER);
        String code = code();
        target().advance(Promised.OTP_LIFETIME.minusMillis(1));
        assertEquals("pending", status(id));
        assertEquals(1, inbox().size());
        target().advance(Duration.ofMillis(1));
        assertEquals("expired", status(id));
        assertEquals(List.of(), inbox());
        as("alice").get(url("/v1/otp-requests/" + id)).then().statusCode(200).body("data.status", equalTo("expired"));
        as("alice").get(url(REQUESTS)).then().statusCode(200).body("data[0].id", equalTo(id)).body("data[0].status", equalTo("expired"));
        as("alice").get(url(REQUESTS + "?status=pending")).then().statusCode(200).body("data", empty());
        as("alice").get(url(REQUESTS + "?status=expired")).then().statusCode(200).body("data.id", hasItem(id));
        isRefused(verify(id, code), "expired", Promised.OTP_ATTEMPTS);
        resend(id).then().statusCode(409);
        cancel(id).then().statusCode(409);
    }

    @Test
    void aNewerOneSupersedesTheOlder() {
        send(as("bobApp"), url(""), ALICES_NUMBER);
        String first = send(ALICES_NUMBER);
        String code = code();
        String second = send("+999482918102");
        assertEquals("superseded", status(first));
        assertEquals("pending", status(second));
        isRefused(verify(first, code), "superseded", Promised.OTP_ATTEMPTS);
        assertEquals(List.of("Checkout test", "Bakery"), inbox().stream().map(message -> message.get("applicationName")).toList(),
                "that of another application is its own");
        verify(second, code()).then().statusCode(200);
    }

    @Test
    void whatIsOverIsNotSuperseded() {
        String cancelled = send(ALICES_NUMBER);
        cancel(cancelled).then().statusCode(200);
        String verified = send(ALICES_NUMBER);
        verify(verified, code()).then().statusCode(200);
        String expired = send(ALICES_NUMBER);
        target().advance(Promised.OTP_LIFETIME);
        send(ALICES_NUMBER);
        assertEquals(List.of("cancelled", "verified", "expired"), List.of(status(cancelled), status(verified), status(expired)));
    }

    @Test
    void resendingMakesANewCodeAndANewLifetime() {
        String id = send(ALICES_NUMBER);
        Map<String, String> first = inbox().getFirst();
        miss(id, first.get("code")).then().statusCode(422);
        Duration late = Promised.OTP_LIFETIME.minusMinutes(1);
        target().advance(late);
        String resent = resend(id).then().statusCode(200).body("data.id", equalTo(id)).body("data.status", equalTo("pending"))
                .body("data.attemptsRemaining", equalTo(Promised.OTP_ATTEMPTS - 1))
                .body("data.expiresAt", equalTo(instant(late.plus(Promised.OTP_LIFETIME)))).extract().asString();
        assertEquals(resent, as("app").get(url("/v1/otp/" + id)).asString());
        assertEquals(1, inbox().size());
        Map<String, String> second = inbox().getFirst();
        assertNotEquals(first.get("id"), second.get("id"));
        assertEquals(instant(late), second.get("receivedAt"));
        target().advance(late);
        // They are equal by a chance of one in a million.
        assertNotEquals(first.get("code"), second.get("code"));
        isRefused(verify(id, first.get("code")), "invalid_code", Promised.OTP_ATTEMPTS - 2);
        verify(id, second.get("code")).then().statusCode(200);
    }

    /** Whether or not a sweep has found it meanwhile. */
    @Test
    void itIsOverAtTheMomentOfItsExpiry() {
        for (int round = 0; round < 20; round++) {
            String id = send(World.FREE_NUMBER);
            target().moveClock(Promised.OTP_LIFETIME);
            if (round % 2 == 0) {
                assertEquals("expired", status(id));
            } else {
                as("alice").get(url(REQUESTS + "?status=pending")).then().statusCode(200).body("data", empty());
            }
        }
    }

    @Test
    void aCancelledOneIsWorthless() {
        String id = send(ALICES_NUMBER);
        String code = code();
        cancel(id).then().statusCode(200).body("data.status", equalTo("cancelled"));
        isRefused(verify(id, code), "cancelled", Promised.OTP_ATTEMPTS);
        assertEquals(List.of(), inbox());
        assertEquals("cancelled", status(id));
    }

    @Test
    void sendingDoesNotTellWhetherANumberHasAnOwner() {
        String claimed = comparable(ALICES_NUMBER);
        assertEquals(claimed, comparable(World.BOBS_NUMBER));
        assertEquals(claimed, comparable(World.FREE_NUMBER));
    }

    private String comparable(String number) {
        JsonPath sent = send(as("app"), url(""), number);
        return sent.prettify().replace(sent.getString("data.id"), "{id}").replace(number, "{number}");
    }

    // Test numbers

    @Test
    void theTestNumberWithAFixedCode() {
        String id = send(Promised.FIXED_CODE_NUMBER);
        resend(id).then().statusCode(200);
        verify(id, Promised.FIXED_CODE).then().statusCode(200).body("data.status", equalTo("verified"));
    }

    @Test
    void theTestNumberWithOneAttempt() {
        String id = send(Promised.ONE_ATTEMPT_NUMBER);
        assertEquals(1, otp(id).getInt("data.attemptsRemaining"));
        isRefused(verify(id, "000000"), "invalid_code", 0);
        isRefused(verify(id, "000000"), "attempts_exhausted", 0);
    }

    @Test
    void theTestNumberThatIsExpired() {
        JsonPath sent = send(as("app"), url(""), Promised.EXPIRED_NUMBER);
        String id = sent.getString("data.id");
        assertEquals("expired", sent.getString("data.status"));
        assertEquals("expired", status(id));
        isRefused(verify(id, "000000"), "expired", Promised.OTP_ATTEMPTS);
        send(Promised.EXPIRED_NUMBER);
    }

    @Test
    void theTestNumbersThatFail() {
        as("app", "{'phoneNumber': '" + Promised.RATE_LIMITED_NUMBER + "'}").post(url("/v1/otp/send")).then().statusCode(429)
                .header("Retry-After", "42");
        as("app", "{'phoneNumber': '" + Promised.INTERNAL_ERROR_NUMBER + "'}").post(url("/v1/otp/send")).then().statusCode(500)
                .body("error.code", equalTo("INTERNAL_ERROR"));
        as("alice").get(url(REQUESTS + "?phoneNumber=%2B999000000429")).then().statusCode(200).body("data", empty());
        as("alice").get(url(REQUESTS + "?phoneNumber=%2B999000000500")).then().statusCode(200).body("data", empty());
    }

    @TestFactory
    Stream<DynamicTest> withLiveCredentialsATestNumberIsLikeAnyOther() {
        return each(List.of(Promised.FIXED_CODE_NUMBER, Promised.ONE_ATTEMPT_NUMBER, Promised.EXPIRED_NUMBER, Promised.RATE_LIMITED_NUMBER,
                Promised.INTERNAL_ERROR_NUMBER), this::isLikeAnyOther);
    }

    private void isLikeAnyOther(String number) {
        JsonPath live = liveApplication();
        JsonPath sent = send(as(live), url(""), number);
        assertEquals("pending", sent.getString("data.status"));
        assertEquals(Promised.OTP_ATTEMPTS, sent.getInt("data.attemptsRemaining"));
        // The fixed code is right here by a chance of one in a million.
        isRefused(verify(as(live), sent.getString("data.id"), Promised.FIXED_CODE), "invalid_code", Promised.OTP_ATTEMPTS - 1);
    }
}
