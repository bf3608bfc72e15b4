// SPDX-License-Identifier: Apache-2.0
package dev.phone.contracttests.suite;

import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasEntry;
import static org.hamcrest.Matchers.hasSize;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.phone.contracttests.target.Target;
import io.restassured.path.json.JsonPath;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Echo bins: what is kept of what is sent, and for how long. */
class SandboxTest extends Suite {
    /** A quarter of what a bin keeps, and some room. */
    private static final int LARGEST = 64_000;

    private String createBin() {
        JsonPath bin = as("nobody").post(url("/v1/sandbox/bins")).then().statusCode(201).body("data.events", empty())
                .body("data.expiresAt", equalTo(Target.START.plus(Promised.BIN_IS_KEPT).toString().replace("Z", ".000Z"))).extract().jsonPath();
        String path = "/v1/sandbox/bins/" + bin.getString("data.id");
        assertEquals(url(path), bin.getString("data.url"));
        return path;
    }

    @Test
    void itKeepsWhatIsSentNewestFirst() {
        String bin = createBin();
        as("nobody", "{'n': 1}").header("x-hello", "bin").post(url(bin)).then().statusCode(200);
        as("nobody", "[1, null]").post(url(bin)).then().statusCode(200);
        as("nobody").get(url(bin)).then().statusCode(200).body("data.events.body", equalTo(List.of(Arrays.asList(1, null), Map.of("n", 1))))
                .body("data.events[1].headers", hasEntry("x-hello", "bin")).body("data.events[1].headers", hasEntry("content-type", "application/json"));
    }

    @Test
    void itKeepsTheNewest() {
        String bin = createBin();
        List<Integer> sent = new ArrayList<>();
        for (int i = 0; i <= Promised.BIN_EVENTS; i++) {
            as("nobody", String.valueOf(i)).post(url(bin)).then().statusCode(200);
            sent.addFirst(i);
        }
        as("nobody").get(url(bin)).then().statusCode(200).body("data.events.body", equalTo(sent.subList(0, Promised.BIN_EVENTS)));
    }

    @Test
    void itKeepsAsMuchAsFits() {
        String bin = createBin();
        // Two bytes a letter; what its headers have fits in between.
        int letters = LARGEST / 2;
        for (int i = 1; i <= Promised.BIN_BYTES / LARGEST + 2; i++) {
            as("nobody", "{'n': " + i + ", 'text': '" + "é".repeat(letters) + "'}").post(url(bin)).then().statusCode(200);
        }
        as("nobody").get(url(bin)).then().statusCode(200).body("data.events.body.n", equalTo(List.of(6, 5, 4, 3)));
        as("nobody", "{'n': 7}").post(url(bin)).then().statusCode(200);
        as("nobody").get(url(bin)).then().statusCode(200).body("data.events.body.n", equalTo(List.of(7, 6, 5, 4, 3)));
    }

    @Test
    void itIsGoneAfterADay() {
        String bin = createBin();
        target().advance(Promised.BIN_IS_KEPT.minusMillis(1));
        as("nobody").get(url(bin)).then().statusCode(200);
        target().advance(Duration.ofMillis(1));
        as("nobody").get(url(bin)).then().statusCode(404);
        as("nobody", "{}").post(url(bin)).then().statusCode(404);
    }

    @Test
    void aWebhookMayLeadToOne() {
        String bin = createBin();
        String webhook = as("alice", "{'url': '" + url(bin) + "', 'events': ['otp.sent']}")
                .post(url("/v1/applications/" + World.APPLICATION + "/webhooks")).then().statusCode(201).extract().path("data.id");
        as("alice").post(url("/v1/webhooks/" + webhook + "/test")).then().statusCode(202);
        eventually("nobody", bin, "data.events", hasSize(1)).then().body("data.events.body.type", contains("webhook.test"))
                .body("data.events.body.data.webhookId", contains(webhook));
    }
}
