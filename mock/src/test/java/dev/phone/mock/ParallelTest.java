// SPDX-License-Identifier: Apache-2.0
package dev.phone.mock;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.json.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Many callers at once: none sees what is another's, and nothing is counted wrongly. */
class ParallelTest {
    private static final int CALLERS = 32;
    private static final int PROJECTS = 25;

    @RegisterExtension
    static PhoneMockExtension phone = new PhoneMockExtension(new MockOptions().limits(false));

    private static <T> List<T> all(List<Callable<T>> tasks) throws InterruptedException, ExecutionException {
        try (ExecutorService executor = Executors.newFixedThreadPool(CALLERS)) {
            List<T> results = new ArrayList<>();
            for (Future<T> future : executor.invokeAll(tasks)) {
                results.add(future.get());
            }
            return results;
        }
    }

    @Test
    void usersHaveTheirOwnProjects() throws Exception {
        List<Callable<Set<String>>> callers = new ArrayList<>();
        for (int i = 0; i < CALLERS; i++) {
            String user = "caller" + i;
            callers.add(() -> createAndList(Map.of("authorization", "Bearer dev_" + user), user, 0));
        }
        assertSeparate(all(callers));
    }

    @Test
    void sessionsAreWorldsOfTheirOwn() throws Exception {
        List<Callable<Set<String>>> callers = new ArrayList<>();
        for (int i = 0; i < CALLERS; i++) {
            String session = "session" + i;
            callers.add(() -> createAndList(Map.of("authorization", "Bearer dev_alice", "x-mock-session", session), session, 2));
        }
        assertSeparate(all(callers));
    }

    private static void assertSeparate(List<Set<String>> created) {
        Set<String> together = new HashSet<>();
        created.forEach(together::addAll);
        assertEquals(CALLERS * PROJECTS, together.size());
    }

    /** @param before how many projects the demo world has for the caller */
    private static Set<String> createAndList(Map<String, String> headers, String name, int before) {
        String url = phone.mock().url() + "/v1/projects";
        Set<String> created = new HashSet<>();
        for (int i = 0; i < PROJECTS; i++) {
            Http.Reply reply = Http.send("POST", url, headers, "{\"name\": \"" + name + "\"}");
            assertEquals(201, reply.status());
            created.add(reply.data().getString("id"));
        }
        JsonObject page = Http.send("GET", url + "?limit=100", headers, (String) null).json();
        assertEquals(PROJECTS + before, page.getJsonArray("data").size());
        long own = page.getJsonArray("data").getValuesAs(JsonObject.class).stream()
                .filter(project -> created.contains(project.getString("id")) && project.getString("name").equals(name)).count();
        assertEquals(PROJECTS, own);
        return created;
    }

    @Test
    void attemptsAreCountedExactly() throws Exception {
        Map<String, String> app = phone.mock().credentials("app");
        List<Callable<String>> guesses = new ArrayList<>();
        for (int i = 0; i < CALLERS; i++) {
            guesses.add(() -> Http.send("POST", phone.mock().url() + "/v1/otp/verify", app,
                    "{\"otpRequestId\": \"otp_01kf0ft54g2dgvjx7yyvtq3k51\", \"code\": \"000000\"}").json().getJsonObject("error")
                    .getJsonObject("details").toString());
        }
        Map<String, Integer> counts = new HashMap<>();
        all(guesses).forEach(details -> counts.merge(details, 1, Integer::sum));
        for (int left = 0; left < 5; left++) {
            assertEquals(1, counts.remove("{\"reason\":\"invalid_code\",\"attemptsRemaining\":" + left + "}"), "attempts left: " + left);
        }
        assertEquals(Map.of("{\"reason\":\"attempts_exhausted\",\"attemptsRemaining\":0}", CALLERS - 5), counts);
    }

    @Test
    void oneKeyCreatesOnce() throws Exception {
        Map<String, String> headers = Map.of("authorization", "Bearer dev_once", "Idempotency-Key", "same");
        List<Callable<String>> posts = new ArrayList<>();
        for (int i = 0; i < CALLERS; i++) {
            posts.add(() -> Http.send("POST", phone.mock().url() + "/v1/projects", headers, "{\"name\": \"Once\"}").raw().body());
        }
        assertEquals(1, Set.copyOf(all(posts)).size());
    }

    @Test
    void nothingIsLeftOfWhatIsDeletedWhileItIsUsed() throws Exception {
        Map<String, String> user = Map.of("authorization", "Bearer dev_eve");
        String url = phone.mock().url();
        for (int round = 0; round < 20; round++) {
            String project = Http.send("POST", url + "/v1/projects", user, "{\"name\": \"Short-lived\"}").data().getString("id");
            JsonObject application = Http.send("POST", url + "/v1/projects/" + project + "/applications", user,
                    "{\"name\": \"Short-lived\", \"environment\": \"test\"}").data();
            JsonObject credentials = application.getJsonObject("credentials");
            Map<String, String> app = Map.of("x-client-id", credentials.getString("clientId"), "x-client-secret",
                    credentials.getString("clientSecret"), "x-api-key", credentials.getString("apiKey"));
            List<Callable<Integer>> calls = new ArrayList<>();
            for (int i = 0; i < 2 * CALLERS; i++) {
                String number = "+999 700 100 2" + (10 + i);
                calls.add(() -> Http.send("POST", url + "/v1/otp/send", app, "{\"phoneNumber\": \"" + number + "\"}").status());
                if (i == CALLERS) {
                    calls.add(() -> Http.send("DELETE", url + "/v1/applications/" + application.getString("id"), user, (String) null).status());
                }
            }
            assertTrue(Set.of(200, 201, 401).containsAll(all(calls)));
            assertFalse(phone.mock().state().contains("\"applicationId\":\"" + application.getString("id")));
        }
    }

    @Test
    void whatIsInFlightIsAConflict() throws Exception {
        Map<String, String> slow = Map.of("authorization", "Bearer dev_slow", "Idempotency-Key", "slow", "prefer", "delay=1500");
        Map<String, String> fast = Map.of("authorization", "Bearer dev_slow", "Idempotency-Key", "slow");
        String url = phone.mock().url() + "/v1/projects";
        List<Integer> statuses = all(List.of(() -> Http.send("POST", url, slow, "{\"name\": \"Slow\"}").status(), () -> {
            Thread.sleep(500);
            return Http.send("POST", url, fast, "{\"name\": \"Slow\"}").status();
        }));
        assertEquals(List.of(201, 409), statuses);
        assertTrue(Http.send("POST", url, fast, "{\"name\": \"Slow\"}").reason().contains("replayed"));
    }
}
