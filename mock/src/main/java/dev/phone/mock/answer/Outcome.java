// SPDX-License-Identifier: Apache-2.0
package dev.phone.mock.answer;

import dev.phone.mock.state.Item;
import jakarta.json.JsonValue;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;

/**
 * The success of an operation.
 *
 * @param written makes the body, when the world is no longer held
 * @param reason what was done, for {@code x-mock-reason}
 * @param replayed whether it is that of an earlier request with the same Idempotency-Key
 */
public record Outcome(Supplier<byte[]> written, String reason, boolean replayed) {

    private Outcome(Supplier<byte[]> written, String reason) {
        this(written, reason, false);
    }

    /** The body of an earlier success once more. */
    static Outcome replay(byte[] body) {
        return new Outcome(() -> body, "replayed by its Idempotency-Key", true);
    }

    /** Shows an item as it is now. */
    public static Outcome show(Item item, String reason) {
        return new Outcome(item.shown()::envelope, reason);
    }

    public static Outcome data(JsonValue data, String reason) {
        return new Outcome(() -> ("{\"data\":" + data + '}').getBytes(StandardCharsets.UTF_8), reason);
    }

    public static Outcome body(String json, String reason) {
        return new Outcome(() -> json.getBytes(StandardCharsets.UTF_8), reason);
    }

    byte[] body() {
        return written.get();
    }
}
