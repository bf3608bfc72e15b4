// SPDX-License-Identifier: Apache-2.0
package dev.phone.contracttests.contract;

import com.atlassian.oai.validator.OpenApiInteractionValidator;
import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import java.util.function.Supplier;

/** The contract as a validator reads it that knows nothing of ours. */
public final class Oracle {
    private static final Object PARSER = new Object();

    public static final OpenApiInteractionValidator VALIDATOR = parsingAlone(() -> OpenApiInteractionValidator
            .createForInlineApiSpecification(closed(TheContract.CONTRACT.json()).toString()).build());

    private Oracle() {
    }

    /**
     * The contract without room for properties that it does not name. It leaves answers room to grow; what we answer with today must be documented
     * all the same.
     */
    public static JsonValue closed(JsonValue value) {
        return switch (value) {
            case JsonObject object -> {
                JsonObjectBuilder closed = Json.createObjectBuilder();
                object.forEach((name, member) -> closed.add(name, closed(member)));
                if (object.get("properties") instanceof JsonObject && !object.containsKey("additionalProperties")) {
                    closed.add("additionalProperties", false);
                }
                yield closed.build();
            }
            case JsonArray array -> {
                JsonArrayBuilder closed = Json.createArrayBuilder();
                array.forEach(item -> closed.add(closed(item)));
                yield closed.build();
            }
            default -> value;
        };
    }

    /** swagger-parser keeps state of its own: of two documents that are read at once, one may end up with types of the other. */
    public static <T> T parsingAlone(Supplier<T> parsing) {
        synchronized (PARSER) {
            return parsing.get();
        }
    }
}
