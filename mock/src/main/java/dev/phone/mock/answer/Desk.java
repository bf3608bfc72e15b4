// SPDX-License-Identifier: Apache-2.0
package dev.phone.mock.answer;

import dev.phone.api.ApiError;
import dev.phone.api.Caller;
import dev.phone.api.CanonicalJson;
import dev.phone.api.Input;
import dev.phone.api.Operation;
import dev.phone.api.Operation.Place;
import dev.phone.api.Router;
import dev.phone.api.Violation;
import dev.phone.mock.contract.Blueprint;
import dev.phone.mock.contract.Example;
import dev.phone.mock.contract.Plan;
import dev.phone.mock.contract.RequestExamples;
import dev.phone.mock.contract.Resource;
import dev.phone.mock.contract.Shape;
import dev.phone.mock.contract.TextPattern;
import dev.phone.mock.state.Item;
import dev.phone.mock.state.Json;
import dev.phone.mock.state.Limits;
import dev.phone.mock.state.Replays;
import dev.phone.mock.state.Seed;
import dev.phone.mock.state.Sessions;
import dev.phone.mock.state.World;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Answers requests as a contract says, in the order that the server keeps, too: route, limit of the address, credentials, limit of the
 * operation, validation; then what the caller wishes for; then what the state says; and where the contract says no more, its example.
 */
public final class Desk {
    private static final String JSON = "application/json";
    private static final String SESSION = "x-mock-session";
    private static final Pattern RETRY = Pattern.compile("retry in ([0-9]+)s");
    private static final TextPattern REQUEST_ID = TextPattern.of("^req_[0-9a-hjkmnp-tv-z]{26}$").orElseThrow();

    private final Router<Route> router = new Router<>();
    private final Auth auth;
    private final Seed seed;
    private final Sessions sessions;
    private final boolean stateless;
    private final Operation.RateLimit backstop;
    private final Resource logs;

    /** @param actions of the operations that need Java; returns null for all others */
    public Desk(Blueprint blueprint, Seed seed, Sessions sessions, Maker maker, boolean stateless, Function<Plan, Action> actions) {
        this.auth = new Auth(blueprint);
        this.seed = seed;
        this.sessions = sessions;
        this.stateless = stateless;
        this.backstop = blueprint.contract().backstop();
        Actions generic = new Actions(maker);
        Resource recorded = null;
        for (Plan plan : blueprint.plans()) {
            if ("requests".equals(plan.rule("records"))) {
                recorded = plan.resource();
            }
        }
        logs = recorded;
        for (Plan plan : blueprint.plans()) {
            Action own = actions.apply(plan);
            TextPattern spelling = plan.keyParameter() == null ? null
                    : blueprint.spelling(plan.operation(), Place.PATH, plan.keyParameter());
            router.add(plan.operation(), new Route(plan, own != null ? own : generic.of(plan), Limits.policy(backstop, plan.operation()), isLogged(plan),
                    spelling));
        }
    }

    /** Whether the log may name the operation at all. */
    private boolean isLogged(Plan plan) {
        Shape.Property named = logs == null ? null : logs.shape().get("operationId");
        return named != null && (!named.schema().containsKey("enum")
                || named.schema().getJsonArray("enum").contains(Json.text(plan.id())));
    }

    /** Whether there is an operation for a request. */
    public boolean knows(Call call) {
        return router.match(call.method(), call.path()) != null;
    }

    /** The answer to a request. Never fails: what goes wrong here is a 500, as it is on the server. */
    public Answer answer(Call call) {
        Router.Match<Route> match = router.match(call.method(), call.path());
        if (match == null) {
            return noSuchRoute(call);
        }
        call.matched(match);
        Route route = match.target();
        World world = sessions.world(call.only(SESSION));
        Limits.Account account = world.limits().account(route.plan().operation());
        String requestId = requestId(world);
        long start = System.nanoTime();
        Caller caller = null;
        Answer answer;
        try {
            if (call.single(SESSION).size() > 1) {
                throw ApiError.invalid("header:" + SESSION, "repeated", "must be given once");
            }
            account.chargeBackstop(call.address());
            caller = auth.caller(route.plan().operation().auth(), call, world);
            account.chargeOwn(call.address(), caller instanceof Caller.Application application ? application.clientId() : "");
            answer = permitted(call, route, world, caller, account, requestId);
        } catch (RuntimeException | StackOverflowError e) {
            answer = failed(e, route, account, requestId);
        }
        if (route.logged() && (caller instanceof Caller.Application || answer.status() == 403)) {
            log(call, route, world, answer, start);
        }
        return answer;
    }

