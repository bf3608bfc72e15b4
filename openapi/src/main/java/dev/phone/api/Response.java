// SPDX-License-Identifier: Apache-2.0
package dev.phone.api;

import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import java.util.function.Function;

/**
 * A success response.
 *
 * @param status the HTTP status
 * @param json the envelope
 * @param replayed whether it repeats the response to an earlier request with the same Idempotency-Key
 */
public record Response(int status, JsonObject json, boolean replayed) {

    /** The result of an operation in its envelope, with the operation's success status. */
    public static <T> Response of(Operation operation, T data, Function<T, ? extends JsonValue> encoder) {
        return new Response(operation.status(), Codec.object().add("data", encoder.apply(data)).build(), false);
    }

    /** The page that an operation returns, in its envelope. */
    public static <T> Response page(Operation operation, Page<T> page, Function<T, ? extends JsonValue> encoder) {
        JsonObjectBuilder envelope = Codec.object().add("data", Codec.listOf(encoder).apply(page.items()));
        return new Response(operation.status(), envelope.add("meta", new PageMeta(page.nextCursor()).toJson()).build(), false);
    }

    /** Repeats an earlier response. */
    public static Response replay(int status, JsonObject json) {
        return new Response(status, json, true);
    }
}
