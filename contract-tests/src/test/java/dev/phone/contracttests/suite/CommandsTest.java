// SPDX-License-Identifier: Apache-2.0
package dev.phone.contracttests.suite;

import static dev.phone.contracttests.gate.NamedTests.dynamicTest;
import static dev.phone.contracttests.gate.NamedTests.each;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.phone.contracttests.target.ApiProcess;
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
 * The commands of the guides and READMEs can be pasted into bash and zsh. All are executed with stand-ins for the programs, which must get the same
 * words from both shells. Those that only call server or mock, and those that generate a TypeScript client, are then executed as they are;
 * {@link MavenCommandsTest} does so with those that build and start something, and with the README's walk to a verified OTP.
 */
class CommandsTest {
    private static final List<String> REPLACED = List.of("curl", "git", "java", "jq", "less", "mvn", "node", "npm", "npx", "openssl", "perl", "phone-mock", "tar");
    private static final List<String> HARMLESS = List.of("cut", "grep", "head", "sleep", "tee");
    private static final String STAND_IN = """
            #!/bin/sh
            { printf '%s' "$0"; printf ' <%s>' "$@"; echo; } >> "$WORDS"
            """;
    /** Words that a shell expands to the names of files. */
    private static final Pattern FILES = Pattern.compile("(?<=\\s|^)(?:\\./)?([^\\s'\"=-][^\\s'\"=]*\\*[^\\s'\"=]*)");
    private static final Pattern SCRIPT = Pattern.compile("contract-tests/[a-z/]*/run");
    private static final String NOT_GIVEN = "…";

    @TempDir
    static Path directory;
    private static ApiProcess server;
    private static ApiProcess mock;

    @BeforeAll
    static void start() throws Exception {
        server = ApiProcess.start(directory, Map.of());
        mock = ApiProcess.mock(Map.of());
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
        mock.close();
    }

    private static boolean areCalls(Commands commands) {
        return commands.answer().isEmpty() && !commands.lines().contains(NOT_GIVEN)
                && commands.lines().replace("\\\n", " ").lines().allMatch(line -> line.startsWith("curl ") && line.contains("localhost:"));
    }

    private static boolean generateAClient(Commands commands) {
        return commands.lines().startsWith("npx ") && commands.lines().contains("localhost:") && !commands.lines().contains("openapi-generator");
    }

    @TestFactory
    Stream<DynamicTest> bothShellsPassTheSameWords() throws IOException {
        if (Programs.shells().size() < 2) {
            System.out.println("commands in zsh: skipped, there is no zsh");
        }
        return each(Commands.all().stream().filter(commands -> commands.answer().isEmpty()).toList(), commands -> {
            List<List<String>> words = new ArrayList<>();
            for (String shell : Programs.shells()) {
                words.add(words(shell, commands.lines()));
            }
            assertTrue(words.stream().allMatch(words.getFirst()::equals), words::toString);
            assertTrue(!words.getFirst().isEmpty(), "no program was called");
        });
    }

    /** What each program was called with. Sorted: those in the background have no order. */
    private static List<String> words(String shell, String lines) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory(directory, shell);
        Path words = Files.createFile(folder.resolve("words"));
        Files.createFile(folder.resolve("ready.json"));
        for (String program : REPLACED) {
            script(folder.resolve("bin").resolve(program), STAND_IN);
        }
        for (String program : HARMLESS) {
            script(folder.resolve("bin").resolve(program), "#!/bin/sh\nexec " + Programs.onPath(program) + " \"$@\"\n");
        }
        Stream.concat(SCRIPT.matcher(lines).results().map(script -> script.group()), FILES.matcher(lines).results().map(name -> name.group(1).replace("*", "1")))
                .distinct().forEach(name -> script(folder.resolve(name), STAND_IN));
        Programs.paste(folder, 20, shell, "export PATH='" + folder.resolve("bin") + "' WORDS='" + words + "'\n" + lines + "wait\n");
        return Files.readAllLines(words).stream().map(line -> line.replace(folder + "/", "")).sorted().toList();
    }

    private static void script(Path program, String text) {
        try {
            Files.createDirectories(program.getParent());
            Files.writeString(program, text);
            assertTrue(program.toFile().setExecutable(true));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @TestFactory
    Stream<DynamicTest> calls() throws IOException {
        List<Commands> calls = Commands.all().stream().filter(CommandsTest::areCalls).toList();
        assertTrue(calls.size() >= 3, calls.toString());
        // Each call must succeed.
        return inEachShell(calls, (shell, commands) -> Programs.paste(directory, 20, shell,
                "curl() { command curl -sS --fail-with-body \"$@\"; }\n" + here(commands)));
    }

    @TestFactory
    Stream<DynamicTest> clients() throws IOException {
        if (!Programs.isOnPath("npx")) {
            Programs.skip("commands for TypeScript", "there is no npx");
        }
        List<Commands> clients = Commands.all().stream().filter(CommandsTest::generateAClient).toList();
        assertTrue(clients.size() >= 2, clients.toString());
        return inEachShell(clients, (shell, commands) -> {
            Path folder = Files.createTempDirectory(directory, "client");
            // A person would say yes to the question whether npx may install it.
            Programs.paste(folder, 180, shell, "export npm_config_yes=true\n" + here(commands));
            Matcher output = Pattern.compile("-o (\\S+)").matcher(commands.lines());
            assertTrue(output.find() && Files.exists(folder.resolve(output.group(1))), "no " + output.group(1));
        });
    }

    private static String here(Commands commands) {
        return commands.lines().replace("localhost:8080", "localhost:" + server.port).replace("localhost:4010", "localhost:" + mock.port);
    }

    private interface InAShell {
        void run(String shell, Commands commands) throws Exception;
    }

    private static Stream<DynamicTest> inEachShell(List<Commands> all, InAShell test) {
        return Programs.shells().stream().flatMap(shell -> all.stream().map(commands -> dynamicTest(shell + ", " + commands, () -> test.run(shell, commands))));
    }
}
