// SPDX-License-Identifier: Apache-2.0
package dev.phone.mock.model;

import dev.phone.api.Operation;
import dev.phone.api.Operation.Place;
import dev.phone.contract.Contract;
import dev.phone.mock.model.OperationModel.Kind;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The resources of a contract, and what each operation does with them.
 *
 * <p>The model is derived from the shape of the contract. GET of a path that returns an array lists a collection; the path followed by a
 * parameter is an item of it; POST to the former creates an item, and GET, PATCH and DELETE of the latter read, change and delete it. The path
 * segment before a collection is the parent. Where the shape is not sufficient, the operation has an {@code x-mock}, whose keys the README of
 * the mock explains.
 */
public final class MockModel {
    private static final Set<String> RULES = Set.of("otp", "renew", "overlap", "deliver", "append", "view", "refuse", "records");

    private final Contract contract;
    private final Map<String, ResourceType> types = new LinkedHashMap<>();
    private final Map<String, ObjectSchema> objectSchemas = new HashMap<>();
    private final List<OperationModel> operations = new ArrayList<>();
    // The schema of the items that a GET lists, by path.
    private final Map<String, String> listed = new LinkedHashMap<>();
    private final Map<String, String> items = new LinkedHashMap<>();

    private MockModel(Contract contract) {
        this.contract = contract;
        contract.operations().forEach(this::findResources);
        contract.operations().forEach(this::findParent);
        contract.operations().forEach(operation -> {
            try {
                operations.add(model(operation));
            } catch (ClassCastException | NullPointerException unforeseen) {
                throw new IllegalArgumentException(operation.method() + " " + operation.path() + " has a form that the mock does not"
                    + " understand; write it like the operations at /openapi.json", unforeseen);
            }
        });
    }

    /** @throws IllegalArgumentException if an {@code x-mock} is invalid */
    public static MockModel of(Contract contract) {
        return new MockModel(contract);
    }

    public Contract contract() {
        return contract;
    }

    public List<OperationModel> operations() {
        return operations;
    }

    /** The resource type of this name; null if there is none. */
    public ResourceType type(String name) {
        return types.get(name);
    }

    public Map<String, ResourceType> types() {
        return types;
    }

    private void findResources(Operation operation) {
        JsonObject data = data(operation);
        String item = reference(data);
        String listedItem = data != null && data.containsKey("items") ? reference(data.getJsonObject("items")) : null;
        if (operation.method().equals("GET") && listedItem != null) {
            listed.put(operation.path(), listedItem);
            addResource(listedItem, null);
        } else if (operation.method().equals("GET") && item != null && endsWithParameter(operation.path())
                && !json(operation).containsKey("x-mock")) {
            items.put(operation.path(), item);
            addResource(item, parameter(operation.path()));
        }
    }

    private void addResource(String name, String parameter) {
        ObjectSchema objectSchema = objectSchema(name);
        if (!types.containsKey(name) || parameter != null && !objectSchema.has("id") && objectSchema.has(parameter)) {
            String key = objectSchema.has("id") ? "id" : objectSchema.has(parameter) ? parameter : objectSchema.all().iterator().next().name();
            types.put(name, new ResourceType(name, objectSchema, key));
        }
    }

    private void findParent(Operation operation) {
        String child = listed.get(operation.path());
        if (child == null && operation.method().equals("POST") && !endsWithParameter(operation.path())) {
            child = created(operation);
        }
        ResourceType owner = subject(operation.path());
        if (child != null && types.containsKey(child) && owner != null) {
            types.get(child).belongsTo(owner, parameter(operation.path()));
        }
    }

    /** The resource that a POST to a path creates: the one that the path lists, or that is read below it, or that the POST returns. */
    private String created(Operation operation) {
        if (listed.containsKey(operation.path())) {
            return listed.get(operation.path());
        }
        for (Map.Entry<String, String> item : items.entrySet()) {
            if (collection(item.getKey()).equals(operation.path())) {
                return item.getValue();
            }
        }
        return null;
    }

