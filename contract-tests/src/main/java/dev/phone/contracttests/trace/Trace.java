// SPDX-License-Identifier: Apache-2.0
package dev.phone.contracttests.trace;

import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The requests of a suite to a target, with their responses.
 *
 * @param suite the simple name of its class
 * @param target the name of the target
 * @param url the URL of the target
 * @param tests the steps of each test, by the test's name
 * @param took the duration of the suite on this target
 */
public record Trace(String suite, String target, String url, Map<String, List<Step>> tests, Duration took) {
    /** Below the directory in which Maven runs the tests. */
    private static final Path FOLDER = Path.of("target", "proof", "traces");

    void write() {
        JsonObjectBuilder all = Json.createObjectBuilder();
        tests.forEach((test, steps) -> {
            JsonArrayBuilder array = Json.createArrayBuilder();
            steps.forEach(step -> array.add(step.toJson()));
            all.add(test, array);
        });
        try {
            Files.createDirectories(FOLDER);
            Path file = FOLDER.resolve(suite + "." + target.replaceAll("\\W+", "-") + ".json");
            try (var writer = Json.createWriter(Files.newBufferedWriter(file))) {
                writer.write(Json.createObjectBuilder().add("suite", suite).add("target", target).add("url", url).add("tests", all)
                        .add("millis", took.toMillis()).build());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All traces, in no particular order. */
    public static List<Trace> readAll() {
        if (!Files.isDirectory(FOLDER)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.map(Trace::read).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Deletes the traces of earlier runs. */
    public static void clear() {
        clear(FOLDER);
    }

    static void clear(Path folder) {
        try (Stream<Path> files = Files.isDirectory(folder) ? Files.list(folder) : Stream.empty()) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Trace read(Path file) {
        try (var reader = Json.createReader(Files.newBufferedReader(file))) {
            JsonObject json = reader.readObject();
            Map<String, List<Step>> tests = new LinkedHashMap<>();
            json.getJsonObject("tests").forEach((test, steps) -> {
                List<Step> list = new ArrayList<>();
                steps.asJsonArray().forEach(step -> list.add(Step.of(step.asJsonObject())));
                tests.put(test, list);
            });
            return new Trace(json.getString("suite"), json.getString("target"), json.getString("url"), tests,
                    Duration.ofMillis(json.getJsonNumber("millis").longValue()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
