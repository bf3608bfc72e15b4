// SPDX-License-Identifier: Apache-2.0
package dev.phone.contract;

import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonException;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Fills the numbers of a contract into its descriptions and guides, so that prose always states the actual numbers.
 *
 * <p>A placeholder is a path with an optional form: {@code {otp.lifetime}} is a rule of {@code x-rules}, {@code {limits.otp-send.window}} part
 * of a rate limit, {@code {/components/schemas/Bin/properties/events/maxItems}} any value of the document, {@code {table.limits}} a table of
 * all limits. Numbers up to nine are written as words; {@code {otp.lifetime:digits}} forces digits.
 */
final class Prose {
    // ${sent.data.id} is one of JavaScript, in a sample.
    private static final Pattern PLACEHOLDER = Pattern.compile("(?<!\\$)\\{([a-z][A-Za-z]*(?:\\.[A-Za-z0-9-]+)+|/[^{}\\s:]+)(?::([a-z]+))?}");
    private static final Pattern DURATION = Pattern.compile("PT?([0-9]{1,9})([DHMS])");
    private static final Map<String, String> UNITS = Map.of("D", "day", "H", "hour", "M", "minute", "S", "second");
    private static final List<String> WORDS = List.of("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine");
    private static final List<String> ORDINALS = List.of("zeroth", "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth",
            "ninth");
    private static final Map<String, String> COUNTED_BY = Map.of("ip", "your IP address", "clientId", "client ID");
    /** Members that contain data, in which there are no placeholders. */
    private static final Set<String> DATA = Set.of("value", "x-demo-world", "x-rules", "enum", "default");

    private final JsonObject document;
    private final Map<String, JsonObject> limits = new LinkedHashMap<>();
    // The subject of each limit, by its name.
    private final Map<String, String> limited = new LinkedHashMap<>();
    private final BiConsumer<String, String> problems;

    private Prose(JsonObject document, BiConsumer<String, String> problems) {
        this.document = document;
        this.problems = problems;
        limit(document, "all requests");
        if (document.get("paths") instanceof JsonObject paths) {
            paths.values().stream().filter(JsonObject.class::isInstance).flatMap(item -> item.asJsonObject().values().stream())
                    .filter(JsonObject.class::isInstance).map(JsonValue::asJsonObject).forEach(operation -> {
                        String summary = operation.getString("summary", "");
                        limit(operation, summary.isEmpty() ? summary : summary.substring(0, 1).toLowerCase(Locale.ROOT) + summary.substring(1));
                    });
        }
    }

    private void limit(JsonObject holder, String what) {
        if (holder.get("x-rate-limit") instanceof JsonObject limit) {
            limits.putIfAbsent(limit.getString("name", ""), limit);
            limited.merge(limit.getString("name", ""), what, (first, other) -> first + ", " + other);
        }
    }

    /**
     * The document with its placeholders filled; unchanged if it has no {@code x-rules}.
     *
     * @param problems receives each invalid placeholder with a message
     */
    static JsonObject fill(JsonObject document, BiConsumer<String, String> problems) {
        return document.containsKey("x-rules") ? new Prose(document, problems).fill("", document).asJsonObject() : document;
    }

    private JsonValue fill(String name, JsonValue value) {
        return switch (value) {
            case JsonObject object when !DATA.contains(name) -> {
                var builder = Json.createObjectBuilder();
                object.forEach((key, member) -> builder.add(key, fill(key, member)));
                yield builder.build();
            }
            case JsonArray array when !DATA.contains(name) && !name.equals("examples") -> {
                var builder = Json.createArrayBuilder();
                array.forEach(item -> builder.add(fill("", item)));
                yield builder.build();
            }
            case JsonString text when name.equals("description") || name.equals("summary") -> Json.createValue(fill(text.getString()));
            default -> value;
        };
    }

    private String fill(String text) {
        return PLACEHOLDER.matcher(text).replaceAll(match -> Matcher.quoteReplacement(
                filled(match.group(), match.group(1), match.group(2) == null ? "" : match.group(2))));
    }