    private OperationModel model(Operation operation) {
        JsonObject json = json(operation);
        JsonObject rules = json.get("x-mock") instanceof JsonObject object ? object : JsonValue.EMPTY_JSON_OBJECT;
        for (String rule : rules.keySet()) {
            if (!RULES.contains(rule)) {
                throw new IllegalArgumentException(operation.id() + ": the mock knows no x-mock." + rule + "; it knows "
                        + RULES.stream().sorted().toList());
            }
        }
        JsonObject data = data(operation);
        String answered = data == null ? null : data.containsKey("items") ? reference(data.getJsonObject("items")) : reference(data);
        ResourceType subject = subject(operation.path());
        Kind kind = Kind.EXAMPLE;
        ResourceType type = null;
        boolean onItem = endsWithParameter(operation.path());
        switch (operation.method()) {
            case "GET" -> {
                if (listed.containsKey(operation.path())) {
                    kind = Kind.LIST;
                    type = types.get(listed.get(operation.path()));
                } else if (items.containsKey(operation.path())) {
                    kind = Kind.READ;
                    type = types.get(items.get(operation.path()));
                }
            }
            case "POST" -> {
                String made = onItem ? null : created(operation);
                if (made == null && answered != null && types.containsKey(answered) && subject != null
                        && types.get(answered).parent() == subject) {
                    made = answered;
                }
                type = made != null ? types.get(made) : subject;
                kind = made != null ? Kind.CREATE : subject != null ? Kind.ACT : Kind.EXAMPLE;
            }
            case "PATCH", "PUT", "DELETE" -> {
                type = onItem ? subject : null;
                if (type != null) {
                    kind = operation.method().equals("DELETE") ? Kind.DELETE : Kind.UPDATE;
                }
            }
            default -> {
            }
        }
        if (rules.containsKey("view")) {
            kind = Kind.READ;
            type = types.get(rules.getString("view"));
        }
        ObjectSchema objectSchema = answered == null ? null : objectSchema(answered);
        ObjectSchema body = operation.body() == null ? null : bodySchema(json);
        return new OperationModel(operation, kind, type, subject, parameter(operation.path()), objectSchema, body, examples(json),
                requests(operation), rules);
    }

    /** The resource identified by the last parameter of a path. */
    private ResourceType subject(String path) {
        int end = path.lastIndexOf('}') + 1;
        if (end == 0) {
            return null;
        }
        String item = path.substring(0, end);
        String name = items.containsKey(item) ? items.get(item) : listed.get(collection(item));
        return name == null ? null : types.get(name);
    }

    private Map<String, Example> examples(JsonObject operation) {
        Map<String, Example> examples = new LinkedHashMap<>();
        JsonObject responses = operation.getJsonObject("responses");
        responses.keySet().stream().filter(status -> status.matches("[0-9]{3}")).sorted().forEach(status -> {
            JsonObject response = contract.resolve(responses.get(status));
            JsonObject content = child(child(response, "content"), "application/json");
            if (content.get("example") instanceof JsonObject only) {
                examples.put("example " + status, new Example("example " + status, Integer.parseInt(status), only, null, false));
            }
            child(content, "examples").forEach((name, value) -> {
                JsonObject example = contract.resolve(value);
                examples.put(name, new Example(name, Integer.parseInt(status), example.getJsonObject("value"),
                        example.getString("x-as", null), example.containsKey("x-illustrative")));
            });
        });
        return examples;
    }

    private RequestExamples requests(Operation operation) {
        JsonObject json = json(operation);
        JsonObject item = contract.resolve(contract.json().getJsonObject("paths").get(operation.path()));
        Map<String, JsonObject> parameters = new HashMap<>();
        for (JsonObject holder : List.of(item, json)) {
            for (JsonValue each : holder.get("parameters") instanceof JsonArray array ? array : JsonValue.EMPTY_JSON_ARRAY) {
                JsonObject parameter = contract.resolve(each);
                parameters.put(parameter.getString("in") + " " + parameter.getString("name"), parameter);
            }
        }
        List<RequestExamples.Parameter> list = operation.parameters().stream().map(parameter -> new RequestExamples.Parameter(
                parameter.in(), parameter.name(), parameter.required(),
                values(parameters.get(parameter.in().name().toLowerCase(java.util.Locale.ROOT) + " " + parameter.name())))).toList();
        JsonObject body = json.containsKey("requestBody") ? contract.resolve(json.get("requestBody")) : JsonValue.EMPTY_JSON_OBJECT;
        return new RequestExamples(list, values(child(child(body, "content"), "application/json")));
    }

