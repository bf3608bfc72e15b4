// SPDX-License-Identifier: Apache-2.0
package dev.phone.mock.handler;

import dev.phone.mock.model.ObjectSchema;
import dev.phone.mock.model.OperationModel;
import dev.phone.mock.model.ResourceType;
import dev.phone.mock.state.DemoData;
import dev.phone.mock.state.Json;
import dev.phone.mock.state.Resource;
import dev.phone.mock.state.Session;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** Creates resources as an operation documents them: from its first example, with values from the request overriding the example's. */
public final class ResourceFactory {
    private final DemoData demo;
    private final BaseUrls baseUrls;

    /** @param baseUrls the URLs of this mock, for resources with a URL */
    public ResourceFactory(DemoData demo, BaseUrls baseUrls) {
        this.demo = demo;
        this.baseUrls = baseUrls;
    }

    /** A new resource, and the body of the only response that shows its secrets. */
    record Made(Resource resource, JsonObject shown) {
    }

    /** The model for new resources. @param body the request body of the example; empty for none */
    record Prototype(ResponseTemplate template, JsonObject body) {
    }

    /** The first example of an operation. */
    Prototype prototype(OperationModel operation) {
        JsonValue body = operation.requests().request(operation.happy().name()).body();
        return new Prototype(template(operation), body instanceof JsonObject object ? object : JsonValue.EMPTY_JSON_OBJECT);
    }

    ResponseTemplate template(OperationModel operation) {
        return new ResponseTemplate(operation.happy().body().getJsonObject("data"), operation.data(), demo, baseUrls);
    }

    Made create(RequestContext context, Prototype prototype, String owner) {
        OperationModel operation = context.operation();
        JsonObject shown = overlay(operation, prototype.body, prototype.template.render(context, words(context.body())), context.body(), owner);
        ResourceType type = operation.resourceType();
        if (type.schema() == operation.data()) {
            return new Made(context.session().add(type, shown, owner), shown);
        }
        JsonObjectBuilder value = Json.object();
        Map<String, String> secrets = new LinkedHashMap<>();
        shown.forEach((name, member) -> {
            if (type.schema().has(name)) {
                value.add(name, member);
            } else {
                hide(name, member, secrets);
            }
        });
        Resource resource = context.session().add(type, value.build(), owner);
        secrets.forEach((name, secret) -> context.session().setSecret(resource, name, secret, null));
        return new Made(resource, shown);
    }

    private static void hide(String name, JsonValue value, Map<String, String> hidden) {
        if (value instanceof JsonString string) {
            hidden.put(name, string.getString());
        } else if (value instanceof JsonObject object) {
            object.forEach((member, each) -> hide(member, each, hidden));
        }
    }

    private static Set<String> words(JsonObject body) {
        Set<String> words = new HashSet<>();
        body.values().forEach(value -> {
            if (value instanceof JsonString string) {
                words.add(string.getString());
            }
        });
        return words;
    }

    private static JsonObject overlay(OperationModel operation, JsonObject modelBody, JsonObject made, JsonObject body, String owner) {
        JsonObjectBuilder result = Json.object();
        for (ObjectSchema.Property property : operation.data().all()) {
            String name = property.name();
            JsonValue given = body.get(name);
            JsonValue value = made.get(name);
            if (name.equals(operation.resourceType().parentProperty())) {
                value = Json.text(owner);
            } else if (given != null) {
                value = property.spell(given);
            } else if (modelBody.containsKey(name)) {
                ObjectSchema.Property asked = operation.body() == null ? null : operation.body().get(name);
                JsonValue fallback = asked == null ? null : asked.schema().get("default");
                value = fallback != null ? fallback : property.isNullable() ? JsonValue.NULL : property.required() ? value : null;
            }
            if (value != null) {
                result.add(name, value);
            }
        }
        return result.build();
    }

    /** Generates a string for a property, such as an ID or a secret. */
    public static String text(ObjectSchema.Property property, Session session) {
        String model = property.schema().get("examples") instanceof JsonArray examples && examples.getFirst() instanceof JsonString string
                ? string.getString() : "";
        return property.pattern().make(model, Set.of(), session.stamp(), session.random());
    }
}
