// SPDX-License-Identifier: Apache-2.0
package dev.phone.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Prose states no number of the product itself: it would go on saying it after the number has changed. */
class LiteralNumbersTest {
    private static final Pattern LITERAL = Pattern.compile("(?i)\\b(?:[1-9][0-9]*(?:[.,][0-9]+)*|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|"
            + "fifteen|twenty|thirty|forty|fifty|sixty|(?:a )?hundred|(?:a )?thousand|fifth)[- ](?:[a-z]+[- ])?"
            + "(?:milliseconds?|seconds?|minutes?|hours?|days?|weeks?|attempts?|requests?|characters?|digits?|bytes|KiB|MiB|intervals|codes|"
            + "events|items|values|keys|times|bins)\\b");
    /** Schemas, and what the violations and errors of examples say, are checked against what is enforced. */
    private static final Pattern NO_PROSE = Pattern.compile("^\\s*(?:#|- ?)?\\s*(?:message|x-expects|details|value|schema):.*|.*\\bmessage: .*");

    @Test
    void numbersAreFilledIn() throws IOException {
        List<String> allowed = Files.readAllLines(Path.of("src/test/resources/literal-numbers.txt")).stream()
                .filter(line -> !line.isBlank() && !line.startsWith("#")).map(line -> line.split("  +")[0]).toList();
        TreeSet<String> unused = new TreeSet<>(allowed);
        List<String> found = new ArrayList<>();
        for (Path file : files()) {
            List<String> lines = Files.readAllLines(file);
            for (int i = 0; i < lines.size(); i++) {
                Matcher literal = LITERAL.matcher(lines.get(i));
                while (literal.find()) {
                    String inFile = file + ": " + literal.group();
                    unused.removeAll(List.of(inFile, literal.group()));
                    if (!NO_PROSE.matcher(lines.get(i)).matches() && !allowed.contains(inFile) && !allowed.contains(literal.group())) {
                        found.add("openapi/" + file + ":" + (i + 1) + ": " + literal.group());
                    }
                }
            }
        }
        assertEquals("", String.join("\n", found), """
                These numbers are written where one from the contract could be filled in, such as {otp.lifetime} of x-rules, \
                {limits.otp-send.window} or {/components/schemas/Bin/properties/events/maxItems}. Name the value instead. A number that is no \
                rule of the product goes, with the reason, into src/test/resources/literal-numbers.txt""");
        assertEquals("", String.join("\n", unused), "these are no longer written; remove them from literal-numbers.txt");
    }

    private static List<Path> files() throws IOException {
        List<Path> files = new ArrayList<>(List.of(Path.of("phone.yaml")));
        for (String folder : List.of("guides", "paths", "components", "webhooks", "workflows")) {
            try (Stream<Path> all = Files.walk(Path.of(folder))) {
                files.addAll(all.filter(Files::isRegularFile).sorted().collect(Collectors.toList()));
            }
        }
        return files;
    }
}
