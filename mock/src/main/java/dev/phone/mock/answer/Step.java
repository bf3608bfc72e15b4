// SPDX-License-Identifier: Apache-2.0
package dev.phone.mock.answer;

import dev.phone.api.ApiError;
import dev.phone.api.Caller;
import dev.phone.api.Input;
import dev.phone.api.Operation.Place;
import dev.phone.mock.contract.Plan;
import dev.phone.mock.contract.Resource;
import dev.phone.mock.contract.TextPattern;
import dev.phone.mock.state.Item;
import dev.phone.mock.state.World;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.time.Instant;

/**
 * One valid request on its way through an operation.
 *
 * @param keySpelling how the last path parameter is spelt; null when in one way only
 */
public record Step(World world, Plan plan, Caller caller, Call call, Input input, TextPattern keySpelling) {

    public Instant now() {
        return world.now();
    }

    /** The body, empty when there is none or it is no object. */
    public JsonObject body() {
        return input.body() instanceof JsonObject object ? object : JsonValue.EMPTY_JSON_OBJECT;
    }

    /** The value of the last path parameter, in its one spelling. */
    public String key() {
        String text = call.path(plan.keyParameter());
        return keySpelling == null ? text : keySpelling.spell(text);
    }

    public String text(Place in, String name) {
        return plan.operation().parameters().stream().anyMatch(p -> p.in() == in && p.name().equals(name)) ? input.text(name) : null;
    }

    /** An item that the caller may know of. @throws ApiError a 404 */
    public Item item(Resource resource, String key) {
        Item item = resource == null ? null : world.find(resource, key);
        if (item == null || !mayKnow(item)) {
            throw ApiError.notFound();
        }
        return item;
    }

    /** Whose new things are that are part of nothing. */
    public String self() {
        return switch (caller) {
            case Caller.User user -> "user:" + user.id();
            case Caller.Application application -> application.id();
            case Caller.Anonymous anonymous -> "";
        };
    }

    /** What is everyone's is known to all; what is someone's, to its owner and to the application that it is part of. */
    private boolean mayKnow(Item item) {
        String self = self();
        Item part = item;
        while (true) {
            if (caller instanceof Caller.Application && part.key().equals(self)) {
                return true;
            }
            Resource parent = part.resource().parent();
            Item whole = parent == null ? null : world.find(parent, part.owner());
            if (whole == null) {
                return part.owner().equals(self) || part.owner().isEmpty();
            }
            part = whole;
        }
    }
}
