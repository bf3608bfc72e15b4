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
 * The first step of the build: bundles the contract and refuses one that breaks our rules, so that nothing is ever generated from it.
 *
 * <p>Is compiled and run before anything is generated, and is in no jar.
 */
final class Build {

    private Build() {
    }

    /**
     * @param arguments the contract's root file; the directory of {@code openapi.json} and {@code openapi.yaml}; the directory of the golden
     *     files; the root of generated sources; the file that the code generator reads
     */
    public static void main(String[] arguments) throws IOException {
        // Our messages are UTF-8 wherever they are read; the locale of a build machine often is not.
        PrintStream err = new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
        Bundle bundle = Bundle.of(Path.of(arguments[0]));
        List<Problem> problems = bundle.problems();
        if (problems.isEmpty()) {
            // Written even when rules are broken: what it amounts to helps to see why.
            Path directory = Path.of(arguments[1]);
            problems = Lint.check(bundle);
            JsonObject published = problems.isEmpty() ? Published.of(bundle.json()) : bundle.json();
            write(directory.resolve("openapi.json"), json(published));
            write(directory.resolve("openapi.yaml"), Yaml.of(published));
            if (problems.isEmpty()) {
                write(directory.resolve("openapi-3.0.json"), json(OpenApi30.of(published)));
            }
            if (bundle.json().get("x-demo-world") instanceof JsonObject world) {
                // The server fills an empty database with it, and would have to read the whole document for that.
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
        write(Path.of(arguments[4]), json(GeneratorInput.of(bundle.json())));
        Spot document = Spot.of(bundle.json());
        if (System.getProperty("released", "").equals("write")) {
            write(golden.resolve("released").resolve(document.get("info").get("version").text() + ".json"), json(Published.of(bundle.json())));
        }
        System.out.println("contract: " + contract.operations().size() + " operations, "
                + document.get("components").get("schemas").object().size() + " schemas, " + examples(document) + " examples");
    }

    /** Compares the table with its file, or writes the file when told to by {@code -Dgolden=write}; empty when all is well. */
    private static String golden(Path file, String table) throws IOException {
        if (System.getProperty("golden", "").equals("write")) {
            write(file, table);
            return "";
        }
        String written = Files.exists(file) ? Files.readString(file) : "";
        return written.equals(table) ? "" : file.getFileName() + " is not what the contract says:\n\n"
                + GoldenTable.difference(written, table) + "\nIf the contract is right, rewrite it: mvn verify -Dgolden=write\n";
    }

    /** How many requests the contract shows the response of. */
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

    /** Leaves a file alone that is as it should be, so that nothing is made anew from it. */
    static void write(Path file, String text) throws IOException {
        if (!Files.exists(file) || !Files.readString(file).equals(text)) {
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
        }
    }
}
