// SPDX-License-Identifier: Apache-2.0
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** Applies each drift to a copy of the last commit, runs the tests that it names, and reports which one noticed. */
class Drill {
    private static final String SEPARATOR = "<!-- What follows is written by ./run. -->";
    private static final PrintStream OUT = new PrintStream(System.out, true, StandardCharsets.UTF_8);

    /**
     * How a drift ended.
     *
     * @param drift what drifted, in words
     * @param caughtBy the test or golden file that noticed; null when nothing did
     * @param said the first line of what it said
     * @param shared whether contract-tests caught it
     */
    record Result(String drift, String caughtBy, String said, boolean shared) {
    }

    private final Path drifts;
    private final Path copy;

    Drill(Path drifts) {
        this.drifts = drifts;
        this.copy = drifts.resolve("../target/drifts/copy").normalize();
    }

    public static void main(String[] names) throws Exception {
        Path root = Path.of(output(Path.of("."), "git", "rev-parse", "--show-toplevel").strip());
        Drill drill = new Drill(root.resolve("contract-tests/drifts"));
        Map<String, Path> patches = drill.patches(List.of(names));
        drill.prepare(root);
        Map<String, Result> results = new TreeMap<>();
        int i = 0;
        for (Map.Entry<String, Path> patch : patches.entrySet()) {
            Instant start = Instant.now();
            Result result = drill.drill(patch.getValue());
            results.put(patch.getKey(), result);
            OUT.printf("[%d/%d, %d s] %s: %s%n", ++i, patches.size(), Duration.between(start, Instant.now()).toSeconds(), patch.getKey(),
                    result.caughtBy == null ? "SURVIVES: " + result.said : result.caughtBy + ": " + result.said);
        }
        long survived = results.values().stream().filter(result -> result.caughtBy == null).count();
        long shared = results.values().stream().filter(Result::shared).count();
        OUT.printf("%d drifts: %d survive, %d are caught by contract-tests.%n", results.size(), survived, shared);
        if (names.length == 0) {
            drill.write(results, survived, shared, output(root, "git", "rev-parse", "--short", "HEAD").strip());
        }
        System.exit(survived == 0 ? 0 : 1);
    }

    private Map<String, Path> patches(List<String> names) throws IOException {
        Map<String, Path> patches = new TreeMap<>();
        try (Stream<Path> files = Files.list(drifts)) {
            files.filter(file -> file.toString().endsWith(".patch"))
                    .forEach(file -> patches.put(file.getFileName().toString().replace(".patch", ""), file));
        }
        for (String name : names) {
            if (!patches.containsKey(name)) {
                throw new IllegalArgumentException("no drift is called " + name + "; there are: " + String.join(", ", patches.keySet()));
            }
        }
        if (!names.isEmpty()) {
            patches.keySet().retainAll(names);
        }
        return patches;
    }

    private void prepare(Path root) throws Exception {
        delete(copy);
        Files.createDirectories(copy.getParent());
        output(root, "git", "clone", "-q", root.toString(), copy.toString());
        OUT.println("Building a copy of the last commit in " + copy);
        List<String> problems = maven("package", "-DskipTests");
        if (!problems.isEmpty()) {
            throw new IllegalStateException("without any drift, the build fails:\n" + String.join("\n", problems));
        }
    }

    private Result drill(Path patch) throws Exception {
        String text = Files.readString(patch);
        String what = text.lines().findFirst().orElseThrow();
        String tests = text.lines().filter(line -> line.startsWith("Tests: ")).findFirst().orElseThrow().substring(7);
        try {
            output(copy, "git", "apply", "-p0", patch.toString());
            String golden = null;
            if (Pattern.compile("^\\+\\+\\+ openapi/(?!src/)", Pattern.MULTILINE).matcher(text).find()) {
                // Whoever changes the contract rewrites its golden files. A reviewer sees them; what is asked here is who notices besides.
                List<String> refused = maven("generate-sources", "-pl", "openapi", "-Dgolden=write");
                if (!refused.isEmpty()) {
                    return new Result(what, "the rules of the build", refused.get(0), false);
                }
                String changed = output(copy, "git", "diff", "--name-only", "--", "openapi/*.txt").strip();
                golden = changed.isEmpty() ? null : changed.replace('\n', ' ');
            }
            Instant start = Instant.now();
            List<String> problems = maven("test", "-pl", "contract-tests", "-am", "-Dtest=" + tests, "-Dsurefire.failIfNoSpecifiedTests=false",
                    "-Dsurefire.skipAfterFailureCount=1");
            if (problems.isEmpty()) {
                return golden == null ? new Result(what, null, "nothing failed of " + tests, false)
                        : new Result(what, "the golden file " + golden, "a reviewer sees the changed line", false);
            }
            Result failed = failed(what, start);
            return failed != null ? failed : new Result(what, "the build", problems.get(0), false);
        } finally {
            output(copy, "git", "checkout", "-q", "--", ".");
        }
    }

