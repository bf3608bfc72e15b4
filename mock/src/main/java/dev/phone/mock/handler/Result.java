// SPDX-License-Identifier: Apache-2.0
package dev.phone.mock.handler;

import dev.phone.mock.state.Resource;
import jakarta.json.JsonValue;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;

/**
 * The success of an operation.
 *
 * @param written writes the body, after the session has been unlocked
 * @param reason what was done, for {@code x-mock-reason}
 * @param replayed whether it repeats the result of an earlier request with the same Idempotency-Key
 */
public record Result(Supplier<byte[]> written, String reason, boolean replayed) {

    private Result(Supplier<byte[]> written, String reason) {
        this(written, reason, false);
    }

    /** Repeats the body of an earlier success. */
    static Result replay(byte[] body) {
        return new Result(() -> body, "replayed by its Idempotency-Key", true);
    }

    /** Returns a resource in its current state. */
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
