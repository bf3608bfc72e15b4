// SPDX-License-Identifier: Apache-2.0
package dev.phone.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The linters that other people have in their builds find nothing, but for the exceptions in {@code openapi/lint}. Skipped without npm. */
class LintersTest {
    private static final Path DIRECTORY = Path.of("lint").toAbsolutePath();
    private static final String DOCUMENT = Path.of("target/classes/openapi.json").toAbsolutePath().toString();
    private static final String DOCUMENT_30 = Path.of("target/classes/openapi-3.0.json").toAbsolutePath().toString();

    @TempDir
    static Path output;

    @BeforeAll
    static void install() throws Exception {
        String missing = null;
        if (!onPath("node") || !onPath("npm")) {
            missing = "there is no Node";
        } else if (!Files.exists(DIRECTORY.resolve("node_modules/.package-lock.json"))) {
            // Packages come from npm once, and stay.
            Result installed = run(90, "npm", "ci", "--prefer-offline", "--no-audit", "--no-fund", "--ignore-scripts");
            missing = installed.code == 0 ? null : "their npm packages cannot be had";
        }
        if (missing != null) {
            System.out.println("linters of the contract: skipped, " + missing);
            Assumptions.abort(missing);
        }
    }

    @Test
    void redocly() throws Exception {
        Result result = run(120, "node", "node_modules/@redocly/cli/bin/cli.js", "lint", "--config=redocly.yaml", "--format=stylish", DOCUMENT,
                DOCUMENT_30);
        assertEquals(0, result.code, result.text);
    }

    @Test
    void redoclyOfWorkflows() throws Exception {
        List<String> line = new ArrayList<>(List.of("node", "node_modules/@redocly/cli/bin/cli.js", "lint", "--config=redocly.yaml", "--format=stylish"));
        try (Stream<Path> files = Files.list(Path.of("workflows"))) {
            files.map(file -> file.toAbsolutePath().toString()).sorted().forEach(line::add);
        }
        Result result = run(120, line.toArray(String[]::new));
        assertEquals(0, result.code, result.text);
    }

    @Test
    void spectral() throws Exception {
        Result result = run(240, "node", "node_modules/@stoplight/spectral-cli/dist/index.js", "lint", "--ruleset=spectral.yaml", "--fail-severity=hint",
                "--quiet", DOCUMENT, DOCUMENT_30);
        assertEquals(0, result.code, result.text);
    }

    private record Result(int code, String text) {
    }

    private static Result run(int seconds, String... command) throws IOException, InterruptedException {
        Path text = Files.createTempFile(output, "run", ".txt");
        List<String> line = new ArrayList<>(List.of(command));
        Process process = new ProcessBuilder(line).directory(DIRECTORY.toFile()).redirectErrorStream(true).redirectOutput(text.toFile()).start();
        if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
            return new Result(-1, "took longer than " + seconds + " s: " + line + "\n" + Files.readString(text, StandardCharsets.UTF_8));
        }
        return new Result(process.exitValue(), Files.readString(text, StandardCharsets.UTF_8));
    }

    private static boolean onPath(String program) {
        return Arrays.stream(System.getenv("PATH").split(":")).anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }
}
