// SPDX-License-Identifier: Apache-2.0
package dev.phone.mock.model;

import dev.phone.api.Operation.Place;
import jakarta.json.JsonValue;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The named requests of an operation.
 *
 * <p>The request for the response example N consists of the examples N of all parts. If a required parameter or the body has no example N, its
 * first example is sent; an optional parameter is then left out.
 *
 * @param body the examples of the body, by name; empty if the operation takes none
 */
public record RequestExamples(List<Parameter> parameters, Map<String, JsonValue> body) {

    /** @param values by name */
    public record Parameter(Place in, String name, boolean required, Map<String, JsonValue> values) {
    }

    /** The request for a response example. @param body null for none */
    public record Request(Map<Parameter, JsonValue> parameters, JsonValue body) {
    }

    public Request request(String name) {
        Map<Parameter, JsonValue> sent = new LinkedHashMap<>();
        for (Parameter parameter : parameters) {
            JsonValue value = pick(parameter.values, name, parameter.required);
            if (value != null) {
                sent.put(parameter, value);
            }
        }
        return new Request(sent, pick(body, name, true));
    }

    private static JsonValue pick(Map<String, JsonValue> values, String name, boolean required) {
        JsonValue value = values.get(name);
        return value == null && required && !values.isEmpty() ? values.values().iterator().next() : value;
    }
}
