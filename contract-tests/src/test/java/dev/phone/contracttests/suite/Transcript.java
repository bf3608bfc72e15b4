// SPDX-License-Identifier: Apache-2.0
package dev.phone.contracttests.suite;

import static dev.phone.contracttests.gate.NamedTests.dynamicTest;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.phone.contract.Example;
import dev.phone.contracttests.contract.TheContract;
import dev.phone.contracttests.target.ApiProcess;
import jakarta.json.Json;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DynamicTest;

/** The README's walk from the first start to a verified OTP: the blocks of commands with an answer below them. */
final class Transcript {
    private static final String END = "---\n";

    private Transcript() {
    }

    /** Pastes all blocks, and returns a test for each that compares what it printed with what the README shows. */
    static List<DynamicTest> of(String where, String shell, ApiProcess started, Path directory) throws IOException, InterruptedException {
        List<Commands> steps = Commands.of(Path.of("README.md")).stream().filter(commands -> !commands.answer().isEmpty()).toList();
        assertFalse(steps.isEmpty(), "the README has a transcript");
        String lines = steps.stream().map(step -> step.lines().replace("localhost:8080", "localhost:" + started.port) + "echo; printf -- '" + END.strip() + "\\n'\n")
                .collect(Collectors.joining());
        String[] outputs = Programs.paste(directory, 60, shell, lines).split(END);
        return IntStream.range(0, steps.size()).mapToObj(i -> dynamicTest(where + ": " + steps.get(i),
                () -> assertEquals(comparable(steps.get(i).answer()), comparable(outputs[i])))).toList();
    }

    private static String comparable(String printed) {
        try (var reader = Json.createReader(new StringReader(printed))) {
            return Example.comparable(TheContract.CONTRACT, reader.readValue(), null).toString();
        }
    }
}
