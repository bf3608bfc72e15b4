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
                yield step -> create(step, model);
            }
            case READ -> plan.rules().containsKey("view") ? this::view : this::read;
            case UPDATE -> this::update;
            case DELETE -> this::delete;
            case ACT -> {
                if (!plan.rules().containsKey("append")) {
                    yield plan.rules().containsKey("renew") ? this::renew : null;
                }
                Mould mould = maker.mould(plan);
                yield step -> append(step, mould);
            }
            case EXAMPLE -> null;
        };
    }

    private String owner(Step step) {
        return step.plan().subject() == null ? step.self() : step.item(step.plan().subject(), step.key()).key();
    }

    private Outcome list(Step step) {
        Resource resource = step.plan().resource();
        StringBuilder scope = new StringBuilder(step.plan().id()).append('|').append(step.self()).append('|')
                .append(step.plan().subject() == null ? "" : step.key());
        List<Shape.Property> filters = new ArrayList<>(2);
        List<String> wanted = new ArrayList<>(2);
        for (Parameter parameter : step.plan().operation().parameters()) {
            String text = parameter.in() == Place.QUERY && resource.shape().has(parameter.name())
                    ? step.input().text(parameter.name()) : null;
            if (text != null) {
                Shape.Property property = resource.shape().get(parameter.name());
                filters.add(property);
                wanted.add(property.pattern() == null ? text : property.pattern().spell(text));
                scope.append('|').append(parameter.name()).append('=').append(wanted.getLast());
            }
        }
        String cursor = step.text(Place.QUERY, "cursor");
        // An invalid cursor is an invalid request, whether or not there is anything to list.
        long before = cursor == null ? Long.MAX_VALUE : Cursor.number(cursor, scope.toString());
        String owner = owner(step);
        int left = step.text(Place.QUERY, "limit") == null ? PAGE : step.input().integer("limit");
        StringBuilder page = new StringBuilder("{\"data\":[");
        JsonValue next = JsonValue.NULL;
        int count = 0;
        long last = 0;
        for (Item item : step.world().children(resource, owner).reversed()) {
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
        return Outcome.body(page.toString(), "listed " + count + " " + resource.name());
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

    private Outcome create(Step step, Maker.Model model) {
        Plan plan = step.plan();
        Resource resource = plan.resource();
        String owner = owner(step);
        refuse(step);
        if (step.body().get(resource.key()) instanceof JsonString given) {
            Shape.Property property = resource.shape().get(resource.key());
            if (step.world().find(resource, ((JsonString) property.spell(given)).getString()) != null) {
                throw refusal(plan, 409);
            }
        }
        for (Shape.Property property : resource.shape().all()) {
            // What is said to belong to something else must not reach across to someone else's.
            if (property.name().equals(resource.parentProperty()) && step.body().get(property.name()) instanceof JsonString other) {
                owner = step.item(resource.parent(), ((JsonString) property.spell(other)).getString()).key();
            }
        }
        Maker.Made made = maker.create(step, model, owner);
        return Outcome.data(made.shown(), "created " + resource.name() + " " + made.item().key());
    }

    /** The rules of {@code x-mock.refuse}, by the name of the example that words each. */
    private static void refuse(Step step) {
        Plan plan = step.plan();
        for (Map.Entry<String, JsonValue> rule : plan.ruleObject("refuse").entrySet()) {
            JsonObject when = rule.getValue().asJsonObject();
            String name = when.getString("property");
            Shape.Property property = plan.resource().shape().get(name);
            String given = step.body().get(name) instanceof JsonString string ? ((JsonString) property.spell(string)).getString() : "";
            boolean refused = when.containsKey("matches") && Pattern.compile(when.getString("matches")).matcher(given).find();
            if (when.containsKey("removedWithin")) {
                Instant removed = step.world().removedAt(plan.resource(), given);
                refused |= removed != null && step.now().isBefore(removed.plusSeconds(when.getInt("removedWithin")))
                        && step.world().find(plan.resource(), given) == null;
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

    private Outcome read(Step step) {
        Item item = step.item(step.plan().resource(), step.key());
        return step.plan().data() == item.resource().shape() ? Outcome.show(item, "read " + item.key())
                : Outcome.data(project(step.plan(), item), "read " + item.key());
    }

    /** Shows what an item tells of itself to anyone, whosever it is. */
    private Outcome view(Step step) {
        Item item = step.world().find(step.plan().resource(), step.key());
        if (item == null) {
            throw ApiError.notFound();
        }
        return Outcome.data(project(step.plan(), item), "looked up " + item.key());
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

    private Outcome update(Step step) {
        Item item = step.item(step.plan().resource(), step.key());
        Resource resource = item.resource();
        JsonObjectBuilder value = Json.object(item.value());
        step.body().forEach((name, given) -> {
            Shape.Property property = resource.shape().get(name);
            if (property == null) {
                return;
            }
            JsonValue spelt = property.spell(given);
            if (name.equals(resource.parentProperty())) {
                step.item(resource.parent(), ((JsonString) spelt).getString());
            }
            value.add(name, spelt);
        });
        touch(step, resource, value);
        step.world().change(item, value.build());
        return Outcome.show(item, "updated " + item.key());
    }

    private static void touch(Step step, Resource resource, JsonObjectBuilder value) {
        if (resource.shape().has("updatedAt")) {
            value.add("updatedAt", Json.instant(step.now()));
        }
    }

    /** A deletion that may be a conflict is one while anything is part of the item; any other takes it all along. */
    private Outcome delete(Step step) {
        Plan plan = step.plan();
        Item item = step.item(plan.resource(), step.key());
        if (plan.operation().statuses().contains(409)) {
            for (Resource child : item.resource().children()) {
                if (!step.world().children(child, item.key()).isEmpty()) {
                    throw refusal(plan, 409);
                }
            }
        }
        step.world().remove(item);
        return Outcome.data(project(plan, item), "deleted " + item.key());
    }

    /** Replaces a secret by a new one: {@code x-mock: {renew: name, overlap: seconds}}, each perhaps as the body says. */
    private Outcome renew(Step step) {
        Plan plan = step.plan();
        Item item = step.item(plan.resource(), step.key());
        String name = said(step, plan.rules().get("renew"));
        String overlap = said(step, plan.rules().get("overlap"));
        Shape.Property property = find(plan.data(), name);
        String before = item.hidden(name);
        String after = before == null ? Maker.text(property, step.world())
                : property.pattern().make(before, Set.of(), step.now(), step.world().random());
        // An integer may be written 1.0 or 1e2, too.
        long seconds = overlap == null ? 0 : new BigDecimal(overlap).longValueExact();
        step.world().setSecret(item, name, after, seconds == 0 ? null : step.now().plusSeconds(seconds));
        JsonObjectBuilder value = Json.object(item.value());
        if (item.resource().shape().has(name + "Preview")) {
            value.add(name + "Preview", TextPattern.mask(after));
        }
        touch(step, item.resource(), value);
        step.world().change(item, value.build());
        return Outcome.data(reveal(plan.data(), item.value(), name, after), "renewed the " + name + " of " + item.key());
    }

    /** What {@code {overlapSeconds}} stands for: the property of the body, or its default. */
    private static String said(Step step, JsonValue rule) {
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
        JsonValue value = step.body().getOrDefault(name, step.plan().body().get(name).schema().get("default"));
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
    private Outcome append(Step step, Mould mould) {
        Plan plan = step.plan();
        Item item = step.item(plan.resource(), step.key());
        String list = plan.rule("append");
        JsonObject schema = item.resource().shape().get(list).schema();
        JsonObject receipt = mould.cast(step, Set.of());
        JsonObjectBuilder headers = Json.object();
        step.call().headers().forEach(headers::add);
        JsonArrayBuilder events = Json.array().add(Json.object(receipt).add("headers", headers)
                .add("body", step.input().body() == null ? JsonValue.NULL : step.input().body()));
        int most = schema.containsKey("maxItems") ? schema.getInt("maxItems") : Integer.MAX_VALUE;
        item.value().getJsonArray(list).stream().limit(most - 1L).forEach(events::add);
        step.world().change(item, Json.with(item.value(), list, events.build()));
        return Outcome.data(receipt, "appended to " + item.key());
    }
}
