// SPDX-License-Identifier: Apache-2.0
package dev.phone.contracttests.suite;

import static dev.phone.contracttests.suite.World.FREE_NUMBER;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.phone.contracttests.target.Target;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What an application did, one by one and counted. */
class LogsTest extends OtpSuite {
    private static final String LOGS = "/v1/applications/" + World.APPLICATION + "/logs";
    private static final String ANALYTICS = "/v1/applications/" + World.APPLICATION + "/analytics";

    private static String id(Response response) {
        return response.header("x-request-id");
    }

    @Test
    void everyRequestOfAnApplicationIsLogged() {
        Response sent = as("app", "{'phoneNumber': '" + FREE_NUMBER + "'}").post(url("/v1/otp/send"));
        Response invalid = as("app", "{'phoneNumber': 7}").post(url("/v1/otp/send"));
        // Nobody knows whose these are.
        as("wrongSecret", "{'phoneNumber': '" + FREE_NUMBER + "'}").post(url("/v1/otp/send")).then().statusCode(401);
        as("app").get(url("/v1/otp")).then().statusCode(404);
        as("alice").get(url(LOGS + "?limit=2")).then().statusCode(200)
                .body("data.id", equalTo(List.of(id(invalid), id(sent))))
                .body("data.operationId", equalTo(List.of("sendOtp", "sendOtp")))
                .body("data.method", equalTo(List.of("POST", "POST")))
                .body("data.path", equalTo(List.of("/v1/otp/send", "/v1/otp/send")))
                .body("data.status", equalTo(List.of(422, 201)))
                .body("data.errorCode", equalTo(Arrays.asList("VALIDATION_ERROR", null)));
        as("alice").get(url(LOGS + "?status=422")).then().statusCode(200).body("data.id", equalTo(List.of(id(invalid))));
        as("alice").get(url(LOGS + "?status=500")).then().statusCode(200).body("data", empty());
    }

    @Test
    void whatBecameOfItsRequestsIsCounted() {
        Map<String, Integer> before = as("alice").get(url(ANALYTICS)).then().statusCode(200).body("data.interval", equalTo("day"))
                .extract().path("data.totals");
        String id = send(World.ALICES_NUMBER);
        verify(id, code()).then().statusCode(200);
        cancel(send(FREE_NUMBER)).then().statusCode(200);
        send(FREE_NUMBER);
        send(FREE_NUMBER);
        cancel(send(FREE_NUMBER)).then().statusCode(200);
        target().advance(Duration.ofMillis(1));
        // What was pending for Alice's number in the demo world is superseded, too. No two counts have grown alike.
        as("alice").get(url(ANALYTICS)).then().statusCode(200).body("data.totals", equalTo(Map.of("sent", before.get("sent") + 5,
                "verified", before.get("verified") + 1, "failed", before.get("failed"), "expired", before.get("expired"),
                "cancelled", before.get("cancelled") + 2, "superseded", before.get("superseded") + 3)));
    }

    private ValidatableResponse analytics(JsonPath application, String interval, Object from, Object to) {
        return as("alice").get(url("/v1/applications/" + application.getString("data.id") + "/analytics?interval=" + interval + "&from="
                + String.valueOf(from).replace("+", "%2B") + "&to=" + String.valueOf(to).replace("+", "%2B"))).then();
    }