    private Answer permitted(Call call, Route route, World world, Caller caller, Limits.Account account, String requestId) {
        Plan plan = route.plan();
        Input input = Input.read(plan.operation(), call);
        Wish wish = Wish.of(call.header("prefer"), plan);
        if (wish.example() != null) {
            Duration shift = Duration.between(seed.now(), world.now());
            return wished(wish, example(wish.example(), Json.shift(wish.example().body(), shift).asJsonObject(), route, account, requestId,
                    "example=" + wish.example().name() + " (wished)"));
        }
        Answer answer;
        try {
            answer = acted(call, route, world, caller, input, wish.delay(), account, requestId);
        } catch (RuntimeException | StackOverflowError e) {
            answer = failed(e, route, account, requestId);
        }
        return wished(wish, answer);
    }

    private Answer failed(Throwable thrown, Route route, Limits.Account account, String requestId) {
        if (thrown instanceof Refusal refusal) {
            return example(refusal.example(), refusal.example().body(), route, account, requestId, "rule=" + refusal.example().name());
        }
        if (thrown instanceof ApiError error) {
            return error(error, route, account, requestId);
        }
        System.getLogger(Desk.class.getName()).log(System.Logger.Level.ERROR, route.plan().id() + " failed", thrown);
        return error(ApiError.internal(thrown.toString(), thrown), route, account, requestId);
    }

    private Answer acted(Call call, Route route, World world, Caller caller, Input input, int delay, Limits.Account account,
            String requestId) {
        Plan plan = route.plan();
        if (plan.operation().status() == 0) {
            throw ApiError.notImplemented();
        }
        Step step = new Step(world, plan, caller, call, input, route.keySpelling());
        if (stateless || route.action() == null) {
            Example documented = documented(step);
            Duration shift = Duration.between(seed.now(), world.now());
            return example(documented, Json.shift(documented.body(), shift).asJsonObject(), route, account, requestId,
                    "example=" + documented.name());
        }
        Outcome outcome;
        synchronized (world) {
            world.catchUp();
            auth.stillThere(caller, world);
            outcome = once(step, route.action(), delay);
        }
        return new Answer(plan.operation().status(), JSON, outcome.body(), requestId, route.policy(), account.standing(), 0,
                "operation=" + plan.id() + "; state=" + outcome.reason(), null,
                outcome.replayed() ? Map.of("Idempotent-Replayed", "true") : Map.of(), 0, null);
    }

    /** Acts, unless a request with the same Idempotency-Key has done so before. */
    private static Outcome once(Step step, Action action, int delay) {
        String key = step.plan().operation().idempotent() ? step.input().text(Operation.IDEMPOTENCY_KEY) : null;
        if (key == null) {
            return action.act(step);
        }
        String whose = step.caller() instanceof Caller.Anonymous ? step.call().address() : step.self();
        String scope = step.plan().id() + '|' + whose + '|' + key;
        String request = step.call().path() + (step.input().body() == null ? "" : ' ' + CanonicalJson.of(step.input().body()));
        Replays.Replay replay = step.world().replays().find(scope, request, step.now());
        if (replay != null) {
            return Outcome.replay(replay.body());
        }
        Outcome outcome = action.act(step);
        // Its answer waits as long as was wished for; until then it is in flight.
        Instant sent = step.now().plusMillis(delay);
        step.world().replays().store(scope, new Replays.Replay(outcome.body(), request, step.now(), sent));
        return outcome;
    }

    /** The documented answer to just this request, or the first success. */
    private static Example documented(Step step) {
        for (Example example : step.plan().examples().values()) {
            if (!example.illustrative() && example.as() == null && isRequest(step, step.plan().requests().request(example.name()))) {
                return example;
            }
        }
        return step.plan().happy();
    }

    private static boolean isRequest(Step step, RequestExamples.Request request) {
        for (RequestExamples.Parameter parameter : step.plan().requests().parameters()) {
            JsonValue wanted = request.parameters().get(parameter);
            if (parameter.in() == Place.HEADER) {
                continue;
            }
            List<String> given = parameter.in() == Place.PATH ? List.of(step.call().path(parameter.name()))
                    : step.call().query(parameter.name());
            String text = wanted instanceof JsonString string ? string.getString() : String.valueOf(wanted);
            if (wanted == null ? !given.isEmpty() : !given.equals(List.of(text))) {
                return false;
            }
        }
        return request.body() == null || request.body().equals(step.input().body());
    }

