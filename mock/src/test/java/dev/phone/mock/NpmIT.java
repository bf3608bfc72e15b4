// SPDX-License-Identifier: Apache-2.0
package dev.phone.mock;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** The npm package as a newcomer has it: packed, installed into an empty folder, and used there by the examples. Skipped without Node. */
class NpmIT {
    private static final Pattern BLOCK = Pattern.compile("^```sh\n(.*?)^```", Pattern.MULTILINE | Pattern.DOTALL);
    private static final Path JAVA_HOME = Path.of(System.getProperty("java.home"));

    @TempDir
    static Path folder;

    @BeforeAll
    static void install() throws Exception {
        if (!Stream.of("node", "npm").allMatch(program -> find(program) != null)) {
            skip("there is no Node or npm");
        }
        Path packed = folder.resolve("package");
        copy(Path.of("src/npm"), packed);
        // The Java runtime for this platform is made by mvn -Pdist alone; here the package finds the Java of JAVA_HOME.
        Files.writeString(packed.resolve("package.json"), Files.readString(packed.resolve("package.json")).replace("${project.version}", "0.0.0")
                .replaceAll("(?s),\\s*\"optionalDependencies\": \\{.*?}", ""));
        Files.copy(Path.of("target/phone-mock.jar"), packed.resolve("lib/phone-mock.jar"));
        try (InputStream contract = NpmIT.class.getResourceAsStream("/openapi.json")) {
            Files.copy(contract, packed.resolve("openapi.json"));
        }
        run(packed, 120, "npm", "pack", "--silent", "--pack-destination", folder.toString()).succeeded();
        for (String example : List.of("vitest", "playwright")) {
            Path installed = folder.resolve(example);
            copy(Path.of("examples", example), installed);
            if (run(installed, 120, "npm", "install", "--prefer-offline", "--no-audit", "--no-fund", "--ignore-scripts").status != 0) {
                skip("npm packages cannot be had");
            }
            run(installed, 120, "npm", "install", "--offline", "--no-audit", "--no-fund", "--ignore-scripts", "../phone-mock-0.0.0.tgz").succeeded();
        }
    }

    private static void skip(String why) {
        System.out.println("npm package: skipped, " + why);
        Assumptions.abort(why);
    }

    private static Path find(String program) {
        return Arrays.stream(System.getenv("PATH").split(":")).map(directory -> Path.of(directory, program)).filter(Files::isExecutable).findFirst().orElse(null);
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path each : all.filter(Files::isRegularFile).filter(file -> !file.toString().contains("node_modules")).toList()) {
                Path target = to.resolve(from.relativize(each).toString());
                Files.createDirectories(target.getParent());
                Files.copy(each, target, StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
    }

    private record Ended(int status, String printed) {
        String succeeded() {
            assertEquals(0, status, printed);
            return printed;
        }
    }

    private static Ended run(Path in, int seconds, String... command) throws IOException, InterruptedException {
        return run(in, seconds, Map.of("JAVA_HOME", JAVA_HOME.toString()), command);
    }

    private static Ended run(Path in, int seconds, Map<String, String> environment, String... command) throws IOException, InterruptedException {
        Path output = Files.createTempFile(folder, "output", ".txt");
        ProcessBuilder builder = new ProcessBuilder(command).directory(in.toFile()).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
            throw new AssertionError(List.of(command) + " took longer than " + seconds + " s\n" + Files.readString(output));
        }
        return new Ended(process.exitValue(), Files.readString(output).replaceAll("\u001b\\[[0-9;]*m", ""));
    }

    @Test
    void vitestPasses() throws Exception {
        String printed = run(folder.resolve("vitest"), 120, "npm", "test", "--silent").succeeded();
        assertTrue(printed.contains("6 passed"), printed);
    }

    @Test
    void playwrightPasses() throws Exception {
        String printed = run(folder.resolve("playwright"), 180, "npm", "test", "--silent").succeeded();
        Matcher skipped = Pattern.compile("3 skipped").matcher(printed);
        if (skipped.find()) {
            skip("there is no Chromium for the example with Playwright");
        }
        assertTrue(printed.contains("3 passed"), printed);
    }

    @Test
    void theCommandIsTheMock() throws Exception {
        String printed = run(folder.resolve("vitest"), 120, "npx", "--no-install", "phone-mock", "--help").succeeded();
        assertTrue(printed.startsWith("phone-mock [OPTION]"), printed);
    }

    /** The lines of the READMEs for npm, in each shell. Those that only start the mock are stopped when it is ready. */
    @TestFactory
    Stream<DynamicTest> pastedLinesWork() throws IOException {
        Set<String> blocks = new TreeSet<>();
        for (Path readme : List.of(Path.of("README.md"), Path.of("src/npm/README.md"))) {
            BLOCK.matcher(Files.readString(readme)).results().map(block -> block.group(1)).filter(lines -> lines.contains("npx ")).forEach(blocks::add);
        }
        assertTrue(blocks.size() >= 3, blocks::toString);
        return Stream.of("bash", "zsh").filter(shell -> find(shell) != null)
                .flatMap(shell -> blocks.stream().map(lines -> DynamicTest.dynamicTest(shell + ", " + lines.lines().findFirst().orElseThrow(), () -> paste(shell, lines))));
    }

    private static void paste(String shell, String lines) throws Exception {
        Path ready = folder.resolve("vitest/ready.json");
        Files.deleteIfExists(ready);
        String here = lines.strip().equals("npx phone-mock") ? "npx phone-mock --port 0 --ready-file ready.json &\nuntil [ -f ready.json ]; do sleep 0.1; done" : lines;
        try {
            run(folder.resolve("vitest"), 120, shell, "-e", "-c", here).succeeded();
        } finally {
            if (Files.exists(ready)) {
                Matcher pid = Pattern.compile("\"pid\": *(\\d+)").matcher(Files.readString(ready));
                assertTrue(pid.find());
                ProcessHandle.of(Long.parseLong(pid.group(1))).ifPresent(ProcessHandle::destroy);
            }
        }
    }

    @Test
    void withoutAJavaItSaysInALineWhatToInstall() throws Exception {
        Ended ended = run(folder, 120, Map.of("JAVA_HOME", "", "PATH", folder.toString()), find("node").toString(),
                "vitest/node_modules/phone-mock/bin/phone-mock.js");
        assertEquals(new Ended(127, "phone-mock: needs Java 21 or later, and there is none in JAVA_HOME or on the PATH. "
                + "Install one, such as Eclipse Temurin (https://adoptium.net), or set JAVA_HOME.\n"), ended);
    }
}
