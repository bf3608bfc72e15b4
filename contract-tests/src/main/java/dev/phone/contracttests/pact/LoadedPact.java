// SPDX-License-Identifier: Apache-2.0
package dev.phone.contracttests.pact;

import au.com.dius.pact.core.model.DefaultPactReader;
import au.com.dius.pact.core.model.Pact;
import au.com.dius.pact.core.model.PactSource;
import au.com.dius.pact.core.support.json.JsonException;
import au.com.dius.pact.core.support.json.JsonParser;
import au.com.dius.pact.core.support.json.JsonValue;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A pact and its source.
 *
 * @param name its name in the output
 * @param pending whether the broker has it as pending: it may differ, because the provider has never satisfied it
 */
public record LoadedPact(String name, Pact pact, boolean pending) {

    /** One file, or all JSON files in a folder and its subfolders. */
    static List<Path> files(Path place) {
        if (!Files.exists(place)) {
            throw new PactProblem("there is no file or folder " + place);
        }
        try (Stream<Path> found = Files.walk(place)) {
            List<Path> files = found.filter(file -> Files.isRegularFile(file) && (file.equals(place) || file.toString().endsWith(".json")))
                    .sorted().toList();
            if (files.isEmpty()) {
                throw new PactProblem("no pact found: there is no .json file in " + place);
            }
            return files;
        } catch (IOException e) {
            throw new PactProblem("cannot list " + place + ": " + e.getMessage());
        }
    }

    static LoadedPact read(Path file, String name) {
        try {
            return of(JsonParser.parseString(Files.readString(file, StandardCharsets.UTF_8)), name,
                    new au.com.dius.pact.core.model.FileSource(file.toFile()), false);
        } catch (IOException e) {
            throw new PactProblem("cannot be read as UTF-8 text: " + e);
        } catch (JsonException e) {
            throw new PactProblem("is not JSON: " + e.getMessage());
        }
    }

    static LoadedPact of(JsonValue json, String name, PactSource source, boolean pending) {
        if (!(json instanceof JsonValue.Object object)) {
            throw new PactProblem("is not a pact: it is not a JSON object");
        }
        List<String> missing = new ArrayList<>();
        for (String party : List.of("consumer", "provider")) {
            if (!(object.get(party) instanceof JsonValue.Object named) || !(named.get("name") instanceof JsonValue.StringValue)) {
                missing.add(party + ".name");
            }
        }
        boolean messages = object.get("messages") instanceof JsonValue.Array;
        if (!messages && !(object.get("interactions") instanceof JsonValue.Array)) {
            missing.add("interactions");
        }
        if (!missing.isEmpty()) {
            throw new PactProblem("is not a pact: it has no " + String.join(", no ", missing));
        }
        Pact pact;
        try {
            pact = DefaultPactReader.INSTANCE.pactFromJson(object, source);
        } catch (RuntimeException e) {
            throw new PactProblem("is a pact that cannot be read: " + e.getMessage());
        }
        if (pact.getInteractions().isEmpty()) {
            throw new PactProblem("is a pact without interactions");
        }
        return new LoadedPact(name, pact, pending);
    }
}
