// SPDX-License-Identifier: Apache-2.0
package dev.phone.contracttests.diff;

import dev.phone.contract.Contract;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** {@code mvn -Pdiff}: writes the changes between an older contract and the current one. */
final class Diff {
    private static final PrintStream OUT = utf8(FileDescriptor.out);
    private static final PrintStream ERR = utf8(FileDescriptor.err);

    private Diff() {
    }

    private static PrintStream utf8(FileDescriptor descriptor) {
        return new PrintStream(new FileOutputStream(descriptor), true, StandardCharsets.UTF_8);
    }

    /** A contract and its name in the report. */
    record Named(String name, JsonObject contract) {
    }

    /**
     * @param arguments the root of the repository; the directory to write to; the base, which is a contract file, or a tag or commit of
     *     git, or empty for the last release
     */
    public static void main(String[] arguments) {
        try {
            Path root = Path.of(arguments[0]).toAbsolutePath().normalize();
            Named base = base(root, arguments.length > 2 ? arguments[2] : "");
            JsonObject now = today();
            write(Path.of(arguments[1]), new DiffReport(base.name, "today (" + now.getJsonObject("info").getString("version") + ")",
                    ContractDiff.between(base.contract, now)));
        } catch (IllegalArgumentException | IllegalStateException | UncheckedIOException | IOException e) {
            ERR.println("diff: " + String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
            System.exit(1);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static JsonObject today() throws IOException {
        try (var in = Diff.class.getResourceAsStream("/openapi.json"); var reader = Json.createReader(in)) {
            return reader.readObject();
        }
    }

    private static void write(Path directory, DiffReport report) throws IOException {
        Files.createDirectories(directory);
        Path page = directory.resolve("index.html");
        Files.writeString(page, report.html());
        Files.writeString(directory.resolve("diff.md"), report.markdown());
        OUT.println("diff: " + report.summary());
        Path here = Path.of("").toAbsolutePath();
        OUT.println("diff: " + here.relativize(page.toAbsolutePath()) + ", " + here.relativize(directory.toAbsolutePath()).resolve("diff.md"));
    }

    /** @throws IllegalArgumentException if there is no such contract; the first line of the message says why */
    static Named base(Path root, String base) throws IOException, InterruptedException {
        if (base.isEmpty()) {
            Released.Release last = Released.latest(root.resolve("openapi/released"));
            return new Named(last.version().toString(), last.contract());
        }
        Path file = root.resolve(base);
        if (Files.isRegularFile(file)) {
            return new Named(base, read(base, file));
        }
        Path directory = Files.createTempDirectory("phone-diff");
        try {
            unpack(root, base, directory);
            return new Named(base, read(base, directory.resolve("openapi/phone.yaml")));
        } finally {
            delete(directory);
        }
    }

    private static JsonObject read(String base, Path file) {
        JsonObject contract;
        try {
            contract = Contract.read(file).json();
        } catch (IllegalArgumentException | ClassCastException | NullPointerException e) {
            throw new IllegalArgumentException(base + " is not a readable contract: " + e.getMessage(), e);
        }
        if (!contract.containsKey("openapi")) {
            throw new IllegalArgumentException(base + " is not an OpenAPI document: it has no openapi");
        }
        return contract;
    }

    /** Extracts the contract's sources of that tag or commit. */
    private static void unpack(Path root, String reference, Path directory) throws IOException, InterruptedException {
        Path archive = directory.resolve("openapi.zip");
        // Older versions of git do not know --end-of-options, so refuse a reference that looks like an option.
        if (reference.startsWith("-")) {
            throw new IllegalArgumentException(reference + " is neither a file nor a tag or commit");
        }
        Process git;
        try {
            git = new ProcessBuilder("git", "archive", "--format=zip", "--output=" + archive, reference, "openapi").directory(root.toFile())
                    .redirectErrorStream(true).start();
        } catch (IOException e) {
            throw new IllegalArgumentException(reference + " is not a file, and git is not available to resolve it as a tag or commit", e);
        }
        String said = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (git.waitFor() != 0) {
            throw new IllegalArgumentException(reference + " is neither a file nor a tag or commit with a contract: "
                    + said.lines().findFirst().orElse("git failed"));
        }
        try (ZipInputStream zip = new ZipInputStream(Files.newInputStream(archive))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                Path target = directory.resolve(entry.getName());
                if (entry.isDirectory()) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(zip, target);
                }
            }
        }
    }

    private static void delete(Path directory) throws IOException {
        List<Path> all;
        try (Stream<Path> files = Files.walk(directory)) {
            all = files.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path file : all) {
            Files.delete(file);
        }
    }
}
