// SPDX-License-Identifier: Apache-2.0
package dev.phone.contracttests.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
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
        return ended(new ProcessBuilder(command).directory(in.toFile()).redirectErrorStream(true), seconds);
    }

    /**
     * Pastes lines into an interactive shell that knows no settings of its user, and ends at the first command that fails. To an interactive shell
     * {@code !} is a reference to history, and to zsh {@code #} begins no comment.
     *
     * @return what they wrote to standard output
     */
    static String paste(Path in, int seconds, String shell, String lines) throws IOException, InterruptedException {
        Path input = Files.createTempFile("lines", ".txt");
        try {
            Files.writeString(input, lines);
            ProcessBuilder builder = new ProcessBuilder(interactive(shell)).directory(in.toFile()).redirectInput(input.toFile());
            builder.environment().putAll(Map.of("HISTFILE", "", "PS1", ""));
            return ended(builder, seconds);
        } finally {
            Files.delete(input);
        }
    }

    private static List<String> interactive(String shell) {
        // In a session of its own it leaves the terminal of the build alone.
        Stream<String> session = isOnPath("setsid") ? Stream.of("setsid", "--wait") : Stream.of();
        Stream<String> settings = shell.equals("zsh") ? Stream.of("-f") : Stream.of("--norc", "--noprofile");
        return Stream.of(session, Stream.of(shell), settings, Stream.of("-i", "-e")).flatMap(words -> words).toList();
    }

    private static String ended(ProcessBuilder builder, int seconds) throws IOException, InterruptedException {
        Path output = Files.createTempFile("output", ".txt");
        Path errors = Files.createTempFile("errors", ".txt");
        try {
            Process process = builder.redirectOutput(output.toFile()).redirectError(errors.toFile()).start();
            if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
                throw new AssertionError(builder.command() + " took longer than " + seconds + " s\n" + Files.readString(output) + Files.readString(errors));
            }
            assertEquals(0, process.exitValue(), builder.command() + "\n" + Files.readString(output) + Files.readString(errors));
            return Files.readString(output);
        } finally {
            Files.delete(output);
            Files.delete(errors);
        }
    }
}
