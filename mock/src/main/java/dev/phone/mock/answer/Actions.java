// SPDX-License-Identifier: Apache-2.0
package dev.phone.mock.answer;

import dev.phone.api.ApiError;
import dev.phone.api.Operation.Parameter;
import dev.phone.api.Operation.Place;
import dev.phone.mock.contract.Example;
import dev.phone.mock.contract.Plan;
import dev.phone.mock.contract.Resource;
import dev.phone.mock.contract.Shape;
import dev.phone.mock.contract.TextPattern;
import dev.phone.mock.state.Item;
import dev.phone.mock.state.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** What operations do that need no Java of their own: create, list, read, update, delete, and what {@code x-mock} adds to these. */
final class Actions {
    private static final int PAGE = 20;

    private final Maker maker;

    Actions(Maker maker) {
        this.maker = maker;
    }

    /** Null when the contract's examples are all that is known. */
    Action of(Plan plan) {
        return switch (plan.kind()) {
            case LIST -> this::list;
            case CREATE -> {
                Maker.Model model = maker.model(plan);
                yield context -> create(context, model);
            }
            case READ -> plan.rules().containsKey("view") ? this::view : this::read;
            case UPDATE -> this::update;
            case DELETE -> this::delete;
            case ACT -> {
                if (!plan.rules().containsKey("append")) {
                    yield plan.rules().containsKey("renew") ? this::renew : null;
                }
                ResponseTemplate template = maker.template(plan);
                yield context -> append(context, template);
            }
            case EXAMPLE -> null;
        };
    }

    private String owner(RequestContext context) {
        return context.plan().subject() == null ? context.self() : context.item(context.plan().subject(), context.key()).key();
    }

    private Result list(RequestContext context) {
        Resource resource = context.plan().resource();
        StringBuilder scope = new StringBuilder(context.plan().id()).append('|').append(context.self()).append('|')
                .append(context.plan().subject() == null ? "" : context.key());
        List<Shape.Property> filters = new ArrayList<>(2);
        List<String> wanted = new ArrayList<>(2);
        for (Parameter parameter : context.plan().operation().parameters()) {
            String text = parameter.in() == Place.QUERY && resource.shape().has(parameter.name())
                    ? context.input().text(parameter.name()) : null;
            if (text != null) {
                Shape.Property property = resource.shape().get(parameter.name());
                filters.add(property);
                wanted.add(property.pattern() == null ? text : property.pattern().spell(text));
                scope.append('|').append(parameter.name()).append('=').append(wanted.getLast());
            }
        }
        String cursor = context.text(Place.QUERY, "cursor");
        // An invalid cursor is an invalid request, whether or not there is anything to list.
        long before = cursor == null ? Long.MAX_VALUE : Cursor.number(cursor, scope.toString());
        String owner = owner(context);
        int left = context.text(Place.QUERY, "limit") == null ? PAGE : context.input().integer("limit");
        StringBuilder page = new StringBuilder("{\"data\":[");
        JsonValue next = JsonValue.NULL;
        int count = 0;
        long last = 0;
        for (Item item : context.world().children(resource, owner).reversed()) {
            if (item.number() >= before || !fits(item, filters, wanted)) {
                continue;
            }
            if (count == left) {
                next = Json.text(Cursor.of(last, scope.toString()));
                break;
            }
            page.append(count++ == 0 ? "" : ",").append(item.shown().json());
            last = item.number();
        }
        page.append("],\"meta\":{\"nextCursor\":").append(next).append("}}");
        return Result.body(page.toString(), "listed " + count + " " + resource.name());
    }

    private static boolean fits(Item item, List<Shape.Property> filters, List<String> wanted) {
        for (int i = 0; i < filters.size(); i++) {
            JsonValue value = item.value().get(filters.get(i).name());
            String text = value instanceof JsonString string ? string.getString() : String.valueOf(value);
            if (!text.equals(wanted.get(i))) {
                return false;
            }
        }
        return true;
    }

    private Result create(RequestContext context, Maker.Model model) {
        Plan plan = context.plan();
        Resource resource = plan.resource();
        String owner = owner(context);
        refuse(context);
        if (context.body().get(resource.key()) instanceof JsonString given) {
            Shape.Property property = resource.shape().get(resource.key());
            if (context.world().find(resource, ((JsonString) property.spell(given)).getString()) != null) {
                throw refusal(plan, 409);
            }
        }
        for (Shape.Property property : resource.shape().all()) {
            // What is said to belong to something else must not reach across to someone else's.
            if (property.name().equals(resource.parentProperty()) && context.body().get(property.name()) instanceof JsonString other) {
                owner = context.item(resource.parent(), ((JsonString) property.spell(other)).getString()).key();
            }
        }
        Maker.Made made = maker.create(context, model, owner);
        return Result.data(made.shown(), "created " + resource.name() + " " + made.item().key());
    }

    /** The rules of {@code x-mock.refuse}, by the name of the example that words each. */
    private static void refuse(RequestContext context) {
        Plan plan = context.plan();
        for (Map.Entry<String, JsonValue> rule : plan.ruleObject("refuse").entrySet()) {
            JsonObject when = rule.getValue().asJsonObject();
            String name = when.getString("property");
            Shape.Property property = plan.resource().shape().get(name);
            String given = context.body().get(name) instanceof JsonString string ? ((JsonString) property.spell(string)).getString() : "";
            boolean refused = when.containsKey("matches") && Pattern.compile(when.getString("matches")).matcher(given).find();
            if (when.containsKey("removedWithin")) {
                Instant removed = context.world().removedAt(plan.resource(), given);
                refused |= removed != null && context.now().isBefore(removed.plusSeconds(when.getInt("removedWithin")))
                        && context.world().find(plan.resource(), given) == null;
            }
            if (refused) {
                throw new Refusal(plan.examples().get(rule.getKey()));
            }
        }
    }

