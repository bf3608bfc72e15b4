// SPDX-License-Identifier: Apache-2.0
package dev.phone.contracttests.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.phone.contracttests.target.Jar;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What JavaScript makes of the contract: the samples of the page run as they are pasted, and generated clients work. Skipped without Node. */
class NodeTest {
    private static final Path CLIENTS = Jar.ROOT.resolve("contract-tests/clients").toAbsolutePath().normalize();
    private static final Path SAMPLES = Jar.ROOT.resolve("openapi/src/main/resources/docs/samples.js").toAbsolutePath().normalize();

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

    @Test
    void everySampleOfThePageRunsAsItIsPasted() throws Exception {
        // Each in a fresh demo world: as curl, as JavaScript, and of a few operations as Python, where there is one.
        String script = """
                const { described } = require(%s)
                const { execFileSync } = require('node:child_process')
                const url = process.argv[2]
                const run = (program, ...args) => execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
                const python = process.argv[3] === 'python3' ? ['sendOtp', 'getNumber', 'deliverToBin', 'updateProject'] : []
                ;(async () => {
                  const contract = described(await (await fetch(url + '/openapi.json')).json(), url)
                  let count = 0
                  for (const item of Object.values(contract.paths)) {
                    for (const operation of Object.values(item)) {
                      if (!operation['x-codeSamples']) continue
                      for (const { lang, source } of operation['x-codeSamples']) {
                        if (lang === 'java' || lang === 'python' && !python.includes(operation.operationId)) continue
                        await fetch(url + '/__admin/phone/reset', { method: 'POST', headers: { 'content-type': 'application/json' } })
                        let printed = ''
                        if (lang === 'javascript') {
                          const log = console.log
                          printed = await new Promise((resolve, reject) => {
                            console.log = resolve
                            eval(source).catch(reject)
                          }).finally(() => { console.log = log })
                        } else {
                          printed = lang === 'shell' ? run('bash', '-c', source.replace('curl ', 'curl -sS ')) : run('python3', '-c', source)
                        }
                        const answer = JSON.parse(printed)
                        const expected = operation['x-badges'] ? 'NOT_IMPLEMENTED' : undefined
                        if (answer.error?.code !== expected) throw new Error(operation.operationId + '\\n' + source + '\\n' + printed)
                        count++
                      }
                    }
                  }
                  console.log(count + ' samples')
                })().catch((e) => { console.error(e); process.exit(1) })
                """.formatted("'" + SAMPLES + "'");
        Path file = Files.writeString(directory.resolve("samples.cjs"), script);
        String printed = Programs.run(directory, 300, "node", file.toString(), mock.url(""), Programs.isOnPath("python3") ? "python3" : "none");
        assertTrue(printed.strip().matches("8\\d samples"), printed);
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
