// SPDX-License-Identifier: Apache-2.0
package dev.phone.contracttests.consumer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.fail;

import au.com.dius.pact.core.model.PactSpecVersion;
import au.com.dius.pact.core.model.V4Interaction;
import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The pact that a consumer's tests have written, beside the one that is committed. Keys and interactions are in alphabetical order and nothing
 * tells of versions or time, so that a change of the file is a change of what the consumer asks for.
 */
final class Golden {
    private static final boolean WRITE = "write".equals(System.getProperty("golden"));
    private static final String HOW = "\nIf that is meant, run the consumer's tests with -Dgolden=write and commit the file.";

    private final String consumer;
    private final Path file;
    private final SortedMap<String, JsonObject> asked = new TreeMap<>();
    private final SortedMap<String, JsonObject> committed = new TreeMap<>();

    Golden(String consumer) {
        this.consumer = consumer;
        this.file = Path.of(System.getProperty("phone.root", ".."), "contract-tests/pacts/" + consumer + ".json");
        try {
            if (!WRITE && Files.exists(file)) {
                json(Files.readString(file)).getJsonArray("interactions").getValuesAs(JsonObject.class)
                        .forEach(interaction -> committed.put(interaction.getString("description"), interaction));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void asked(V4Interaction interaction) {
        JsonObject json = json(au.com.dius.pact.core.support.Json.toJson(interaction.toMap(PactSpecVersion.V4)).serialise());
        if (asked.put(interaction.getDescription(), json) != null) {
            throw new IllegalArgumentException("two interactions are called '" + interaction.getDescription() + "'");
        }
        if (!WRITE) {
            JsonObject before = committed.get(interaction.getDescription());
            assertNotNull(before, () -> file.normalize() + " has no interaction '" + interaction.getDescription() + "'." + HOW);
            JsonArray patch = Json.createDiff(before, json).toJsonArray();
            if (!patch.isEmpty()) {
                fail("'" + interaction.getDescription() + "' is no longer what " + file.normalize() + " says:\n"
                        + patch.getValuesAs(JsonObject.class).stream().map(change -> difference(before, change)).collect(Collectors.joining("\n")) + HOW);
            }
        }
    }

    /** @param change an operation of RFC 6902 */
    private static String difference(JsonObject before, JsonObject change) {
        String path = change.getString("path");
        String was = change.getString("op").equals("add") ? "nothing" : String.valueOf(Json.createPointer(path).getValue(before));
        return "- " + path + " was " + was + " and is now " + (change.containsKey("value") ? change.get("value") : "gone");
    }

    /** When all tests of the consumer have run. */
    void complete() {
        if (WRITE) {
            try {
                Files.createDirectories(file.getParent());
                Files.writeString(file, pretty(Json.createObjectBuilder()
                        .add("consumer", Json.createObjectBuilder().add("name", consumer))
                        .add("interactions", Json.createArrayBuilder(asked.values()))
                        .add("metadata", Json.createObjectBuilder()
                                .add("pactSpecification", Json.createObjectBuilder().add("version", "4.0")))
                        .add("provider", Json.createObjectBuilder().add("name", ConsumerTest.PROVIDER)).build()) + "\n");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        } else {
            assertEquals(asked.keySet(), committed.keySet(), () -> file.normalize() + " has interactions that no test asks for." + HOW);
        }
    }

    private static JsonObject json(String text) {
        try (var reader = Json.createReader(new StringReader(text))) {
            return reader.readObject();
        }
    }

    private static String pretty(JsonObject json) {
        return au.com.dius.pact.core.support.Json.INSTANCE.prettyPrint(sorted(json).toString());
    }

    private static JsonValue sorted(JsonValue value) {
        return switch (value) {
            case JsonObject object -> {
                Map<String, Object> members = new TreeMap<>();
                object.forEach((key, member) -> members.put(key, sorted(member)));
                yield Json.createObjectBuilder(members).build();
            }
            case JsonArray array -> {
                var items = Json.createArrayBuilder();
                array.forEach(item -> items.add(sorted(item)));
                yield items.build();
            }
            default -> value;
        };
    }
}
