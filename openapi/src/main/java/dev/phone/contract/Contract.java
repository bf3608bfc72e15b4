// SPDX-License-Identifier: Apache-2.0
package dev.phone.contract;

import dev.phone.api.Operation.Auth;
import dev.phone.api.Operation.Parameter;
import dev.phone.api.Operation.Place;
import dev.phone.api.Operation.RateLimit;
import dev.phone.api.Operation;
import dev.phone.api.Schema;
import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import jakarta.json.spi.JsonProvider;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A contract read at run time: the same information that the generated code has about ours, for any contract of the same style.
 *
 * <p>Expects a contract that passed the build. Others may be refused with an {@link IllegalArgumentException} or a
 * {@link ClassCastException}, or may be read partially.
 */
public final class Contract {
    /** The methods that a path of a contract may have. */
    static final Set<String> METHODS = Set.of("get", "put", "post", "delete", "options", "head", "patch", "trace");

    /** Beside {@code examples} of a parameter or a body: the examples of deliberately invalid requests. */
    static final String BAD_REQUESTS = "x-bad-requests";

    // Looked up once: JsonObject.getValue searches for the provider at each call.
    private static final JsonProvider JSON = JsonProvider.provider();

    private final JsonObject json;
    private final Schemas schemas;
    private final List<Operation> operations = new ArrayList<>();

    private Contract(JsonObject json) {
        this.json = json;
        this.schemas = new Schemas(json, (pointer, message) -> {
            throw new IllegalArgumentException("#" + pointer + ": " + message);
        });
        object(json, "paths").forEach((path, item) -> resolve(item).forEach((method, operation) -> {
            if (METHODS.contains(method)) {
                operations.add(operation(path, resolve(item), method, operation.asJsonObject()));
            }
        }));
    }

    /** Reads a contract from JSON or YAML, in one file or several. Needs snakeyaml-engine on the class path. */
    public static Contract read(Path file) {
        Bundle bundle = Bundle.of(file);
        if (!bundle.problems().isEmpty()) {
            throw new IllegalArgumentException(bundle.problems().stream().map(Problem::toString).collect(Collectors.joining("\n")));
        }
        return new Contract(bundle.json());
    }

