// SPDX-License-Identifier: Apache-2.0
package dev.phone.contracttests.suite;

import static dev.phone.contracttests.gate.NamedTests.dynamicTest;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.phone.contracttests.contract.TheContract;
import dev.phone.contracttests.target.ApiProcess;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.io.StringReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * The samples of each operation: those of the documentation page in each of its languages, and those of docs.md. They run as they are pasted, each in
 * a fresh demo world, on the mock; and those in curl one after another in a single one, on the server and on the mock. Each prints the answer. Skipped
 * where a language is missing.
 */
class SamplesTest {
    private static final Path SAMPLES = ApiProcess.ROOT.resolve("openapi/src/main/resources/docs/samples.js").toAbsolutePath().normalize();
    private static final Pattern IN_TEXT = Pattern.compile("(?m)^### (\\w+):.*\\n(?:(?!### |```sh).*\\n)*```sh\\n([^`]*)\\n```");
    private static final Map<String, String> UNLIMITED = Map.of("PHONE_LIMITS", "off");

    @TempDir
    static Path directory;
    private static ApiProcess mock;

    private record Sample(String operation, String source) {
    }

    private enum Language {
        CURL("shell", List.of("bash", "curl")) {
            @Override
            String run(List<Sample> samples) throws Exception {
                return shell("bash", "", "reset\n", samples);
            }
        },
        JAVASCRIPT("javascript", List.of("node")) {
            @Override
            String run(List<Sample> samples) throws Exception {
                return Programs.run(directory, 120, "node", script("samples.mjs", """
                        const reset = () => fetch('%s', { method: 'POST', headers: { 'content-type': 'application/json' } })
                        """.formatted(reset()), "await reset()\nawait ", samples));
            }
        },
        PYTHON("python", List.of("python3")) {
            @Override
            String run(List<Sample> samples) throws Exception {
                return Programs.run(directory, 120, "python3", script("samples.py", """
                        import urllib.request

                        def reset():
                            urllib.request.urlopen(urllib.request.Request('%s', b'', {'content-type': 'application/json'}))

                        """.formatted(reset()), "reset()\n", samples));
            }
        },
        JAVA("java", List.of()) {
            private static final String CLASS = "class Sample {";

            /** All in one compiler and one JVM, under names of their own; and one as it is pasted into Sample.java. */
            @Override
            String run(List<Sample> samples) throws Exception {
                Path sources = Files.createDirectories(directory.resolve("java"));
                List<String> command = new ArrayList<>(List.of(jdk("javac"), "-proc:none"));
                StringBuilder calls = new StringBuilder();
                for (int i = 0; i < samples.size(); i++) {
                    String name = "Sample" + i;
                    String source = samples.get(i).source.replace(CLASS, "class " + name + " {");
                    command.add(Files.writeString(sources.resolve(name + ".java"), source).toString());
                    calls.append("reset();\n").append(name).append(".main(arguments);\n");
                }
                command.add(Files.writeString(sources.resolve("All.java"), """
                        import java.net.URI;
                        class All {
                            static void reset() throws Exception {
                                var connection = (java.net.HttpURLConnection) URI.create("%s").toURL().openConnection();
                                connection.setRequestMethod("POST");
                                connection.setRequestProperty("content-type", "application/json");
                                connection.getResponseCode();
                            }
                            public static void main(String[] arguments) throws Exception {
                                %s
                            }
                        }
                        """.formatted(reset(), calls)).toString());
                Programs.run(sources, 120, command.toArray(String[]::new));
                String printed = Programs.run(sources, 120, jdk("java"), "-cp", sources.toString(), "All");
                Path pasted = Files.writeString(directory.resolve("Sample.java"), samples.getFirst().source);
                ask(HttpRequest.newBuilder(URI.create(reset())).header("content-type", "application/json").POST(HttpRequest.BodyPublishers.noBody()));
                check(samples.subList(0, 1), Programs.run(directory, 60, jdk("java"), pasted.toString()));
                return printed;
            }
        };

        private final String id;
        private final List<String> programs;

        Language(String id, List<String> programs) {
            this.id = id;
            this.programs = programs;
        }

        /** @return what they printed: the answers, each on a line */
        abstract String run(List<Sample> samples) throws Exception;
    }

    @BeforeAll
    static void start() {
        mock = ApiProcess.mock(UNLIMITED);
    }

    @AfterAll
    static void stop() {
        mock.close();
    }

    private static String reset() {
        return mock.url("/__admin/phone/reset");
    }

