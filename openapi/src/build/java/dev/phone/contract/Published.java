// SPDX-License-Identifier: Apache-2.0
package dev.phone.contract;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.util.function.UnaryOperator;

/** The published contract: states explicitly, for standard tools, what the sources leave to our own tools. */
final class Published {

    private Published() {
    }

    static JsonObject of(JsonObject document) {
        return ErrorSchemas.narrowed(BadRequests.apart(NamedExamples.completed(Recipes.rendered(document))));
    }

    /** The paths of a document with each operation transformed. */
    static JsonObject paths(JsonObject document, UnaryOperator<JsonObject> change) {
        JsonObjectBuilder paths = Json.createObjectBuilder();
        document.getJsonObject("paths").forEach((path, item) -> {
            JsonObjectBuilder methods = Json.createObjectBuilder();
            item.asJsonObject().forEach((method, value) ->
                    methods.add(method, Contract.METHODS.contains(method) ? change.apply(value.asJsonObject()) : value));
            paths.add(path, methods);
        });
        return paths.build();
    }
}
