// SPDX-License-Identifier: Apache-2.0
package dev.phone.api;

import jakarta.json.JsonValue;
import jakarta.json.spi.JsonProvider;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The parameters and the body of a request, read and validated against the contract. Generated routes take their arguments from it.
 *
 * <p>All violations are reported at once: first the parameters in the contract's order, then the body.
 */
public final class Input {
    private static final Pattern INTEGER = Pattern.compile("-?(0|[1-9][0-9]{0,38})");
    private static final Pattern NUMBER = Pattern.compile("-?[0-9]+(\\.[0-9]+)?");
    private static final JsonProvider JSON = JsonProvider.provider();
    static final String REPEATED = "repeated";
    static final String ONCE = "must be given once";
    static final String NOT_STORABLE = "must not hold NUL or half of a surrogate pair";

    private final List<Operation.Parameter> parameters;
    private final String[] values;
    private final JsonValue body;
    private final Exchange exchange;

    private Input(List<Operation.Parameter> parameters, String[] values, JsonValue body, Exchange exchange) {
        this.parameters = parameters;
        this.values = values;
        this.body = body;
        this.exchange = exchange;
    }

    /** @throws ApiError a 422 with every violation */
    public static Input read(Operation operation, Exchange exchange) {
        Violations violations = new Violations();
        List<Operation.Parameter> parameters = operation.parameters();
        String[] values = new String[parameters.size()];
        if (operation.status() == 0) {
            // A reserved operation does not read its input, so the input cannot be invalid.
            return new Input(parameters, values, null, exchange);
        }
        for (int i = 0; i < values.length; i++) {
            values[i] = parameter(parameters.get(i), exchange, violations);
        }
        JsonValue body = isExpected(exchange, violations) && operation.body() != null ? body(operation, exchange, violations) : null;
        if (!violations.isEmpty()) {
            throw ApiError.invalid(violations.list());
        }
        return new Input(parameters, values, body, exchange);
    }

    private static String parameter(Operation.Parameter parameter, Exchange exchange, Violations violations) {
        String text;
        if (parameter.in() == Operation.Place.PATH) {
            text = exchange.path(parameter.name());
        } else {
            List<String> all = parameter.in() == Operation.Place.QUERY
                    ? exchange.query(parameter.name()) : exchange.single(parameter.name());
            if (all.isEmpty()) {
                if (parameter.required()) {
                    violations.add(parameter.pointer(), "required", "is required");
                }
                return parameter.fallback();
            }
            if (all.size() > 1) {
                violations.add(parameter.pointer(), REPEATED, ONCE);
                return null;
            }
            text = all.getFirst();
        }
        if (!isStorable(text)) {
            violations.add(parameter.pointer(), "characters", NOT_STORABLE);
            return null;
        }
        switch (parameter.schema()) {
            case Schema.Text schema -> schema.check(text, parameter.pointer(), violations);
            case Schema schema -> schema.check(typed(schema, text), parameter.pointer(), violations);
        }
        return text;
    }

    /**
     * The JSON value of a parameter's text; the text itself if it has no such value, which then breaks {@code type}. In a body, {@code 1.0} is the
     * integer 1; in a parameter it is not an integer.
     */
    private static JsonValue typed(Schema schema, String text) {
        return switch (schema) {
            case Schema.Numeric n when n.bits() != 0 && !INTEGER.matcher(text).matches() -> JSON.createValue(text);
            case Schema.Numeric n when text.length() <= 40 && NUMBER.matcher(text).matches() -> JSON.createValue(new BigDecimal(text));
            case Schema.Bool b when text.equals("true") -> JsonValue.TRUE;
            case Schema.Bool b when text.equals("false") -> JsonValue.FALSE;
            default -> JSON.createValue(text);
        };
    }

    /** Whether to wait for a body: a client with an unknown expectation (RFC 9110, section 10.1.1) may never send one. */
    private static boolean isExpected(Exchange exchange, Violations violations) {
        for (String expectations : exchange.header("expect")) {
            for (String expectation : expectations.split(",")) {
                if (!expectation.isBlank() && !expectation.strip().equalsIgnoreCase("100-continue")) {
                    violations.add("header:expect", "enum", "must be 100-continue");
                    return false;
                }
            }
        }
        return true;
    }

    private static JsonValue body(Operation operation, Exchange exchange, Violations violations) {
        byte[] bytes;
        try {
            bytes = exchange.body();
        } catch (ApiError unreadable) {
            unreadable.body().error().details().violations().forEach(each -> violations.add(each.path(), each.rule(), each.message()));
            return null;
        }
        if (bytes.length == 0) {
            if (operation.bodyRequired()) {
                violations.add("", "required", "is required");
            }
            return null;
        }
        boolean plain = true;
        for (String codings : exchange.header("content-encoding")) {
            plain &= MediaType.isIdentity(codings);
        }
        if (!plain) {
            violations.add("header:content-encoding", "contentEncoding", "must be absent: bodies are taken as they are");
        }
        List<String> mediaType = exchange.single("content-type");
        if (mediaType.size() > 1) {
            // Media types are case-insensitive (RFC 9110, section 8.3.1).
            mediaType = mediaType.stream().map(each -> each.toLowerCase(Locale.ROOT)).distinct().toList();
        }
        String notJson = mediaType.isEmpty() ? "must be application/json" : mediaType.size() > 1 ? ONCE : MediaType.notJson(mediaType.getFirst());
        if (mediaType.size() > 1) {
            violations.add("header:content-type", REPEATED, ONCE);
        } else if (notJson != null) {
            violations.add("header:content-type", "mediaType", notJson);
        }
        return plain && notJson == null ? JsonBody.read(bytes, operation.body(), violations) : null;
    }

    /**
     * Whether a database can store it: JSON escapes can produce lone surrogates, which UTF-8 cannot encode, and NUL, which PostgreSQL cannot store.
     */
    static boolean isStorable(String text) {
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

    /** The value of a parameter; null if it is absent and has no default. */
    public String text(String name) {
        for (int i = 0; i < values.length; i++) {
            if (parameters.get(i).name().equals(name)) {
                return values[i];
            }
        }
        throw new IllegalArgumentException("no parameter " + name);
    }

    /** The value of an integer parameter; null if it is absent and has no default. */
    public Integer integer(String name) {
        String text = text(name);
        return text == null ? null : new BigDecimal(text).intValueExact();
    }

    /** The value of a boolean parameter; null if it is absent and has no default. */
    public Boolean bool(String name) {
        String text = text(name);
        return text == null ? null : Boolean.valueOf(text);
    }

    /** The value of a date-time parameter; null if it is absent and has no default. */
    public Instant instant(String name) {
        String text = text(name);
        return text == null ? null : OffsetDateTime.parse(text).toInstant();
    }

    /** All headers by lower-case name; the values of a repeated header are joined by commas. */
    public Map<String, String> headers() {
        return exchange.allHeaders();
    }

    /** The body; null if the operation takes none, or it is optional and absent. */
    public JsonValue body() {
        return body;
    }
}
