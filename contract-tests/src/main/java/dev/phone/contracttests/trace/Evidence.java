// SPDX-License-Identifier: Apache-2.0
package dev.phone.contracttests.trace;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Results of tests for the report, in addition to traces: one JSON object per file, whose name begins with its kind. */
public final class Evidence {
    /** Below the directory in which Maven runs the tests. */
    private static final Path FOLDER = Path.of("target", "proof", "evidence");

    private Evidence() {
    }

    /** @param kind such as {@code pacts} @param of the subject, such as a target; later evidence replaces earlier evidence */
    public static void write(String kind, String of, JsonObject evidence) {
        try {
            Files.createDirectories(FOLDER);
            Files.writeString(FOLDER.resolve(kind + "." + of.replaceAll("\\W+", "-") + ".json"), evidence.toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All evidence of a kind, sorted by file name. */
    public static List<JsonObject> read(String kind) {
        try (Stream<Path> files = Files.isDirectory(FOLDER) ? Files.list(FOLDER) : Stream.empty()) {
            return files.filter(file -> file.getFileName().toString().startsWith(kind + ".")).sorted().map(Evidence::read).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static JsonObject read(Path file) {
        try (var reader = Json.createReader(Files.newBufferedReader(file))) {
            return reader.readObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Deletes the evidence of earlier runs. */
    public static void clear() {
        Trace.clear(FOLDER);
    }
}
