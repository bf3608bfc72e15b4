// SPDX-License-Identifier: Apache-2.0
package dev.phone.api;

import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonException;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import jakarta.json.spi.JsonProvider;
import jakarta.json.stream.JsonParser;
import jakarta.json.stream.JsonParserFactory;
import java.io.StringReader;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The parameters and the body of a request, read and checked against the contract: what a generated route takes its arguments from.
 *
 * <p>All that is wrong is reported at once: parameters in the contract's order, then the body.
 */
public final class Input {
    /** The largest body we read. Our largest honest request is a tenth of it. */
    public static final int MAX_BODY_BYTES = 64 * 1024;

    private static final JsonProvider JSON = JsonProvider.provider();
    private static final JsonParserFactory PARSERS = JSON.createParserFactory(Map.of());

    private final List<Operation.Parameter> parameters;
    private final String[] values;
    private final JsonValue body;

    private Input(List<Operation.Parameter> parameters, String[] values, JsonValue body) {
        this.parameters = parameters;
        this.values = values;
        this.body = body;
    }

    /** @throws ApiError a 422 with every violation */
    public static Input read(Operation operation, Exchange exchange) {
        Violations violations = new Violations();
        List<Operation.Parameter> parameters = operation.parameters();
        String[] values = new String[parameters.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = parameter(parameters.get(i), exchange, violations);
        }
        JsonValue body = operation.body() == null ? null : body(operation, exchange, violations);
        if (!violations.isEmpty()) {
            throw ApiError.invalid(violations.list());
        }
        return new Input(parameters, values, body);
    }

    private static String parameter(Operation.Parameter parameter, Exchange exchange, Violations violations) {
        String text;
        if (parameter.in() == Operation.Place.PATH) {
            text = exchange.path(parameter.name());
        } else {
            List<String> all = parameter.in() == Operation.Place.QUERY
                    ? exchange.query(parameter.name()) : exchange.header(parameter.name());
            if (all.isEmpty()) {
                if (parameter.required()) {
                    violations.add(parameter.pointer(), "required", "is required");
                }
                return parameter.fallback();
            }
            if (all.size() > 1) {
                violations.add(parameter.pointer(), "repeated", "must be given once");
                return null;
            }
            text = all.getFirst();
        }
        if (!isStorable(text)) {
            violations.add(parameter.pointer(), "characters", "must not hold NUL or half of a surrogate pair");
            return null;
        }
        switch (parameter.schema()) {
            case Schema.Text schema -> schema.check(text, parameter.pointer(), violations);
            case Schema schema -> schema.check(typed(schema, text), parameter.pointer(), violations);
        }
        return text;
    }

    /** The JSON value that the text of a parameter stands for; the text itself where it stands for none, which then breaks {@code type}. */
    private static JsonValue typed(Schema schema, String text) {
        return switch (schema) {
            case Schema.Numeric n when text.length() <= 40 && text.matches("-?[0-9]+(\\.[0-9]+)?") -> JSON.createValue(new BigDecimal(text));
            case Schema.Bool b when text.equals("true") -> JsonValue.TRUE;
            case Schema.Bool b when text.equals("false") -> JsonValue.FALSE;
            default -> JSON.createValue(text);
        };
    }

    private static JsonValue body(Operation operation, Exchange exchange, Violations violations) {
        byte[] bytes;
        try {
            bytes = exchange.body();
        } catch (ApiError tooLarge) {
            violations.add("", "size", "must be at most " + MAX_BODY_BYTES + " bytes");
            return null;
        }
        if (bytes.length == 0) {
            if (operation.bodyRequired()) {
                violations.add("", "required", "is required");
            }
            return null;
        }
        List<String> mediaType = exchange.header("content-type");
        if (mediaType.size() != 1 || !isJson(mediaType.getFirst())) {
            violations.add("header:content-type", "mediaType", "must be application/json");
            return null;
        }
        JsonValue value = parse(bytes);
        if (value == null) {
            violations.add("", "json", "must be JSON");
        } else {
            operation.body().check(value, "", violations);
        }
        return value;
    }

