// SPDX-License-Identifier: Apache-2.0
package dev.phone.contracttests.suite;

import dev.phone.contracttests.contract.TheContract;
import io.restassured.specification.RequestSpecification;
import jakarta.json.JsonString;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How long a credential works that was rotated. */
class RotationTest extends Suite {
    private static final String APPLICATION = "app_01kertn0708c6aktd8brt4xtr3";

    private String rotate(String credential, int overlap) {
        return as("alice", "{'credential': '" + credential + "', 'overlapSeconds': " + overlap + "}")
                .post(url("/v1/applications/" + APPLICATION + "/rotate")).then().statusCode(200).extract().path("data.credentials." + credential);
    }

    /** Asks for an OTP request that there is not: a 404 where the credentials count, else a 401. */
    private void isAnswered(int status, String header, String value) {
        RequestSpecification request = request();
        TheContract.CONTRACT.json().getJsonObject("x-demo-world").getJsonObject("credentials").getJsonObject("app").forEach((name, text) ->
                request.header(name, name.equals(header) ? value : ((JsonString) text).getString()));
        request.get(url("/v1/otp/otp_01kdvdna00s941ft7ckfmdrvsd")).then().statusCode(status);
    }

    @ParameterizedTest
    @CsvSource({"clientSecret, x-client-secret", "apiKey, x-api-key"})
    void atMostTwoValuesWorkAtAnyTime(String credential, String header) {
        String first = TheContract.CONTRACT.json().getJsonObject("x-demo-world").getJsonObject("credentials").getJsonObject("app")
                .getString(header);
        String second = rotate(credential, 3600);
        isAnswered(404, header, first);
        isAnswered(404, header, second);
        String third = rotate(credential, 60);
        isAnswered(401, header, first);
        isAnswered(404, header, second);
        isAnswered(404, header, third);
        target().advance(Duration.ofSeconds(60));
        isAnswered(401, header, first);
        isAnswered(401, header, second);
        isAnswered(404, header, third);
        String fourth = rotate(credential, 3600);
        String fifth = rotate(credential, 0);
        isAnswered(401, header, third);
        isAnswered(401, header, fourth);
        isAnswered(404, header, fifth);
    }
}
