// SPDX-License-Identifier: Apache-2.0
package dev.phone.api;

import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import java.util.function.Function;

/**
 * A success, as it is written.
 *
 * @param status the HTTP status
 * @param json the envelope
 * @param replayed whether it was given before, to a request with the same Idempotency-Key
 */
public record Response(int status, JsonObject json, boolean replayed) {

    /** What an operation returns, in its envelope and with the one success status that the contract gives it. */
    public static <T> Response of(Operation operation, T data, Function<T, ? extends JsonValue> encoder) {
        return new Response(operation.status(), Codec.object().add("data", encoder.apply(data)).build(), false);
    }

    /** The page that an operation returns. */
    public static <T> Response page(Operation operation, Page<T> page, Function<T, ? extends JsonValue> encoder) {
        JsonObjectBuilder envelope = Codec.object().add("data", Codec.listOf(encoder).apply(page.items()));
        return new Response(operation.status(), envelope.add("meta", new PageMeta(page.nextCursor()).toJson()).build(), false);
    }

    /** A response that was given before. */
    public static Response replay(int status, JsonObject json) {
        return new Response(status, json, true);
    }
}
