// SPDX-License-Identifier: Apache-2.0
package dev.phone.contract;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonWriter;
import jakarta.json.stream.JsonGenerator;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * The first step of the build: bundles the contract, and fails if it breaks our rules, so that nothing is generated from a bad contract.
 *
 * <p>This class is compiled and run before code generation, and is in no jar.
 */
final class Build {

    private Build() {
    }

    /**
     * @param arguments the contract's root file; the output directory for {@code openapi.json} and the other forms of it; the directory of the golden
     *     files; the output directory for {@code Rules.java}; the input file of the code generator; the directory of its output; the directory
     *     of the documentation page; the output directory for its copy
     */
    public static void main(String[] arguments) throws IOException {
        // Print UTF-8 regardless of the locale, which on a build machine is often not UTF-8.
        PrintStream err = new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
        Bundle bundle = Bundle.of(Path.of(arguments[0]));
        List<Problem> problems = bundle.problems();
        JsonObject published = bundle.json();
        String text = "";
        if (problems.isEmpty()) {
            // Written even if rules are broken: the bundled document helps to see why.
            Path directory = Path.of(arguments[1]);
            problems = Lint.check(bundle);
            if (problems.isEmpty()) {
                published = Published.of(bundle.json());
                text = MarkdownDocs.of(published);
            }
            write(directory.resolve("openapi.json"), json(published));
            write(directory.resolve("openapi.yaml"), Yaml.of(published));
            if (problems.isEmpty()) {
                write(directory.resolve("openapi-3.0.json"), json(OpenApi30.of(published)));
                write(directory.resolve("docs.md"), text);
            }
            if (bundle.json().get("x-demo-world") instanceof JsonObject world) {
                // A separate file, so that the server can seed a database without reading the whole document.
                write(directory.resolve("demo-world.json"), json(world));
            }
        }
        if (!problems.isEmpty()) {
            problems.forEach(err::println);
            problems.stream().map(Problem::rule).distinct().filter(Ruleset::has).map(Ruleset::of)
                    .forEach(rule -> err.println("  " + rule.name() + ": " + rule.why()));
            err.println("contract: " + problems.size() + (problems.size() == 1 ? " problem" : " problems"));
            System.exit(1);
        }
        Contract contract = Contract.of(bundle.json());
        Path golden = Path.of(arguments[2]);
        String difference = golden(golden.resolve("operations.txt"), GoldenTable.of(contract))
                + golden(golden.resolve("constraints.txt"), Constraints.of(bundle.json()))
                + golden(golden.resolve("numbers.txt"), Rules.table(bundle.json()));
        if (!difference.isEmpty()) {
            err.print(difference);
            System.exit(1);
        }
        write(Path.of(arguments[3]).resolve("dev/phone/api/Rules.java"), Rules.java(bundle.json()));
        GeneratorInput.write(bundle.json(), Path.of(arguments[4]), Path.of(arguments[5]));
        StaticDocs.write(published, text, Path.of(arguments[6]), Path.of(arguments[7]));
        Spot document = Spot.of(bundle.json());
        if (System.getProperty("released", "").equals("write")) {
            write(golden.resolve("released").resolve(document.get("info").get("version").text() + ".json"), json(published));
        }
        System.out.println("contract: " + contract.operations().size() + " operations, "
                + document.get("components").get("schemas").object().size() + " schemas, " + examples(document) + " examples");
    }

    /** Compares the table with its file, or rewrites the file with {@code -Dgolden=write}. @return the difference; empty if there is none */
    private static String golden(Path file, String table) throws IOException {
        if (System.getProperty("golden", "").equals("write")) {
            write(file, table);
            return "";
        }
        String written = Files.exists(file) ? Files.readString(file) : "";
        return written.equals(table) ? "" : file.getFileName() + " differs from the contract:\n\n"
                + GoldenTable.difference(written, table) + "\nIf the contract is right, rewrite it: mvn verify -Dgolden=write\n";
    }

    /** The number of response examples in the contract. */
    private static int examples(Spot document) {
        return document.get("paths").members().values().stream().flatMap(item -> item.members().values().stream())
                .flatMap(operation -> operation.get("responses").members().values().stream())
                .mapToInt(response -> response.get("content").get("application/json").raw("examples").object().size()).sum();
    }

    static String json(JsonObject document) {
        StringWriter text = new StringWriter();
        try (JsonWriter writer = Json.createWriterFactory(Map.of(JsonGenerator.PRETTY_PRINTING, true)).createWriter(text)) {
            writer.write(document);
        }
        return text.append('\n').toString();
    }

    /** Writes a file only if its content changes, so that later steps need not run again. */
    static void write(Path file, String text) throws IOException {
        if (!isWritten(file, text)) {
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
        }
    }

    static boolean isWritten(Path file, String text) throws IOException {
        return Files.exists(file) && Files.readString(file).equals(text);
    }
}
