// SPDX-License-Identifier: Apache-2.0
package dev.phone.contract;

import jakarta.json.JsonArray;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * {@code x-rules}: every number, period and test number of the product that no schema and no rate limit states. They are written once and
 * read from there by the guides, as a golden file by reviewers, and as constants by server and mock.
 */
final class Rules {
    private enum Kind {
        DURATION("a duration of one unit, such as PT5M"), DURATIONS("a list of durations, such as [PT5S, PT5M]"), COUNT("a whole number"),
        TEXT("a text");

        private final String words;

        Kind(String words) {
            this.words = words;
        }

        boolean fits(JsonValue value) {
            return switch (this) {
                case COUNT -> value instanceof JsonNumber number && number.isIntegral() && number.longValue() >= 0;
                case DURATION -> value instanceof JsonString text && Prose.duration(text.getString()) != null;
                case DURATIONS -> value instanceof JsonArray list && !list.isEmpty() && list.stream().allMatch(DURATION::fits);
                case TEXT -> value instanceof JsonString;
            };
        }
    }

    private static final Map<String, Kind> KNOWN = new LinkedHashMap<>();

    static {
        KNOWN.put("otp.lifetime", Kind.DURATION);
        KNOWN.put("otp.attempts", Kind.COUNT);
        KNOWN.put("otp.digits", Kind.COUNT);
        KNOWN.put("testNumbers.fixedCode", Kind.TEXT);
        KNOWN.put("testNumbers.code", Kind.TEXT);
        KNOWN.put("testNumbers.oneAttempt", Kind.TEXT);
        KNOWN.put("testNumbers.expired", Kind.TEXT);
        KNOWN.put("testNumbers.rateLimited", Kind.TEXT);
        KNOWN.put("testNumbers.retryAfter", Kind.DURATION);
        KNOWN.put("testNumbers.internalError", Kind.TEXT);
        KNOWN.put("numbers.rest", Kind.DURATION);
        KNOWN.put("idempotency.kept", Kind.DURATION);
        KNOWN.put("webhooks.timeout", Kind.DURATION);
        KNOWN.put("webhooks.retries", Kind.DURATIONS);
        KNOWN.put("webhooks.secretOverlap", Kind.DURATION);
        KNOWN.put("webhooks.disabledAfter", Kind.DURATION);
        KNOWN.put("webhooks.tolerance", Kind.DURATION);
        KNOWN.put("bins.kept", Kind.DURATION);
        KNOWN.put("analytics.period", Kind.DURATION);
        KNOWN.put("analytics.intervals", Kind.COUNT);
        KNOWN.put("body.maximum", Kind.COUNT);
    }

    private Rules() {
    }

    /** A contract without {@code x-rules} is none of ours, and needs none. */
    static void check(Lint lint) {
        Spot rules = lint.document.raw("x-rules");
        if (!rules.exists()) {
            return;
        }
        rules.object().keySet().forEach(group -> rules.raw(group).object().keySet().forEach(name -> {
            Spot rule = rules.raw(group).raw(name);
            Kind kind = KNOWN.get(group + "." + name);
            if (kind == null) {
                lint.report(rule, "x-rules", group + "." + name + " is not known here; remove it, or use one of: " + String.join(", ", KNOWN.keySet()));
            } else if (!kind.fits(rule.value())) {
                lint.report(rule, "x-rules", group + "." + name + " is " + rule.value() + "; write " + kind.words);
            }
        }));
        KNOWN.forEach((path, kind) -> {
            String[] names = path.split("\\.");
            if (!rules.raw(names[0]).raw(names[1]).exists()) {
                lint.report(rules, "x-rules", path + " is missing; add " + kind.words);
            }
        });
    }

    /** The golden file: one rule a line. */
    static String table(JsonObject document) {
        return each(document).entrySet().stream().map(rule -> rule.getKey() + "  " + text(rule.getValue()) + "\n").collect(Collectors.joining());
    }

    private static Map<String, JsonValue> each(JsonObject document) {
        Map<String, JsonValue> rules = new LinkedHashMap<>();
        if (document.get("x-rules") instanceof JsonObject groups) {
            groups.forEach((group, members) -> members.asJsonObject().forEach((name, value) -> rules.put(group + "." + name, value)));
        }
        return rules;
    }

    private static String text(JsonValue value) {
        return switch (value) {
            case JsonString string -> string.getString();
            case JsonArray array -> array.stream().map(Rules::text).collect(Collectors.joining(" "));
            default -> value.toString();
        };
    }

    /** The constants that server and mock read. */
    static String java(JsonObject document) {
        StringBuilder constants = new StringBuilder("""
                package dev.phone.api;

                import java.time.Duration;
                import java.util.List;

                /** The numbers of the product, as x-rules of the contract has them. */
                public final class Rules {
                """);
        each(document).forEach((path, value) -> constants.append("    public static final ").append(constant(path, value)).append('\n'));
        return constants.append("""

                    private Rules() {
                    }
                }
                """).toString();
    }

    private static String constant(String path, JsonValue value) {
        String name = path.replace(".", "_").replaceAll("([a-z])([A-Z])", "$1_$2").toUpperCase(Locale.ROOT);
        return switch (KNOWN.get(path)) {
            case COUNT -> "int " + name + " = " + value + ";";
            case TEXT -> "String " + name + " = " + value + ";";
            case DURATION -> "Duration " + name + " = Duration.parse(" + value + ");";
            case DURATIONS -> "List<Duration> " + name + " = List.of(" + value.asJsonArray().stream().map(each -> "Duration.parse(" + each + ")")
                    .collect(Collectors.joining(", ")) + ");";
        };
    }
}
