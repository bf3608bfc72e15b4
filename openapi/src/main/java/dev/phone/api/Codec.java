// SPDX-License-Identifier: Apache-2.0
package dev.phone.api;

import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import jakarta.json.spi.JsonProvider;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/** Reads and writes JSON for the generated records. Reading expects valid input, checked by a {@link Schema} before. */
public final class Codec {
    // Looked up once: the static methods of jakarta.json.Json may search for the provider at each call.
    private static final JsonProvider JSON = JsonProvider.provider();
    private static final DateTimeFormatter MILLISECONDS = new DateTimeFormatterBuilder().appendInstant(3).toFormatter(Locale.ROOT);

    private Codec() {
    }

    public static JsonObjectBuilder object() {
        return JSON.createObjectBuilder();
    }

    /** Null if the property is absent or null. */
    public static <T> T read(JsonObject object, String name, Function<JsonValue, T> decoder) {
        return read(object, name, decoder, null);
    }

    public static <T> T read(JsonObject object, String name, Function<JsonValue, T> decoder, T fallback) {
        JsonValue value = object.get(name);
        return value == null || value == JsonValue.NULL ? fallback : decoder.apply(value);
    }

    public static <T> void write(JsonObjectBuilder object, String name, T value, Function<T, JsonValue> encoder) {
        if (value != null) {
            object.add(name, encoder.apply(value));
        }
    }

    public static <T> void writeNullable(JsonObjectBuilder object, String name, T value, Function<T, JsonValue> encoder) {
        object.add(name, value == null ? JsonValue.NULL : encoder.apply(value));
    }

    public static JsonValue any(JsonValue value) {
        return value;
    }

    public static String text(JsonValue value) {
        return ((JsonString) value).getString();
    }

    public static Boolean bool(JsonValue value) {
        return value == JsonValue.TRUE;
    }

    public static Integer integer(JsonValue value) {
        return ((JsonNumber) value).intValueExact();
    }

    public static Long longInteger(JsonValue value) {
        return ((JsonNumber) value).longValueExact();
    }

    public static Double real(JsonValue value) {
        return ((JsonNumber) value).doubleValue();
    }

    public static BigDecimal decimal(JsonValue value) {
        return ((JsonNumber) value).bigDecimalValue();
    }

    public static Instant instant(JsonValue value) {
        return OffsetDateTime.parse(text(value)).toInstant();
    }

    public static LocalDate date(JsonValue value) {
        return LocalDate.parse(text(value));
    }

    public static <T> Function<JsonValue, List<T>> list(Function<JsonValue, T> decoder) {
        return value -> {
            List<T> list = new ArrayList<>(value.asJsonArray().size());
            for (JsonValue item : value.asJsonArray()) {
                list.add(decoder.apply(item));
            }
            return Collections.unmodifiableList(list);
        };
    }

    public static <T> Function<JsonValue, Map<String, T>> map(Function<JsonValue, T> decoder) {
        return value -> {
            Map<String, T> map = new LinkedHashMap<>();
            value.asJsonObject().forEach((name, member) -> map.put(name, decoder.apply(member)));
            return Collections.unmodifiableMap(map);
        };
    }

    public static JsonValue json(String value) {
        return JSON.createValue(value);
    }

    public static JsonString text(String value) {
        return JSON.createValue(value);
    }

    public static JsonValue json(Boolean value) {
        return value ? JsonValue.TRUE : JsonValue.FALSE;
    }

    public static JsonValue json(Integer value) {
        return JSON.createValue(value);
    }

    public static JsonValue json(Long value) {
        return JSON.createValue(value);
    }

    public static JsonValue json(Double value) {
        return JSON.createValue(value);
    }

    public static JsonValue json(BigDecimal value) {
        return JSON.createValue(value);
    }

    public static JsonValue json(Instant value) {
        return JSON.createValue(text(value));
    }

    /** RFC 3339 in UTC, always with three digits of milliseconds, because many parsers expect a fixed length. */
    public static String text(Instant value) {
        return MILLISECONDS.format(value);
    }

    public static JsonValue json(LocalDate value) {
        return JSON.createValue(value.toString());
    }

    public static <T> Function<List<T>, JsonValue> listOf(Function<T, ? extends JsonValue> encoder) {
        return list -> {
            JsonArrayBuilder array = JSON.createArrayBuilder();
            for (T item : list) {
                array.add(encoder.apply(item));
            }
            return array.build();
        };
    }

    public static <T> Function<Map<String, T>, JsonValue> mapOf(Function<T, ? extends JsonValue> encoder) {
        return map -> {
            JsonObjectBuilder object = object();
            map.forEach((name, value) -> object.add(name, encoder.apply(value)));
            return object.build();
        };
    }
}
