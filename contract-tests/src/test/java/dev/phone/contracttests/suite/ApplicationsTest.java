// SPDX-License-Identifier: Apache-2.0
package dev.phone.contracttests.suite;

import static dev.phone.contracttests.gate.NamedTests.each;
import static dev.phone.contracttests.suite.World.ALICES_NUMBER;
import static dev.phone.contracttests.suite.World.APPLICATION;
import static dev.phone.contracttests.suite.World.EMPTY_PROJECT;
import static dev.phone.contracttests.suite.World.PROJECT;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.phone.contracttests.target.Target;
import io.restassured.path.json.JsonPath;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Applications, and what is shown of their credentials. What the credentials open is in {@link CredentialsTest}. */
class ApplicationsTest extends OtpSuite {
    private static final String APPLICATIONS = "/v1/projects/" + EMPTY_PROJECT + "/applications";

    private JsonPath create(String name, String environment) {
        return as("alice", "{'name': '" + name + "', 'environment': '" + environment + "'}").post(url(APPLICATIONS)).then().statusCode(201)
                .extract().jsonPath();
    }

    @TestFactory
    Stream<DynamicTest> itsCredentialsWorkAndAreShownOnce() {
        return each(List.of("test", "live"), this::itsCredentialsWorkAndAreShownOnce);
    }

    private void itsCredentialsWorkAndAreShownOnce(String environment) {
        JsonPath created = create("Fresh", environment);
        assertEquals("active", created.getString("data.status"));
        assertEquals(environment, created.getString("data.environment"));
        assertEquals(created.getString("data.clientId"), created.getString("data.credentials.clientId"));
        assertTrue(created.getString("data.clientId").matches("ph_" + environment + "_client_[0-9a-f]{48}"));
        as(created).get(url(World.UNKNOWN_OTP)).then().statusCode(404);
        String read = as("alice").get(url("/v1/applications/" + created.getString("data.id"))).then().statusCode(200)
                .body("data.credentials", nullValue()).extract().asString();
        for (String shown : List.of("clientSecret", "apiKey")) {
            String value = created.getString("data.credentials." + shown);
            int digits = value.lastIndexOf('_') + 1;
            assertTrue(value.matches("ph_" + environment + "_(secret|api)_[0-9a-f]{48}"), value);
            assertFalse(read.contains(value.substring(digits)), read);
            assertEquals(value.substring(0, digits + 4) + "…" + value.substring(value.length() - 4),
                    JsonPath.from(read).getString("data." + shown + "Preview"));
        }
    }

    @Test
    void onlyWhatIsGivenIsChanged() {
        JsonPath before = as("alice").get(url("/v1/applications/" + APPLICATION)).jsonPath();
        target().advance(Duration.ofSeconds(1));
        JsonPath renamed = as("alice", "{'name': 'Sandbox'}").patch(url("/v1/applications/" + APPLICATION)).then().statusCode(200)
                .body("data.name", equalTo("Sandbox")).body("data.projectId", equalTo(PROJECT)).body("data.status", equalTo("active"))
                .body("data.createdAt", equalTo(before.getString("data.createdAt"))).extract().jsonPath();
        assertEquals(Target.START.plusSeconds(1), Instant.parse(renamed.getString("data.updatedAt")));
        String moved = as("alice", "{'projectId': '" + EMPTY_PROJECT + "'}").patch(url("/v1/applications/" + APPLICATION)).then()
                .statusCode(200).body("data.name", equalTo("Sandbox")).body("data.projectId", equalTo(EMPTY_PROJECT)).extract().asString();
        assertEquals(moved, as("alice").get(url("/v1/applications/" + APPLICATION)).asString());
        as("alice").get(url(APPLICATIONS)).then().statusCode(200).body("data.id", equalTo(List.of(APPLICATION)));
        send(ALICES_NUMBER);
    }

    @Test
    void itMovesToAProjectOfTheSameUserOrNotAtAll() {
        for (String project : List.of(World.BOBS_PROJECT, "prj_01kdvdna006rw3hv72nj173n0s")) {
            as("alice", "{'name': 'Moved', 'projectId': '" + project + "'}").patch(url("/v1/applications/" + APPLICATION)).then().statusCode(404);
        }
        as("alice").get(url("/v1/applications/" + APPLICATION)).then().statusCode(200).body("data.name", equalTo("Checkout test"))
                .body("data.projectId", equalTo(PROJECT));
    }

    @Test
    void aDeletedOneTakesItsRequestsAlong() {
        String id = send(ALICES_NUMBER);
        as("alice").delete(url("/v1/applications/" + APPLICATION)).then().statusCode(200).body("data.deleted", equalTo(true));
        as("alice").get(url("/v1/applications/" + APPLICATION)).then().statusCode(404);
        as("alice").get(url("/v1/otp-requests/" + id)).then().statusCode(404);
        as("alice").get(url("/v1/applications/" + APPLICATION + "/otp-requests")).then().statusCode(404);
        assertEquals(List.of(), inbox());
    }

    @Test
    void aDeletedOneTakesItsWebhooksAlong() {
        as("alice").get(url("/v1/webhooks/" + World.WEBHOOK)).then().statusCode(200);
        String delivery = as("alice").get(url("/v1/webhooks/" + World.WEBHOOK + "/deliveries")).then().statusCode(200)
                .extract().path("data[0].id");
        as("alice").delete(url("/v1/applications/" + APPLICATION)).then().statusCode(200);
        as("alice").get(url("/v1/webhooks/" + World.WEBHOOK)).then().statusCode(404);
        as("alice").get(url("/v1/deliveries/" + delivery)).then().statusCode(404);
    }
}
