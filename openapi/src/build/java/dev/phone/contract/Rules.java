// SPDX-License-Identifier: Apache-2.0
package dev.phone.contract;

import jakarta.json.JsonArray;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * {@code x-rules}: every number, period and test number of the product that neither a schema nor a rate limit states. Guides fill them in, reviewers
 * see them in a golden file, and the server and the mock read them as constants.
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
        KNOWN.put("webhooks.perApplication", Kind.COUNT);
        KNOWN.put("bins.kept", Kind.DURATION);
        KNOWN.put("bins.bytes", Kind.COUNT);
        KNOWN.put("pages.first", Kind.TEXT);
        KNOWN.put("analytics.period", Kind.DURATION);
        KNOWN.put("analytics.intervals", Kind.COUNT);
        KNOWN.put("body.maximum", Kind.COUNT);
        KNOWN.put("body.unread", Kind.COUNT);
    }

    private Rules() {
    }

    /** A contract without {@code x-rules} is not ours, and is not checked. */
    static void check(Lint lint) {
        Spot rules = lint.document.raw("x-rules");
        if (!rules.exists()) {
            return;
        }
        rules.object().keySet().forEach(group -> rules.raw(group).object().keySet().forEach(name -> {
            Spot rule = rules.raw(group).raw(name);
            Kind kind = KNOWN.get(group + "." + name);
            if (kind == null) {
                lint.report(rule, "x-rules", group + "." + name + " is unknown; remove it, or use one of: " + String.join(", ", KNOWN.keySet()));
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
        instant(lint.document.get("x-demo-world").get("now")).ifPresent(now -> lifetimes(lint, lint.document, now));
        lint.document.get("paths").members().values().stream().flatMap(item -> item.members().values().stream()).forEach(operation -> {
            Spot mock = operation.raw("x-mock");
            seconds(lint, mock.raw("overlap"), rules, "webhooks.secretOverlap");
            mock.raw("refuse").object().keySet().forEach(reason -> {
                Spot refuse = mock.raw("refuse").raw(reason);
                seconds(lint, refuse.raw("removedWithin"), rules, "numbers.rest");
                JsonValue most = rules.raw("webhooks").raw("perApplication").value();
                if (refuse.raw("siblings").exists() && !refuse.raw("siblings").value().equals(most)) {
                    lint.report(refuse.raw("siblings"), "x-rules", "webhooks.perApplication is " + most + "; write that");
                }
            });
        });
    }

    /** A number of seconds in {@code x-mock} must equal the rule. */
    private static void seconds(Lint lint, Spot told, Spot rules, String path) {
        String[] names = path.split("\\.");
        Duration rule = Prose.duration(rules.raw(names[0]).raw(names[1]).text());
        if (rule != null && told.value() instanceof JsonNumber seconds && seconds.longValue() != rule.toSeconds()) {
            lint.report(told, "x-rules", path + " is " + rule + "; write " + rule.toSeconds());
        }
    }

    /**
     * Examples must expire according to the rule: counted from when they were created or received, or, for a resent OTP request, from the demo
     * world's now.
     */
    private static void lifetimes(Lint lint, Spot spot, Instant now) {
        spot.object().keySet().forEach(name -> lifetimes(lint, spot.raw(name), now));
        spot.items().forEach(item -> lifetimes(lint, item, now));
        Optional<Instant> expires = instant(spot.raw("expiresAt"));
        Optional<Instant> made = instant(spot.raw("createdAt")).or(() -> instant(spot.raw("receivedAt")));
        if (expires.isEmpty() || made.isEmpty()) {
            return;
        }
        Spot rules = lint.document.raw("x-rules");
        String path = spot.raw("id").text().startsWith("bin_") ? "bins.kept" : "otp.lifetime";
        Duration lifetime = Prose.duration(rules.raw(path.replaceFirst("\\..*", "")).raw(path.replaceFirst(".*\\.", "")).text());
        boolean isExpired = spot.raw("phoneNumber").text().equals(rules.raw("testNumbers").raw("expired").text());
        Instant right = made.get().plus(isExpired || lifetime == null ? Duration.ZERO : lifetime);
        if (lifetime != null && !expires.get().equals(right) && !(path.equals("otp.lifetime") && expires.get().equals(now.plus(lifetime)))) {
            lint.report(spot.raw("expiresAt"), "x-rules", path + " is " + lifetime + (isExpired ? ", but OTPs to this number expire at once" : "")
                    + "; this must expire at " + right.toString().replaceFirst("Z$", ".000Z"));
        }
    }

    private static Optional<Instant> instant(Spot spot) {
        try {
            return spot.text().isEmpty() ? Optional.empty() : Optional.of(Instant.parse(spot.text()));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    /** The golden file: one rule per line. */
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

    /** The class of constants for the server and the mock. */
    static String java(JsonObject document) {
        StringBuilder constants = new StringBuilder("""
                package dev.phone.api;

                import java.time.Duration;
                import java.util.List;

                /** The numbers of the product, from x-rules of the contract. */
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
