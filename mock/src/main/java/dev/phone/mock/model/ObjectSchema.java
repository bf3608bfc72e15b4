// SPDX-License-Identifier: Apache-2.0
package dev.phone.mock.model;

import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import jakarta.json.spi.JsonProvider;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

/** The properties of an object, with the patterns that normalise them. */
public final class ObjectSchema {
    private static final JsonProvider JSON = JsonProvider.provider();

    /**
     * @param schema the schema, with references resolved
     * @param pattern null if there is none, or none that we understand
     * @param object the schema of the value; null unless it is an object
     */
    public record Property(String name, JsonObject schema, boolean required, TextPattern pattern, ObjectSchema object) {

        public boolean isNullable() {
            return schema.get("type") instanceof JsonArray types && types.contains(JSON.createValue("null"));
        }

        /** The value in its normal form. */
        public JsonValue spell(JsonValue value) {
            return pattern != null && pattern.hasSpellings() && value instanceof JsonString string
                    ? JSON.createValue(pattern.spell(string.getString())) : value;
        }
    }

    private final Map<String, Property> properties = new LinkedHashMap<>();

    void add(Property property) {
        properties.put(property.name(), property);
    }

    public boolean has(String property) {
        return properties.containsKey(property);
    }

    /** The property of this name; null if there is none. */
    public Property get(String property) {
        return properties.get(property);
    }

    public Collection<Property> all() {
        return properties.values();
    }
}
