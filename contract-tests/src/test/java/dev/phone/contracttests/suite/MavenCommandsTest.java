// SPDX-License-Identifier: Apache-2.0
package dev.phone.contracttests.suite;

import static dev.phone.contracttests.gate.NamedTests.dynamicTest;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.phone.contracttests.target.ApiProcess;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * The commands that build something, as typed, in a copy of this repository. Those that start server or mock do so in each shell; those that take
 * longer run in one, and {@link CommandsTest} shows that both shells pass them the same words.
 */
class MavenCommandsTest {
    private static final Pattern COMMAND = Pattern.compile("^\\| `(mvn [^`]+)`", Pattern.MULTILINE);
    private static final Set<Path> NOT_NEEDED = Set.of(Path.of(".git"), Path.of("contract-tests/target"));
    private static final Duration TO_BUILD = Duration.ofMinutes(5);
    private static final int SECONDS_TO_STOP = 20;
    private static final String SERVE = "mvn -Pserve";
    private static final String MOCK = "mvn -Pmock";
    private static final String PACTS = "mvn -Ppacts -Dpacts=DIR";
    private static final String PROOF = "mvn -Pproof -Durl=https://…";
    private static final String DIST = "mvn -Pdist";
    private static final String THIS_BUILD = "mvn verify";

    @TempDir
    static Path copy;

    @BeforeAll
    static void copy() throws IOException {
        copy(ApiProcess.ROOT.toAbsolutePath().normalize());
    }

