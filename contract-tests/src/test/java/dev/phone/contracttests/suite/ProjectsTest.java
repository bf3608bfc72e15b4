// SPDX-License-Identifier: Apache-2.0
package dev.phone.contracttests.suite;

import static dev.phone.contracttests.suite.World.EMPTY_PROJECT;
import static dev.phone.contracttests.suite.World.PROJECT;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.phone.contracttests.target.Target;
import io.restassured.path.json.JsonPath;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Projects from their creation to their end. */
class ProjectsTest extends Suite {

    @Test
    void whatIsCreatedCanBeReadListedChangedAndDeleted() {
        String name = "  Ünïcode 👍 " + "📱".repeat(68);
        JsonPath created = as("alice", "{'name': '" + name + "'}").post(url("/v1/projects")).then().statusCode(201)
                .body("data.name", equalTo(name)).extract().jsonPath();
        String id = created.getString("data.id");
        assertEquals(Target.START, Instant.parse(created.getString("data.createdAt")));
        assertEquals(created.getString("data.createdAt"), created.getString("data.updatedAt"));
        as("alice").get(url("/v1/projects")).then().statusCode(200).body("data.id", equalTo(List.of(id, EMPTY_PROJECT, PROJECT)));
        as("bob").get(url("/v1/projects")).then().statusCode(200).body("data.id", equalTo(List.of(World.BOBS_PROJECT)));
        target().advance(Duration.ofSeconds(5));
        JsonPath changed = as("alice", "{'name': 'Renamed'}").patch(url("/v1/projects/" + id)).then().statusCode(200)
                .body("data.name", equalTo("Renamed")).body("data.createdAt", equalTo(created.getString("data.createdAt")))
                .extract().jsonPath();
        assertEquals(Target.START.plusSeconds(5), Instant.parse(changed.getString("data.updatedAt")));
        assertEquals(changed.prettify(), as("alice").get(url("/v1/projects/" + id)).then().statusCode(200).extract().jsonPath().prettify());
        as("alice").delete(url("/v1/projects/" + id)).then().statusCode(200).body("data.id", equalTo(id)).body("data.deleted", equalTo(true));
        as("alice").get(url("/v1/projects/" + id)).then().statusCode(404);
        as("alice").delete(url("/v1/projects/" + id)).then().statusCode(404);
        as("alice").get(url("/v1/projects")).then().statusCode(200).body("data.id", equalTo(List.of(EMPTY_PROJECT, PROJECT)));
    }

    @Test
    void aProjectWithApplicationsStaysUntilTheyAreMovedOrDeleted() {
        as("alice").delete(url("/v1/projects/" + PROJECT)).then().statusCode(409).body("error.code", equalTo("CONFLICT"));
        as("alice", "{'projectId': '" + EMPTY_PROJECT + "'}").patch(url("/v1/applications/" + World.SUSPENDED)).then().statusCode(200);
        for (String application : List.of(World.PROTOTYPE, World.APPLICATION)) {
            as("alice").delete(url("/v1/projects/" + PROJECT)).then().statusCode(409);
            as("alice").delete(url("/v1/applications/" + application)).then().statusCode(200);
        }
        as("alice").delete(url("/v1/projects/" + PROJECT)).then().statusCode(200);
        as("alice").delete(url("/v1/projects/" + EMPTY_PROJECT)).then().statusCode(409);
    }
}
