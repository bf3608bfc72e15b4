// SPDX-License-Identifier: Apache-2.0
package dev.phone.mock;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.json.JsonObject;
import java.util.ArrayList;
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

/** Many callers at once: none sees what is another's. What is counted, RacesTest of contract-tests sees. */
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
    void whatIsInFlightIsAConflict() throws Exception {
        Map<String, String> slow = Map.of("authorization", "Bearer dev_slow", "Idempotency-Key", "slow", "prefer", "delay=1500");
        Map<String, String> fast = Map.of("authorization", "Bearer dev_slow", "Idempotency-Key", "slow");
        String url = phone.mock().url() + "/v1/projects";
        // The first of these waits for WireMock, for longer than the second request does.
        Http.send("GET", url, Map.of("authorization", "Bearer dev_slow", "prefer", "delay=1"), (String) null);
        List<Integer> statuses = all(List.of(() -> Http.send("POST", url, slow, "{\"name\": \"Slow\"}").status(), () -> {
            Thread.sleep(500);
            return Http.send("POST", url, fast, "{\"name\": \"Slow\"}").status();
        }));
        assertEquals(List.of(201, 409), statuses);
        assertTrue(Http.send("POST", url, fast, "{\"name\": \"Slow\"}").reason().contains("replayed"));
    }
}
