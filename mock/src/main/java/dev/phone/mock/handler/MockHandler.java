// SPDX-License-Identifier: Apache-2.0
package dev.phone.mock.handler;

import dev.phone.api.ApiError;
import dev.phone.api.Caller;
import dev.phone.api.CanonicalJson;
import dev.phone.api.CommonHeaders;
import dev.phone.api.ErrorMessages;
import dev.phone.api.Input;
import dev.phone.api.JsonTexts;
import dev.phone.api.Operation;
import dev.phone.api.Operation.Place;
import dev.phone.api.RateLimitUsage;
import dev.phone.api.Router;
import dev.phone.api.Violation;
import dev.phone.mock.model.Example;
import dev.phone.mock.model.MockModel;
import dev.phone.mock.model.OperationModel;
import dev.phone.mock.model.RequestExamples;
import dev.phone.mock.model.TextPattern;
import dev.phone.mock.state.DemoData;
import dev.phone.mock.state.IdempotencyCache;
import dev.phone.mock.state.Limits;
import dev.phone.mock.state.Session;
import dev.phone.mock.state.Sessions;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;

/**
 * Handles requests according to a contract, in the server's order: route, limit of the address, credentials, limit of the operation, validation; then
 * the caller's preference, then the handler of the operation, and, if there is none, the contract's example.
 */
public final class MockHandler {
    private static final String JSON = "application/json";
    private static final String SESSION = "x-mock-session";

    private final Router<Route> router = new Router<>();
    private final Authenticator auth;
    private final DemoData demo;
    private final Sessions sessions;
    private final boolean stateless;
    private final RequestLog log;
    private final TextPattern requestIds;

    /** @param own returns the handler of an operation that is written in Java; null for all others */
    public MockHandler(MockModel model, DemoData demo, Sessions sessions, ResourceFactory factory, boolean stateless,
            Function<OperationModel, OperationHandler> own) {
        this.auth = new Authenticator(model);
        this.demo = demo;
        this.sessions = sessions;
        this.stateless = stateless;
        this.log = new RequestLog(model);
        this.requestIds = TextPattern.of(CommonHeaders.requestIdPattern()).orElseThrow();
        CrudHandlers generic = new CrudHandlers(factory);
        Operation.RateLimit backstop = model.contract().backstop();
        for (OperationModel operation : model.operations()) {
            OperationHandler special = own.apply(operation);
            TextPattern spelling = operation.keyParameter() == null ? null
                    : model.spelling(operation.spec(), Place.PATH, operation.keyParameter());
            router.add(operation.spec(), new Route(operation, special != null ? special : generic.of(operation),
                    RateLimitUsage.policy(backstop, operation.spec().rateLimit()), log.records(operation), spelling));
        }
    }

    /** Whether there is an operation for a request. */
    public boolean knows(HttpRequest request) {
        return router.match(request.method(), request.path()) != null;
    }

    /** Never throws: a failure is a 500, as on the server. */
    public Response handle(HttpRequest request) {
        Router.Match<Route> match = router.match(request.method(), request.path());
        if (match == null) {
            return refuse(ApiError.noSuchRoute(request.method(), request.path()), "rule=no such route");
        }
        request.matched(match);
        Session session = sessions.get(request.only(SESSION));
        RequestContext context = new RequestContext(request, match.target(), session, requestId(session));
        long start = System.nanoTime();
        Response response;
        try {
            if (request.single(SESSION).size() > 1) {
                throw ApiError.invalid("header:" + SESSION, "repeated", "must be given once");
            }
            context.usage().countRequest(request.address());
            context.caller(auth.caller(context.operation().spec().auth(), request, session));
            context.usage().countOperation(request.address(), context.caller() instanceof Caller.Application application ? application.clientId() : "");
            context.input(Input.read(context.operation().spec(), request));
            context.preference(Preference.of(request.header("prefer"), context.operation()));
            response = answer(context);
        } catch (RuntimeException | StackOverflowError e) {
            response = error(context, e);
        }
        log.add(context, response, start);
        sessions.makeRoom();
        return response;
    }

    /** The response to a valid request: the caller's preference, the result of the operation's handler, or the documented example. */
    private Response answer(RequestContext context) {
        OperationModel operation = context.operation();
        Example preferred = context.preference().example();
        if (preferred != null) {
            return example(context, preferred, shifted(context, preferred), "example=" + preferred.name() + " (preferred)");
        }
        if (operation.spec().status() == 0) {
            throw ApiError.notImplemented();
        }
        if (stateless || context.route().handler() == null) {
            Example documented = documented(context);
            return example(context, documented, shifted(context, documented), "example=" + documented.name());
        }
        Result result;
        synchronized (context.session()) {
            context.session().catchUp();
            auth.stillThere(context.caller(), context.session());
            result = once(context);
        }
        return respond(context, operation.spec().status())
                .header("Idempotent-Replayed", result.replayed() ? "true" : null)
                .body(JSON, result.body())
                .because("operation=" + operation.id() + "; state=" + result.reason());
    }

