// SPDX-License-Identifier: Apache-2.0
package dev.phone.contract;

import dev.phone.api.Operation.Auth;
import dev.phone.api.Operation.Place;
import dev.phone.api.Schema;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Checks whether the mock can serve a contract. OpenAPI allows more than the mock supports; everything else is reported with its location and what to
 * write instead, before anything is served.
 */
final class Servable {
    private static final String JSON = "application/json";
    private static final String NAMED_SCHEMA = "#/components/schemas/";

    private final Bundle bundle;
    private final Spot document;
    private final Schemas schemas;
    private final Map<String, Problem> problems = new LinkedHashMap<>();
    private final Set<String> ids = new HashSet<>();

    private Servable(Bundle bundle) {
        this.bundle = bundle;
        this.document = Spot.of(bundle.json());
        this.schemas = new Schemas(bundle.json(), (pointer, message) -> report(pointer, message));
    }

    /** The reasons why the mock cannot serve a contract; empty if it can. */
    static List<Problem> check(Bundle bundle) {
        Servable servable = new Servable(bundle);
        servable.document();
        return List.copyOf(servable.problems.values());
    }

    private void report(Spot spot, String message) {
        report(spot.pointer(), message);
    }

    private void report(String pointer, String message) {
        Problem problem = new Problem(bundle.place(pointer), pointer, "serve", message);
        problems.putIfAbsent(pointer + ' ' + message, problem);
    }

    private void document() {
        if (!document.get("openapi").text().startsWith("3.1.")) {
            report(document.raw("openapi"), "this is not OpenAPI 3.1; write openapi: 3.1.0, and convert the document if it has another version");
            return;
        }
        for (Spot server : document.raw("servers").items()) {
            String path = server.get("url").text().replaceFirst("^[A-Za-z][A-Za-z0-9+.-]*://[^/]*", "");
            if (!path.isEmpty() && !path.equals("/")) {
                report(server.raw("url"), "paths are served as they are written; move the base path " + path + " into the paths");
            }
        }
        security(document.raw("security"), document.raw("security"));
        boolean any = false;
        for (String path : document.get("paths").object().keySet()) {
            Spot item = document.get("paths").get(path);
            for (String method : item.object().keySet()) {
                if (Contract.METHODS.contains(method)) {
                    any = true;
                    operation(path, item, item.get(method));
                }
            }
        }
        if (!any) {
            report(document.raw("paths"), "the contract has no operations; add some under paths");
        }
    }

    private void operation(String path, Spot item, Spot operation) {
        String id = operation.get("operationId").text();
        if (id.isEmpty()) {
            report(operation, "the operation has no operationId; add one");
        } else if (!ids.add(id)) {
            report(operation.raw("operationId"), "two operations are named " + id + "; rename one");
        }
        security(operation.raw("security"), operation);
        Set<String> inPath = new HashSet<>();
        for (String segment : path.split("/")) {
            if (segment.matches("\\{[^{}]+}")) {
                inPath.add(segment.substring(1, segment.length() - 1));
            } else if (segment.contains("{")) {
                report(operation, "a path parameter must be a whole segment of the path; rewrite " + segment);
            }
        }
        Set<String> declared = new HashSet<>();
        List<Spot> parameters = new ArrayList<>(item.raw("parameters").items());
        parameters.addAll(operation.raw("parameters").items());
        for (Spot raw : parameters) {
            Spot parameter = raw.target();
            if (!parameter.exists()) {
                report(raw, "there is no parameter " + raw.reference() + "; correct the $ref");
                continue;
            }
            parameter(parameter);
            if (parameter.get("in").text().equals("path")) {
                declared.add(parameter.get("name").text());
            }
        }
        inPath.removeAll(declared);
        inPath.forEach(name -> report(operation, "the path parameter " + name + " is not declared; add it to parameters"));
        if (operation.raw("requestBody").exists()) {
            Spot body = operation.get("requestBody");
            Spot schema = json(body, "the body");
            if (schema != null) {
                schemas.of(schema.value(), schema.pointer());
                Schemas.open(schema, new HashSet<>(), object -> report(object, "an object in a request must state whether it may have other properties; write additionalProperties: false"));
            }
        }
        responses(operation);
    }