    private static Answer wished(Wish wish, Answer answer) {
        return wish == Wish.NONE ? answer : new Answer(answer.status(), answer.contentType(), answer.body(), answer.requestId(),
                answer.policy(), answer.standing(), answer.retryAfter(), answer.reason(), wish.applied(), answer.more(),
                wish.delay(), wish.fault());
    }

    private Answer example(Example example, JsonObject body, Route route, Limits.Account account, String requestId, String reason) {
        long retryAfter = 0;
        String standing = account.standing();
        if (example.status() == 429) {
            Matcher seconds = RETRY.matcher(body.getJsonObject("error").getString("message"));
            retryAfter = seconds.find() ? Long.parseLong(seconds.group(1)) : 1;
            standing = account.standingOf429(body.getJsonObject("error").getString("message"), retryAfter);
        }
        return new Answer(example.status(), JSON, body.toString().getBytes(StandardCharsets.UTF_8), requestId, route.policy(), standing,
                retryAfter, "operation=" + route.plan().id() + "; " + reason, null, challenge(example.status(), route), 0, null);
    }

    private static Map<String, String> challenge(int status, Route route) {
        String challenge = status == 401 ? route.plan().operation().auth().challenge() : null;
        return challenge == null ? Map.of() : Map.of("WWW-Authenticate", challenge);
    }

    private Answer error(ApiError error, Route route, Limits.Account account, String requestId) {
        long retryAfter = error.retryAfter() == null ? 0 : error.retryAfter().toSeconds();
        // A test number answers 429 although the limit is not exceeded.
        String standing = retryAfter > 0 && account.exceeded() == null ? account.standingOf429(error.getMessage(), retryAfter)
                : account.standing();
        return new Answer(error.status(), JSON, bytes(error), requestId, route.policy(), standing, retryAfter,
                "operation=" + route.plan().id() + "; rule=" + rule(error, account), null, challenge(error.status(), route), 0, null);
    }

    private static String rule(ApiError error, Limits.Account account) {
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
            case 429 -> "limit " + (account.exceeded() == null ? "(test number)" : account.exceeded());
            case 501 -> "reserved";
            default -> "failure";
        };
    }

    private Answer noSuchRoute(Call call) {
        return refused(ApiError.noSuchRoute(call.method(), call.path()), "rule=no such route");
    }

    /** An answer to what is not even a request for an operation. */
    public Answer refused(ApiError error, String reason) {
        return new Answer(error.status(), JSON, bytes(error), requestId(sessions.world(null)), null, null, 0, reason, null,
                Map.of(), 0, null);
    }

    private static byte[] bytes(ApiError error) {
        return error.body().toJson().toString().getBytes(StandardCharsets.UTF_8);
    }

    /** A new ID for a request that is in no world. */
    public String requestId() {
        return requestId(sessions.world(null));
    }

    private static String requestId(World world) {
        return REQUEST_ID.make("", java.util.Set.of(), world.now(), ThreadLocalRandom.current());
    }

    /** Takes down a request of an application, for {@code x-mock: {records: requests}}. */
    private void log(Call call, Route route, World world, Answer answer, long start) {
        String key = call.only("x-api-key");
        Item application = key == null ? null : world.holder("apiKey", key);
        if (application == null) {
            return;
        }
        Entry entry = new Entry(answer.requestId(), application.key(), route.plan().id(), call.method(), call.path(), answer.status(),
                (int) ((System.nanoTime() - start) / 1_000_000), world.now());
        world.soon(() -> {
            if (!application.isRemoved()) {
                world.add(logs, entry.id, application.key(), entry);
            }
        });
    }

    /** A line of the log. */
    private record Entry(String id, String applicationId, String operationId, String method, String path, int status, int durationMs,
            Instant createdAt) implements Supplier<JsonObject> {
        @Override
        public JsonObject get() {
            String code = status < 400 ? null : ApiCode.of(status);
            return Json.object().add("id", id).add("applicationId", applicationId).add("operationId", operationId).add("method", method)
                    .add("path", path).add("status", status).add("errorCode", code == null ? JsonValue.NULL : Json.text(code))
                    .add("durationMs", durationMs).add("createdAt", Json.instant(createdAt)).build();
        }
    }
}
