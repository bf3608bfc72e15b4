// SPDX-License-Identifier: Apache-2.0
package dev.phone.contract;

import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Every constraint on requests and every guarantee for responses in the contract, one per line, in a file under version
 * control. A review shows a loosened or dropped constraint as a removed line, however far its YAML is from the operations it affects.
 *
 * <p>Each line is self-contained, because a diff shows it without its neighbours. A reference names its component; the
 * constraints of the component are listed once, under its own name.
 */
final class Constraints {
    /** Prose and examples, which constrain nothing. */
    private static final Set<String> NOT_BINDING = Set.of("description", "examples", "title", "$comment");

    private final List<String> lines = new ArrayList<>();

    private Constraints() {
    }

    static String of(JsonObject bundled) {
        Constraints constraints = new Constraints();
        constraints.document(Spot.of(bundled));
        return String.join("\n", constraints.lines) + "\n";
    }

    private void line(String subject, String constraint) {
        lines.add(subject + ": " + constraint);
    }

    private void document(Spot document) {
        line("every request", rateLimit(document.raw("x-rate-limit")));
        document.get("paths").members().forEach((path, item) -> item.members().forEach((method, operation) -> {
            if (Contract.METHODS.contains(method)) {
                operation(operation.raw("operationId").text(), method.toUpperCase(Locale.ROOT) + " " + path, item, operation);
            }
        }));
        document.get("webhooks").members().forEach((name, item) -> item.members().forEach((method, operation) -> {
            if (Contract.METHODS.contains(method)) {
                operation(operation.raw("operationId").text(), method.toUpperCase(Locale.ROOT) + " of webhook " + name, item,
                        operation);
            }
        }));
        Spot components = document.get("components");
        components.get("securitySchemes").members().forEach((name, scheme) -> line("security " + name,
                List.of("type", "scheme", "in", "name").stream().map(key -> scheme.raw(key).text()).filter(text -> !text.isEmpty())
                        .collect(Collectors.joining(" "))));
        components.get("parameters").members().forEach((name, parameter) -> parameter("parameter " + name, parameter));
        components.get("headers").members().forEach((name, header) -> header("header " + name, header));
        components.get("schemas").members().forEach((name, schema) -> schema(name, schema));
    }

    private void operation(String id, String what, Spot item, Spot operation) {
        line(id, what);
        line(id, security(operation.raw("security")));
        if (operation.raw("deprecated").isTrue()) {
            line(id, "deprecated");
        }
        if (operation.raw("x-rate-limit").exists()) {
            line(id, rateLimit(operation.raw("x-rate-limit")));
        }
        for (Spot holder : List.of(item, operation)) {
            for (Spot parameter : holder.raw("parameters").items()) {
                Spot target = parameter.target();
                String name = target.raw("in").text() + " " + target.raw("name").text();
                if (parameter.isReference()) {
                    line(id, "takes " + name + " (parameter " + component(parameter) + ")");
                } else {
                    line(id, "takes " + name);
                    parameter(id + " " + name, parameter);
                }
            }
        }
        Spot body = operation.get("requestBody");
        if (body.exists()) {
            line(id, "request body is " + (body.raw("required").isTrue() ? "required" : "optional"));
            content(id + " request", body.raw("content"));
        }
        operation.get("responses").members().forEach((status, response) -> {
            Set<String> headers = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
            headers.addAll(response.raw("headers").object().keySet());
            line(id + " " + status, headers.isEmpty() ? "no header" : "with " + String.join(", ", headers));
            response.raw("headers").object().keySet().forEach(name -> {
                Spot header = response.get("headers").raw(name);
                if (!header.isReference()) {
                    header(id + " " + status + " header " + name, header);
                }
            });
            content(id + " " + status, response.raw("content"));
        });
    }

    private void content(String subject, Spot content) {
        content.object().keySet().forEach(type -> schema(subject + " " + type, content.raw(type).raw("schema")));
    }

    private void parameter(String subject, Spot parameter) {
        line(subject, parameter.raw("in").text() + " " + parameter.raw("name").text() + ", "
                + (parameter.raw("required").isTrue() ? "required" : "optional"));
        schema(subject, parameter.raw("schema"));
    }

    private void header(String subject, Spot header) {
        line(subject, header.raw("required").isTrue() ? "always present" : "not always present");
        schema(subject, header.raw("schema"));
    }

    private static String security(Spot security) {
        return "security: " + (security.items().isEmpty() ? "none" : security.items().stream()
                .map(way -> String.join(" and ", way.object().keySet())).collect(Collectors.joining(", or ")));
    }

    private static String rateLimit(Spot limit) {
        JsonObject object = limit.object();
        return "limit " + text(object.get("name")) + ": " + text(object.get("limit")) + " in " + text(object.get("window")) + " s by "
                + text(object.get("key"));
    }

    private void schema(String subject, Spot schema) {
        if (schema.isReference()) {
            line(subject, "schema " + component(schema));
            return;
        }
        Set<String> required = new TreeSet<>();
        schema.raw("required").items().forEach(name -> required.add(name.text()));
        for (Map.Entry<String, JsonValue> keyword : schema.object().entrySet()) {
            String key = keyword.getKey();
            Spot value = schema.raw(key);
            if (NOT_BINDING.contains(key)) {
                continue;
            }
            switch (key) {
                case "properties" -> value.object().keySet().forEach(name -> {
                    line(subject + "/" + name, required.contains(name) ? "required" : "optional");
                    schema(subject + "/" + name, value.raw(name));
                });
                case "required" -> required.stream().filter(name -> !schema.raw("properties").object().containsKey(name))
                        .forEach(name -> line(subject + "/" + name, "required"));
                case "items" -> schema(subject + "/*", value);
                case "propertyNames" -> schema(subject + "/{name}", value);
                case "additionalProperties" -> {
                    if (value.value() instanceof JsonObject) {
                        schema(subject + "/*", value);
                    } else {
                        line(subject, value.isTrue() ? "other properties may follow" : "no other properties");
                    }
                }
                case "enum" -> value.items().forEach(each -> line(subject, "may be " + text(each.value())));
                default -> line(subject, words(key, value.value()));
            }
        }
    }

    private static String words(String keyword, JsonValue value) {
        String text = text(value);
        return switch (keyword) {
            case "type" -> "type " + text;
            case "format" -> "format " + text;
            case "pattern" -> "pattern " + text;
            case "default" -> "default " + text;
            case "minimum" -> "at least " + text;
            case "maximum" -> "at most " + text;
            case "minLength" -> "at least " + text + " characters";
            case "maxLength" -> "at most " + text + " characters";
            case "minItems" -> "at least " + text + " items";
            case "maxItems" -> "at most " + text + " items";
            case "minProperties" -> "at least " + text + " properties";
            case "maxProperties" -> "at most " + text + " properties";
            case "uniqueItems" -> "items are unique: " + text;
            // Unknown keywords must show, too.
            default -> keyword + " " + text;
        };
    }

    private static String text(JsonValue value) {
        return switch (value) {
            case JsonString string -> string.getString();
            case JsonArray array when array.stream().allMatch(JsonString.class::isInstance) ->
                    array.stream().map(Constraints::text).collect(Collectors.joining(" or "));
            case null -> "nothing";
            default -> value.toString();
        };
    }

    private static String component(Spot reference) {
        return reference.reference().substring(reference.reference().lastIndexOf('/') + 1);
    }
}
