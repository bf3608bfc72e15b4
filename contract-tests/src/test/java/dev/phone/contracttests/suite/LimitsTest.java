// SPDX-License-Identifier: Apache-2.0
package dev.phone.contracttests.suite;

import static dev.phone.contracttests.gate.NamedTests.dynamicTest;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.phone.api.Operation;
import dev.phone.contracttests.contract.TheContract;
import dev.phone.contracttests.trace.Step;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Every limit that the contract sets: its last request and the first one that is refused, what the headers say at each, and what comes before
 * and after it in the order of errors.
 */
class LimitsTest extends GeneratedSuite {
    private static final String GUIDE = "x-rate-limit and the guide Rate limits";
    private static final Limit BACKSTOP = limit(TheContract.CONTRACT.json());

    /** A limit as it stands in the contract. */
    private record Limit(String name, int quota, int window, String key, String noun) {
        String policy() {
            return '"' + name + "\";q=" + quota + ";w=" + window;
        }

        String state(int remaining, int seconds) {
            return '"' + name + "\";r=" + remaining + ";t=" + seconds;
        }
    }

    private static Limit limit(JsonObject holder) {
        JsonObject limit = holder.getJsonObject("x-rate-limit");
        return limit == null ? null : new Limit(limit.getString("name"), limit.getInt("limit"), limit.getInt("window"), limit.getString("key"),
                limit.getString("noun"));
    }

    private static Limit limit(Operation operation) {
        return limit(Call.described(operation));
    }

    private static Stream<Operation> limited(String key) {
        return operations().filter(operation -> limit(operation) != null && (key == null || limit(operation).key().equals(key)));
    }

    @Override
    boolean limited() {
        return true;
    }

    /** Lets all windows end, which is quicker than a reset. */
    private void begin() {
        target().advance(Duration.ofHours(1));
    }

    private Step spend(Call call, int times) {
        Step last = null;
        for (int i = 0; i < times; i++) {
            last = send(call);
            assertNotEquals(429, last.status(), "request " + (i + 1) + " of " + times + " to " + call.operation().id() + ": " + last.body());
        }
        return last;
    }

    private static Expected refused(Limit limit, int seconds, String policy, String state) {
        String message = "Too many " + limit.noun() + " — retry in " + seconds + "s";
        return new Expected("429, " + message + ", Retry-After " + seconds + ", RateLimit-Policy " + policy + ", RateLimit " + state,
                response -> response.status()
                        + ", " + (json(response).get("error") instanceof JsonObject error ? error.getString("message") : response.body())
                        + ", Retry-After " + response.headers().get("retry-after")
                        + ", RateLimit-Policy " + response.headers().get("ratelimit-policy")
                        + ", RateLimit " + response.headers().get("ratelimit"));
    }

    @Test
    void theLimitsAreThoseThatWerePromised() {
        Map<String, String> limits = new HashMap<>(Map.of("", BACKSTOP.policy()));
        limited(null).forEach(operation -> limits.put(operation.id(), limit(operation).policy()));
        assertEquals(Promised.LIMITS, limits);
    }

    // Last and first

    @TestFactory
    Stream<DynamicTest> everyLimitOfAnOperation() {
        return limited(null).map(operation -> dynamicTest(operation.id() + ": the last request and the first that is refused", () -> {
            Limit limit = limit(operation);
            Call call = Call.valid(operation);
            String policy = BACKSTOP.policy() + ", " + limit.policy();
            begin();
            for (int i = 1; i <= limit.quota(); i++) {
                Step step = spend(call, 1);
                assertEquals(policy, step.headers().get("ratelimit-policy"), operation.id() + ": RateLimit-Policy of request " + i);
                assertEquals(BACKSTOP.state(BACKSTOP.quota() - i, BACKSTOP.window()) + ", " + limit.state(limit.quota() - i, limit.window()),
                        step.headers().get("ratelimit"), operation.id() + ": RateLimit of request " + i);
            }
            target().advance(Duration.ofMillis(18_300));
            // What is left of a second counts as one, and the address has new windows only after a minute.
            int left = limit.window() - 18;
            check("the first that is refused", call, refused(limit, left, policy,
                    BACKSTOP.state(BACKSTOP.quota() - limit.quota() - 1, BACKSTOP.window() - 18) + ", " + limit.state(0, left)), GUIDE);
            target().advance(Duration.ofSeconds(left - 1));
            String address = limit.window() > BACKSTOP.window() ? BACKSTOP.state(BACKSTOP.quota() - 1, BACKSTOP.window())
                    : BACKSTOP.state(BACKSTOP.quota() - limit.quota() - 2, 1);
            check("in the last second of the window", call, refused(limit, 1, policy, address + ", " + limit.state(0, 1)), GUIDE);
            target().advance(Duration.ofMillis(699));
            assertEquals(429, send(call).status(), operation.id() + ": a millisecond before the end of the window");
            target().advance(Duration.ofMillis(1));
            assertEquals(limit.state(limit.quota() - 1, limit.window()), spend(call, 1).headers().get("ratelimit").split(", ")[1],
                    operation.id() + ": the first request of the next window");
        }));
    }