    /** Calls the handler, unless a request with the same Idempotency-Key has been handled before. */
    private static Result once(RequestContext context) {
        OperationHandler handler = context.route().handler();
        String key = context.operation().spec().idempotent() ? context.input().text(Operation.IDEMPOTENCY_KEY) : null;
        if (key == null) {
            return handler.handle(context);
        }
        String whose = context.caller() instanceof Caller.Anonymous ? context.request().address() : context.self();
        String scope = context.operation().id() + '|' + whose + '|' + key;
        String request = hash(context.request().path() + (context.input().body() == null ? "" : ' ' + CanonicalJson.of(context.input().body())));
        IdempotencyCache idempotency = context.session().idempotency();
        IdempotencyCache.Replay replay = idempotency.find(scope, request, context.now());
        if (replay != null) {
            return Result.replay(replay.body());
        }
        Result result = handler.handle(context);
        // The response is delayed by the caller's preference; until then the request is in flight.
        Instant sent = context.now().plusMillis(context.preference().delay());
        idempotency.store(scope, new IdempotencyCache.Replay(result.body(), request, context.now(), sent));
        return result;
    }

    private static String hash(String text) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The documented response to exactly this request, or the first success. */
    private static Example documented(RequestContext context) {
        RequestExamples requests = context.operation().requests();
        for (Example example : context.operation().examples().values()) {
            if (!example.illustrative() && example.as() == null && isRequest(context, requests.request(example.name()))) {
                return example;
            }
        }
        return context.operation().happy();
    }

    private static boolean isRequest(RequestContext context, RequestExamples.Request request) {
        for (RequestExamples.Parameter parameter : context.operation().requests().parameters()) {
            JsonValue wanted = request.parameters().get(parameter);
            if (parameter.in() == Place.HEADER) {
                continue;
            }
            List<String> given = parameter.in() == Place.PATH ? List.of(context.request().path(parameter.name()))
                    : context.request().query(parameter.name());
            String text = wanted instanceof JsonString string ? string.getString() : String.valueOf(wanted);
            if (wanted == null ? !given.isEmpty() : !given.equals(List.of(text))) {
                return false;
            }
        }
        return request.body() == null || request.body().equals(context.input().body());
    }

    /** The body of an example, with its instants shifted to now. */
    private JsonObject shifted(RequestContext context, Example example) {
        return JsonTexts.move(example.body(), Duration.between(demo.now(), context.now())).asJsonObject();
    }

    private Response example(RequestContext context, Example example, JsonObject body, String reason) {
        String retryAfter = null;
        if (example.status() == 429) {
            String message = body.getJsonObject("error").getString("message");
            long seconds = ErrorMessages.secondsIn(message).orElse(1);
            retryAfter = Long.toString(seconds);
            context.usage().exhaust(message, Duration.ofSeconds(seconds));
        }
        return respond(context, example.status())
                .header("Retry-After", retryAfter)
                .body(JSON, bytes(body))
                .because("operation=" + context.operation().id() + "; " + reason);
    }

    private Response error(RequestContext context, Throwable thrown) {
        if (thrown instanceof DocumentedError refusal) {
            return example(context, refusal.example(), refusal.example().body(), "rule=" + refusal.example().name());
        }
        if (!(thrown instanceof ApiError error)) {
            System.getLogger(MockHandler.class.getName()).log(System.Logger.Level.ERROR, context.operation().id() + " failed", thrown);
            return error(context, ApiError.internal(thrown.toString(), thrown));
        }
        Duration wait = error.retryAfter();
        if (wait != null && context.usage().exceeded() == null) {
            // A test number answers 429 although the limit is not exceeded.
            context.usage().exhaust(error.getMessage(), wait);
        }
        return respond(context, error.status())
                .header("Retry-After", wait == null ? null : String.valueOf(wait.toSeconds()))
                .body(JSON, bytes(error.body().toJson()))
                .because("operation=" + context.operation().id() + "; rule=" + rule(error, context.usage()));
    }

    /** Starts a response to this request, with the headers that all responses have. */
    private static Response.Builder respond(RequestContext context, int status) {
        return Response.status(status, context.id())
                .header("RateLimit-Policy", context.route().policy())
                .header("RateLimit", context.usage().header())
                .header("WWW-Authenticate", status == 401 ? context.operation().spec().auth().challenge() : null)
                .preferred(context.preference());
    }

    private static String rule(ApiError error, Limits.Usage usage) {
        var details = error.body().error().details();
        if (details != null && details.violations() != null) {
            Violation first = details.violations().getFirst();
            return first.rule() + " at " + (first.path().isEmpty() ? "the body" : first.path());
        }
        if (details != null && details.reason() != null) {
            return details.reason().text();
        }
        return switch (error.status()) {
            case 401 -> "credentials (" + error.detail() + ")";
            case 403 -> "suspended";
            case 404 -> "unknown, or someone else's";
            case 409 -> "conflict";
            case 429 -> "limit " + (usage.exceeded() == null ? "(test number)" : usage.exceeded());
            case 501 -> "reserved";
            default -> "failure";
        };
    }

    /** The response to a request that is not for an operation. */
    public Response refuse(ApiError error, String reason) {
        return Response.status(error.status(), requestId()).body(JSON, bytes(error.body().toJson())).because(reason);
    }

    private static byte[] bytes(JsonObject json) {
        return json.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** A new ID for a request outside of sessions. */
    public String requestId() {
        return requestId(sessions.get(null));
    }

    private String requestId(Session session) {
        return requestIds.make("", Set.of(), session.now(), ThreadLocalRandom.current());
    }
}
