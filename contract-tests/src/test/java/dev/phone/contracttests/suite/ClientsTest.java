// SPDX-License-Identifier: Apache-2.0
package dev.phone.contracttests.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.phone.contracttests.target.Jar;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that are generated from the contract in JavaScript work. Skipped without Node. */
class NodeTest {
    private static final Path CLIENTS = Jar.ROOT.resolve("contract-tests/clients").toAbsolutePath().normalize();

    @TempDir
    static Path directory;
    private static Jar mock;

    @BeforeAll
    static void start() {
        if (!Stream.of("node", "npm", "bash", "curl").allMatch(Programs::isOnPath)) {
            Programs.skip("clients in JavaScript", "there is no Node, npm, bash or curl");
        }
        mock = Jar.mock(Map.of("PHONE_LIMITS", "off"));
    }

    @AfterAll
    static void stop() throws Exception {
        if (mock != null) {
            mock.close();
        }
    }

    /** @param client a folder of contract-tests/clients */
    @ParameterizedTest
    @ValueSource(strings = {"typescript", "hey-api", "typescript-fetch"})
    void aGeneratedClientCompilesAndWorks(String client) throws Exception {
        Path folder = CLIENTS.resolve(client);
        if (client.equals("typescript-fetch") && !Programs.isOnPath("mvn")) {
            Programs.skip("client " + client, "there is no mvn, which runs its generator");
        }
        Programs.installed(folder, "client " + client);
        String printed = Programs.run(folder, 300, "bash", "run", mock.url(""));
        // Before it, Maven resets the colours of a terminal.
        assertTrue(printed.endsWith(client + ": all steps\n"), printed);
        try (Jar server = Jar.start(directory, Map.of("PHONE_LIMITS", "off"))) {
            assertEquals(client + ": all steps", Programs.run(folder, 120, "node", "target/main.js", server.url("")).strip());
        }
    }
}