    /** Operations whose limits have one name spend the same. */
    @TestFactory
    Stream<DynamicTest> operationsOfOneLimitShareIt() {
        return limited(null).flatMap(first -> limited(null)
                .filter(second -> second != first && limit(second).name().equals(limit(first).name()))
                .map(second -> dynamicTest(second.id() + ": after as many of " + first.id() + " as are allowed", () -> {
                    begin();
                    spend(Call.valid(first), limit(first).quota());
                    check("one request too many", Call.valid(second), Expected.error(429), GUIDE);
                })));
    }

    @TestFactory
    Stream<DynamicTest> exactlyTheQuotaPassesHoweverManyAskAtOnce() {
        return limited(null).map(operation -> dynamicTest(operation.id() + ": twice as many at once as are allowed", () -> {
            begin();
            int quota = limit(operation).quota();
            long passed = exchange(Collections.nCopies(2 * quota, Call.valid(operation))).stream().filter(step -> step.status() != 429).count();
            assertEquals(quota, passed, operation.id() + ": how many of " + 2 * quota + " requests at once were not refused");
        }));
    }

    /** It comes before credentials, and before everything that is wrong after them. */
    @TestFactory
    Stream<DynamicTest> theLimitOfTheAddressStopsEveryOperation() {
        begin();
        Call anyone = Call.valid(TheContract.operation("listProjects")).withoutCredentials();
        for (int i = 1; i <= BACKSTOP.quota(); i++) {
            Step step = spend(anyone, 1);
            assertEquals(BACKSTOP.policy() + " | " + BACKSTOP.state(BACKSTOP.quota() - i, BACKSTOP.window()),
                    step.headers().get("ratelimit-policy") + " | " + step.headers().get("ratelimit"), "request " + i);
        }
        target().advance(Duration.ofSeconds(18));
        int left = BACKSTOP.window() - 18;
        List<DynamicTest> refused = operations().flatMap(operation -> {
            String policy = BACKSTOP.policy() + (limit(operation) == null ? "" : ", " + limit(operation).policy());
            Expected expected = refused(BACKSTOP, left, policy, BACKSTOP.state(0, left));
            Call call = Call.valid(operation);
            return Stream.of(continued("one request too many of an address", call, expected),
                    continued("one too many, without credentials", call.withoutCredentials(), expected),
                    continued("one too many, and all else wrong", PrecedenceTest.invalid(call.as("suspended")), expected),
                    continued("one too many, of an unknown route", call.under("no/such/route"), Expected.error(404)));
        }).toList();
        DynamicTest again = dynamicTest("all operations: the next window", () -> {
            target().advance(Duration.ofSeconds(left));
            assertEquals(BACKSTOP.state(BACKSTOP.quota() - 1, BACKSTOP.window()), spend(anyone, 1).headers().get("ratelimit"));
        });
        return Stream.concat(refused.stream(), Stream.of(again));
    }

    /** A test that goes on in the window of the ones before it. */
    private DynamicTest continued(String bent, Call call, Expected expected) {
        return dynamicTest(call.operation().id() + ": " + bent, () -> check(bent, call, expected, GUIDE));
    }

    // What counts, and for whom

    @TestFactory
    Stream<DynamicTest> whoIsNotKnownSpendsNothingOfAClientId() {
        return limited("clientId").map(operation -> dynamicTest(operation.id() + ": a stranger, as often as it is allowed", () -> {
            begin();
            Call stranger = Call.valid(operation).as("wrongSecret");
            Step step = spend(stranger, limit(operation).quota() + 1);
            assertEquals(BACKSTOP.state(BACKSTOP.quota() - limit(operation).quota() - 1, BACKSTOP.window()), step.headers().get("ratelimit"),
                    operation.id() + ": it has been charged for its address alone");
            spend(Call.valid(operation), limit(operation).quota());
        }));
    }

    @TestFactory
    Stream<DynamicTest> anotherClientIdHasItsOwn() {
        return limited("clientId").map(operation -> dynamicTest(operation.id() + ": another application", () -> {
            begin();
            spend(Call.valid(operation), limit(operation).quota());
            spend(Call.valid(operation).as("bobApp"), 1);
        }));
    }

    @TestFactory
    Stream<DynamicTest> aLimitComesBeforeTheInputWhichCounts() {
        return limited(null).map(operation -> {
            String bent = "invalid requests, as many as are allowed, and one more";
            return dynamicTest(operation.id() + ": " + bent, () -> {
                begin();
                Call call = PrecedenceTest.invalid(Call.valid(operation));
                spend(call, limit(operation).quota());
                check(bent, call, Expected.error(429), GUIDE);
            });
        });
    }

    /** An application that has used up its limit and is suspended then is forbidden, and is no longer counted. */
    @TestFactory
    Stream<DynamicTest> suspensionComesBeforeALimit() {
        return limited("clientId").map(operation -> {
            String bent = "one request too many of a suspended application";
            return dynamicTest(operation.id() + ": " + bent, () -> {
                begin();
                spend(Call.valid(operation), limit(operation).quota());
                setStatus("suspended");
                check(bent, Call.valid(operation), Expected.error(403), GUIDE);
                setStatus("active");
                check("one request too many", Call.valid(operation), Expected.error(429), GUIDE);
            });
        });
    }

    private void setStatus(String status) {
        check("set the status to " + status, Call.valid(TheContract.operation("updateApplication")).path("applicationId", World.APPLICATION)
                .body(Json.createObjectBuilder().add("status", status).build()), Expected.success(200), "its responses");
    }
}
