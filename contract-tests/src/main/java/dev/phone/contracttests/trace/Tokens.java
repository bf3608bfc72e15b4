// SPDX-License-Identifier: Apache-2.0
package dev.phone.contracttests.trace;

import dev.phone.contracttests.contract.TheContract;
import jakarta.json.JsonArray;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import jakarta.json.spi.JsonProvider;
import java.io.StringReader;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Replaces values that are new in every run (IDs, secrets, codes, cursors) by the place in the conversation where they first occurred, so that two
 * conversations can be compared. Values of the demo world are kept, and so are times, because all targets' clocks are equal.
 */
final class Tokens {
    // Looked up once: the static methods of jakarta.json.Json search for it at each call.
    private static final JsonProvider JSON = JsonProvider.provider();
    private static final Pattern GENERATED = Pattern.compile("\\b(?:[a-z]{3}_[0-9a-hjkmnp-tv-z]{26}|whsec_[0-9a-f]{48}"
            + "|ph_(?:test|live)_(?:client|secret|api)_[0-9a-f]{48}|(?:ph_(?:test|live)_(?:secret|api)_|whsec_)[0-9a-f]{4}…[0-9a-f]{4})");
    /** The address of a target, whose port differs after each start, or of a test's receiver. */
    private static final Pattern HERE = Pattern.compile("\\blocalhost:\\d+");
    /** Members whose values cannot be recognised by their form. */
    private static final Set<String> OPAQUE = Set.of("nextCursor", "code");
    private static final Pattern CURSOR = Pattern.compile("[?&]cursor=([^&]*)");
    /** The minimum length of a target's cursors; invented ones in tests are shorter. */
    private static final int TAMPERED = 16;
    private static final Pattern CODE = Pattern.compile("\\d{6}");
    private static final String KNOWN = TheContract.CONTRACT.json().toString();

    private final Map<String, String> seen = new HashMap<>();

    /** @param body JSON or any other text; null stays null */
    String body(String body) {
        if (body == null) {
            return null;
        }
        JsonValue json;
        try (var reader = JSON.createReader(new StringReader(body))) {
            json = reader.readValue();
        } catch (RuntimeException noJson) {
            // Or nested too deeply for the parser, which throws an unspecific exception.
            return text(body);
        }
        return json("", json).toString();
    }

    /** Replaces generated values in any text. */
    String text(String text) {
        StringBuilder replaced = new StringBuilder();
        Matcher matcher = GENERATED.matcher(HERE.matcher(text).replaceAll("{here}"));
        while (matcher.find()) {
            matcher.appendReplacement(replaced, Matcher.quoteReplacement(token(matcher.group().replaceAll("_[^_]*$", ""), matcher.group())));
        }
        String result = matcher.appendTail(replaced).toString();
        Matcher cursor = CURSOR.matcher(result);
        if (!cursor.find()) {
            return result;
        }
        // A cursor has no recognisable form: a known one has occurred before; any other has been tampered with.
        String value = cursor.group(1);
        String known = seen.getOrDefault(value, value.length() < TAMPERED ? value : "{no cursor}");
        return result.substring(0, cursor.start(1)) + known + result.substring(cursor.end(1));
    }

    private JsonValue json(String name, JsonValue value) {
        return switch (value) {
            case JsonObject object -> {
                JsonObjectBuilder builder = JSON.createObjectBuilder();
                object.forEach((member, inner) -> builder.add(member, json(member, inner)));
                yield builder.build();
            }
            case JsonArray array -> {
                JsonArrayBuilder builder = JSON.createArrayBuilder();
                array.forEach(inner -> builder.add(json("", inner)));
                yield builder.build();
            }
            case JsonString string when OPAQUE.contains(name) && (!name.equals("code") || CODE.matcher(string.getString()).matches()) ->
                    JSON.createValue(token(name, string.getString()));
            // A bin shows the headers of webhooks, which are signed with the real time, not the target's clock.
            case JsonString string when name.equals("webhook-timestamp") || name.equals("webhook-signature") -> JSON.createValue("{" + name + "}");
            // Web servers may change the case of this header's value, which is not significant.
            case JsonString string when name.equals("connection") -> JSON.createValue(string.getString().toLowerCase(Locale.ROOT));
            case JsonString string -> JSON.createValue(text(string.getString()));
            case JsonNumber duration when name.equals("durationMs") -> JSON.createValue(0);
            default -> value;
        };
    }

    private String token(String kind, String value) {
        return seen.computeIfAbsent(value, unseen -> KNOWN.contains(kind.equals("code") ? '"' + value + '"' : value) ? value : "{" + kind + "#" + seen.size() + "}");
    }
}
