// SPDX-License-Identifier: Apache-2.0
package dev.phone.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The documentation for a terminal, docs.md. */
class MarkdownDocsTest {
    private static final Pattern LINK = Pattern.compile("\\]\\(\\s*#([^)]*)\\)");
    private static final Contract CONTRACT = Contract.read(Path.of("target/classes/openapi.json"));

    private static String text;
    /** The lines outside of code, and without the code within them. */
    private static final List<String> PROSE = new ArrayList<>();
    private static final List<String> HEADINGS = new ArrayList<>();

    @BeforeAll
    static void read() throws IOException {
        text = Files.readString(Path.of("target/classes/docs.md"));
        boolean code = false;
        for (String line : text.lines().toList()) {
            if (line.startsWith("```")) {
                code = !code;
            } else if (!code) {
                PROSE.add(line);
                if (line.startsWith("#")) {
                    HEADINGS.add(line.replaceFirst("^#+ ", ""));
                }
            }
        }
        assertFalse(code, "a block of code does not end");
    }

    @Test
    void itHasEveryGuideOperationAndEventInTheContractsOrder() {
        Spot document = Spot.of(CONTRACT.json());
        List<String> guides = document.get("tags").items().stream().map(tag -> tag.get("name").text()).filter(name -> name.startsWith("Guide: "))
                .map(name -> name.substring("Guide: ".length())).toList();
        assertTrue(guides.size() > 10, guides.toString());
        assertEquals(guides, HEADINGS.stream().filter(guides::contains).distinct().toList());
        List<String> groups = document.get("tags").items().stream().map(tag -> tag.get("name").text()).toList();
        List<String> operations = document.get("paths").members().values().stream().flatMap(item -> item.members().values().stream())
                .sorted(Comparator.comparing(operation -> groups.indexOf(operation.get("tags").items().getFirst().text())))
                .map(operation -> operation.get("operationId").text()).toList();
        assertEquals(CONTRACT.operations().size(), operations.size());
        assertEquals(operations, HEADINGS.stream().map(heading -> heading.replaceFirst(":.*", "")).filter(operations::contains).toList());
        List<String> events = List.copyOf(document.get("webhooks").object().keySet());
        assertEquals(events, HEADINGS.stream().map(heading -> heading.replaceFirst(":.*", "")).filter(events::contains).toList());
    }

    @Test
    void eachOperationSaysWhatItTakesAndWhatItAnswers() {
        CONTRACT.operations().forEach(operation -> {
            String section = text.substring(text.indexOf("\n### " + operation.id() + ":") + 1).split("\n#{1,3} ", 2)[0];
            Spot described = Spot.of(CONTRACT.json()).get("paths").get(operation.path()).get(operation.method().toLowerCase(Locale.ROOT));
            List<String> expected = new ArrayList<>();
            expected.addAll(List.of("    " + operation.method() + " " + operation.path() + "\n", "- Credentials: ", "- Limit: ", "```sh\ncurl "));
            described.get("responses").object().keySet().forEach(status -> expected.add((status.startsWith("2") ? "Response " : "- ") + status));
            described.get("parameters").items().forEach(parameter -> expected.add("- `" + parameter.target().get("name").text() + "` ("));
            for (String part : expected) {
                assertTrue(section.contains(part), operation.id() + " lacks " + part + ":\n" + section);
            }
        });
    }

    @Test
    void everyLinkLeadsToAHeading() {
        Set<String> fragments = new HashSet<>();
        HEADINGS.forEach(heading -> {
            String fragment = heading.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-');
            String unique = fragment;
            for (int i = 1; !fragments.add(unique); i++) {
                unique = fragment + "-" + i;
            }
        });
        List<String> links = LINK.matcher(String.join("\n", PROSE)).results().map(link -> link.group(1)).toList();
        assertTrue(links.size() > 100, links.toString());
        assertEquals(List.of(), links.stream().filter(link -> !fragments.contains(link)).toList());
        assertTrue(links.contains("rate-limits"), "a guide that another names");
        assertTrue(text.substring(text.indexOf("- `Idempotency-Key` (header")).split("\n- ", 2)[0].contains("guide [Idempotency](#idempotency)"),
                "a guide that a parameter names");
        assertEquals(0, Pattern.compile("guide \\*").matcher(text).results().count(), "guides that are named but not linked");
    }

    @Test
    void itFitsATerminalAndHasNoHtml() {
        // A link cannot be broken.
        assertEquals(List.of(), PROSE.stream().filter(line -> line.length() > (line.startsWith("|") ? 104 : 80) && !line.contains("](")).toList());
        assertEquals(List.of(), PROSE.stream().map(line -> line.replaceAll("`[^`]*`", "")).filter(line -> line.matches(".*</?[a-z]+ ?/?>.*"))
                .toList());
        assertFalse(text.replaceAll("(?s)```.*?```", "code").contains("\n\n\n"), "a gap");
    }

    @Test
    void aTableHasColumnsAndGoesOnBelow() {
        assertEquals("""
                | a     | what                                                                 |
                |-------|----------------------------------------------------------------------|
                | `x y` | a text that is too long for a line of a terminal, which has about    |
                |       | eighty columns                                                       |
                | b     | short                                                                |
                |       | and a second line                                                    |""", MarkdownText.flow("""
                | a | what |
                |---|---|
                | `x y` | a text that is too long for a line of a terminal, which has about eighty columns |
                | b | short<br>and a second line |
                """));
        String wide = "`" + "x".repeat(60) + "`";
        assertEquals("- " + wide + "; b:\n  " + wide, MarkdownText.flow("| a | b |\n|---|---|\n| " + wide + " | " + wide + " |"));
    }

    @Test
    void aLineNeverBeginsWithWhatWouldBeAList() {
        assertEquals("word ".repeat(14) + "word\nwords + 48 more", MarkdownText.flow("word ".repeat(15) + "words + 48 more"));
        assertEquals("- one\n  - two\n1. three", MarkdownText.flow("- one\n  - two\n1. three"));
        assertEquals("```sh\n# not a heading\n\n| code\n```", MarkdownText.flow("```sh\n# not a heading\n\n| code\n```"));
    }
}
