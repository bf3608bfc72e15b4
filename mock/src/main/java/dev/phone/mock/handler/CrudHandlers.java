// SPDX-License-Identifier: Apache-2.0
package dev.phone.mock.handler;

import dev.phone.api.ApiError;
import dev.phone.api.HeaderCredentials;
import dev.phone.api.Operation.Parameter;
import dev.phone.api.Operation.Place;
import dev.phone.api.Rules;
import dev.phone.mock.model.Example;
import dev.phone.mock.model.ObjectSchema;
import dev.phone.mock.model.OperationModel;
import dev.phone.mock.model.ResourceType;
import dev.phone.mock.state.Json;
import dev.phone.mock.state.Resource;
import jakarta.json.JsonArray;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** What operations do that need no Java of their own: create, list, read, update, delete, and what {@code x-mock} adds to these. */
final class CrudHandlers {
    private static final int PAGE = 20;

    private final ResourceFactory factory;

    CrudHandlers(ResourceFactory factory) {
        this.factory = factory;
    }

    /** Null when the contract's examples are all that is known. */
    OperationHandler of(OperationModel operation) {
        return switch (operation.kind()) {
            case LIST -> this::list;
            case CREATE -> {
                ResourceFactory.Prototype prototype = factory.prototype(operation);
                yield context -> create(context, prototype);
            }
            case READ -> operation.rules().containsKey("view") ? this::view : this::read;
            case UPDATE -> this::update;
            case DELETE -> this::delete;
            case ACT -> {
                if (!operation.rules().containsKey("append")) {
                    yield operation.rules().containsKey("renew") ? this::renew : null;
                }
                ResponseTemplate template = factory.template(operation);
                yield context -> append(context, template);
            }
            case EXAMPLE -> null;
        };
    }

    private String owner(RequestContext context) {
        return context.operation().subject() == null ? context.self() : context.resource(context.operation().subject(), context.key()).key();
    }

    private Result list(RequestContext context) {
        ResourceType type = context.operation().resourceType();
        StringBuilder scope = new StringBuilder(context.operation().id()).append('|').append(context.self()).append('|')
                .append(context.operation().subject() == null ? "" : context.key());
        List<ObjectSchema.Property> filters = new ArrayList<>(2);
        List<String> wanted = new ArrayList<>(2);
        for (Parameter parameter : context.operation().spec().parameters()) {
            String text = parameter.in() == Place.QUERY && type.schema().has(parameter.name())
                    ? context.input().text(parameter.name()) : null;
            if (text != null) {
                ObjectSchema.Property property = type.schema().get(parameter.name());
                filters.add(property);
                wanted.add(property.pattern() == null ? text : property.pattern().spell(text));
                scope.append('|').append(parameter.name()).append('=').append(wanted.getLast());
            }
        }
        String cursor = context.text(Place.QUERY, "cursor");
        // An invalid cursor is an invalid request, whether or not there is anything to list.
        long before = cursor == null || cursor.equals(Rules.PAGES_FIRST) ? Long.MAX_VALUE : Cursor.number(cursor, scope.toString());
        String owner = owner(context);
        int left = context.text(Place.QUERY, "limit") == null ? PAGE : context.input().integer("limit");
        StringBuilder page = new StringBuilder("{\"data\":[");
        JsonValue next = JsonValue.NULL;
        int count = 0;
        long last = 0;
        for (Resource resource : context.session().children(type, owner).reversed()) {
            if (resource.number() >= before || !fits(resource, filters, wanted)) {
                continue;
            }
            if (count == left) {
                next = Json.text(Cursor.of(last, scope.toString()));
                break;
            }
            page.append(count++ == 0 ? "" : ",").append(resource.shown().json());
            last = resource.number();
        }
        page.append("],\"meta\":{\"nextCursor\":").append(next).append("}}");
        return Result.body(page.toString(), "listed " + count + " " + type.name());
    }

    private static boolean fits(Resource resource, List<ObjectSchema.Property> filters, List<String> wanted) {
        for (int i = 0; i < filters.size(); i++) {
            JsonValue value = resource.value().get(filters.get(i).name());
            String text = value instanceof JsonString string ? string.getString() : String.valueOf(value);
            if (!text.equals(wanted.get(i))) {
                return false;
            }
        }
        return true;
    }

