// SPDX-License-Identifier: Apache-2.0
package dev.phone.contracttests.suite;

import static dev.phone.contracttests.suite.World.ALICES_NUMBER;
import static dev.phone.contracttests.suite.World.FREE_NUMBER;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.phone.contracttests.contract.TheContract;
import dev.phone.contracttests.trace.Step;
import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonObjectBuilder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.RepeatedTest;

/**
 * What holds however many ask at the same moment. That it is the guards in the database that make it hold is shown by the tests of the
 * server, which take them away.
 */
class RacesTest extends GeneratedSuite {
    private static final int RUNNERS = 32;
    private static final int ROUNDS = 5;
    private static final String ROUND = "round {currentRepetition}";

    private static Call call(String operation, String... members) {
        Call call = Call.valid(TheContract.operation(operation));
        if (members.length == 0) {
            return call;
        }
        JsonObjectBuilder body = Json.createObjectBuilder();
        for (int i = 0; i < members.length; i += 2) {
            body.add(members[i], members[i + 1]);
        }
        return call.body(body.build());
    }

    private List<Step> race(Call call) {
        return exchange(Collections.nCopies(RUNNERS, call));
    }

    /** Half of them send the one, half the other. */
    private List<Step> race(Call one, Call other) {
        return exchange(IntStream.range(0, RUNNERS).mapToObj(i -> i % 2 == 0 ? one : other).toList());
    }

    private Step ask(Call call) {
        return exchange(List.of(call)).getFirst();
    }

    private String id(Call call) {
        Step step = ask(call);
        assertTrue(step.status() < 300, step.status() + " " + step.body());
        return json(step).getJsonObject("data").getString("id");
    }

    /** How often each answer came. */
    private static Map<String, Long> count(List<Step> steps, Function<Step, String> answer) {
        return steps.stream().collect(Collectors.groupingBy(answer, TreeMap::new, Collectors.counting()));
    }

    /** The reason and the attempts that remain, or the status of an OTP that was verified. */
    private static String verification(Step step) {
        return step.status() == 200 ? json(step).getJsonObject("data").getString("status")
                : step.status() == 422 ? json(step).getJsonObject("error").getJsonObject("details").toString() : step.status() + " " + step.body();
    }

    private static String refusal(String reason, int attemptsRemaining) {
        return Json.createObjectBuilder().add("reason", reason).add("attemptsRemaining", attemptsRemaining).build().toString();
    }

    private static Map<String, Long> only(String answer, long times, String others) {
        return new TreeMap<>(Map.of(answer, times, others, RUNNERS - times));
    }

    private JsonArray list(Call call) {
        return json(ask(call)).getJsonArray("data");
    }

    private Call requests(String status) {
        return call("listOtpRequests").query("status", status).query("phoneNumber", ALICES_NUMBER);
    }

    @RepeatedTest(value = ROUNDS, name = ROUND)
    void everyWrongCodeIsCounted() {
        String id = id(call("sendOtp", "phoneNumber", Promised.FIXED_CODE_NUMBER));
        Map<String, Long> expected = new TreeMap<>();
        for (int remaining = 0; remaining < Promised.OTP_ATTEMPTS; remaining++) {
            expected.put(refusal("invalid_code", remaining), 1L);
        }
        expected.put(refusal("attempts_exhausted", 0), (long) RUNNERS - Promised.OTP_ATTEMPTS);
        assertEquals(expected, count(race(call("verifyOtp", "otpRequestId", id, "code", "000000")), RacesTest::verification));
        assertEquals("failed", json(ask(call("getOtp").path("otpRequestId", id))).getJsonObject("data").getString("status"));
    }

    @RepeatedTest(value = ROUNDS, name = ROUND)
    void oneOfTheRightCodesWins() {
        String id = id(call("sendOtp", "phoneNumber", Promised.FIXED_CODE_NUMBER));
        assertEquals(only("verified", 1, refusal("already_verified", Promised.OTP_ATTEMPTS)),
                count(race(call("verifyOtp", "otpRequestId", id, "code", Promised.FIXED_CODE)), RacesTest::verification));
    }

    @RepeatedTest(value = ROUNDS, name = ROUND)
    void itEndsOnce() {
        String id = id(call("sendOtp", "phoneNumber", Promised.FIXED_CODE_NUMBER));
        List<String> ends = race(call("verifyOtp", "otpRequestId", id, "code", Promised.FIXED_CODE), call("cancelOtp", "otpRequestId", id)).stream()
                .filter(step -> step.status() == 200).map(RacesTest::verification).toList();
        assertEquals(List.of(json(ask(call("getOtp").path("otpRequestId", id))).getJsonObject("data").getString("status")), ends);
    }

