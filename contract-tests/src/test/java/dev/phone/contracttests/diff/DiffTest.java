// SPDX-License-Identifier: Apache-2.0
package dev.phone.contracttests.diff;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.phone.contracttests.contract.TheContract;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiffTest {
    private static final Path ROOT = Path.of(System.getProperty("phone.root")).toAbsolutePath().normalize();
    private static final JsonObject CONTRACT = TheContract.CONTRACT.json();
    private static final JsonObject CHANGED = Json.createPatchBuilder()
            .replace("/components/parameters/IdempotencyKey/schema/maxLength", 64)
            .replace("/components/schemas/PhoneNumber/pattern", "^(a|<b>)$")
            .add("/paths/~1v1~1otp~1cancel/post/deprecated", true)
            .copy("/paths/~1v1~1otp~1peek", "/paths/~1v1~1otp~1call").replace("/paths/~1v1~1otp~1peek/post/operationId", "peekOtp")
            .build().apply(CONTRACT);

    @TempDir
    Path directory;

    private static DiffReport report() {
        return new DiffReport("1.0.0", "today", ContractDiff.compare(CONTRACT, CHANGED));
    }

    @Test
    void markdownShowsOldBesideNew() {
        List<String> lines = report().markdown().lines().toList();
        assertEquals("# Contract: 1.0.0 → today", lines.getFirst());
        assertTrue(lines.contains("| `` sendOtp `` | `` header idempotency-key `` | maxLength | `` 255 `` | `` 64 `` |"), report().markdown());
        assertTrue(lines.contains("| `` cancelOtp `` |  | deprecated is new |  | `` true `` |"));
        assertTrue(lines.contains("| `` peekOtp `` |  | operation is new |  | `` POST /v1/otp/peek `` |"));
        assertTrue(lines.stream().anyMatch(line -> line.contains("`` ^(a\\|<b>)$ ``")), "a bar would end the cell");
        assertTrue(lines.indexOf("## Breaking") < lines.indexOf("## Deprecated") && lines.indexOf("## Deprecated") < lines.indexOf("## New"));
    }

    @Test
    void thePageNeedsNothingButItself() {
        String page = report().html();
        assertTrue(page.contains("<td class=\"before\">255</td><td class=\"after\">64</td>"));
        assertTrue(page.contains("^(a|&lt;b&gt;)$"));
        assertTrue(page.contains("color-scheme: light dark"));
        assertFalse(page.contains("http://") || page.contains("https://") || page.contains("<script") || page.contains("src="), "from this file alone");
    }

    @Test
    void nothingChanged() {
        assertEquals("# Contract: 1.0.0 → today\n\nnothing changed\n", new DiffReport("1.0.0", "today", List.of()).markdown());
    }

    @Test
    void theBaseIsAFileOfJsonOrYaml() throws Exception {
        Path json = Files.writeString(directory.resolve("base.json"), CHANGED.toString());
        assertEquals(CHANGED, Diff.base(ROOT, json.toString()).contract());
        Path yaml = Files.writeString(directory.resolve("base.yaml"), "openapi: 3.1.0\ninfo: {title: A, version: 1.0.0}\npaths: {}\n");
        assertEquals("3.1.0", Diff.base(ROOT, yaml.toString()).contract().getString("openapi"));
    }

    @Test
    void theBaseIsTheLastReleaseWhenNoneIsGiven() throws Exception {
        assertEquals(Released.latest(ROOT.resolve("openapi/released")).contract(), Diff.base(ROOT, "").contract());
    }

    @Test
    void theBaseIsACommit() throws Exception {
        for (String[] git : new String[][] {{"init", "-q"}, {"add", "."},
            {"-c", "user.name=a", "-c", "user.email=a@example.com", "commit", "-q", "-m", "a"}, {"tag", "v1"}}) {
            Path contract = directory.resolve("openapi/phone.yaml");
            if (!Files.exists(contract)) {
                Files.createDirectories(directory.resolve("openapi/paths"));
                Files.writeString(contract, "openapi: 3.1.0\npaths: {/a: {$ref: paths/a.yaml}}\n");
                Files.writeString(directory.resolve("openapi/paths/a.yaml"), "get: {operationId: getA, responses: {'200': {}}}\n");
            }
            List<String> command = new ArrayList<>(List.of("git"));
            command.addAll(List.of(git));
            assertEquals(0, new ProcessBuilder(command).directory(directory.toFile()).inheritIO().start().waitFor());
        }
        assertTrue(Diff.base(directory, "v1").contract().getJsonObject("paths").containsKey("/a"));
        assertEquals("v2 is neither a file nor a tag or commit with a contract: fatal: not a valid object name: v2",
                assertThrows(IllegalArgumentException.class, () -> Diff.base(directory, "v2")).getMessage());
    }

    @Test
    void whatIsNoContractIsNamed() throws Exception {
        Files.writeString(directory.resolve("a.json"), "{\"a\": ");
        Files.writeString(directory.resolve("b.json"), "{\"a\": 1}");
        assertTrue(assertThrows(IllegalArgumentException.class, () -> Diff.base(directory, "a.json")).getMessage()
                .startsWith("a.json is not a readable contract: "));
        assertEquals("b.json is not an OpenAPI document: it has no openapi",
                assertThrows(IllegalArgumentException.class, () -> Diff.base(directory, "b.json")).getMessage());
        assertEquals("--output=x is neither a file nor a tag or commit",
                assertThrows(IllegalArgumentException.class, () -> Diff.base(directory, "--output=x")).getMessage());
    }
}
