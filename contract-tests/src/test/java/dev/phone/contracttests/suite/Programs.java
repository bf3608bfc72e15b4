// SPDX-License-Identifier: Apache-2.0
package dev.phone.contracttests.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** Programs of this machine that are no part of the build: a test that needs one is skipped where it is missing. */
final class Programs {

    private Programs() {
    }

    static boolean isOnPath(String program) {
        return onPath(program) != null;
    }

    /** Null when there is none of this name. */
    static Path onPath(String program) {
        return Arrays.stream(System.getenv("PATH").split(":")).map(folder -> Path.of(folder, program)).filter(Files::isExecutable).findFirst().orElse(null);
    }

    /** Those in which commands must work as pasted. */
    static List<String> shells() {
        return Stream.of("bash", "zsh").filter(Programs::isOnPath).toList();
    }

    static void skip(String what, String why) {
        System.out.println(what + ": skipped, " + why);
        Assumptions.abort(why);
    }

    /** Fetches the packages of a folder from npm once; they stay. */
    static void installed(Path folder, String what) throws IOException, InterruptedException {
        if (!Files.exists(folder.resolve("node_modules/.package-lock.json"))) {
            try {
                run(folder, 90, "npm", "ci", "--prefer-offline", "--no-audit", "--no-fund", "--ignore-scripts");
            } catch (AssertionError e) {
                skip(what, "npm packages cannot be had");
            }
        }
    }

    /** @return what it printed. @throws AssertionError with that, if it failed or took too long */
    static String run(Path in, int seconds, String... command) throws IOException, InterruptedException {
        Path output = Files.createTempFile("output", ".txt");
        try {
            Process process = new ProcessBuilder(command).directory(in.toFile()).redirectErrorStream(true).redirectOutput(output.toFile()).start();
            if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
                throw new AssertionError(List.of(command) + " took longer than " + seconds + " s\n" + Files.readString(output));
            }
            String printed = Files.readString(output);
            assertEquals(0, process.exitValue(), List.of(command) + "\n" + printed);
            return printed;
        } finally {
            Files.delete(output);
        }
    }
}