    @RepeatedTest(value = ROUNDS, name = ROUND)
    void oneOfTheSentIsPending() {
        List<Step> sent = race(call("sendOtp", "phoneNumber", ALICES_NUMBER));
        assertEquals(Map.of("201", (long) RUNNERS), count(sent, step -> String.valueOf(step.status())));
        assertEquals(1, list(requests("pending")).size());
        // The demo world has one that was superseded, and one that is now.
        assertEquals(RUNNERS - 1 + 2, list(requests("superseded").query("limit", "100")).size());
        assertEquals(1, list(call("listMessages")).size());
    }

    @RepeatedTest(value = ROUNDS, name = ROUND)
    void oneOfTheUsersGetsTheNumber() {
        claim(FREE_NUMBER);
        // And one that rested is no different.
        assertEquals(200, ask(call("releaseNumber").as("alice").path("phoneNumber", ALICES_NUMBER)).status());
        target().advance(Promised.NUMBER_RESTS);
        claim(ALICES_NUMBER);
    }

    private void claim(String number) {
        List<Call> claims = IntStream.range(0, RUNNERS).mapToObj(i -> call("claimNumber", "phoneNumber", number)
                .header("authorization", "Bearer dev_user" + i)).toList();
        List<Step> steps = exchange(claims);
        assertEquals(only("201", 1, "409"), count(steps, step -> String.valueOf(step.status())));
        List<Step> owners = exchange(claims.stream().map(claim -> call("getNumber").path("phoneNumber", number)
                .header("authorization", claim.headers().get("authorization").getFirst())).toList());
        assertEquals(steps.stream().map(step -> step.status() == 201).toList(), owners.stream().map(step -> step.status() == 200).toList());
    }

    @RepeatedTest(value = ROUNDS, name = ROUND)
    void oneKeyActsOnce() {
        List<Step> steps = race(call("createProject", "name", "Once").header("idempotency-key", "one"));
        Map<String, Long> answers = count(steps, step -> step.status() == 409 ? "in flight" : step.status() + " " + step.body());
        answers.remove("in flight");
        assertEquals(1, answers.size(), answers::toString);
        assertEquals(1, list(call("listProjects")).stream().filter(project -> project.asJsonObject().getString("name").equals("Once")).count());
    }

    @RepeatedTest(value = ROUNDS, name = ROUND)
    void noMoreThanTwoValuesOfACredentialWork() {
        Call rotate = call("rotateCredential").path("applicationId", World.APPLICATION)
                .body(Json.createObjectBuilder().add("credential", "apiKey").add("overlapSeconds", 3600).build());
        List<String> keys = new ArrayList<>(List.of(World.credentials("app").get("x-api-key")));
        for (Step step : race(rotate)) {
            assertEquals(200, step.status(), step.body());
            keys.add(json(step).getJsonObject("data").getJsonObject("credentials").getString("apiKey"));
        }
        Call getUser = call("getUser");
        assertEquals(new TreeMap<>(Map.of("200", 2L, "401", RUNNERS - 1L)), count(exchange(keys.stream()
                .map(key -> getUser.header("x-api-key", key)).toList()), step -> String.valueOf(step.status())));
    }

    @RepeatedTest(value = ROUNDS, name = ROUND)
    void nothingIsCreatedInWhatIsDeleted() {
        String project = id(call("createProject", "name", "Short-lived"));
        Call create = call("createApplication", "name", "New", "environment", "test").path("projectId", project);
        Call delete = call("deleteProject").path("projectId", project);
        List<Step> steps = race(create, delete);
        Map<String, Long> answers = count(steps, step -> step.method() + " " + step.status());
        assertTrue(answers.equals(Map.of("POST 201", RUNNERS / 2L, "DELETE 409", RUNNERS / 2L))
                || answers.equals(Map.of("POST 404", RUNNERS / 2L, "DELETE 200", 1L, "DELETE 404", RUNNERS / 2L - 1)), answers::toString);
    }

    @RepeatedTest(value = ROUNDS, name = ROUND)
    void nothingIsLeftOfADeletedApplication() {
        Call send = call("sendOtp", "phoneNumber", ALICES_NUMBER);
        Call delete = call("deleteApplication").path("applicationId", World.APPLICATION);
        List<Step> steps = exchange(Stream.concat(Collections.nCopies(RUNNERS / 2, send).stream(), Stream.concat(Stream.of(delete),
                Collections.nCopies(RUNNERS / 2, send).stream())).toList());
        Map<String, Long> answers = count(steps, step -> step.method() + step.target().replaceAll("app_.*", "") + " " + step.status());
        assertEquals(1, answers.remove("DELETE/v1/applications/ 200"), answers::toString);
        assertTrue(List.of("POST/v1/otp/send 201", "POST/v1/otp/send 401").containsAll(answers.keySet()), answers::toString);
        assertEquals(List.of(), list(call("listMessages")));
        List<Call> reads = steps.stream().filter(step -> step.status() == 201)
                .map(step -> call("getOtpRequest").path("otpRequestId", json(step).getJsonObject("data").getString("id"))).toList();
        assertEquals(reads.size(), exchange(reads).stream().filter(step -> step.status() == 404).count());
    }
}
