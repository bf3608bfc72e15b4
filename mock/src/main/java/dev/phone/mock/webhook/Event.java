// SPDX-License-Identifier: Apache-2.0
package dev.phone.mock.webhook;

import dev.phone.api.JsonTexts;
import dev.phone.mock.state.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonString;
import java.time.Duration;
import java.time.Instant;

/**
 * Something that happened.
 *
 * @param model the payload that the contract shows for this type
 * @param subject the key of what it happened to
 * @param state what that was like then; null when the event does not tell
 * @param shift how long after the model's now it happened
 */
record Event(String id, String type, Instant createdAt, JsonObject model, String subject, JsonObject state, Duration shift) {

    /** What is sent, the same each time. */
    String payload() {
        JsonObjectBuilder data = Json.object();
        model.getJsonObject("data").forEach((name, value) -> {
            if (value instanceof JsonString && name.endsWith("Id")) {
                data.add(name, subject);
            } else if (value instanceof JsonObject && state != null) {
                data.add(name, state);
            } else {
                data.add(name, JsonTexts.move(value, shift));
            }
        });
        return Json.object().add("id", id).add("type", type).add("createdAt", Json.instant(createdAt)).add("data", data).build().toString();
    }
}
