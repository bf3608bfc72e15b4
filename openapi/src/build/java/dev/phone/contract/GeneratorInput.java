// SPDX-License-Identifier: Apache-2.0
package dev.phone.contract;

import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The contract as input of the code generator: without success envelopes, so that an operation returns the type of its
 * {@code data}. The generated route writes envelope and status.
 *
 * <p>An operation whose envelope has {@code meta} gets {@code x-page}, as do its parameters {@code limit} and {@code cursor}: it returns the
 * items of a page. A {@code delete} gets {@code x-deletion}: it returns nothing, because its data is its last path parameter and a flag that is true.
 *
 * <p>The generator replaces each reference to a named scalar by the scalar itself, so {@code x-scalar} keeps the name. All named scalars are
 * also properties of an additional schema, {@code Scalars}, from which the constants are generated. A scalar with a hand-written class gets
 * {@code x-type} and {@code format}; {@code typeMappings} in {@code pom.xml} names the class. The generator does not know {@code propertyNames},
 * so {@code x-property-names} is the constant of the scalar to which it refers.
 *
 * <p>{@code x-response-headers} and {@code x-credential-headers}, at the root, list the header fields of responses and of credentials.
 */
final class GeneratorInput {
    private static final Set<String> PAGE_PARAMETERS = Set.of("limit", "cursor");
    private static final Set<String> TYPES = Set.of("PhoneNumber");

    private final Contract contract;
    private final Set<String> envelopes = new TreeSet<>();

    private GeneratorInput(JsonObject document) {
        contract = Contract.of(document);
    }

    /** @param arguments a contract, the output file, and the directory of the sources generated from it */
    public static void main(String[] arguments) throws IOException {
        write(Contract.read(Path.of(arguments[0])).json(), Path.of(arguments[1]), Path.of(arguments[2]));
    }