    private static boolean isJson(String mediaType) {
        int end = mediaType.indexOf(';');
        String type = (end < 0 ? mediaType : mediaType.substring(0, end)).strip();
        if (!type.equalsIgnoreCase("application/json")) {
            return false;
        }
        // RFC 8259 has no charset but UTF-8.
        int charset = end < 0 ? -1 : mediaType.toLowerCase(Locale.ROOT).indexOf("charset=", end);
        return charset < 0 || mediaType.substring(charset + 8).strip().replace("\"", "").toLowerCase(Locale.ROOT).startsWith("utf-8");
    }

    /** Exactly one JSON text in valid UTF-8 (RFC 8259) that a database can hold; null when it is anything else. */
    static JsonValue parse(byte[] bytes) {
        String text;
        try {
            text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException e) {
            return null;
        }
        try (JsonParser parser = PARSERS.createParser(new StringReader(text))) {
            JsonValue value = value(parser, parser.next());
            return parser.hasNext() ? null : value;
        } catch (RuntimeException e) {
            // Mostly a JsonException; a text that is nested too deeply, say, is reported by others.
            return null;
        }
    }

    /** Stricter than a JsonReader: a name that is repeated is ambiguous, and what is ambiguous is refused. */
    private static JsonValue value(JsonParser parser, JsonParser.Event event) {
        switch (event) {
            case START_OBJECT -> {
                Map<String, JsonValue> members = new LinkedHashMap<>();
                while ((event = parser.next()) != JsonParser.Event.END_OBJECT) {
                    String name = storable(parser.getString());
                    if (members.put(name, value(parser, parser.next())) != null) {
                        throw new JsonException(name + " is repeated");
                    }
                }
                JsonObjectBuilder object = JSON.createObjectBuilder();
                members.forEach(object::add);
                return object.build();
            }
            case START_ARRAY -> {
                JsonArrayBuilder array = JSON.createArrayBuilder();
                while ((event = parser.next()) != JsonParser.Event.END_ARRAY) {
                    array.add(value(parser, event));
                }
                return array.build();
            }
            case VALUE_STRING -> {
                return JSON.createValue(storable(parser.getString()));
            }
            default -> {
                return parser.getValue();
            }
        }
    }

    /** An escape can smuggle in what UTF-8 cannot say, and NUL, which PostgreSQL cannot hold. */
    private static String storable(String text) {
        if (!isStorable(text)) {
            throw new JsonException("not storable");
        }
        return text;
    }

    private static boolean isStorable(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == 0) {
                return false;
            }
            if (Character.isSurrogate(c)) {
                if (!Character.isHighSurrogate(c) || ++i == text.length() || !Character.isLowSurrogate(text.charAt(i))) {
                    return false;
                }
            }
        }
        return true;
    }

    /** The value of a parameter; null when it is absent and has no default. */
    public String text(String name) {
        for (int i = 0; i < values.length; i++) {
            if (parameters.get(i).name().equals(name)) {
                return values[i];
            }
        }
        throw new IllegalArgumentException("no parameter " + name);
    }

    /** The value of an integer parameter; null when it is absent and has no default. */
    public Integer integer(String name) {
        String text = text(name);
        return text == null ? null : new BigDecimal(text).intValueExact();
    }

    /** The value of a boolean parameter; null when it is absent and has no default. */
    public Boolean bool(String name) {
        String text = text(name);
        return text == null ? null : Boolean.valueOf(text);
    }

    /** The value of a date-time parameter; null when it is absent and has no default. */
    public Instant instant(String name) {
        String text = text(name);
        return text == null ? null : OffsetDateTime.parse(text).toInstant();
    }

    /** The body; null when the operation takes none, or it is optional and absent. */
    public JsonValue body() {
        return body;
    }
}
