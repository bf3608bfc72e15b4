// SPDX-License-Identifier: Apache-2.0
package dev.phone.contracttests.suite;

import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.util.List;
import java.util.Map;

/** A suite that sends OTPs, and reads them in Alice's inbox. */
abstract class OtpSuite extends Suite {
    static final String INBOX = "/v1/numbers/%2B999482918102/messages";

    static JsonPath send(RequestSpecification caller, String url, String phoneNumber) {
        return with("{'phoneNumber': '" + phoneNumber + "'}", caller).post(url + "/v1/otp/send").then().statusCode(201).extract().jsonPath();
    }

    /** Sends as the application of the demo world. @return the ID of the OTP request */
    String send(String phoneNumber) {
        return send(as("app"), url(""), phoneNumber).getString("data.id");
    }

    Response verify(RequestSpecification caller, String id, String code) {
        return with("{'otpRequestId': '" + id + "', 'code': '" + code + "'}", caller).post(url("/v1/otp/verify"));
    }

    Response verify(String id, String code) {
        return verify(as("app"), id, code);
    }

    /** Enters a wrong code. */
    Response miss(String id, String code) {
        return verify(id, code.equals("000000") ? "000001" : "000000");
    }

    Response resend(String id) {
        return as("app", "{'otpRequestId': '" + id + "'}").post(url("/v1/otp/resend"));
    }

    Response cancel(String id) {
        return as("app", "{'otpRequestId': '" + id + "'}").post(url("/v1/otp/cancel"));
    }

    JsonPath otp(String id) {
        return as("app").get(url("/v1/otp/" + id)).then().statusCode(200).extract().jsonPath();
    }

    String status(String id) {
        return otp(id).getString("data.status");
    }

    List<Map<String, String>> inbox() {
        return as("alice").get(url(INBOX)).then().statusCode(200).extract().jsonPath().getList("data");
    }

    /** The newest code in the inbox. */
    String code() {
        return inbox().getFirst().get("code");
    }
}
