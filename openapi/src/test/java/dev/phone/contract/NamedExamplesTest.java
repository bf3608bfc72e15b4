// SPDX-License-Identifier: Apache-2.0
package dev.phone.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Tools that take requests from examples find all that is sent under one name. */
class NamedExamplesTest {
    private static final Contract CONTRACT = Contract.read(Path.of("target/classes/openapi.json"));

    @Test
    void aRequestExampleIsNamedWhereverItIsRequired() {
        List<String> missing = new ArrayList<>();
        int complete = 0;
        for (JsonValue item : CONTRACT.json().getJsonObject("paths").values()) {
            for (Map.Entry<String, JsonValue> each : item.asJsonObject().entrySet()) {
                if (Contract.METHODS.contains(each.getKey())) {
                    JsonObject operation = each.getValue().asJsonObject();
                    // By where they stand: the examples of what must be sent, and those of what may be.
                    Map<String, Set<String>> required = new LinkedHashMap<>();
                    Set<String> requested = new HashSet<>();
                    operation.getOrDefault("parameters", JsonValue.EMPTY_JSON_ARRAY).asJsonArray().forEach(reference -> {
                        JsonObject parameter = CONTRACT.resolve(reference);
                        requested.addAll(names(parameter));
                        if (parameter.getBoolean("required", false)) {
                            required.put(parameter.getString("name"), names(parameter));
                        }
                    });
                    if (operation.containsKey("requestBody")) {
                        Set<String> names = names(json(CONTRACT.resolve(operation.get("requestBody"))));
                        requested.addAll(names);
                        required.put("the body", names);
                    }
                    requested.forEach(name -> required.forEach((where, names) -> {
                        if (!names.contains(name)) {
                            missing.add(operation.getString("operationId") + " " + name + ": " + where + " has no example of this name");
                        }
                    }));
                    complete += required.size();
                }
            }
        }
        assertEquals(List.of(), missing);
        assertTrue(complete > 30, "this looked at nothing");
    }

    private static JsonObject json(JsonObject holder) {
        return holder.getJsonObject("content").getJsonObject("application/json");
    }

    private static Set<String> names(JsonObject holder) {
        return holder.get("examples") instanceof JsonObject examples ? examples.keySet() : Set.of();
    }
}
