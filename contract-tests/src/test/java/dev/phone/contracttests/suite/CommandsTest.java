// SPDX-License-Identifier: Apache-2.0
package dev.phone.contracttests.suite;

import static dev.phone.contracttests.gate.NamedTests.dynamicTest;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.phone.contracttests.target.Jar;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * The commands of the guides and READMEs can be pasted into bash and zsh. Those that only call server or mock are executed; the README's walk from
 * the first start to a verified OTP is in {@link JarTest}.
 */
class CommandsTest {
    private static final Pattern BLOCK = Pattern.compile("^```sh\n(.*?)^```", Pattern.MULTILINE | Pattern.DOTALL);
    /** An interactive zsh passes the words of a comment to the command. */
    private static final Pattern COMMENT = Pattern.compile("(^|\\s)# ");
    private static final String NOT_GIVEN = "…";

    @TempDir
    static Path directory;
    private static Jar server;
    private static Jar mock;

    private record Commands(Path file, String text) {
        boolean areCalls() {
            return !text.contains(NOT_GIVEN) && text.replace("\\\n", " ").lines().allMatch(line -> line.startsWith("curl ") && line.contains("localhost:"));
        }

        @Override
        public String toString() {
            return file + ": " + text.lines().findFirst().orElse("");
        }
    }

    @BeforeAll
    static void start() throws Exception {
        server = Jar.start(directory, Map.of());
        mock = Jar.mock(Map.of());
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
        mock.close();
    }

    @TestFactory
    Stream<DynamicTest> inEachShell() throws IOException {
        List<Commands> all = commands();
        assertTrue(all.stream().filter(Commands::areCalls).count() >= 3, all.toString());
        if (!Programs.shells().contains("zsh")) {
            System.out.println("commands in zsh: skipped, there is no zsh");
        }
        return Programs.shells().stream().flatMap(shell -> all.stream().map(commands -> dynamicTest(shell + ", " + commands, () -> runs(shell, commands))));
    }

    private static void runs(String shell, Commands commands) throws Exception {
        assertEquals(List.of(), commands.text.lines().filter(line -> COMMENT.matcher(line).find()).toList(), "comments");
        Programs.run(directory, 20, shell, "-n", "-c", commands.text);
        if (commands.areCalls()) {
            String here = commands.text.replace("localhost:8080", "localhost:" + server.port).replace("localhost:4010", "localhost:" + mock.port);
            // Each command must succeed, not only the last.
            Programs.run(directory, 20, shell, "-e", "-c", "curl() { command curl -sS --fail-with-body \"$@\"; }\n" + here);
        }
    }

    private static List<Commands> commands() throws IOException {
        List<Commands> commands = new ArrayList<>();
        Path root = Jar.ROOT.toAbsolutePath().normalize();
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.filter(each -> each.toString().endsWith(".md") && !root.relativize(each).toString().matches("(.*/)?(target|node_modules|generated)/.*"))
                    .sorted().toList()) {
                Matcher block = BLOCK.matcher(Files.readString(file));
                while (block.find()) {
                    commands.add(new Commands(root.relativize(file), block.group(1)));
                }
            }
        }
        return commands;
    }
}
