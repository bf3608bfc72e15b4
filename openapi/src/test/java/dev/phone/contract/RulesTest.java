// SPDX-License-Identifier: Apache-2.0
package dev.phone.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;

import jakarta.json.Json;
import jakarta.json.JsonPatchBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RulesTest {
    /** What others do with our events. */
    private static final List<String> ONLY_IN_GUIDES = List.of("webhooks.tolerance");
    private static final Bundle BUNDLE = Bundle.of(Path.of("phone.yaml"));

    @Test
    void aMisspeltRuleIsRefused() {
        List<String> problems = problems(patch -> patch.move("/x-rules/otp/lifetme", "/x-rules/otp/lifetime"));
        assertEquals(2, problems.size(), problems.toString());
        assertEquals("otp.lifetime is missing; add a duration of one unit, such as PT5M", problems.getFirst());
        assertEquals("otp.lifetme is unknown; remove it, or use one of: otp.lifetime, otp.attempts", problems.getLast().replaceFirst(", otp.digits.*", ""));
    }

    @Test
    void aRuleIsOfItsKind() {
        assertEquals(List.of("otp.lifetime is \"five minutes\"; write a duration of one unit, such as PT5M"),
                problems(patch -> patch.replace("/x-rules/otp/lifetime", "five minutes")));
        assertEquals(List.of("otp.lifetime is \"PT1M30S\"; write a duration of one unit, such as PT5M"),
                problems(patch -> patch.replace("/x-rules/otp/lifetime", "PT1M30S")));
        assertEquals(List.of("otp.attempts is -1; write a whole number"), problems(patch -> patch.replace("/x-rules/otp/attempts", -1)));
        assertEquals(List.of("webhooks.retries is [\"PT5S\",5]; write a list of durations, such as [PT5S, PT5M]"),
                problems(patch -> patch.replace("/x-rules/webhooks/retries", Json.createArrayBuilder().add("PT5S").add(5).build())));
    }

    @Test
    void anExampleExpiresWhenTheRuleSays() {
        assertEquals(List.of("otp.lifetime is PT5M; this must expire at 2026-01-15T09:34:00.000Z"), problems(patch -> patch
                .replace("/x-demo-world/otpRequests/0/value/createdAt", "2026-01-15T09:29:00.000Z")
                .replace("/x-demo-world/otpRequests/0/value/expiresAt", "2026-01-15T09:34:01.000Z")));
        List<String> shorter = problems(patch -> patch.replace("/x-rules/bins/kept", "PT12H"));
        assertEquals(1, shorter.stream().map(problem -> problem.replaceFirst("at .*", "at")).distinct().count(), shorter.toString());
        assertEquals("bins.kept is PT12H; this must expire at", shorter.getFirst().replaceFirst("at .*", "at"));
    }

    @Test
    void theMockIsToldWhatTheRulesSay() {
        assertEquals(List.of("numbers.rest is PT480H; write 1728000"), problems(patch -> patch.replace("/x-rules/numbers/rest", "P20D")));
        assertEquals(List.of("webhooks.secretOverlap is PT12H; write 43200"), problems(patch -> patch.replace("/x-rules/webhooks/secretOverlap", "PT12H")));
    }

    @Test
    void aWeakenedNumberIsALine() {
        assertEquals("- otp.attempts  5\n+ otp.attempts  50\n", GoldenTable.difference(Rules.table(BUNDLE.json()), Rules.table(Json.createPatchBuilder()
                .replace("/x-rules/otp/attempts", 50).build().apply(BUNDLE.json()))));
    }

    /** A rule that nobody reads rots: whoever changes it changes nothing. Here server and mock are text, as they are built after this. */
    @Test
    void everyRuleIsReadByTheCode() throws IOException {
        StringBuilder read = new StringBuilder();
        for (String folder : List.of("src/main/java", "../server/src/main/java", "../mock/src/main/java")) {
            try (Stream<Path> files = Files.walk(Path.of(folder))) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    read.append(Files.readString(file));
                }
            }
        }
        List<String> unread = Rules.table(BUNDLE.json()).lines().map(line -> line.split(" ")[0])
                .filter(rule -> !Pattern.compile("\\bRules\\." + rule.replaceAll("[.A-Z]", "_$0").replace("_.", "_").toUpperCase(Locale.ROOT) + "\\b")
                        .matcher(read).find())
                .filter(rule -> !ONLY_IN_GUIDES.contains(rule)).toList();
        assertEquals(List.of(), unread, "the code types these itself; let it read the constant of dev.phone.api.Rules");
    }

    private static List<String> problems(UnaryOperator<JsonPatchBuilder> patch) {
        return Lint.check(new Bundle(patch.apply(Json.createPatchBuilder()).build().apply(BUNDLE.json()), BUNDLE.places(), List.of(), BUNDLE.files()))
                .stream().filter(problem -> problem.rule().equals("x-rules")).map(Problem::message).sorted().toList();
    }
}
