// SPDX-License-Identifier: Apache-2.0
package dev.phone.contracttests.diff;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The released contracts: {@code openapi/released/<version>.json}. */
public final class Released {
    /** A contract and its file. */
    public record Release(Path file, JsonObject contract) {
        Version version() {
            return Version.of(contract);
        }
    }

    /** A semantic version (semver.org): only a higher major version may break clients. */
    record Version(int major, int minor, int patch) implements Comparable<Version> {
        private static final Comparator<Version> ORDER = Comparator.comparingInt(Version::major).thenComparingInt(Version::minor)
                .thenComparingInt(Version::patch);

        /** @throws IllegalArgumentException if {@code info.version} is not of the form 1.2.3 */
        static Version of(JsonObject contract) {
            String text = contract.getJsonObject("info").getString("version");
            if (!text.matches("\\d{1,6}\\.\\d{1,6}\\.\\d{1,6}")) {
                throw new IllegalArgumentException("info.version is " + text + "; write three numbers, such as 1.2.0");
            }
            String[] parts = text.split("\\.");
            return new Version(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]), Integer.parseInt(parts[2]));
        }

        @Override
        public int compareTo(Version other) {
            return ORDER.compare(this, other);
        }

        @Override
        public String toString() {
            return major + "." + minor + "." + patch;
        }
    }

    private Released() {
    }

    /** @throws IllegalStateException if nothing has been released yet */
    public static Release latest(Path directory) {
        if (!Files.isDirectory(directory)) {
            throw new IllegalStateException("nothing was released yet: there is no folder " + directory);
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(".json")).map(file -> new Release(file, read(file)))
                    .max(Comparator.comparing(Release::version))
                    .orElseThrow(() -> new IllegalStateException("nothing was released yet: " + directory + " is empty"));
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

    /** What the contract breaks without a higher major version, and how to fix it; empty if nothing. */
    static String objection(Release last, JsonObject contract) {
        Version before = last.version();
        Version now = Version.of(contract);
        if (now.compareTo(before) < 0) {
            return "info.version is " + now + ", but " + before + " has already been released; raise it in openapi/phone.yaml\n";
        }
        List<Change> breaking = ContractDiff.between(last.contract, contract).stream().filter(Change::isBreaking).toList();
        if (breaking.isEmpty() || now.major > before.major) {
            return "";
        }
        return "The contract breaks what version " + before + " promised (" + last.file.getFileName() + "), and info.version is " + now + ":\n\n"
                + words(breaking) + "\nRevert the change, or raise info.version in openapi/phone.yaml to " + (before.major + 1)
                + ".0.0. For the full comparison, run mvn -Pdiff\n";
    }

    /** One line per change; a change of a shared component is one line for all its operations. */
    static String words(List<Change> changes) {
        Map<List<String>, List<Change>> shared = new LinkedHashMap<>();
        for (Change change : changes) {
            String about = change.subject().isEmpty() ? change.operation() + change.where() : change.subject();
            shared.computeIfAbsent(List.of(about, change.what()), key -> new ArrayList<>()).add(change);
        }
        StringBuilder words = new StringBuilder();
        shared.values().forEach(group -> {
            Change first = group.getFirst();
            long operations = group.stream().map(Change::operation).distinct().count();
            words.append("  - ").append(first);
            if (!first.subject().isEmpty() && group.size() > 1) {
                words.append(" (").append(first.subject()).append(", in ").append(operations == 1 ? "this operation" : operations + " operations")
                        .append(')');
            }
            words.append('\n');
        });
        return words.toString();
    }
}
