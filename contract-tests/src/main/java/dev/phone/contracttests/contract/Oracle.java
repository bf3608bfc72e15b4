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

/** Validates against the contract with an independent library. */
public final class Oracle {
    private static final Object PARSER = new Object();

    public static final OpenApiInteractionValidator VALIDATOR = parsingAlone(() -> OpenApiInteractionValidator
            .createForInlineApiSpecification(closed(TheContract.CONTRACT.json()).toString()).build());

    private Oracle() {
    }

    /** The contract with all objects closed. The contract lets responses grow, but today's responses must be fully documented. */
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

    /** Serialises calls of swagger-parser, which has static state: documents parsed concurrently may get each other's types. */
    public static <T> T parsingAlone(Supplier<T> parsing) {
        synchronized (PARSER) {
            return parsing.get();
        }
    }
}