    /** The first test that failed since then; null when none did. */
    private Result failed(String what, Instant since) throws Exception {
        for (String module : List.of("openapi", "server", "mock", "contract-tests")) {
            Path reports = copy.resolve(module + "/target/surefire-reports");
            if (!Files.isDirectory(reports)) {
                continue;
            }
            List<Path> files;
            try (Stream<Path> all = Files.list(reports)) {
                files = all.filter(file -> file.toString().endsWith(".xml")).sorted().toList();
            }
            for (Path file : files) {
                if (Files.getLastModifiedTime(file).toInstant().isBefore(since)) {
                    continue;
                }
                NodeList cases = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(file.toFile()).getElementsByTagName("testcase");
                for (int i = 0; i < cases.getLength(); i++) {
                    Element test = (Element) cases.item(i);
                    for (String kind : List.of("failure", "error")) {
                        if (test.getElementsByTagName(kind).getLength() > 0) {
                            Element failure = (Element) test.getElementsByTagName(kind).item(0);
                            String name = test.getAttribute("classname").replaceFirst(".*\\.", "");
                            return new Result(what, name + ", " + test.getAttribute("name"), said(failure), module.equals("contract-tests"));
                        }
                    }
                }
            }
        }
        return null;
    }

    private static String said(Element failure) {
        String message = failure.hasAttribute("message") ? failure.getAttribute("message") : failure.getTextContent();
        String line = String.join(" ", message.lines().map(String::strip).filter(each -> !each.isEmpty()).toList());
        return line.length() <= 200 ? line : line.substring(0, 200) + " …";
    }

    private void write(Map<String, Result> results, long survived, long shared, String commit) throws IOException {
        Path readme = drifts.resolve("README.md");
        String text = Files.readString(readme);
        StringBuilder table = new StringBuilder(text.substring(0, text.indexOf(SEPARATOR)) + SEPARATOR + "\n\n"
                + "Of %d drifts at commit %s, %d survived; %d were caught by contract-tests.\n\n".formatted(results.size(), commit, survived, shared)
                + "| drift | caught by | what it said |\n|---|---|---|\n");
        results.values().forEach(result -> table.append("| ").append(cell(result.drift)).append(" | ")
                .append(result.caughtBy == null ? "**nothing**" : cell(result.caughtBy)).append(" | ").append(cell(result.said)).append(" |\n"));
        Files.writeString(readme, table);
        List<String> entries = new ArrayList<>();
        results.forEach((name, result) -> entries.add("  {\"patch\": %s, \"what\": %s, \"caughtBy\": %s, \"said\": %s, \"shared\": %s}".formatted(
                quoted(name), quoted(result.drift), result.caughtBy == null ? "null" : quoted(result.caughtBy), quoted(result.said), result.shared)));
        Files.writeString(drifts.resolve("results.json"), "[\n" + String.join(",\n", entries) + "\n]\n");
    }

    private static String cell(String text) {
        return text.replace("|", "\\|").replace("<", "&lt;");
    }

    private static String quoted(String text) {
        StringBuilder json = new StringBuilder("\"");
        text.chars().forEach(c -> json.append(c == '"' || c == '\\' ? "\\" + (char) c : c < ' ' ? String.format("\\u%04x", c) : String.valueOf((char) c)));
        return json.append('"').toString();
    }

    /** @return the errors that Maven reports, the most telling first; empty when the build went well */
    private List<String> maven(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("mvn", "-q", "-B"));
        command.addAll(Arrays.asList(arguments));
        File log = copy.resolveSibling("maven.log").toFile();
        Process process = new ProcessBuilder(command).directory(copy.toFile()).redirectErrorStream(true).redirectOutput(log).start();
        if (process.waitFor() == 0) {
            return List.of();
        }
        List<String> errors = Files.readAllLines(log.toPath()).stream().map(line -> line.replaceAll("\u001b\\[[0-9;]*m", ""))
                .filter(line -> Pattern.compile("^(\\[ERROR\\]|openapi/)").matcher(line).find())
                .map(line -> line.replace("[ERROR] ", "").replace(copy + "/", "")).filter(line -> !line.isBlank()).toList();
        return errors.isEmpty() ? List.of("see " + log) : errors;
    }

    private static String output(Path directory, String... command) throws Exception {
        Process process = new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IllegalStateException(String.join(" ", command) + ":\n" + output);
        }
        return output;
    }

    private static void delete(Path directory) throws Exception {
        if (Files.isDirectory(directory)) {
            output(directory.getParent(), "rm", "-rf", directory.toString());
        }
    }
}