    private static RuntimeException refusal(Plan plan, int status) {
        for (Example example : plan.examples().values()) {
            if (example.status() == status && !example.illustrative()) {
                return new Refusal(example);
            }
        }
        return ApiError.conflict("The current state forbids it");
    }

    private Result read(RequestContext context) {
        Item item = context.item(context.plan().resource(), context.key());
        return context.plan().data() == item.resource().shape() ? Result.show(item, "read " + item.key())
                : Result.data(project(context.plan(), item), "read " + item.key());
    }

    /** Shows what an item tells of itself to anyone, whosever it is. */
    private Result view(RequestContext context) {
        Item item = context.world().find(context.plan().resource(), context.key());
        if (item == null) {
            throw ApiError.notFound();
        }
        return Result.data(project(context.plan(), item), "looked up " + item.key());
    }

    /** What the answer has in common with the item is the item's; the rest is as in the example. */
    private static JsonObject project(Plan plan, Item item) {
        JsonObjectBuilder data = Json.object();
        JsonObject model = plan.happy().body().getJsonObject("data");
        for (Shape.Property property : plan.data().all()) {
            JsonValue value = item.value().getOrDefault(property.name(), model.get(property.name()));
            if (value != null) {
                data.add(property.name(), value);
            }
        }
        return data.build();
    }

    private Result update(RequestContext context) {
        Item item = context.item(context.plan().resource(), context.key());
        Resource resource = item.resource();
        JsonObjectBuilder value = Json.object(item.value());
        context.body().forEach((name, given) -> {
            Shape.Property property = resource.shape().get(name);
            if (property == null) {
                return;
            }
            JsonValue spelt = property.spell(given);
            if (name.equals(resource.parentProperty())) {
                context.item(resource.parent(), ((JsonString) spelt).getString());
            }
            value.add(name, spelt);
        });
        touch(context, resource, value);
        context.world().change(item, value.build());
        return Result.show(item, "updated " + item.key());
    }

    private static void touch(RequestContext context, Resource resource, JsonObjectBuilder value) {
        if (resource.shape().has("updatedAt")) {
            value.add("updatedAt", Json.instant(context.now()));
        }
    }

    /** A deletion that may be a conflict is one while anything is part of the item; any other takes it all along. */
    private Result delete(RequestContext context) {
        Plan plan = context.plan();
        Item item = context.item(plan.resource(), context.key());
        if (plan.operation().statuses().contains(409)) {
            for (Resource child : item.resource().children()) {
                if (!context.world().children(child, item.key()).isEmpty()) {
                    throw refusal(plan, 409);
                }
            }
        }
        context.world().remove(item);
        return Result.data(project(plan, item), "deleted " + item.key());
    }

    /** Replaces a secret by a new one: {@code x-mock: {renew: name, overlap: seconds}}, each perhaps as the body says. */
    private Result renew(RequestContext context) {
        Plan plan = context.plan();
        Item item = context.item(plan.resource(), context.key());
        String name = said(context, plan.rules().get("renew"));
        String overlap = said(context, plan.rules().get("overlap"));
        Shape.Property property = find(plan.data(), name);
        String before = item.hidden(name);
        String after = before == null ? Maker.text(property, context.world())
                : property.pattern().make(before, Set.of(), context.now(), context.world().random());
        // An integer may be written 1.0 or 1e2, too.
        long seconds = overlap == null ? 0 : new BigDecimal(overlap).longValueExact();
        context.world().setSecret(item, name, after, seconds == 0 ? null : context.now().plusSeconds(seconds));
        JsonObjectBuilder value = Json.object(item.value());
        if (item.resource().shape().has(name + "Preview")) {
            value.add(name + "Preview", TextPattern.mask(after));
        }
        touch(context, item.resource(), value);
        context.world().change(item, value.build());
        return Result.data(reveal(plan.data(), item.value(), name, after), "renewed the " + name + " of " + item.key());
    }

    /** What {@code {overlapSeconds}} stands for: the property of the body, or its default. */
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
        JsonValue value = context.body().getOrDefault(name, context.plan().body().get(name).schema().get("default"));
        return value instanceof JsonString given ? given.getString() : value == null ? null : value.toString();
    }

    private static Shape.Property find(Shape shape, String name) {
        for (Shape.Property property : shape.all()) {
            Shape.Property found = property.name().equals(name) ? property
                    : property.object() == null ? null : find(property.object(), name);
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    private static JsonObject reveal(Shape shape, JsonObject known, String name, String secret) {
        JsonObjectBuilder data = Json.object();
        for (Shape.Property property : shape.all()) {
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

    /** Puts what arrives at the front of a list that is part of the item: {@code x-mock: {append: events}}. */
    private Result append(RequestContext context, ResponseTemplate template) {
        Plan plan = context.plan();
        Item item = context.item(plan.resource(), context.key());
        String list = plan.rule("append");
        JsonObject schema = item.resource().shape().get(list).schema();
        JsonObject receipt = template.render(context, Set.of());
        JsonObjectBuilder headers = Json.object();
        context.call().headers().forEach(headers::add);
        JsonArrayBuilder events = Json.array().add(Json.object(receipt).add("headers", headers)
                .add("body", context.input().body() == null ? JsonValue.NULL : context.input().body()));
        int most = schema.containsKey("maxItems") ? schema.getInt("maxItems") : Integer.MAX_VALUE;
        item.value().getJsonArray(list).stream().limit(most - 1L).forEach(events::add);
        context.world().change(item, Json.with(item.value(), list, events.build()));
        return Result.data(receipt, "appended to " + item.key());
    }
}
