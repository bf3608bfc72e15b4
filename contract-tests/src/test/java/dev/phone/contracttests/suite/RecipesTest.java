// SPDX-License-Identifier: Apache-2.0
package dev.phone.contracttests.suite;

import static dev.phone.contracttests.gate.NamedTests.dynamicTest;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.phone.contracttests.contract.TheContract;
import dev.phone.contracttests.target.ApiProcess;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * The workflows of {@code openapi/workflows}, on server and mock: Redocly Respect runs them as they are, and the samples of the guide "Recipes" run
 * as they are pasted, in each shell and in Node, where there is one.
 */
class RecipesTest {
    private static final Path WORKFLOWS = ApiProcess.ROOT.resolve("openapi/workflows").toAbsolutePath().normalize();
    private static final Path REDOCLY = ApiProcess.ROOT.resolve("openapi/lint").toAbsolutePath().normalize();
    private static final Pattern STEP = Pattern.compile("(?s)\\*\\*[0-9]+\\. .*?The status is ([0-9]{3}).*?```sh\\n(.*?)\\n```\\n\\n```js\\n(.*?)\\n```");
    private static final String GENUINE = "genuine";

    @TempDir
    static Path directory;
    private static ApiProcess server;
    private static ApiProcess mock;

    @BeforeAll
    static void start() throws Exception {
        server = ApiProcess.start(directory, Map.of("PHONE_LIMITS", "off"));
        mock = ApiProcess.mock(Map.of("PHONE_LIMITS", "off"));
    }

    @AfterAll
    static void stop() {
        Stream.of(server, mock).filter(each -> each != null).forEach(ApiProcess::close);
    }

    private static String guide() {
        return TheContract.CONTRACT.json().getJsonArray("tags").getValuesAs(JsonObject.class).stream()
                .filter(tag -> tag.getString("name").equals("Guide: Recipes")).findFirst().orElseThrow().getString("description");
    }

    /** A recipe's title and text; the first sets the variables of the others. */
    private static List<String[]> recipes() {
        return Arrays.stream(guide().split("(?m)^## ")).skip(1).map(section -> section.split("\n", 2)).toList();
    }

    private static String variables(String language) {
        return recipes().getFirst()[1].replaceFirst("(?s).*```" + language + "\\n(.*?)\\n```.*", "$1");
    }

    /** How a language says which status each step was answered with. */
    private enum Language {
        SH("curl() { command curl -w '%{stderr}%{http_code} ' \"$@\"; }\n", "\necho '|' >&2\n"),
        JS("const plain = globalThis.fetch\nglobalThis.fetch = async (...all) => {\n  const response = await plain(...all)\n"
                + "  process.stderr.write(response.status + ' ')\n  return response\n}\n", "\nprocess.stderr.write('|\\n')\n");

        private final String before;
        private final String after;

        Language(String before, String after) {
            this.before = before;
            this.after = after;
        }
    }

    @TestFactory
    Stream<DynamicTest> everySampleRunsAsItIsPasted() {
        List<String> programs = Stream.of("bash", "zsh", "node").filter(Programs::isOnPath).toList();
        if (programs.size() < 3) {
            System.out.println("recipes: run in " + (programs.isEmpty() ? "nothing" : String.join(" and ", programs)) + " only");
        }
        return Stream.of(server, mock).flatMap(target -> programs.stream().flatMap(program -> recipes().stream().skip(1).map(recipe -> dynamicTest(
                (target == mock ? "mock, " : "server, ") + program + ": " + recipe[0], () -> runs(target, program, recipe[1])))));
    }

    private static void runs(ApiProcess target, String program, String recipe) throws Exception {
        Language language = program.equals("node") ? Language.JS : Language.SH;
        List<String> expected = new ArrayList<>();
        StringBuilder script = new StringBuilder(language.before).append(variables(language.name().toLowerCase()).replaceFirst("http://[^'\\s]+", target.url("")));
        script.append('\n');
        STEP.matcher(recipe).results().forEach(step -> {
            expected.add(step.group(1));
            script.append(step.group(language == Language.SH ? 2 : 3)).append(language.after);
        });
        Path file = Files.writeString(directory.resolve(language == Language.SH ? "recipe.sh" : "recipe.mjs"), script);
        Path errors = directory.resolve("errors.txt");
        String printed = Programs.run(directory, 60, "sh", "-c", "exec " + program + " " + file + " 2> " + errors);
        // A step that waits asks several times; the last answer counts.
        List<String> statuses = Arrays.stream(Files.readString(errors).split("\\|")).map(String::strip).filter(step -> !step.isEmpty())
                .map(step -> step.substring(step.lastIndexOf(' ') + 1)).toList();
        assertEquals(expected, statuses, () -> script + "\nprinted\n" + printed);
        assertEquals(recipe.contains(GENUINE + "'"), printed.contains(GENUINE), printed);
    }

    @Test
    void respectRunsTheWorkflows() throws Exception {
        if (!Programs.isOnPath("node") || !Programs.isOnPath("npm")) {
            Programs.skip("workflows by Redocly Respect", "there is no Node");
        }
        Programs.installed(REDOCLY, "workflows by Redocly Respect");
        JsonObjectBuilder inputs = Json.createObjectBuilder();
        Pattern.compile("const (\\w+) = '(.*)'").matcher(variables("js")).results().forEach(input -> inputs.add(input.group(1), input.group(2)));
        String input = inputs.build().toString();
        try (Stream<Path> files = Files.list(WORKFLOWS)) {
            List<String> line = new ArrayList<>(List.of("env", "REDOCLY_TELEMETRY=off", "REDOCLY_SUPPRESS_UPDATE_NOTICE=true", "node",
                    "node_modules/@redocly/cli/bin/cli.js", "respect", "--input=" + input));
            files.map(Path::toString).sorted().forEach(line::add);
            int workflows = line.size() - 7;
            for (ApiProcess target : List.of(server, mock)) {
                String printed = Programs.run(REDOCLY, 240, Stream.concat(line.stream(), Stream.of("--server=phone=" + target.url(""))).toArray(String[]::new));
                assertEquals(workflows, Pattern.compile("✓ \\S+\\.arazzo\\.yaml").matcher(printed).results().count(), printed);
            }
        }
    }
}
