// SPDX-License-Identifier: Apache-2.0
package dev.phone.mock.webhook;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.phone.api.WebhookAttempt;
import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonValue;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class DeliveryTest {
    private static final Instant NOW = Instant.parse("2026-01-15T09:30:00Z");

    @Test
    void onlyTheLastAttemptsAreKept() {
        JsonArrayBuilder before = Json.createArrayBuilder();
        for (int i = 0; i < WebhookAttempt.KEPT; i++) {
            before.add(Json.createObjectBuilder().add("responseStatus", i));
        }
        Event event = new Event("evt_1", "webhook.test", NOW, JsonValue.EMPTY_JSON_OBJECT, "whk_1", null, Duration.ZERO);
        Delivery delivery = new Delivery("dlv_1", "whk_1", event, NOW, before.build());
        for (int i = 1; i <= WebhookAttempt.KEPT + 1; i++) {
            delivery.again(NOW);
            delivery.tried(NOW, WebhookAttempt.answered(200, i, null, NOW), NOW);
            JsonArray attempts = delivery.get().getJsonArray("attempts");
            assertEquals(WebhookAttempt.KEPT, attempts.size());
            assertEquals(i, attempts.getJsonObject(WebhookAttempt.KEPT - 1).getInt("durationMs"));
        }
        assertEquals(2, delivery.get().getJsonArray("attempts").getJsonObject(0).getInt("durationMs"));
    }
}