    private Map<String, JsonValue> values(JsonObject holder) {
        Map<String, JsonValue> values = new LinkedHashMap<>();
        Contract.requestExamples(holder).forEach((name, example) -> values.put(name, contract.resolve(example).get("value")));
        return values;
    }

    /** The schema of {@code data} in the success response; null if there is none. */
    private JsonObject data(Operation operation) {
        if (operation.status() == 0) {
            return null;
        }
        JsonObject response = contract.resolve(json(operation).getJsonObject("responses").get(String.valueOf(operation.status())));
        JsonObject schema = child(child(child(response, "content"), "application/json"), "schema");
        if (schema.isEmpty()) {
            return null;
        }
        return child(child(contract.resolve(schema), "properties"), "data");
    }

    private ObjectSchema bodySchema(JsonObject operation) {
        JsonObject body = contract.resolve(operation.get("requestBody"));
        JsonObject schema = child(child(child(body, "content"), "application/json"), "schema");
        String name = reference(schema);
        return name == null ? parse(schema, 0) : objectSchema(name);
    }

    /** The properties of a named schema. */
    public ObjectSchema objectSchema(String name) {
        ObjectSchema objectSchema = objectSchemas.get(name);
        if (objectSchema == null) {
            objectSchema = parse(contract.json().getJsonObject("components").getJsonObject("schemas").getJsonObject(name), 0);
            objectSchemas.put(name, objectSchema);
        }
        return objectSchema;
    }

    private ObjectSchema parse(JsonObject schema, int depth) {
        ObjectSchema objectSchema = new ObjectSchema();
        JsonArray required = schema.get("required") instanceof JsonArray array ? array : JsonValue.EMPTY_JSON_ARRAY;
        child(schema, "properties").forEach((name, value) -> {
            JsonObject property = contract.resolve(value);
            TextPattern pattern = property.get("pattern") instanceof JsonString string ? TextPattern.of(string.getString()).orElse(null)
                    : null;
            boolean isRequired = required.stream().anyMatch(each -> each instanceof JsonString string && string.getString().equals(name));
            // Stops the recursion for a recursive schema, which our contracts do not have.
            ObjectSchema object = property.containsKey("properties") && depth < 10 ? parse(property, depth + 1) : null;
            objectSchema.add(new ObjectSchema.Property(name, property, isRequired, pattern, object));
        });
        return objectSchema;
    }

    /** The operation in the contract. */
    public JsonObject json(Operation operation) {
        return contract.resolve(contract.json().getJsonObject("paths").get(operation.path()))
                .getJsonObject(operation.method().toLowerCase(java.util.Locale.ROOT));
    }

    /** The pattern that normalises a parameter; null if it has only one form. */
    public TextPattern spelling(Operation operation, Place in, String name) {
        JsonObject item = contract.resolve(contract.json().getJsonObject("paths").get(operation.path()));
        for (JsonObject holder : List.of(json(operation), item)) {
            for (JsonValue each : holder.get("parameters") instanceof JsonArray array ? array : JsonValue.EMPTY_JSON_ARRAY) {
                JsonObject parameter = contract.resolve(each);
                if (parameter.getString("name").equals(name) && parameter.getString("in").equalsIgnoreCase(in.name())) {
                    JsonObject schema = contract.resolve(parameter.get("schema"));
                    return schema.containsKey("pattern")
                            ? TextPattern.of(schema.getString("pattern")).filter(TextPattern::hasSpellings).orElse(null) : null;
                }
            }
        }
        return null;
    }

    /** The name of the component that a schema refers to; null for an inline schema. */
    public static String reference(JsonObject schema) {
        return schema != null && schema.get("$ref") instanceof JsonString string
                ? string.getString().substring(string.getString().lastIndexOf('/') + 1) : null;
    }

    private static JsonObject child(JsonObject object, String name) {
        return object != null && object.get(name) instanceof JsonObject child ? child : JsonValue.EMPTY_JSON_OBJECT;
    }

    private static boolean endsWithParameter(String path) {
        return path.endsWith("}");
    }

    /** The name of the last parameter of a path; null if there is none. */
    private static String parameter(String path) {
        int end = path.lastIndexOf('}');
        return end < 0 ? null : path.substring(path.lastIndexOf('{') + 1, end);
    }

    /** The path without its last segment. */
    private static String collection(String path) {
        return path.substring(0, path.lastIndexOf('/'));
    }
}