    private String filled(String placeholder, String path, String form) {
        if (path.equals("table.limits")) {
            return table();
        }
        JsonValue value = value(path);
        String text = value == null ? null : text(value, form);
        if (text == null) {
            problems.accept(placeholder, value == null ? "the contract has no value " + path + "; correct the placeholder"
                    : path + " is " + value + ", which has no form " + form + "; correct the placeholder");
            return placeholder;
        }
        return text;
    }

    private JsonValue value(String path) {
        String pointer = path.startsWith("/") ? path : "/x-rules/" + path.replace('.', '/');
        if (path.startsWith("limits.")) {
            int dot = path.lastIndexOf('.');
            JsonObject limit = limits.get(dot > "limits.".length() ? path.substring("limits.".length(), dot) : "");
            String member = path.substring(dot + 1);
            return limit == null || !limit.containsKey(member) ? null
                    : member.equals("window") ? Json.createValue(window(limit)) : limit.get(member);
        }
        try {
            return Json.createPointer(pointer).getValue(document);
        } catch (JsonException e) {
            return null;
        }
    }

    private static String window(JsonObject limit) {
        int seconds = limit.getInt("window");
        return seconds % 3600 == 0 ? "PT" + seconds / 3600 + "H" : "PT" + seconds + "S";
    }

    /** The value as text; null if it does not have this form. */
    private static String text(JsonValue value, String form) {
        return switch (value) {
            case JsonNumber number -> number(number.longValue(), form);
            case JsonString string when duration(string.getString()) != null -> duration(string.getString(), form);
            case JsonString string when form.isEmpty() -> string.getString();
            case JsonArray array when array.stream().allMatch(item -> item instanceof JsonString text && duration(text.getString()) != null) ->
                    durations(array.getValuesAs(JsonString::getString), form);
            default -> null;
        };
    }

    private static String number(long number, String form) {
        boolean hasWord = number >= 0 && number < WORDS.size();
        return switch (form) {
            case "" -> hasWord ? WORDS.get((int) number) : String.valueOf(number);
            case "digits" -> String.valueOf(number);
            case "ordinal" -> hasWord ? ORDINALS.get((int) number) : number + "th";
            case "size" -> number % 1_048_576 == 0 ? number / 1_048_576 + " MiB" : number % 1024 == 0 ? number / 1024 + " KiB" : number + " bytes";
            default -> null;
        };
    }

    /** The duration of an ISO 8601 text; null if it is not one. A day is 24 hours. */
    static Duration duration(String text) {
        Matcher matcher = DURATION.matcher(text);
        return matcher.matches() && text.contains("T") != matcher.group(2).equals("D") ? Duration.parse(text) : null;
    }

    private static String duration(String text, String form) {
        Matcher matcher = DURATION.matcher(text);
        matcher.matches();
        long number = Long.parseLong(matcher.group(1));
        String unit = " " + UNITS.get(matcher.group(2)) + (number == 1 ? "" : "s");
        return switch (form) {
            case "" -> number(number, "") + unit;
            case "digits" -> number + unit;
            case "seconds" -> String.valueOf(duration(text).toSeconds());
            default -> null;
        };
    }

    private static String durations(List<String> durations, String form) {
        List<String> each = new ArrayList<>(durations.stream().map(duration -> duration(duration, "digits")).toList());
        return switch (form) {
            case "" -> each.size() < 2 ? String.join("", each)
                    : String.join(", ", each.subList(0, each.size() - 1)) + " and " + each.getLast();
            // The first attempt has no pause.
            case "attempts" -> number(each.size() + 1, "");
            case "total" -> Math.round(durations.stream().mapToDouble(d -> duration(d).toSeconds()).sum() / 3600) + " hours";
            default -> null;
        };
    }

    private String table() {
        StringBuilder table = new StringBuilder("| what | limit | window | counted by |\n|---|---|---|---|");
        limits.forEach((name, limit) -> table.append("\n| ").append(limited.get(name)).append(" | ").append(limit.getInt("limit")).append(" | ")
                .append(duration(window(limit), "digits")).append(" | ")
                .append(COUNTED_BY.getOrDefault(limit.getString("key"), limit.getString("key"))).append(" |"));
        return table.toString();
    }
}
