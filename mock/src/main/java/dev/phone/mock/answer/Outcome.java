// SPDX-License-Identifier: Apache-2.0
package dev.phone.mock.answer;

import dev.phone.mock.state.Item;
import jakarta.json.JsonValue;
import java.nio.charset.StandardCharsets;

/**
 * The success of an operation.
 *
 * @param reason what was done, for {@code x-mock-reason}
 */
public record Outcome(byte[] body, String reason) {

    public static Outcome show(Item item, String reason) {
        return new Outcome(item.envelope(), reason);
    }

    public static Outcome data(JsonValue data, String reason) {
        return body("{\"data\":" + data + '}', reason);
    }

    public static Outcome body(String json, String reason) {
        return new Outcome(json.getBytes(StandardCharsets.UTF_8), reason);
    }
}
