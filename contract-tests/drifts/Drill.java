// SPDX-License-Identifier: Apache-2.0
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
import java.util.function.Predicate;
import java.util.regex.Matcher;
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
        private static final Pattern MEMBER = Pattern.compile("\"(\\w+)\": (?:\"((?:[^\"\\\\]|\\\\.)*)\"|(\\w+))");

        /** @param json a line of results.json */
        static Map.Entry<String, Result> of(String json) {
            Map<String, String> members = new TreeMap<>();
            MEMBER.matcher(json).results().forEach(member -> members.put(member.group(1),
                    member.group(2) == null ? member.group(3) : member.group(2).replaceAll("\\\\(.)", "$1")));
            String caughtBy = members.get("caughtBy");
            return Map.entry(members.get("patch"), new Result(members.get("what"), caughtBy.equals("null") ? null : caughtBy, members.get("said"),
                    members.get("shared").equals("true")));
        }
    }

    /** Files from which others are generated, or which only a build reads. */
    private static final Predicate<String> CONTRACT = Pattern.compile("^(openapi|contract-tests)/(?!src/)").asPredicate();

    private static final int MOST = 200;

    private final Path drifts;
    private final Path work;
    private final Path copy;
    /** Of the tests, from the copy. */
    private String classpath;
    private Path bin;

    Drill(Path drifts) {
        this.drifts = drifts;
        this.work = drifts.resolve("../target/drifts").normalize();
        this.copy = work.resolve("copy");
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
        drill.write(results);
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
                OUT.println("No drift is called " + name + ". There are: " + String.join(", ", patches.keySet()));
                System.exit(2);
            }
        }
        if (!names.isEmpty()) {
            patches.keySet().retainAll(names);
        }
        return patches;
    }

    private void prepare(Path root) throws Exception {
        delete(work);
        Files.createDirectories(work);
        output(root, "git", "clone", "-q", root.toString(), copy.toString());
        OUT.println("Building a copy of the last commit in " + copy);
        List<String> problems = maven("package", "dependency:build-classpath", "-pl", "contract-tests", "-am", "-DskipTests",
                "-Dmdep.outputFile=target/classpath.txt");
        if (!problems.isEmpty()) {
            throw new IllegalStateException("without any drift, the build fails:\n" + String.join("\n", problems));
        }
        classpath = copy.resolve("contract-tests/target/test-classes") + ":" + copy.resolve("contract-tests/target/classes") + ":"
                + Files.readString(copy.resolve("contract-tests/target/classpath.txt"));
        Matcher junit = Pattern.compile("junit-platform-engine-([^/]+)\\.jar").matcher(classpath);
        junit.find();
        maven("dependency:copy", "-N", "-Dartifact=org.junit.platform:junit-platform-console-standalone:" + junit.group(1),
                "-DoutputDirectory=" + work, "-Dmdep.stripVersion=true");
        // The JDK that the build chooses.
        maven("validate", "exec:exec", "-N", "-Dexec.executable=java", "-Dexec.args=-XshowSettings:properties -version");
        Matcher home = Pattern.compile("java\\.home = (.*)").matcher(Files.readString(log()));
        home.find();
        bin = Path.of(home.group(1), "bin");
    }

    private Result drill(Path patch) throws Exception {
        String text = Files.readString(patch);
        String what = text.lines().findFirst().orElseThrow();
        String tests = text.lines().filter(line -> line.startsWith("Tests: ")).findFirst().orElseThrow().substring(7);
        try {
            output(copy, "git", "apply", "-p0", patch.toString());
            List<String> files = Pattern.compile("^\\+\\+\\+ (\\S+)", Pattern.MULTILINE).matcher(text).results().map(match -> match.group(1)).toList();
            return files.stream().anyMatch(CONTRACT) ? build(what, tests) : overlay(what, tests, files);
        } catch (IllegalStateException e) {
            return new Result(what, null, e.getMessage().lines().findFirst().orElse("") + " …", false);
        } finally {
            output(copy, "git", "checkout", "-q", "--", ".");
            delete(work.resolve("overlay"));
        }
    }

    /** A change of the contract: everything is generated and compiled anew. */
    private Result build(String what, String tests) throws Exception {
        // Whoever changes the contract rewrites its golden files. A reviewer sees them; what is asked here is who notices besides.
        List<String> refused = maven("generate-sources", "-pl", "openapi", "-Dgolden=write");
        if (!refused.isEmpty()) {
            return new Result(what, "the rules of the build", refused.get(0), false);
        }
        String golden = output(copy, "git", "diff", "--name-only", "--", "openapi/*.txt").strip().replace("\n", ", ");
        Instant start = Instant.now();
        List<String> problems = maven("test", "-pl", "contract-tests", "-am", "-Dtest=" + tests, "-Dsurefire.failIfNoSpecifiedTests=false");
        if (problems.isEmpty()) {
            return golden.isEmpty() ? new Result(what, null, "nothing failed of " + tests, false)
                    : new Result(what, "the golden file " + golden, "a reviewer sees the changed line", false);
        }
        Result failed = failed(what, start);
        return failed != null ? failed : new Result(what, "the build", problems.get(0), false);
    }

    /** A change of code or of a resource: what is changed is put before the rest, and the tests of contract-tests run. */
    private Result overlay(String what, String tests, List<String> files) throws Exception {
        Path overlay = Files.createDirectories(work.resolve("overlay"));
        List<String> compile = new ArrayList<>(List.of(bin.resolve("javac").toString(), "-nowarn", "-proc:none", "-cp", classpath, "-d", overlay.toString()));
        int options = compile.size();
        for (String file : files) {
            Matcher resource = Pattern.compile(".*/src/main/resources/(.*)").matcher(file);
            if (file.endsWith(".java")) {
                compile.add(file);
            } else if (resource.matches()) {
                Path target = overlay.resolve(resource.group(1));
                Files.createDirectories(target.getParent());
                Files.copy(copy.resolve(file), target);
            }
        }
        if (compile.size() > options) {
            output(copy, compile.toArray(String[]::new));
        }
        String names = "^.*\\.(" + tests.replace(",", "|").replace("*", "[A-Za-z]*") + ")$";
        Process process = new ProcessBuilder(bin.resolve("java").toString(), "-Dphone.root=" + copy, "-Dphone.traces.keep=true",
                "-Dpact_do_not_track=true", "-Dorg.slf4j.simpleLogger.defaultLogLevel=error", "-Dfile.encoding=UTF-8", "-Dstdout.encoding=UTF-8",
                "-Djava.util.logging.config.file=src/test/resources/logging.properties", "--enable-native-access=ALL-UNNAMED",
                "-cp", overlay + ":" + work.resolve("junit-platform-console-standalone.jar") + ":" + classpath, "org.junit.platform.console.ConsoleLauncher",
                "execute", "--scan-classpath", "target/test-classes", "--include-classname", names,
                "--details=none", "--disable-banner", "--disable-ansi-colors", "--fail-fast")
                // Where Maven runs them: what a test names, such as the folder of the pacts, it names from there.
                .directory(copy.resolve("contract-tests").toFile()).redirectErrorStream(true).redirectOutput(log().toFile()).start();
        if (process.waitFor() == 0) {
            return new Result(what, null, "nothing failed of " + tests, false);
        }
        Matcher failure = Pattern.compile("(?s)Failures \\(\\d+\\):\\R *(JUnit [^\\n]*)\\R(.*?)=> (.*?)(\\R\\R|\\R +\\S*\\(|\\R +\\[\\.\\.\\.|\\z)").matcher(Files.readString(log()));
        return failure.find() ? new Result(what, failure.group(1).replaceFirst("JUnit Jupiter:", ""), line(failure.group(3).replaceFirst("^[\\w.]+(Error|Exception): ", "")), true)
                : new Result(what, null, "the tests did not run; see " + log(), false);
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
        return line(message);
    }

    /** The message in one line; of two long values only where they begin to differ. */
    private static String line(String message) {
        String line = String.join(" ", message.lines().map(String::strip).filter(each -> !each.isEmpty()).toList());
        Matcher compared = Pattern.compile("(.*)expected: <(.*)> but was: <(.*)>(.*)").matcher(line);
        if (line.length() > MOST && compared.matches()) {
            String expected = compared.group(2);
            String actual = compared.group(3);
            int same = 0;
            while (same < Math.min(expected.length(), actual.length()) && expected.charAt(same) == actual.charAt(same)) {
                same++;
            }
            int from = Math.max(0, same - 30);
            line = "expected … " + part(expected, from, same) + " … but was … " + part(actual, from, same) + " …";
        }
        return line.length() <= MOST ? line : line.substring(0, MOST) + " …";
    }

    private static String part(String text, int from, int same) {
        return text.substring(Math.min(from, text.length()), Math.min(same + 40, text.length()));
    }

    /** Writes the table: these results, and the last ones of the drifts that were not run now. */
    private void write(Map<String, Result> run) throws IOException {
        Map<String, Result> results = new TreeMap<>();
        Path json = drifts.resolve("results.json");
        if (Files.exists(json)) {
            Files.readString(json).lines().filter(line -> line.contains("\"patch\"")).map(Result::of)
                    .filter(each -> Files.exists(drifts.resolve(each.getKey() + ".patch"))).forEach(each -> results.put(each.getKey(), each.getValue()));
        }
        results.putAll(run);
        long survived = results.values().stream().filter(result -> result.caughtBy == null).count();
        long shared = results.values().stream().filter(Result::shared).count();
        Path readme = drifts.resolve("README.md");
        String text = Files.readString(readme);
        StringBuilder table = new StringBuilder(text.substring(0, text.indexOf(SEPARATOR)) + SEPARATOR + "\n\n"
                + "Of %d drifts, %d survived; %d were caught by contract-tests.\n\n".formatted(results.size(), survived, shared)
                + "| drift | caught by | what it said |\n|---|---|---|\n");
        results.values().forEach(result -> table.append("| ").append(cell(result.drift)).append(" | ")
                .append(result.caughtBy == null ? "**nothing**" : cell(result.caughtBy)).append(" | ").append(cell(result.said)).append(" |\n"));
        Files.writeString(readme, table);
        List<String> entries = new ArrayList<>();
        results.forEach((name, result) -> entries.add("  {\"patch\": %s, \"what\": %s, \"caughtBy\": %s, \"said\": %s, \"shared\": %s}".formatted(
                quoted(name), quoted(result.drift), result.caughtBy == null ? "null" : quoted(result.caughtBy), quoted(result.said), result.shared)));
        Files.writeString(json, "[\n" + String.join(",\n", entries) + "\n]\n");
    }

    private static String cell(String text) {
        return text.replace("|", "\\|").replace("<", "&lt;");
    }

    private static String quoted(String text) {
        return '"' + text.replaceAll("\\p{Cntrl}", " ").replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    /** @return the errors that Maven reports, the most telling first; empty when the build went well */
    private List<String> maven(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("mvn", "-q", "-B"));
        command.addAll(Arrays.asList(arguments));
        Process process = new ProcessBuilder(command).directory(copy.toFile()).redirectErrorStream(true).redirectOutput(log().toFile()).start();
        if (process.waitFor() == 0) {
            return List.of();
        }
        List<String> errors = Files.readAllLines(log()).stream().map(line -> line.replaceAll("\u001b\\[[0-9;]*m", ""))
                .filter(line -> Pattern.compile("^(\\[ERROR\\]|openapi/)").matcher(line).find())
                .map(line -> line.replace("[ERROR] ", "").replace(copy + "/", "")).filter(line -> !line.isBlank()).toList();
        return errors.isEmpty() ? List.of("see " + log()) : errors;
    }

    private Path log() {
        return work.resolve("log.txt");
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
