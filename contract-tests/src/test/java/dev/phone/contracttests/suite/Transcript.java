// SPDX-License-Identifier: Apache-2.0
package dev.phone.contracttests.suite;

import static dev.phone.contracttests.gate.NamedTests.dynamicTest;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.phone.contract.Example;
import dev.phone.contracttests.contract.TheContract;
import dev.phone.contracttests.target.Jar;
import jakarta.json.Json;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DynamicTest;

/** The README's walk from the first start to a verified OTP. */
final class Transcript {

    /** A command and the lines that the README shows below it. */
    private record Step(String command, List<String> shown) {
    }

    private Transcript() {
    }

    private static List<Step> steps() throws IOException {
        List<Step> steps = new ArrayList<>();
        boolean inside = false;
        for (String line : Files.readAllLines(Jar.ROOT.resolve("README.md"))) {
            if (line.startsWith("```")) {
                inside = line.equals("```console");
            } else if (inside && line.startsWith("$ ")) {
                steps.add(new Step(line.substring(2), new ArrayList<>()));
            } else if (inside) {
                steps.getLast().shown.add(line);
            }
        }
        assertFalse(steps.isEmpty(), "the README has a transcript");
        return steps;
    }

    /** Executes all commands, and returns a test for each that compares what it printed with what the README shows. */
    static List<DynamicTest> of(String where, String shell, Jar started, Path directory) throws IOException, InterruptedException {
        List<Step> steps = steps();
        StringBuilder script = new StringBuilder();
        for (Step step : steps) {
            script.append(step.command.replace("localhost:8080", "localhost:" + started.port)).append("\necho; echo ---\n");
        }
        String[] outputs = Jar.output(new ProcessBuilder(shell, "-c", script.toString()).directory(directory.toFile())).split("---\n");
        return IntStream.range(0, steps.size()).mapToObj(i -> dynamicTest(where + ": " + steps.get(i).command,
                () -> assertEquals(comparable(String.join("\n", steps.get(i).shown)), comparable(outputs[i])))).toList();
    }

    private static String comparable(String printed) {
        if (printed.isBlank()) {
            return "";
        }
        try (var reader = Json.createReader(new StringReader(printed))) {
            return Example.comparable(TheContract.CONTRACT, reader.readValue(), null).toString();
        }
    }
}
