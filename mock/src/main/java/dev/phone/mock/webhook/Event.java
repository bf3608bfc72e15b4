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
 * An event.
 *
 * @param model the example payload of this type in the contract
 * @param subject the key of the resource that the event is about
 * @param state the state of the resource at that time; null if the event does not contain it
 * @param shift the time between the example's now and the event
 */
record Event(String id, String type, Instant createdAt, JsonObject model, String subject, JsonObject state, Duration shift) {

    /** The payload, identical in each attempt. */
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
