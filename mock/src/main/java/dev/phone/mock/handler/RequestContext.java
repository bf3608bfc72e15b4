// SPDX-License-Identifier: Apache-2.0
package dev.phone.mock.handler;

import dev.phone.api.ApiError;
import dev.phone.api.Caller;
import dev.phone.api.Input;
import dev.phone.api.Operation.Place;
import dev.phone.mock.model.OperationModel;
import dev.phone.mock.model.ResourceType;
import dev.phone.mock.state.Limits;
import dev.phone.mock.state.Resource;
import dev.phone.mock.state.Session;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.time.Instant;

/** A request for an operation, with everything known about it so far; {@link MockHandler#handle} fills it in step by step. */
public final class RequestContext {
    private final HttpRequest request;
    private final Route route;
    private final Session session;
    private final String id;
    private final Limits.Usage usage;
    private Caller caller;
    private Input input;
    private Preference preference = Preference.NONE;

    RequestContext(HttpRequest request, Route route, Session session, String id) {
        this.request = request;
        this.route = route;
        this.session = session;
        this.id = id;
        this.usage = session.limits().usage(route.operation().spec());
    }

    void caller(Caller authenticated) {
        caller = authenticated;
    }

    void input(Input valid) {
        input = valid;
    }

    void preference(Preference applicable) {
        preference = applicable;
    }

    Route route() {
        return route;
    }

    /** The limits against which the request is counted. */
    Limits.Usage usage() {
        return usage;
    }

    Preference preference() {
        return preference;
    }

    /** The value of {@code x-request-id}. */
    String id() {
        return id;
    }

    public HttpRequest request() {
        return request;
    }

    public Session session() {
        return session;
    }

    public OperationModel operation() {
        return route.operation();
    }

    /** Null until the request is authenticated. */
    public Caller caller() {
        return caller;
    }

    /** The validated parameters and body; null until they are read. */
    public Input input() {
        return input;
    }

    public Instant now() {
        return session.now();
    }

    /** The body; empty if there is none or it is not an object. */
    public JsonObject body() {
        return input.body() instanceof JsonObject object ? object : JsonValue.EMPTY_JSON_OBJECT;
    }

    /** The value of the last path parameter, in its normal form. */
    public String key() {
        String text = request.path(operation().keyParameter());
        return route.keySpelling() == null ? text : route.keySpelling().spell(text);
    }

    /** The value of a parameter; null if it is absent, or the operation has no parameter of this name. */
    public String text(Place in, String name) {
        return operation().spec().parameters().stream().anyMatch(p -> p.in() == in && p.name().equals(name)) ? input.text(name) : null;
    }

    /** A resource that is visible to the caller. @throws ApiError a 404 */
    public Resource resource(ResourceType type, String key) {
        Resource resource = type == null ? null : session.find(type, key);
        if (resource == null || !mayKnow(resource)) {
            throw ApiError.notFound();
        }
        return resource;
    }

    /** The owner of resources that this caller creates and that have no parent. */
    public String self() {
        return switch (caller) {
            case Caller.User user -> "user:" + user.id();
            case Caller.Application application -> application.id();
            case Caller.Anonymous anonymous -> "";
        };
    }

    /** A resource without owner is visible to all; any other to its owner, and to the application to which it belongs. */
    private boolean mayKnow(Resource resource) {
        String self = self();
        Resource part = resource;
        while (true) {
            if (caller instanceof Caller.Application && part.key().equals(self)) {
                return true;
            }
            ResourceType parent = part.type().parent();
            Resource whole = parent == null ? null : session.find(parent, part.owner());
            if (whole == null) {
                return part.owner().equals(self) || part.owner().isEmpty();
            }
            part = whole;
        }
    }
}
