// SPDX-License-Identifier: Apache-2.0
package dev.phone.contracttests.suite;

import static dev.phone.contracttests.gate.NamedTests.dynamicTest;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.phone.contracttests.target.Jar;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
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
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** The commands of the README that start server and mock, as typed, in a copy of this repository. */
class MavenCommandsTest {
    private static final Set<String> NOT_NEEDED = Set.of(".git", "contract-tests", "node_modules", "dist");
    private static final Duration TO_BUILD = Duration.ofMinutes(5);
    private static final int SECONDS_TO_STOP = 20;

    @TempDir
    static Path copy;

    @TestFactory
    Stream<DynamicTest> start() throws IOException, InterruptedException {
        copied(Jar.ROOT.toAbsolutePath().normalize(), copy);
        List<DynamicTest> tests = new ArrayList<>(started("mvn -Pserve", "PHONE_PORT", Programs.shells().getFirst()));
        tests.addAll(started("mvn -Pmock", "PHONE_MOCK_PORT", Programs.shells().getLast()));
        return tests.stream();
    }

    /** Starts it, follows the README, and stops Maven alone, as an editor or a supervisor does. */
    private static List<DynamicTest> started(String command, String portVariable, String shell) throws IOException, InterruptedException {
        String where = command + " in " + shell;
        assertTrue(Files.readString(Jar.ROOT.resolve("README.md")).contains('`' + command + '`'), command);
        try (Jar maven = Jar.start(List.of(shell, "-c", command), portVariable, copy, Map.of(), TO_BUILD)) {
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

    /** Copies sources and build output, so that Maven has little to build again. */
    private static void copied(Path from, Path to) throws IOException {
        Files.walkFileTree(from, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) throws IOException {
                if (NOT_NEEDED.contains(directory.getFileName().toString()) && !directory.equals(from)) {
                    return FileVisitResult.SKIP_SUBTREE;
                }
                Files.createDirectories(to.resolve(from.relativize(directory)));
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.copy(file, to.resolve(from.relativize(file)), StandardCopyOption.COPY_ATTRIBUTES);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
