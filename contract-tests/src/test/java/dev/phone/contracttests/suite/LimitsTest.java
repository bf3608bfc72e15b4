// SPDX-License-Identifier: Apache-2.0
package dev.phone.contracttests.suite;

import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notNullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.phone.contract.Example;
import dev.phone.contracttests.check.TheContract;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The fixed windows, with the numbers of the contract. */
class LimitsTest extends Suite {

    @Override
    boolean limited() {
        return true;
    }

    private Response send() {
        return as("app", "{'phoneNumber': '+999 700 100 200'}").post(url("/v1/otp/send"));
    }

    @Test
    void theSixthSendInAMinuteIsRefused() {
        for (int remaining = 4; remaining >= 0; remaining--) {
            assertTrue(send().then().statusCode(201).extract().header("RateLimit").contains("\"otp-send\";r=" + remaining));
        }
        target().advance(Duration.ofSeconds(18));
        Response refused = send();
        refused.then().statusCode(429).body("error.code", equalTo("RATE_LIMITED"))
                .body("error.message", equalTo("Too many OTP requests — retry in 42s")).header("Retry-After", "42")
                .header("RateLimit-Policy", "\"requests\";q=120;w=60, \"otp-send\";q=5;w=60");
        assertTrue(refused.header("RateLimit").contains("\"otp-send\";r=0;t=42"), refused.header("RateLimit"));
        target().advance(Duration.ofSeconds(41));
        send().then().statusCode(429).header("Retry-After", "1");
        target().advance(Duration.ofSeconds(1));
        send().then().statusCode(201);
    }

    @Test
    void theEleventhVerificationInAMinuteIsRefused() {
        for (int i = 0; i < 10; i++) {
            as("app", "{'otpRequestId': 'otp_01kdvdna00s941ft7ckfmdrvsd', 'code': '000000'}").post(url("/v1/otp/verify")).then().statusCode(404);
        }
        as("app", "{").post(url("/v1/otp/verify")).then().statusCode(429)
                .body("error.message", equalTo("Too many verification attempts — retry in 60s"));
        send().then().statusCode(201);
    }

    @Test
    void aStrangerCannotSpendTheBucketOfAClientId() {
        for (int i = 0; i < 6; i++) {
            as("wrongSecret", "{'phoneNumber': '+999 700 100 200'}").post(url("/v1/otp/send")).then().statusCode(401);
        }
        send().then().statusCode(201);
    }

    @Test
    void aSuspendedApplicationIsForbiddenBeforeItIsLimited() {
        for (int i = 0; i < 7; i++) {
            as("suspended", "{'phoneNumber': '+999 700 100 200'}").post(url("/v1/otp/send")).then().statusCode(403);
        }
    }

    @Test
    void invalidRequestsCount() {
        for (int i = 0; i < 5; i++) {
            as("app", "{").post(url("/v1/otp/send")).then().statusCode(422);
        }
        as("app", "{").post(url("/v1/otp/send")).then().statusCode(429);
    }

    /** After the 120th request of a minute, every operation refuses, and before it looks at credentials. */
    @TestFactory
    Stream<DynamicTest> theBackstopStopsEveryOperation() {
        for (int i = 0; i < 120; i++) {
            Response response = as("nobody").get(url("/v1/projects"));
            assertEquals(401, response.statusCode(), "request " + (i + 1));
            assertTrue(response.header("RateLimit").startsWith("\"requests\";r=" + (119 - i) + ";t="), response.header("RateLimit"));
        }
        as("nobody").get(url("/v1/nothing")).then().statusCode(404);
        return TheContract.EXAMPLES.stream().filter(example -> example.status() == 429 && example.illustrative() != null)
                .collect(java.util.stream.Collectors.toMap(example -> example.operation().id(), example -> example, (a, b) -> a))
                .values().stream().map(example -> dynamicTest(example.operation().id(), () -> refuse(example)));
    }

    private void refuse(Example example) {
        RequestSpecification request = request().headers(example.headers());
        request.request(example.operation().method(), url(example.target())).then().statusCode(429)
                .body("error.message", equalTo("Too many requests — retry in 60s")).header("Retry-After", notNullValue());
    }
}