    /** Writes the input. If it changes, the sources generated before are deleted: the generator does not delete what it no longer generates. */
    static void write(JsonObject document, Path file, Path sources) throws IOException {
        String input = Build.json(of(document));
        if (!Build.isWritten(file, input) && Files.exists(sources)) {
            try (Stream<Path> all = Files.walk(sources)) {
                for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(each);
                }
            }
        }
        Build.write(file, input);
    }

    static JsonObject of(JsonObject document) {
        return new GeneratorInput(document).withoutEnvelopes(document);
    }

    private JsonObject withoutEnvelopes(JsonObject document) {
        JsonObject result = with(document, "paths", paths -> each(paths, item -> {
            JsonObjectBuilder methods = Json.createObjectBuilder();
            contract.resolve(item).forEach((method, value) ->
                    methods.add(method, Contract.METHODS.contains(method) ? operation(method, value.asJsonObject()) : value));
            return methods.build();
        }));
        String text = result.getJsonObject("paths").toString();
        result = Json.createObjectBuilder(result).add("x-response-headers", responseHeaders()).add("x-credential-headers", credentialHeaders()).build();
        return with(result, "components", components -> with(components, "schemas", schemas -> {
            JsonObjectBuilder kept = Json.createObjectBuilder();
            JsonObjectBuilder scalars = Json.createObjectBuilder();
            schemas.forEach((name, schema) -> {
                String reference = "#/components/schemas/" + name;
                if (isScalar(schema.asJsonObject())) {
                    scalars.add(name, Json.createObjectBuilder().add("$ref", reference));
                    kept.add(name, scalar(name, schema.asJsonObject()));
                } else if (!envelopes.contains(name) || text.contains('"' + reference + '"')) {
                    kept.add(name, propertyNames(schema));
                }
            });
            return kept.add("Scalars", Json.createObjectBuilder().add("type", "object").add("x-scalars", true).add("properties", scalars)).build();
        }));
    }

    private String responseHeaders() {
        return Spot.of(contract.json()).get("paths").members().values().stream().flatMap(item -> item.members().values().stream())
                .flatMap(operation -> operation.get("responses").members().values().stream())
                .flatMap(response -> response.get("headers").members().keySet().stream()).distinct().sorted().collect(Collectors.joining(", "));
    }

    private JsonArrayBuilder credentialHeaders() {
        JsonArrayBuilder headers = Json.createArrayBuilder();
        Spot.of(contract.json()).get("components").get("securitySchemes").members().forEach((scheme, spot) -> {
            if (spot.raw("in").text().equals("header")) {
                headers.add(Json.createObjectBuilder().add("scheme", scheme).add("name", spot.raw("name").text()));
            }
        });
        return headers;
    }

    private static boolean isScalar(JsonObject schema) {
        return schema.get("type") instanceof JsonString type && !Set.of("object", "array").contains(type.getString()) && !schema.containsKey("enum");
    }

    private static JsonObject scalar(String name, JsonObject schema) {
        JsonObjectBuilder scalar = Json.createObjectBuilder(schema)
                .add("x-scalar", constant(name));
        return (TYPES.contains(name) ? scalar.add("x-type", name).add("format", name) : scalar).build();
    }

    private static String constant(String scalar) {
        return scalar.replaceAll("([a-z])([A-Z])", "$1_$2").toUpperCase(Locale.ROOT);
    }

    private static JsonValue propertyNames(JsonValue schema) {
        if (!(schema instanceof JsonObject object)) {
            return schema;
        }
        JsonObjectBuilder result = Json.createObjectBuilder();
        object.forEach((keyword, value) -> result.add(keyword, propertyNames(value)));
        if (object.get("additionalProperties") instanceof JsonObject && object.get("propertyNames") instanceof JsonObject names
                && names.get("$ref") instanceof JsonString reference) {
            result.add("x-property-names", constant(reference.getString().substring(reference.getString().lastIndexOf('/') + 1)));
        }
        return result.build();
    }

    private JsonObject operation(String method, JsonObject operation) {
        JsonObjectBuilder result = Json.createObjectBuilder(operation);
        JsonObjectBuilder responses = Json.createObjectBuilder();
        operation.getJsonObject("responses").forEach((status, value) -> {
            if (!status.startsWith("2")) {
                responses.add(status, value);
                return;
            }
            responses.add(status, with(contract.resolve(value), "content", content -> with(content, "application/json", mediaType -> {
                JsonValue schema = mediaType.get("schema");
                if (schema.asJsonObject().get("$ref") instanceof JsonString reference) {
                    envelopes.add(reference.getString().substring(reference.getString().lastIndexOf('/') + 1));
                }
                JsonObject properties = contract.resolve(schema).getJsonObject("properties");
                boolean page = properties.containsKey("meta");
                if (page) {
                    result.add("x-page", true).add("parameters", parameters(operation));
                } else if (method.equals("delete")) {
                    result.add("x-deletion", true);
                }
                JsonObject data = properties.getJsonObject("data");
                return Json.createObjectBuilder(mediaType).remove("examples").add("schema", page ? data.get("items") : data).build();
            })));
        });
        return result.add("responses", responses).build();
    }

    private JsonArrayBuilder parameters(JsonObject operation) {
        JsonArrayBuilder parameters = Json.createArrayBuilder();
        for (JsonValue each : operation.getOrDefault("parameters", JsonValue.EMPTY_JSON_ARRAY).asJsonArray()) {
            JsonObject parameter = contract.resolve(each);
            boolean ofPage = parameter.getString("in").equals("query") && PAGE_PARAMETERS.contains(parameter.getString("name"));
            parameters.add(ofPage ? Json.createObjectBuilder(parameter).add("x-page", true).build() : each);
        }
        return parameters;
    }

    private static JsonObject with(JsonObject object, String name, UnaryOperator<JsonObject> change) {
        return Json.createObjectBuilder(object).add(name, change.apply(object.getJsonObject(name))).build();
    }

    private static JsonObject each(JsonObject object, UnaryOperator<JsonObject> change) {
        JsonObjectBuilder result = Json.createObjectBuilder();
        for (Map.Entry<String, JsonValue> member : object.entrySet()) {
            result.add(member.getKey(), change.apply(member.getValue().asJsonObject()));
        }
        return result.build();
    }
}