    /** Copies sources and build output, so that Maven has little to build again. */
    private static void copy(Path from) throws IOException {
        Files.walkFileTree(from, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) throws IOException {
                if (NOT_NEEDED.contains(from.relativize(directory)) || directory.endsWith("node_modules") || directory.endsWith("target/dist")) {
                    return FileVisitResult.SKIP_SUBTREE;
                }
                Files.createDirectories(copy.resolve(from.relativize(directory)));
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.copy(file, copy.resolve(from.relativize(file)), StandardCopyOption.COPY_ATTRIBUTES);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
                if (!(e instanceof NoSuchFileException)) {
                    throw e;
                }
                // Another test has deleted what it wrote.
                return FileVisitResult.CONTINUE;
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> serve() throws Exception {
        List<DynamicTest> tests = new ArrayList<>();
        for (String shell : Programs.shells()) {
            tests.addAll(started(SERVE, "PHONE_PORT", shell));
        }
        return tests.stream();
    }

    @TestFactory
    Stream<DynamicTest> mock() throws Exception {
        List<DynamicTest> tests = new ArrayList<>();
        for (String shell : Programs.shells()) {
            tests.addAll(started(MOCK, "PHONE_MOCK_PORT", shell));
        }
        return tests.stream();
    }

    /** Starts it, follows the README, and stops Maven alone, as an editor or a supervisor does. */
    private static List<DynamicTest> started(String command, String portVariable, String shell) throws Exception {
        String where = command + " in " + shell;
        try (ApiProcess maven = ApiProcess.start(List.of(shell, "-c", command), portVariable, copy, Map.of(), TO_BUILD)) {
            List<DynamicTest> tests = new ArrayList<>(Transcript.of(where, shell, maven, copy));
            String log = maven.log(line -> line.contains(maven.url("/docs")), 1);
            tests.add(dynamicTest(where + ": says where to go next", () -> assertTrue(log.contains(maven.url("/docs")), log)));
            List<ProcessHandle> programs = maven.process.descendants().toList();
            maven.terminate();
            boolean ended = isFree(maven.port);
            programs.forEach(ProcessHandle::destroyForcibly);
            tests.add(dynamicTest(where + ": ends with Maven", () -> assertTrue(ended, "it still listens after " + SECONDS_TO_STOP + " s")));
            return tests;
        }
    }

    private static boolean isFree(int port) throws IOException, InterruptedException {
        for (int i = 0; i < SECONDS_TO_STOP * 10; i++) {
            try {
                new Socket(InetAddress.getLoopbackAddress(), port).close();
                TimeUnit.MILLISECONDS.sleep(100);
            } catch (ConnectException e) {
                return true;
            }
        }
        return false;
    }

    @Test
    void pacts() throws Exception {
        String printed = run(PACTS.replace("DIR", "contract-tests/pacts"));
        assertTrue(Pattern.compile("2 pacts: \\d+ holds$", Pattern.MULTILINE).matcher(printed).find(), printed);
    }

    @Test
    void proof() throws Exception {
        try (ApiProcess server = ApiProcess.start(copy, Map.of())) {
            String printed = run(PROOF.replace("https://…", server.url("")));
            assertTrue(Pattern.compile("(\\d+) requests to .*: \\1 holds$", Pattern.MULTILINE).matcher(printed).find(), printed);
        }
    }

    /** Then the archive of the mock is unpacked and started, as its README says. */
    @TestFactory
    Stream<DynamicTest> dist() throws Exception {
        String printed = run(DIST);
        Path folder = copy.resolve("mock/target/dist");
        assertTrue(printed.contains(folder.resolve("phone-mock-").toString()), printed);
        String command = Commands.of(Path.of("mock/README.md")).stream().map(Commands::lines).filter(lines -> lines.startsWith("tar ")).findFirst().orElseThrow();
        List<DynamicTest> tests = new ArrayList<>();
        for (String shell : Programs.shells()) {
            tests.addAll(follows(command, shell, "PHONE_MOCK_PORT", folder));
        }
        return tests.stream();
    }

    /** With the Java of this test, which need not be the one on the PATH. */
    @TestFactory
    Stream<DynamicTest> jars() throws Exception {
        List<DynamicTest> tests = new ArrayList<>();
        for (String shell : Programs.shells()) {
            for (String program : List.of("server", "mock")) {
                List<String> commands = Commands.of(Path.of(program, "README.md")).stream().map(Commands::lines)
                        .filter(lines -> lines.startsWith("java ") && lines.contains("/target/")).toList();
                assertFalse(commands.isEmpty(), program);
                for (String command : commands) {
                    tests.addAll(follows(command, shell, program.equals("mock") ? "PHONE_MOCK_PORT" : "PHONE_PORT", copy));
                }
            }
        }
        return tests.stream();
    }

    /** Starts it, and follows the README. */
    private static List<DynamicTest> follows(String command, String shell, String portVariable, Path folder) throws Exception {
        String path = Path.of(System.getProperty("java.home"), "bin") + ":" + System.getenv("PATH");
        try (ApiProcess started = ApiProcess.start(List.of(shell, "-c", command), portVariable, folder, Map.of("PATH", path), TO_BUILD)) {
            List<DynamicTest> tests = Transcript.of(command.strip() + " in " + shell, shell, started, folder);
            started.process.descendants().forEach(ProcessHandle::destroy);
            return tests;
        }
    }

    @Test
    void pythonClient() throws Exception {
        String command = Commands.of(Path.of("README.md")).stream().map(Commands::lines).filter(lines -> lines.startsWith("mvn -f ")).findFirst().orElseThrow();
        try (ApiProcess mock = ApiProcess.mock(Map.of())) {
            for (String shell : Programs.shells()) {
                Path folder = Files.createTempDirectory(copy, "client");
                Programs.paste(copy, 120, shell, command.strip() + " -Durl=" + mock.url("") + " -Doutput=" + folder + "\n");
                assertTrue(Files.exists(folder.resolve("setup.py")), () -> "no client of " + shell);
            }
        }
    }

    private static String run(String command) throws IOException, InterruptedException {
        return Programs.paste(copy, 600, Programs.shells().getLast(), command + "\n");
    }

    @Test
    void allOfTheReadme() throws IOException {
        Set<String> listed = COMMAND.matcher(Files.readString(ApiProcess.ROOT.resolve("README.md"))).results().map(found -> found.group(1)).collect(Collectors.toSet());
        assertEquals(Set.of(SERVE, MOCK, PACTS, PROOF, DIST, THIS_BUILD), listed);
    }
}
