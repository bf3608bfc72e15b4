// SPDX-License-Identifier: Apache-2.0
package dev.phone.mock.model;

import dev.phone.api.Operation;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What the mock does for an operation.
 *
 * @param spec the operation in the contract
 * @param resourceType the resource that is created, read or listed; null for none
 * @param subject the resource identified by the last path parameter, if the operation is about something below it; otherwise null
 * @param keyParameter the last path parameter; null if there is none
 * @param data the schema of the response's {@code data}, or of each of its items
 * @param examples by name, beginning with the first success
 * @param rules the extension {@code x-mock}; empty if there is none
 */
public record OperationModel(Operation spec, Kind kind, ResourceType resourceType, ResourceType subject, String keyParameter,
        ObjectSchema data, ObjectSchema body, Map<String, Example> examples, RequestExamples requests, JsonObject rules) {

    /** What an operation does, derived from its method and path. */
    public enum Kind {
        /** GET of a collection. */
        LIST,
        /** POST to a collection. */
        CREATE,
        /** GET of a resource. */
        READ,
        /** PATCH or PUT of a resource. */
        UPDATE,
        /** DELETE of a resource. */
        DELETE,
        /** POST to a path below a resource that returns the resource. */
        ACT,
        /** Only its examples are known. */
        EXAMPLE
    }

    public String id() {
        return spec.id();
    }

    /** The first success example; null if the operation is reserved. */
    public Example happy() {
        for (Example example : examples.values()) {
            if (example.status() < 300) {
                return example;
            }
        }
        return null;
    }

    /** The first example of a status; null if there is none. */
    public Example first(int status) {
        for (Example example : examples.values()) {
            if (example.status() == status) {
                return example;
            }
        }
        return null;
    }

    public String statuses() {
        return spec.statuses().stream().sorted().map(String::valueOf).collect(Collectors.joining(", "));
    }

    /** The text of a rule of {@code x-mock}; null if there is none of this name. */
    public String rule(String name) {
        return rules.get(name) instanceof JsonString string ? string.getString() : null;
    }

    public JsonObject ruleObject(String name) {
        return rules.get(name) instanceof JsonObject object ? object : JsonValue.EMPTY_JSON_OBJECT;
    }
}