    private Result create(RequestContext context, ResourceFactory.Prototype prototype) {
        OperationModel operation = context.operation();
        ResourceType type = operation.resourceType();
        String owner = owner(context);
        refuse(context, owner);
        if (context.body().get(type.key()) instanceof JsonString given) {
            ObjectSchema.Property property = type.schema().get(type.key());
            if (context.session().find(type, ((JsonString) property.spell(given)).getString()) != null) {
                throw refusal(operation, 409);
            }
        }
        for (ObjectSchema.Property property : type.schema().all()) {
            // The new parent must belong to the caller.
            if (property.name().equals(type.parentProperty()) && context.body().get(property.name()) instanceof JsonString other) {
                owner = context.resource(type.parent(), ((JsonString) property.spell(other)).getString()).key();
            }
        }
        ResourceFactory.Made made = factory.create(context, prototype, owner);
        return Result.data(made.shown(), "created " + type.name() + " " + made.resource().key());
    }

    /** Applies {@code x-mock.refuse}: rules by the name of the example with which they answer. */
    private static void refuse(RequestContext context, String owner) {
        OperationModel operation = context.operation();
        for (Map.Entry<String, JsonValue> rule : operation.ruleObject("refuse").entrySet()) {
            JsonObject when = rule.getValue().asJsonObject();
            if (when.containsKey("siblings") && context.session().children(operation.resourceType(), owner).size() >= when.getInt("siblings")) {
                throw new DocumentedError(operation.examples().get(rule.getKey()));
            }
            String name = when.getString("property", "");
            String given = context.body().get(name) instanceof JsonString string
                    ? ((JsonString) operation.resourceType().schema().get(name).spell(string)).getString() : "";
            boolean refused = when.containsKey("matches") && Pattern.compile(when.getString("matches")).matcher(given).find();
            if (when.containsKey("removedWithin")) {
                Instant removed = context.session().removedAt(operation.resourceType(), given);
                refused |= removed != null && context.now().isBefore(removed.plusSeconds(when.getInt("removedWithin")))
                        && context.session().find(operation.resourceType(), given) == null;
            }
            if (refused) {
                throw new DocumentedError(operation.examples().get(rule.getKey()));
            }
        }
    }

    private static RuntimeException refusal(OperationModel operation, int status) {
        for (Example example : operation.examples().values()) {
            if (example.status() == status && !example.illustrative()) {
                return new DocumentedError(example);
            }
        }
        return ApiError.conflict("The current state forbids it");
    }

    private Result read(RequestContext context) {
        Resource resource = context.resource(context.operation().resourceType(), context.key());
        return context.operation().data() == resource.type().schema() ? Result.show(resource, "read " + resource.key())
                : Result.data(project(context.operation(), resource), "read " + resource.key());
    }

    /** Returns the public properties of a resource, whoever owns it. */
    private Result view(RequestContext context) {
        Resource resource = context.session().find(context.operation().resourceType(), context.key());
        if (resource == null) {
            throw ApiError.notFound();
        }
        return Result.data(project(context.operation(), resource), "looked up " + resource.key());
    }

    /** Properties shared with the resource have its values; the others are as in the example. */
    private static JsonObject project(OperationModel operation, Resource resource) {
        JsonObjectBuilder data = Json.object();
        JsonObject model = operation.happy().body().getJsonObject("data");
        for (ObjectSchema.Property property : operation.data().all()) {
            JsonValue value = resource.value().getOrDefault(property.name(), model.get(property.name()));
            if (value != null) {
                data.add(property.name(), value);
            }
        }
        return data.build();
    }

    private Result update(RequestContext context) {
        Resource resource = context.resource(context.operation().resourceType(), context.key());
        ResourceType type = resource.type();
        JsonObjectBuilder value = Json.object(resource.value());
        context.body().forEach((name, given) -> {
            ObjectSchema.Property property = type.schema().get(name);
            if (property == null) {
                return;
            }
            JsonValue spelt = property.spell(given);
            if (name.equals(type.parentProperty())) {
                context.resource(type.parent(), ((JsonString) spelt).getString());
            }
            value.add(name, spelt);
        });
        touch(context, type, value);
        context.session().change(resource, value.build());
        return Result.show(resource, "updated " + resource.key());
    }

    private static void touch(RequestContext context, ResourceType type, JsonObjectBuilder value) {
        if (type.schema().has("updatedAt")) {
            value.add("updatedAt", Json.instant(context.now()));
        }
    }

