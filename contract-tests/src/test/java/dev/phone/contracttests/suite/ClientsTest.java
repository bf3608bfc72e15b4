// SPDX-License-Identifier: Apache-2.0
package dev.phone.contracttests.suite;

import static dev.phone.contracttests.gate.NamedTests.dynamicTest;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.phone.contracttests.target.ApiProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Each client of {@code contract-tests/clients} is generated, compiles, and works on server and mock. A client is skipped where its compiler is
 * missing.
 */
class ClientsTest {
    private static final Path CLIENTS = ApiProcess.ROOT.resolve("contract-tests/clients").toAbsolutePath().normalize();
    private static final int SECONDS = 300;

    @TempDir
    static Path directory;
    private static ApiProcess server;
    private static ApiProcess mock;

    @BeforeAll
    static void start() throws Exception {
        if (!Stream.of("bash", "mvn").allMatch(Programs::isOnPath)) {
            Programs.skip("generated clients", "there is no bash or mvn");
        }
        server = ApiProcess.start(directory, Map.of("PHONE_LIMITS", "off"));
        mock = ApiProcess.mock(Map.of("PHONE_LIMITS", "off"));
    }

    @AfterAll
    static void stop() throws Exception {
        for (ApiProcess each : Stream.of(server, mock).filter(each -> each != null).toList()) {
            each.close();
        }
    }

    @TestFactory
    Stream<DynamicTest> aGeneratedClientWorks() throws IOException {
        try (Stream<Path> folders = Files.list(CLIENTS)) {
            return folders.filter(folder -> Files.exists(folder.resolve("run"))).sorted().toList().stream()
                    .map(folder -> dynamicTest(folder.getFileName().toString(), () -> works(folder)));
        }
    }

    private static void works(Path folder) throws Exception {
        String client = folder.getFileName().toString();
        if (Files.exists(folder.resolve("package.json"))) {
            if (!Stream.of("node", "npm").allMatch(Programs::isOnPath)) {
                Programs.skip("client " + client, "there is no Node or npm");
            }
            Programs.installed(folder, "client " + client);
        }
        List<String> said = Programs.run(folder, SECONDS, "bash", "run", server.url(""), mock.url("")).lines()
                .map(line -> line.substring(Math.max(0, line.indexOf(client + ": ")))).filter(line -> line.startsWith(client + ": ")).toList();
        if (said.size() == 1 && said.getFirst().contains("skipped")) {
            Programs.skip("client " + client, said.getFirst().substring(said.getFirst().indexOf("skipped, ") + "skipped, ".length()));
        }
        if (said.size() == 1 && said.getFirst().contains("not compiled")) {
            assertTrue(said.getFirst().contains(" operations found"), said.getFirst());
        } else {
            assertEquals(List.of(client + ": all steps", client + ": all steps"), said);
        }
    }
}