    private void parameter(Spot parameter) {
        String name = parameter.get("name").text();
        String in = parameter.get("in").text();
        if (name.isEmpty()) {
            report(parameter, "the parameter has no name; add one");
        }
        if (List.of(Place.values()).stream().noneMatch(place -> place.name().toLowerCase(Locale.ROOT).equals(in))) {
            report(parameter, "parameters are read only from path, query and header, not from " + (in.isEmpty() ? "nowhere" : in)
                    + "; move " + name + " to a header");
        }
        if (!parameter.raw("schema").exists()) {
            report(parameter, "the parameter " + name + " has no schema; add one (content is not supported)");
            return;
        }
        Schema schema = schemas.of(parameter.raw("schema").value(), parameter.raw("schema").pointer());
        if (schema instanceof Schema.Items || schema instanceof Schema.Entries || schema instanceof Schema.Properties) {
            report(parameter.raw("schema"), "a parameter must be a single value; give " + name + " the schema of a string, number or boolean");
        }
    }

    private void security(Spot requirements, Spot where) {
        List<Spot> alternatives = requirements.items();
        if (alternatives.size() > 1) {
            report(requirements, "alternative security requirements are not supported; keep one of the " + alternatives.size());
        }
        for (Spot alternative : alternatives) {
            try {
                Auth.of(alternative.object().keySet().toArray(String[]::new));
            } catch (IllegalArgumentException unknown) {
                report(alternative, "there are no credentials for " + String.join(" and ", alternative.object().keySet())
                        + "; the schemes are bearer, apiKey, and clientId, clientSecret and apiKey together");
            }
        }
    }

    private void responses(Spot operation) {
        Spot success = null;
        boolean reserved = false;
        for (String status : operation.get("responses").object().keySet()) {
            Spot raw = operation.get("responses").raw(status);
            if (!raw.target().exists()) {
                report(raw, "there is no response " + raw.reference() + "; correct the $ref");
            } else if (status.matches("[23][0-9][0-9]")) {
                success = raw.target();
            } else if (status.equals("501")) {
                reserved = true;
            } else if (!status.matches("default|[1-5]XX|[1-5][0-9][0-9]")) {
                report(raw, "there is no status " + status + "; write one such as 200, or default");
            }
        }
        if (success == null) {
            if (!reserved) {
                report(operation.raw("responses"), "the operation has no success status; write one such as 200 (default and 2XX are not specific)");
            }
            return;
        }
        Spot schema = json(success, "the response");
        if (schema == null) {
            return;
        }
        references(schema);
        Spot content = success.get("content").get(JSON);
        Map<String, Spot> examples = content.get("examples").members();
        if (content.raw("example").exists()) {
            examples.put("example", content);
        }
        if (examples.isEmpty()) {
            report(content, "the response has no example to return; add one");
        }
        examples.forEach((name, example) -> {
            if (!(example.get(example == content ? "example" : "value").value() instanceof JsonObject)) {
                report(example, "the example has no value that is an object; add one (externalValue is not supported)");
            }
        });
    }

    /** The schema of JSON content; null if the content is not JSON, which is reported. */
    private Spot json(Spot holder, String what) {
        Spot content = holder.get("content");
        if (!content.raw(JSON).exists()) {
            Set<String> types = content.object().keySet();
            report(holder, types.isEmpty() ? what + " has no content; describe it as " + JSON
                    : what + " is " + String.join(" or ", types) + ", and only " + JSON + " is served; describe it as such");
            return null;
        }
        Spot schema = content.get(JSON).raw("schema");
        if (!schema.exists()) {
            report(content.raw(JSON), what + " has no schema; write one");
            return null;
        }
        return schema;
    }

    /** Resources in responses are found by the names of their schemas. */
    private void references(Spot schema) {
        references(schema, new HashSet<>());
    }

    private void references(Spot schema, Set<String> seen) {
        if (schema.isReference()) {
            if (!schema.reference().startsWith(NAMED_SCHEMA)) {
                report(schema, schema.reference() + " is not a named schema; move it to " + NAMED_SCHEMA);
            } else if (!schema.target().exists()) {
                report(schema, "there is no schema " + schema.reference() + "; correct the $ref");
            } else if (seen.add(schema.reference())) {
                references(schema.target(), seen);
            }
            return;
        }
        for (String keyword : List.of("allOf", "anyOf", "oneOf", "not", "if")) {
            if (schema.raw(keyword).exists()) {
                report(schema.raw(keyword), "schemas may only be composed of properties; write out " + keyword);
            }
        }
        schema.get("properties").object().keySet().forEach(name -> references(schema.get("properties").raw(name), seen));
        for (String keyword : List.of("items", "additionalProperties", "propertyNames")) {
            JsonValue part = schema.raw(keyword).value();
            if (part instanceof JsonObject) {
                references(schema.raw(keyword), seen);
            }
        }
    }
}
