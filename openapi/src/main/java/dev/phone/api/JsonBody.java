// SPDX-License-Identifier: Apache-2.0
package dev.phone.api;

import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import jakarta.json.spi.JsonProvider;
import jakarta.json.stream.JsonParser;
import jakarta.json.stream.JsonParserFactory;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Reads a body: exactly one JSON text in valid UTF-8 (RFC 8259). It is stricter than a JsonReader, and reports locations: it refuses repeated names
 * (ambiguous), NUL (cannot be stored), very long numbers and very deep nesting.
 */
final class JsonBody {
    /** Honest requests have no longer numbers, which are expensive to parse. */
    private static final int LONGEST_NUMBER = 100;
    private static final int DEEPEST = 100;

    private static final JsonProvider JSON = JsonProvider.provider();
    private static final JsonParserFactory PARSERS = JSON.createParserFactory(Map.of());

    private final JsonParser parser;
    private final Violations violations;
    /** Locations of reported problems, about which the schema's violations would be misleading. */
    private final Set<String> reported = new HashSet<>();
    private int depth;

    private JsonBody(JsonParser parser, Violations violations) {
        this.parser = parser;
        this.violations = violations;
    }

    /** The value; null if it is not JSON. Reports all problems. */
    static JsonValue read(byte[] bytes, Schema schema, Violations violations) {
        try (JsonParser parser = PARSERS.createParser(new StringReader(decoded(bytes)))) {
            JsonBody body = new JsonBody(parser, violations);
            JsonValue value = body.value(parser.next(), "");
            if (parser.hasNext()) {
                violations.add("", "json", "must be JSON");
                return null;
            }
            schema.check(value, "", body.reported.isEmpty() ? violations : (path, rule, message) -> {
                if (!body.reported.contains(path)) {
                    violations.add(path, rule, message);
                }
            });
            return value;
        } catch (TooDeep e) {
            violations.add("", "depth", "must be nested at most " + DEEPEST + " deep");
        } catch (CharacterCodingException | RuntimeException e) {
            // Mostly a JsonException, but the parser throws others, too.
            violations.add("", "json", "must be JSON");
        }
        return null;
    }

    private static String decoded(byte[] bytes) throws CharacterCodingException {
        return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    }

    private JsonValue value(JsonParser.Event event, String path) {
        switch (event) {
            case START_OBJECT -> {
                return object(path);
            }
            case START_ARRAY -> {
                enter();
                JsonArrayBuilder array = JSON.createArrayBuilder();
                int i = 0;
                while ((event = parser.next()) != JsonParser.Event.END_ARRAY) {
                    array.add(value(event, path + '/' + i++));
                }
                depth--;
                return array.build();
            }
            case VALUE_STRING -> {
                String text = parser.getString();
                if (!Input.isStorable(text)) {
                    report(path, "characters", Input.NOT_STORABLE);
                }
                return JSON.createValue(text);
            }
            case VALUE_NUMBER -> {
                if (parser.getString().length() > LONGEST_NUMBER) {
                    report(path, "maxLength", "must be a number of at most " + LONGEST_NUMBER + " characters");
                    return JsonValue.NULL;
                }
                return parser.getValue();
            }
            default -> {
                return parser.getValue();
            }
        }
    }

    private JsonValue object(String path) {
        enter();
        Map<String, JsonValue> members = new LinkedHashMap<>();
        while (parser.next() != JsonParser.Event.END_OBJECT) {
            String name = parser.getString();
            String under = path + '/' + Json.encodePointer(name);
            if (!Input.isStorable(name)) {
                report(under, "characters", Input.NOT_STORABLE);
            }
            if (members.put(name, value(parser.next(), under)) != null) {
                report(under, Input.REPEATED, Input.ONCE);
            }
        }
        depth--;
        JsonObjectBuilder object = JSON.createObjectBuilder();
        members.forEach(object::add);
        return object.build();
    }

    private void enter() {
        if (++depth > DEEPEST) {
            throw new TooDeep();
        }
    }

    private void report(String path, String rule, String message) {
        if (reported.add(path)) {
            violations.add(path, rule, message);
        }
    }

    private static final class TooDeep extends RuntimeException {
        private static final long serialVersionUID = 1;

        TooDeep() {
            super(null, null, false, false);
        }
    }
}
