// SPDX-License-Identifier: Apache-2.0
package shop;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.equalTo;

import dev.phone.mock.PhoneMock;
import dev.phone.mock.PhoneMockExtension;
import io.restassured.http.ContentType;
import io.restassured.specification.RequestSpecification;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class SignInTest {
    /** Back in the demo world before each test. */
    @RegisterExtension
    static final PhoneMockExtension PHONE = new PhoneMockExtension();

    private static final String NUMBER = "+999 482 918 102";

    private static RequestSpecification as(PhoneMock mock, String who) {
        return given().baseUri(mock.url()).headers(mock.credentials(who)).contentType(ContentType.JSON);
    }

    private static String send(PhoneMock mock) {
        return as(mock, "app").body(Map.of("phoneNumber", NUMBER)).post("/v1/otp/send").then().statusCode(201).extract().path("data.id");
    }

    private static String code(PhoneMock mock) {
        return as(mock, "alice").get("/v1/numbers/{number}/messages", NUMBER).then().statusCode(200).extract().path("data[0].code");
    }

    @Test
    void theCodeOfTheInboxIsRight(PhoneMock mock) {
        as(mock, "app").body(Map.of("otpRequestId", send(mock), "code", code(mock))).post("/v1/otp/verify")
                .then().statusCode(200).body("data.status", equalTo("verified"));
    }

    @Test
    void afterFiveMinutesItIsTooOld(PhoneMock mock) {
        String id = send(mock);
        String code = code(mock);
        mock.clock().advance(Duration.ofMinutes(5));
        as(mock, "app").body(Map.of("otpRequestId", id, "code", code)).post("/v1/otp/verify")
                .then().statusCode(422).body("error.details.reason", equalTo("expired"));
    }
}