    /** Deletes a resource. If the operation documents a 409, it is refused while the resource has dependents; otherwise they are deleted, too. */
    private Result delete(RequestContext context) {
        OperationModel operation = context.operation();
        Resource resource = context.resource(operation.resourceType(), context.key());
        if (operation.spec().statuses().contains(409)) {
            for (ResourceType child : resource.type().children()) {
                if (!context.session().children(child, resource.key()).isEmpty()) {
                    throw refusal(operation, 409);
                }
            }
        }
        context.session().remove(resource);
        return Result.data(project(operation, resource), "deleted " + resource.key());
    }

    /** Replaces a secret: {@code x-mock: {renew: name, overlap: seconds}}; either value may come from the body. */
    private Result renew(RequestContext context) {
        OperationModel operation = context.operation();
        Resource resource = context.resource(operation.resourceType(), context.key());
        String name = said(context, operation.rules().get("renew"));
        String overlap = said(context, operation.rules().get("overlap"));
        ObjectSchema.Property property = find(operation.data(), name);
        String before = resource.hidden(name);
        String after = before == null ? ResourceFactory.text(property, context.session())
                : property.pattern().make(before, Set.of(), context.now(), context.session().random());
        // An integer may be written 1.0 or 1e2, too.
        long seconds = overlap == null ? 0 : new BigDecimal(overlap).longValueExact();
        context.session().setSecret(resource, name, after, seconds == 0 ? null : context.now().plusSeconds(seconds));
        JsonObjectBuilder value = Json.object(resource.value());
        if (resource.type().schema().has(name + "Preview")) {
            value.add(name + "Preview", HeaderCredentials.preview(after));
        }
        touch(context, resource.type(), value);
        context.session().change(resource, value.build());
        return Result.data(reveal(operation.data(), resource.value(), name, after), "renewed the " + name + " of " + resource.key());
    }

    /** The value of {@code {overlapSeconds}}: the property of the body, or its default. */
    private static String said(RequestContext context, JsonValue rule) {
        if (rule instanceof JsonNumber number) {
            return number.toString();
        }
        if (!(rule instanceof JsonString string)) {
            return null;
        }
        String text = string.getString();
        if (!text.startsWith("{")) {
            return text;
        }
        String name = text.substring(1, text.length() - 1);
        JsonValue value = context.body().getOrDefault(name, context.operation().body().get(name).schema().get("default"));
        return value instanceof JsonString given ? given.getString() : value == null ? null : value.toString();
    }

    private static ObjectSchema.Property find(ObjectSchema schema, String name) {
        for (ObjectSchema.Property property : schema.all()) {
            ObjectSchema.Property found = property.name().equals(name) ? property
                    : property.object() == null ? null : find(property.object(), name);
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    private static JsonObject reveal(ObjectSchema schema, JsonObject known, String name, String secret) {
        JsonObjectBuilder data = Json.object();
        for (ObjectSchema.Property property : schema.all()) {
            if (property.name().equals(name)) {
                data.add(name, secret);
            } else if (known.containsKey(property.name())) {
                data.add(property.name(), known.get(property.name()));
            } else if (property.object() != null) {
                data.add(property.name(), reveal(property.object(), known, name, secret));
            }
        }
        return data.build();
    }

    /** Adds the request to the front of a list of the resource: {@code x-mock: {append: events}}. */
    private Result append(RequestContext context, ResponseTemplate template) {
        OperationModel operation = context.operation();
        Resource resource = context.resource(operation.resourceType(), context.key());
        String list = operation.rule("append");
        JsonObject schema = resource.type().schema().get(list).schema();
        JsonObject receipt = template.render(context, Set.of());
        JsonObjectBuilder headers = Json.object();
        context.request().allHeaders().forEach(headers::add);
        JsonArrayBuilder events = Json.array().add(Json.object(receipt).add("headers", headers)
                .add("body", context.input().body() == null ? JsonValue.NULL : context.input().body()));
        int most = schema.containsKey("maxItems") ? schema.getInt("maxItems") : Integer.MAX_VALUE;
        resource.value().getJsonArray(list).forEach(events::add);
        context.session().change(resource, Json.with(resource.value(), list, newest(events.build(), most)));
        return Result.data(receipt, "appended to " + resource.key());
    }

    private static JsonArray newest(JsonArray events, int most) {
        JsonArrayBuilder kept = Json.array();
        int bytes = 0;
        for (JsonObject event : events.getValuesAs(JsonObject.class).subList(0, Math.min(most, events.size()))) {
            bytes += ("" + event.get("headers") + event.get("body")).getBytes(StandardCharsets.UTF_8).length;
            if (bytes > Rules.BINS_BYTES) {
                break;
            }
            kept.add(event);
        }
        return kept.build();
    }
}
