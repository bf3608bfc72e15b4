// SPDX-License-Identifier: Apache-2.0
package dev.phone.mock.handler;

import dev.phone.mock.state.Resource;
import jakarta.json.JsonValue;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;

/**
 * The success of an operation.
 *
 * @param written makes the body, when the session is no longer held
 * @param reason what was done, for {@code x-mock-reason}
 * @param replayed whether it is that of an earlier request with the same Idempotency-Key
 */
public record Result(Supplier<byte[]> written, String reason, boolean replayed) {

    private Result(Supplier<byte[]> written, String reason) {
        this(written, reason, false);
    }

    /** The body of an earlier success once more. */
    static Result replay(byte[] body) {
        return new Result(() -> body, "replayed by its Idempotency-Key", true);
    }

    /** Shows a resource as it is now. */
    public static Result show(Resource resource, String reason) {
        return new Result(resource.shown()::envelope, reason);
    }

    public static Result data(JsonValue data, String reason) {
        return new Result(() -> ("{\"data\":" + data + '}').getBytes(StandardCharsets.UTF_8), reason);
    }

    public static Result body(String json, String reason) {
        return new Result(() -> json.getBytes(StandardCharsets.UTF_8), reason);
    }

    byte[] body() {
        return written.get();
    }
}