    /**
     * Reads a contract for serving, like {@link #read}.
     *
     * @throws IllegalArgumentException if it cannot be served; each line of the message says where, why, and what to write instead
     */
    public static Contract readToServe(Path file) {
        Bundle bundle = Bundle.of(file);
        List<Problem> problems = bundle.problems().isEmpty() ? Servable.check(bundle) : bundle.problems();
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException(problems.stream().map(Problem::toString).collect(Collectors.joining("\n")));
        }
        try {
            return new Contract(bundle.json());
        } catch (RuntimeException unforeseen) {
            throw new IllegalArgumentException(new Problem(bundle.place(""), "", "serve", "the contract is written in a way that cannot be read;"
                    + " write it as the contract at /openapi.json of the mock is written").toString(), unforeseen);
        }
    }

    /** Reads a contract from a bundled document, such as the {@code openapi.json} in our jar. */
    public static Contract of(JsonObject bundled) {
        return new Contract(bundled);
    }

    public JsonObject json() {
        return json;
    }

    /** All operations, in the order of the document. */
    public List<Operation> operations() {
        return List.copyOf(operations);
    }

    /** The schema component of this name; null if there is none. */
    public synchronized Schema schema(String name) {
        return schemas.named(name);
    }

    /** The examples of a parameter or a body by name; bad requests come last. */
    public static JsonObject requestExamples(JsonObject holder) {
        JsonObjectBuilder examples = Json.createObjectBuilder();
        for (String kind : List.of("examples", BAD_REQUESTS)) {
            object(holder, kind).forEach(examples::add);
        }
        return examples.build();
    }

    /** The schema for a value of the document, which may be a {@code $ref}. */
    synchronized Schema schema(JsonValue schema) {
        return schemas.of(schema, "");
    }

    /** The limit of all requests together; null if there is none. */
    public RateLimit backstop() {
        return rateLimit(json);
    }

    /** The target of an object if it is a {@code $ref}; otherwise the object itself. @throws IllegalArgumentException if there is no target */
    public JsonObject resolve(JsonValue value) {
        JsonObject object = value.asJsonObject();
        for (int i = 0; object.get("$ref") instanceof JsonString reference; i++) {
            String pointer = reference.getString();
            if (!pointer.startsWith("#/") || i > 100) {
                throw new IllegalArgumentException(pointer + " is no part of the contract");
            }
            try {
                object = JSON.createPointer(pointer.substring(1)).getValue(json).asJsonObject();
            } catch (JsonException e) {
                throw new IllegalArgumentException(pointer + " is no part of the contract", e);
            }
        }
        return object;
    }

    private Operation operation(String path, JsonObject item, String method, JsonObject operation) {
        int success = 0;
        Set<Integer> statuses = new LinkedHashSet<>();
        for (String key : object(operation, "responses").keySet()) {
            if (!key.matches("[0-9]{3}")) {
                // "default" and "4XX" are not single statuses.
                continue;
            }
            int status = Integer.parseInt(key);
            statuses.add(status);
            if (status < 300) {
                success = status;
            }
        }
        JsonObject body = operation.containsKey("requestBody") ? resolve(operation.get("requestBody")) : null;
        Schema schema = body == null ? null : schemas.of(object(object(body, "content"), "application/json").get("schema"),
                "/paths/" + Json.encodePointer(path) + "/" + method + "/requestBody/content/application~1json/schema");
        return new Operation(operation.getString("operationId"), method.toUpperCase(Locale.ROOT), path, auth(operation),
                rateLimit(operation), success, Collections.unmodifiableSet(statuses), parameters(path, item, operation), schema,
                body != null && body.getBoolean("required", false));
    }

    private Auth auth(JsonObject operation) {
        JsonArray alternatives = operation.getJsonArray("security");
        if (alternatives == null) {
            alternatives = json.getJsonArray("security");
        }
        if (alternatives == null || alternatives.isEmpty()) {
            return Auth.PUBLIC;
        }
        if (alternatives.size() > 1) {
            throw new IllegalArgumentException(operation.getString("operationId") + " has alternative security requirements");
        }
        return Auth.of(alternatives.getJsonObject(0).keySet().toArray(String[]::new));
    }

    /** The schema name for a list in the demo world: {@code Delivery} for {@code deliveries}. */
    public static String schemaName(String plural) {
        String one = plural.endsWith("ies") ? plural.substring(0, plural.length() - 3) + "y" : plural.replaceFirst("s$", "");
        return one.isEmpty() ? one : Character.toUpperCase(one.charAt(0)) + one.substring(1);
    }

    private static RateLimit rateLimit(JsonObject holder) {
        JsonObject limit = holder.getJsonObject("x-rate-limit");
        return limit == null ? null : new RateLimit(limit.getString("name"), limit.getInt("limit"), limit.getInt("window"),
                RateLimit.Key.of(limit.getString("key")), limit.getString("noun"));
    }

    /** The parameters of the path, then of the operation; a parameter of the operation replaces the path's of the same name. */
    private List<Parameter> parameters(String path, JsonObject item, JsonObject operation) {
        Map<String, Parameter> parameters = new LinkedHashMap<>();
        for (JsonObject holder : List.of(item, operation)) {
            for (JsonValue each : holder.get("parameters") instanceof JsonArray array ? array : JsonValue.EMPTY_JSON_ARRAY) {
                JsonObject parameter = resolve(each);
                Place in = Place.valueOf(parameter.getString("in").toUpperCase(Locale.ROOT));
                String name = parameter.getString("name");
                JsonValue fallback = resolve(parameter.get("schema")).get("default");
                parameters.put(in + " " + name, new Parameter(in, name, parameter.getBoolean("required", false),
                        schemas.of(parameter.get("schema"), "/paths/" + Json.encodePointer(path) + "/…/parameters/" + name),
                        fallback == null ? null : fallback instanceof JsonString string ? string.getString() : fallback.toString()));
            }
        }
        return List.copyOf(parameters.values());
    }

    private static JsonObject object(JsonObject holder, String name) {
        return holder.get(name) instanceof JsonObject object ? object : JsonValue.EMPTY_JSON_OBJECT;
    }
}
