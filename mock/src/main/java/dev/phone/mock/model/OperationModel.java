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
 * @param spec what the contract says of the operation
 * @param resourceType what is created, read or listed; null when nothing is
 * @param subject what the last path parameter names, when the operation is about something under it; else null
 * @param keyParameter the last path parameter; null when there is none
 * @param data the schema of the answer's {@code data}, or of each of its items
 * @param examples by name, the first success first
 * @param rules the extension {@code x-mock}; empty when there is none
 */
public record OperationModel(Operation spec, Kind kind, ResourceType resourceType, ResourceType subject, String keyParameter,
        ObjectSchema data, ObjectSchema body, Map<String, Example> examples, RequestExamples requests, JsonObject rules) {

    /** What an operation does, as its method and path tell. */
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
        /** POST to something under a resource that answers with the resource. */
        ACT,
        /** Nothing is known but its examples. */
        EXAMPLE
    }

    public String id() {
        return spec.id();
    }

    /** The answer that is documented first; null when the operation is reserved. */
    public Example happy() {
        for (Example example : examples.values()) {
            if (example.status() < 300) {
                return example;
            }
        }
        return null;
    }

    /** The first documented answer of a status; null when there is none. */
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

    /** The text of a rule; null when there is none of this name. */
    public String rule(String name) {
        return rules.get(name) instanceof JsonString string ? string.getString() : null;
    }

    public JsonObject ruleObject(String name) {
        return rules.get(name) instanceof JsonObject object ? object : JsonValue.EMPTY_JSON_OBJECT;
    }
}