    private static String ask(HttpRequest.Builder request) throws IOException, InterruptedException {
        return HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString()).body();
    }

    private static String jdk(String program) {
        return Path.of(System.getProperty("java.home"), "bin", program).toString();
    }

    /** @param each what is before each sample */
    private static String script(String name, String beginning, String each, List<Sample> samples) throws IOException {
        String all = samples.stream().map(sample -> each + sample.source + "\n").collect(Collectors.joining());
        return Files.writeString(directory.resolve(name), beginning + all).toString();
    }

    /** Without the progress of each transfer. */
    private static String shell(String shell, String before, String each, List<Sample> samples) throws Exception {
        return Programs.run(directory, 120, shell, script("samples.sh", """
                curl() { command curl -sS "$@" && echo; }
                reset() { command curl -sS -o /dev/null -X POST -H 'content-type: application/json' '%s'; }
                %s
                """.formatted(reset(), before), each, samples));
    }

    /** Each sample prints the answer, and nothing else. */
    private static void check(List<Sample> samples, String printed) {
        List<String> lines = printed.lines().toList();
        assertEquals(samples.size(), lines.size(), printed);
        List<String> wrong = new ArrayList<>();
        IntStream.range(0, lines.size()).forEach(i -> {
            JsonObject answer;
            try (var reader = Json.createReader(new StringReader(lines.get(i)))) {
                answer = reader.readObject();
            }
            String code = answer.containsKey("error") ? answer.getJsonObject("error").getString("code") : "";
            boolean built = GeneratedSuite.operations().anyMatch(each -> each.id().equals(samples.get(i).operation) && each.status() != 0);
            if (!code.equals(built ? "" : "NOT_IMPLEMENTED")) {
                wrong.add(samples.get(i).source + "\n" + lines.get(i));
            }
        });
        assertEquals("", String.join("\n\n", wrong));
    }

    @TestFactory
    Stream<DynamicTest> thoseOfThePage() {
        return Stream.of(Language.values()).map(language -> dynamicTest(language.toString(), () -> {
            if (!Stream.concat(Stream.of("node"), language.programs.stream()).allMatch(Programs::isOnPath)) {
                Programs.skip("the samples in " + language, "there is no node or no " + String.join(" or ", language.programs));
            }
            List<Sample> samples = ofThePage(language, mock);
            check(samples, language.run(samples));
        }));
    }

    /** In the order of the page: by tag. */
    private static List<Sample> ofThePage(Language language, ApiProcess target) throws Exception {
        Path script = Files.writeString(directory.resolve("described.cjs"), """
                const { described } = require('%s')
                fetch('%s').then((response) => response.json()).then((contract) => {
                  const { paths, tags } = described(contract, '%s')
                  const all = Object.values(paths).flatMap((item) => Object.values(item)).filter((each) => each['x-codeSamples'])
                  console.log(JSON.stringify(tags.flatMap(({ name }) => all.filter((each) => each.tags[0] === name))
                    .map((each) => [each.operationId, each['x-codeSamples'].find(({ lang }) => lang === '%s').source])))
                })
                """.formatted(SAMPLES, target.url("/openapi.json"), target.url(""), language.id));
        List<Sample> samples = new ArrayList<>();
        try (var reader = Json.createReader(new StringReader(Programs.run(directory, 60, "node", script.toString())))) {
            reader.readArray().forEach(each -> samples.add(new Sample(each.asJsonArray().getString(0), each.asJsonArray().getString(1))));
        }
        assertEquals(TheContract.CONTRACT.operations().size(), samples.size());
        return samples;
    }

    /** No sample takes away what another one needs. */
    @TestFactory
    Stream<DynamicTest> thoseInCurlOneAfterAnother() {
        return Stream.of("server", "mock").map(target -> dynamicTest(target, () -> {
            if (!Stream.of("node", "bash", "curl").allMatch(Programs::isOnPath)) {
                Programs.skip("the samples in curl, one after another", "there is no node, bash or curl");
            }
            // Started here: the pending OTPs of its demo world expire.
            try (ApiProcess started = target.equals("mock") ? ApiProcess.mock(UNLIMITED) : ApiProcess.start(directory, UNLIMITED)) {
                List<Sample> samples = ofThePage(Language.CURL, started);
                check(samples, shell("bash", "", "", samples));
            }
        }));
    }

    @TestFactory
    Stream<DynamicTest> thoseOfTheText() {
        return Stream.of("bash", "zsh").map(shell -> dynamicTest(shell, () -> {
            if (!Stream.of(shell, "curl").allMatch(Programs::isOnPath)) {
                Programs.skip("the samples of docs.md in " + shell, "there is no " + shell + " or no curl");
            }
            String text = ask(HttpRequest.newBuilder(URI.create(mock.url("/docs.md"))));
            String operations = text.substring(text.indexOf("\n# Operations\n"), text.indexOf("\n# Events\n"));
            String variables = operations.replaceFirst("(?s).*?```sh\n(.*?)\n```.*", "$1").replaceFirst("PHONE=.*", "PHONE=" + mock.url(""));
            List<Sample> samples = IN_TEXT.matcher(operations).results().map(sample -> new Sample(sample.group(1), sample.group(2))).toList();
            assertEquals(TheContract.CONTRACT.operations().size(), samples.size());
            check(samples, shell(shell, variables + "\n", "reset\n", samples));
        }));
    }
}
