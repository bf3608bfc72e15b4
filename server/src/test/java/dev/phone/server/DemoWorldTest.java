// SPDX-License-Identifier: Apache-2.0
package dev.phone.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.phone.api.Caller;
import dev.phone.api.Message;
import dev.phone.server.store.TestDatabase;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** When the demo world is written, and which instants it gets. That it is the world of the examples is seen by the contract tests. */
class DemoWorldTest {
    private static final JsonObject WORLD = world();
    private static final Caller.User ALICE = new Caller.User("dev_alice");

    @ParameterizedTest
    @EnumSource
    void itsTimesMoveWithTheStart(TestDatabase kind) {
        try (Features phone = new Features(kind.open())) {
            Duration shift = Duration.ofDays(400).plusMillis(1);
            phone.clock.advance(shift);
            seed(phone);
            Message message = Message.fromJson(entries("messages").getFirst().get("value"));
            Message moved = phone.messages(ALICE, message.phoneNumber().text()).getFirst();
            assertEquals(message.receivedAt().plus(shift), moved.receivedAt());
            assertEquals(message.expiresAt().plus(shift), moved.expiresAt());
        }
    }

    @ParameterizedTest
    @EnumSource
    void aDatabaseThatHoldsAnythingIsLeftAsItIs(TestDatabase kind) {
        try (Features phone = new Features(kind.open())) {
            phone.project(phone.user());
            seed(phone);
            assertEquals(1, phone.count("SELECT COUNT(*) FROM project"));
            assertFalse(phone.applicationStore.findByApiKey(apiKey()).isPresent());
        }
        try (Features phone = new Features(kind.open())) {
            seed(phone);
            phone.clock.advance(Duration.ofHours(1));
            seed(phone);
            assertEquals(WORLD.getJsonArray("otpRequests").size(), phone.count("SELECT COUNT(*) FROM otp_request"));
        }
    }

    private static void seed(Features phone) {
        new DemoWorld(phone.projectStore, phone.applicationStore, phone.numberStore, phone.otpStore, phone.inbox, phone.logs, phone.bins,
                phone.webhookStore, phone.deliveryStore, phone.ids)
                .seed(phone.database, phone.clock.instant());
    }

    private static String apiKey() {
        return WORLD.getJsonObject("credentials").getJsonObject("app").getString("x-api-key");
    }

    private static List<JsonObject> entries(String name) {
        return WORLD.getJsonArray(name).getValuesAs(JsonObject.class);
    }

    private static JsonObject world() {
        try (JsonReader reader = Json.createReader(DemoWorldTest.class.getResourceAsStream("/openapi.json"))) {
            return reader.readObject().getJsonObject("x-demo-world");
        }
    }
}