    @Test
    void aPeriodHasItsBeginningAndNotItsEnd() {
        String project = as("alice", "{'name': 'Analytics'}").post(url("/v1/projects")).then().statusCode(201).extract().path("data.id");
        JsonPath application = as("alice", "{'name': 'Analytics', 'environment': 'test'}")
                .post(url("/v1/projects/" + project + "/applications")).then().statusCode(201).extract().jsonPath();
        with("{'phoneNumber': '" + FREE_NUMBER + "'}", as(application)).post(url("/v1/otp/send")).then().statusCode(201);
        Instant sent = Target.START;
        Duration hour = Duration.ofHours(1);
        analytics(application, "hour", sent, sent.plusMillis(1)).statusCode(200).body("data.totals.sent", equalTo(1));
        analytics(application, "hour", sent.minus(hour), sent).statusCode(200).body("data.totals.sent", equalTo(0));
        analytics(application, "hour", sent.plusMillis(1), sent.plus(hour)).statusCode(200).body("data.totals.sent", equalTo(0));
        // Hours are counted from the beginning, wherever that is, and the last one may be short.
        analytics(application, "hour", sent.minusSeconds(5_400), sent.plusMillis(1)).statusCode(200)
                .body("data.series.counts.sent", equalTo(List.of(0, 1)));
        analytics(application, "day", sent.minus(Duration.ofDays(3)), sent.plusMillis(1)).statusCode(200)
                .body("data.series.counts.sent", equalTo(List.of(0, 0, 0, 1)));
        analytics(application, "day", sent.minus(Duration.ofDays(1)).atOffset(ZoneOffset.ofHours(2)), sent.plusMillis(1).atOffset(ZoneOffset.ofHours(-9)))
                .statusCode(200).body("data.series.counts.sent", equalTo(List.of(0, 1)));
        // As long as a period can be.
        analytics(application, "hour", sent.minus(hour.multipliedBy(999)), sent.plus(hour)).statusCode(200)
                .body("data.series.counts.sent.sum()", equalTo(1)).body("data.series", hasSize(1_000));
        analytics(application, "hour", sent.minus(hour.multipliedBy(999)), sent.plus(hour).plusMillis(1)).statusCode(422);
        target().advance(Promised.OTP_LIFETIME);
        analytics(application, "day", sent, sent.plus(hour)).statusCode(200).body("data.totals.expired", equalTo(1));
    }

    @Test
    void conversionIsWhatShareWasVerified() {
        String project = as("alice", "{'name': 'Analytics'}").post(url("/v1/projects")).then().statusCode(201).extract().path("data.id");
        JsonPath application = as("alice", "{'name': 'Analytics', 'environment': 'test'}")
                .post(url("/v1/projects/" + project + "/applications")).then().statusCode(201).extract().jsonPath();
        Instant sent = Target.START;
        Instant later = sent.plus(Duration.ofHours(1));
        analytics(application, "day", sent, later).statusCode(200).body("data.conversion", nullValue());
        List<Object> conversions = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            String otp = with("{'phoneNumber': '" + Promised.FIXED_CODE_NUMBER + "'}", as(application)).post(url("/v1/otp/send")).then()
                    .statusCode(201).extract().path("data.id");
            conversions.add(analytics(application, "day", sent, later).statusCode(200).extract().path("data.conversion"));
            with("{'otpRequestId': '" + otp + "', 'code': '" + Promised.FIXED_CODE + "'}", as(application)).post(url("/v1/otp/verify")).then()
                    .statusCode(200);
            conversions.add(analytics(application, "day", sent, later).statusCode(200).extract().path("data.conversion"));
        }
        assertEquals(List.of(0, 1, 0.5f, 1, 0.667f, 1), conversions);
    }

    @Test
    void howLongVerifyingTookIsCountedInSeconds() {
        Instant from = Target.START;
        as("alice").get(url(ANALYTICS + "?from=" + from + "&to=" + from.plusSeconds(3_600))).then().statusCode(200)
                .body("data.timeToVerify.median", nullValue()).body("data.timeToVerify.p95", nullValue());
        // The median is none of the order in which they came.
        for (int millis : List.of(4_000, 0, 2_001)) {
            String id = send(World.ALICES_NUMBER);
            target().advance(Duration.ofMillis(millis));
            verify(id, code()).then().statusCode(200);
        }
        as("alice").get(url(ANALYTICS + "?from=" + from + "&to=" + from.plusSeconds(3_600))).then().statusCode(200)
                .body("data.totals.verified", equalTo(3))
                .body("data.timeToVerify.median", equalTo(3)).body("data.timeToVerify.p95", equalTo(4));
    }
}
