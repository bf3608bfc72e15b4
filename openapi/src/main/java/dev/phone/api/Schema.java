// SPDX-License-Identifier: Apache-2.0
package dev.phone.api;

import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue.ValueType;
import jakarta.json.JsonValue;
import java.math.BigDecimal;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A JSON schema: the part of JSON Schema 2020-12 that our contract may use, as data.
 *
 * <p>All validation goes through {@link #check}: the generated records (the generator's templates write their {@code SCHEMA} constants),
 * parameters, and the mock, which reads the same data from a contract at run time. So violations have the same wording
 * everywhere. Keywords that this class does not support cannot be enforced, so {@code dev.phone.contract.Schemas} refuses
 * a contract that uses one.
 */
public sealed interface Schema {

    /**
     * Reports every rule that {@code value} breaks.
     *
     * @param path the location of the value: an RFC 6901 pointer or the name of a parameter
     */
    void check(JsonValue value, String path, Report report);

    /** Receives violations. */
    @FunctionalInterface
    interface Report {
        /**
         * @param rule the broken keyword
         * @param message what is expected, as a phrase that follows the path
         */
        void add(String path, String rule, String message);
    }

    /** Any JSON value, including null. */
    record Any() implements Schema {
        public static final Any VALUE = new Any();

        @Override
        public void check(JsonValue value, String path, Report report) {
        }
    }

    record Bool(boolean nullable) implements Schema {
        @Override
        public void check(JsonValue value, String path, Report report) {
            ValueType type = value.getValueType();
            if (type != ValueType.TRUE && type != ValueType.FALSE && !(nullable && type == ValueType.NULL)) {
                report.add(path, "type", mustBe("a boolean", nullable));
            }
        }
    }

    /**
     * A string.
     *
     * @param minLength in code points
     * @param maxLength in code points; {@link Integer#MAX_VALUE} for none
     * @param pattern not anchored, as in JSON Schema; null for none
     * @param expects the meaning of the pattern, as a phrase that follows "must be"; null if the contract does not state it
     * @param format null for none
     */
    record Text(boolean nullable, int minLength, int maxLength, Regex pattern, String expects, Format format) implements Schema {
        @Override
        public void check(JsonValue value, String path, Report report) {
            if (!(value instanceof JsonString string)) {
                if (!(nullable && value.getValueType() == ValueType.NULL)) {
                    report.add(path, "type", mustBe("a string", nullable));
                }
                return;
            }
            check(string.getString(), path, report);
        }

        void check(String text, String path, Report report) {
            if (minLength > 0 || maxLength < Integer.MAX_VALUE) {
                int length = text.codePointCount(0, text.length());
                if (length < minLength) {
                    report.add(path, "minLength", atLeast(minLength, "character", "characters"));
                }
                if (length > maxLength) {
                    report.add(path, "maxLength", atMost(maxLength, "character", "characters"));
                }
            }
            if (pattern != null && !pattern.find(text)) {
                report.add(path, "pattern", expects == null ? "must match " + pattern.source() : "must be " + expects);
            }
            if (format != null && !format.fits(text)) {
                report.add(path, "format", "must be " + format.expects);
            }
        }

        /** What is expected of a text that breaks a rule; null if it breaks none. If it breaks several, the last one says most. */
        private String wrong(String text) {
            String[] wrong = new String[1];
            check(text, "", (path, rule, message) -> wrong[0] = message);
            return wrong[0];
        }
    }

    /** One of a few strings. */
    record OneOf(boolean nullable, List<String> values) implements Schema {
        @Override
        public void check(JsonValue value, String path, Report report) {
            if (!(value instanceof JsonString string)) {
                if (!(nullable && value.getValueType() == ValueType.NULL)) {
                    report.add(path, "type", mustBe("a string", nullable));
                }
            } else if (!values.contains(string.getString())) {
                report.add(path, "enum", "must be one of: " + String.join(", ", values));
            }
        }
    }

    /**
     * A number.
     *
     * @param bits 32 or 64 for an integer, 0 for any number
     * @param minimum null for none, like the other three bounds and {@code multipleOf}
     */
    record Numeric(boolean nullable, int bits, BigDecimal minimum, BigDecimal exclusiveMinimum, BigDecimal maximum,
            BigDecimal exclusiveMaximum, BigDecimal multipleOf) implements Schema {
        @Override
        public void check(JsonValue value, String path, Report report) {
            if (!(value instanceof JsonNumber number)) {
                if (!(nullable && value.getValueType() == ValueType.NULL)) {
                    report.add(path, "type", mustBe(bits == 0 ? "a number" : "an integer", nullable));
                }
                return;
            }
            BigDecimal n = number.bigDecimalValue();
            if (bits != 0) {
                // Do not expand a huge exponent (1e999999999) just to find that it does not fit.
                if (n.signum() != 0 && n.precision() - (long) n.scale() > 20) {
                    report.add(path, "format", "must fit in " + bits + " bits");
                    return;
                }
                // 1.0 and 1e2 are integers in JSON Schema.
                if (n.signum() != 0 && n.stripTrailingZeros().scale() > 0) {
                    report.add(path, "type", mustBe("an integer", nullable));
                    return;
                }
                if (n.toBigInteger().bitLength() >= bits) {
                    report.add(path, "format", "must fit in " + bits + " bits");
                    return;
                }
            }
            if (minimum != null && n.compareTo(minimum) < 0) {
                report.add(path, "minimum", "must be at least " + minimum.toPlainString());
            }
            if (exclusiveMinimum != null && n.compareTo(exclusiveMinimum) <= 0) {
                report.add(path, "exclusiveMinimum", "must be greater than " + exclusiveMinimum.toPlainString());
            }
            if (maximum != null && n.compareTo(maximum) > 0) {
                report.add(path, "maximum", "must be at most " + maximum.toPlainString());
            }
            if (exclusiveMaximum != null && n.compareTo(exclusiveMaximum) >= 0) {
                report.add(path, "exclusiveMaximum", "must be less than " + exclusiveMaximum.toPlainString());
            }
            if (multipleOf != null && Math.abs((long) n.scale()) < 1000 && n.remainder(multipleOf).signum() != 0) {
                report.add(path, "multipleOf", "must be a multiple of " + multipleOf.toPlainString());
            }
        }
    }

    /**
     * An array.
     *
     * @param maxItems {@link Integer#MAX_VALUE} when there is none
     */
    record Items(boolean nullable, Schema items, int minItems, int maxItems, boolean unique) implements Schema {
        @Override
        public void check(JsonValue value, String path, Report report) {
            if (!(value instanceof JsonArray array)) {
                if (!(nullable && value.getValueType() == ValueType.NULL)) {
                    report.add(path, "type", mustBe("an array", nullable));
                }
                return;
            }
            if (array.size() < minItems) {
                report.add(path, "minItems", atLeast(minItems, "item", "items"));
            }
            if (array.size() > maxItems) {
                report.add(path, "maxItems", atMost(maxItems, "item", "items"));
            }
            if (unique && new HashSet<>(array).size() < array.size()) {
                report.add(path, "uniqueItems", "must not repeat an item");
            }
            for (int i = 0; i < array.size(); i++) {
                items.check(array.get(i), path + "/" + i, report);
            }
        }
    }

    /**
     * An object with arbitrary property names: a map.
     *
     * @param names null if any name is allowed
     * @param maxProperties {@link Integer#MAX_VALUE} when there is none
     */
    record Entries(boolean nullable, Text names, Schema values, int minProperties, int maxProperties) implements Schema {
        @Override
        public void check(JsonValue value, String path, Report report) {
            if (!(value instanceof JsonObject object)) {
                if (!(nullable && value.getValueType() == ValueType.NULL)) {
                    report.add(path, "type", mustBe("an object", nullable));
                }
                return;
            }
            checkSize(object, minProperties, maxProperties, path, report);
            for (Map.Entry<String, JsonValue> entry : object.entrySet()) {
                String at = path + "/" + Json.encodePointer(entry.getKey());
                String wrong = names == null ? null : names.wrong(entry.getKey());
                if (wrong != null) {
                    report.add(at, "propertyNames", "has a name that " + wrong);
                }
                values.check(entry.getValue(), at, report);
            }
        }
    }

    /** An object with the contract's properties and no others. */
    record Properties(boolean nullable, List<Property> properties, Set<String> names, int minProperties, int maxProperties)
            implements Schema {

        public Properties(boolean nullable, int minProperties, int maxProperties, Property... properties) {
            this(nullable, List.of(properties), namesOf(properties), minProperties, maxProperties);
        }

        /** @throws java.util.NoSuchElementException if there is no such property */
        public Schema property(String name) {
            return properties.stream().filter(property -> property.name.equals(name)).findFirst().orElseThrow().schema;
        }

        private static Set<String> namesOf(Property[] properties) {
            Set<String> names = new HashSet<>();
            for (Property property : properties) {
                names.add(property.name);
            }
            return Set.copyOf(names);
        }

        @Override
        public void check(JsonValue value, String path, Report report) {
            if (!(value instanceof JsonObject object)) {
                if (!(nullable && value.getValueType() == ValueType.NULL)) {
                    report.add(path, "type", mustBe("an object", nullable));
                }
                return;
            }
            checkSize(object, minProperties, maxProperties, path, report);
            int known = 0;
            for (Property property : properties) {
                JsonValue member = object.get(property.name);
                if (member != null) {
                    known++;
                    property.schema.check(member, property.under(path), report);
                } else if (property.required) {
                    report.add(property.under(path), "required", "is required");
                }
            }
            if (known < object.size()) {
                for (String name : object.keySet()) {
                    if (!names.contains(name)) {
                        report.add(path + "/" + Json.encodePointer(name), "additionalProperties", "is not a known property");
                    }
                }
            }
        }
    }

    /** A property of an object. */
    record Property(String name, boolean required, Schema schema, String pointer) {
        public Property(String name, boolean required, Schema schema) {
            this(name, required, schema, "/" + Json.encodePointer(name));
        }

        private String under(String path) {
            return path.isEmpty() ? pointer : path + pointer;
        }
    }

    /** The formats that we enforce, according to their RFCs. */
    enum Format {
        DATE_TIME("date-time", "an RFC 3339 date-time") {
            @Override
            boolean fits(String text) {
                // RFC 3339 requires seconds and an offset; ISO_OFFSET_DATE_TIME alone would accept "2026-01-15T09:30Z".
                return text.length() >= 20 && text.charAt(16) == ':' && parses(text, DateTimeFormatter.ISO_OFFSET_DATE_TIME::parse);
            }
        },
        DATE("date", "an RFC 3339 full-date") {
            @Override
            boolean fits(String text) {
                return text.length() == 10 && parses(text, LocalDate::parse);
            }
        },
        URI("uri", "an absolute URI") {
            @Override
            boolean fits(String text) {
                try {
                    // java.net.URI allows non-ASCII characters, which RFC 3986 requires to be percent-encoded.
                    return text.chars().allMatch(c -> c < 128) && new URI(text).isAbsolute();
                } catch (URISyntaxException e) {
                    return false;
                }
            }
        },
        EMAIL("email", "an email address") {
            private final Pattern pattern = Pattern.compile("[^\\s@]{1,64}@[^\\s@.]+(\\.[^\\s@.]+)+");

            @Override
            boolean fits(String text) {
                return text.length() <= 254 && pattern.matcher(text).matches();
            }
        },
        UUID("uuid", "a UUID") {
            @Override
            boolean fits(String text) {
                return text.length() == 36 && parses(text, java.util.UUID::fromString);
            }
        };

        private final String keyword;
        private final String expects;

        Format(String keyword, String expects) {
            this.keyword = keyword;
            this.expects = expects;
        }

        abstract boolean fits(String text);

        /** The format named {@code keyword} in JSON Schema; null if we do not enforce it. */
        public static Format of(String keyword) {
            for (Format format : values()) {
                if (format.keyword.equals(keyword)) {
                    return format;
                }
            }
            return null;
        }

        private static boolean parses(String text, java.util.function.Consumer<String> parser) {
            try {
                parser.accept(text);
                return true;
            } catch (DateTimeParseException | IllegalArgumentException e) {
                return false;
            }
        }
    }

    /** A compiled pattern of JSON Schema (ECMA-262); equal to another one with the same source. */
    final class Regex {
        private final String source;
        private final Pattern pattern;

        /** @throws java.util.regex.PatternSyntaxException if {@code source} is not a pattern */
        public Regex(String source) {
            this.source = source;
            this.pattern = Pattern.compile(ecma(source));
        }

        // WhiteSpace and LineTerminator of ECMA-262. Java's own \s is ASCII only.
        private static final String SPACE = "\\t\\n\\x0B\\f\\r \\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000\\ufeff";

        /** Adapts what Java interprets differently: {@code $}, which also matches before a final line break, and white space. */
        private static String ecma(String source) {
            StringBuilder java = new StringBuilder(source.length() + 2);
            boolean inClass = false;
            for (int i = 0; i < source.length(); i++) {
                char c = source.charAt(i);
                if (c == '\\' && i + 1 < source.length()) {
                    char escaped = source.charAt(++i);
                    java.append(switch (escaped) {
                        case 's' -> inClass ? SPACE : '[' + SPACE + ']';
                        case 'S' -> "[^" + SPACE + ']';
                        default -> "\\" + escaped;
                    });
                    continue;
                }
                inClass = c == '[' || inClass && c != ']';
                java.append(c == '$' && !inClass ? "\\z" : String.valueOf(c));
            }
            return java.toString();
        }

        String source() {
            return source;
        }

        boolean find(String text) {
            return pattern.matcher(text).find();
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Regex regex && regex.source().equals(source());
        }

        @Override
        public int hashCode() {
            return source().hashCode();
        }

        @Override
        public String toString() {
            return source();
        }
    }

    private static void checkSize(JsonObject object, int min, int max, String path, Report report) {
        if (object.size() < min) {
            report.add(path, "minProperties", atLeast(min, "property", "properties"));
        }
        if (object.size() > max) {
            report.add(path, "maxProperties", atMost(max, "property", "properties"));
        }
    }

    private static String mustBe(String type, boolean nullable) {
        return nullable ? "must be " + type + " or null" : "must be " + type;
    }

    private static String atLeast(int n, String one, String many) {
        return "must have at least " + n + " " + (n == 1 ? one : many);
    }

    private static String atMost(int n, String one, String many) {
        return "must have at most " + n + " " + (n == 1 ? one : many);
    }
}
