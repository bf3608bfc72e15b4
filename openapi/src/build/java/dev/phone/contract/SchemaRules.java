// SPDX-License-Identifier: Apache-2.0
package dev.phone.contract;

import dev.phone.api.Schema;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Rules for schemas: each can be enforced, has a description and valid examples, and objects and enums have names. */
final class SchemaRules {
    private enum Role {
        /** A component. */
        NAMED,
        PROPERTY,
        /** The schema of a parameter or header, which has the description. */
        SLOT,
        /** The schema of the items of an array or the values of a map, which has the description. */
        PART
    }

    private final Lint lint;

    SchemaRules(Lint lint) {
        this.lint = lint;
    }

    void check() {
        Spot components = lint.document.get("components");
        Spot schemas = components.get("schemas");
        for (String name : schemas.object().keySet()) {
            // Reports schemas that cannot be enforced.
            lint.schemas.named(name);
            check(schemas.raw(name), Role.NAMED, name);
        }
        components.get("headers").members().forEach((name, header) -> slot(header, name));
        growth(schemas);
    }

    /** Request schemas are closed. Schemas of responses and events are open, because these may grow and clients may validate them. */
    private void growth(Spot schemas) {
        Set<String> sent = new HashSet<>();
        lint.document.get("paths").members().values().forEach(item -> item.members().forEach((method, operation) -> {
            if (Contract.METHODS.contains(method)) {
                Schemas.open(operation.get("requestBody").get("content").get("application/json").raw("schema"), sent,
                        object -> lint.report(object, "growth", "clients send it, so it must not have other properties; write additionalProperties: false"));
            }
        }));
        schemas.object().keySet().stream().filter(name -> !sent.contains("#/components/schemas/" + name)).map(schemas::raw)
                .filter(schema -> schema.raw("additionalProperties").value() == JsonValue.FALSE)
                .forEach(schema -> lint.report(schema, "growth", "it occurs only in responses, which may grow; remove additionalProperties: false"));
    }

    /** Checks the schema of a parameter or a header. */
    void slot(Spot holder, String name) {
        Spot schema = holder.raw("schema");
        if (!schema.exists()) {
            lint.report(holder, "schema", name + " has no schema; add one");
            return;
        }
        lint.schemas.of(schema.value(), schema.pointer());
        check(schema, Role.SLOT, name);
    }

    /** Checks that the schema of a body is a component. */
    void body(Spot holder, String what) {
        Spot schema = holder.raw("schema");
        if (!schema.exists()) {
            lint.report(holder, "schema", what + " has no schema; add one");
        } else if (!schema.isReference()) {
            lint.report(schema, "inline", "the schema of " + what + " has no name; make it a component");
        }
    }

    private void check(Spot schema, Role role, String name) {
        if (schema.isReference()) {
            return;
        }
        if (role == Role.NAMED || role == Role.PROPERTY) {
            lint.described(schema, (role == Role.NAMED ? "the schema " : "the property ") + name);
        }
        if (role != Role.NAMED && isShape(schema)) {
            lint.report(schema, "inline", name + (schema.raw("enum").exists() ? " is an enum" : " is an object")
                    + " without a name; make it a component");
        }
        if (role != Role.PART) {
            hasExamples(schema, name);
        }
        if ((role == Role.NAMED || role == Role.PROPERTY) && schema.raw("format").text().equals("date-time")
                && !schema.raw("pattern").exists()) {
            lint.report(schema, "instant", name + " has no pattern; use the pattern of Timestamp, so that all instants have the same format");
        }
        fits(schema);
        for (Map.Entry<String, Spot> property : raw(schema.raw("properties")).entrySet()) {
            check(property.getValue(), Role.PROPERTY, property.getKey());
        }
        for (String part : List.of("items", "additionalProperties")) {
            if (schema.raw(part).value() instanceof JsonObject) {
                check(schema.raw(part), Role.PART, "the items of " + name);
            }
        }
        if (schema.raw("propertyNames").exists() && !schema.raw("propertyNames").isReference()) {
            lint.report(schema.raw("propertyNames"), "inline", "the schema of the names in " + name + " has no name; make it a component");
        }
    }

    private static Map<String, Spot> raw(Spot object) {
        Map<String, Spot> members = new LinkedHashMap<>();
        object.object().keySet().forEach(name -> members.put(name, object.raw(name)));
        return members;
    }

    private static boolean isShape(Spot schema) {
        return schema.raw("enum").exists() || isObject(schema);
    }

    /** Whether the schema is an object, as opposed to a map. */
    private static boolean isObject(Spot schema) {
        JsonValue type = schema.raw("type").value();
        boolean object = type instanceof JsonArray several ? several.stream().anyMatch(SchemaRules::saysObject) : saysObject(type);
        return object && !(schema.raw("additionalProperties").value() instanceof JsonObject);
    }

    private static boolean saysObject(JsonValue type) {
        return type instanceof JsonString string && string.getString().equals("object");
    }

    /** Objects, and arrays of components, need none of their own: their parts have examples. */
    private void hasExamples(Spot schema, String name) {
        Spot examples = schema.raw("examples");
        if (examples.exists() ? examples.items().isEmpty() : !isObject(schema) && !schema.raw("items").isReference()) {
            lint.report(examples.exists() ? examples : schema, "example", name + " has no examples; add a list of at least one");
        }
    }

    private void fits(Spot schema) {
        Schema enforced = lint.schemas.of(schema.value(), schema.pointer());
        for (Spot example : schema.raw("examples").items()) {
            fits(enforced, example, "the example");
        }
        if (schema.raw("default").exists()) {
            fits(enforced, schema.raw("default"), "the default");
        }
    }

    /** Reports where an example breaks its schema. */
    void fits(Schema schema, Spot example, String what) {
        schema.check(example.value(), "", (path, rule, message) -> lint.report(new Spot(example.document(), example.pointer() + path, null),
                "invalid-example", what + " breaks its schema: " + (path.isEmpty() ? "it" : path) + " " + message));
    }
}
