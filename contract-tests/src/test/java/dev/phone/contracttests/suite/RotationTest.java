// SPDX-License-Identifier: Apache-2.0
package dev.phone.contracttests.suite;

import static dev.phone.contracttests.gate.NamedTests.dynamicTest;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.phone.contracttests.target.Target;
import io.restassured.path.json.JsonPath;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** How long a credential works that was rotated. */
class RotationTest extends Suite {

    /** Only the new value is shown, and its preview is that of the new value. */
    private String rotate(String credential, int overlap) {
        JsonPath rotated = as("alice", "{'credential': '" + credential + "', 'overlapSeconds': " + overlap + "}")
                .post(url("/v1/applications/" + World.APPLICATION + "/rotate")).then().statusCode(200).extract().jsonPath();
        String value = rotated.getString("data.credentials." + credential);
        assertEquals(Map.of("clientId", rotated.getString("data.clientId"), credential, value), rotated.getMap("data.credentials"));
        assertTrue(rotated.getString("data." + credential + "Preview").endsWith("…" + value.substring(value.length() - 4)));
        return value;
    }

    /** Asks for an OTP request that there is not: a 404 where the credentials count, else a 401. */
    private void isAnswered(int status, String header, String value) {
        Map<String, String> credentials = World.credentials("app");
        credentials.put(header, value);
        request().headers(credentials).get(url(World.UNKNOWN_OTP)).then().statusCode(status);
    }

    @Test
    void itIsAChangeOfTheApplication() {
        target().advance(Duration.ofSeconds(1));
        rotate("apiKey", 0);
        as("alice").get(url("/v1/applications/" + World.APPLICATION)).then().statusCode(200)
                .body("data.updatedAt", equalTo(Target.START.plusSeconds(1).toString().replace("Z", ".000Z")));
    }

    @TestFactory
    Stream<DynamicTest> atMostTwoValuesWorkAtAnyTime() {
        return Stream.of(dynamicTest("clientSecret", () -> atMostTwoValuesWorkAtAnyTime("clientSecret", "x-client-secret")),
                dynamicTest("apiKey", () -> atMostTwoValuesWorkAtAnyTime("apiKey", "x-api-key")));
    }

    private void atMostTwoValuesWorkAtAnyTime(String credential, String header) {
        target().reset();
        String first = World.credentials("app").get(header);
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
