// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.phone.api.ApiError;
import dev.phone.api.Caller;
import dev.phone.api.CreateProjectRequest;
import dev.phone.api.Operation;
import dev.phone.api.Operations;
import dev.phone.api.Project;
import dev.phone.api.Response;
import dev.phone.server.Features;
import dev.phone.server.Race;
import dev.phone.server.idempotency.IdempotentRequests;
import dev.phone.server.store.Secrets;
import dev.phone.server.store.TestDatabase;
import dev.phone.server.store.Times;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What the store does about idempotency keys. What any client can see of it is in the contract tests. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class IdempotencyTest {
    private static final String PATH = "/v1/projects";
    private static final JsonObject BODY = body("Shop");

    private final TestDatabase kind;
    private final Features phone;
    private final IdempotentRequests idempotency;
    private final AtomicInteger keys = new AtomicInteger();

    IdempotencyTest(TestDatabase kind) {
        this.kind = kind;
        this.phone = new Features(kind.open());
        this.idempotency = idempotency(phone);
    }

    private static IdempotentRequests idempotency(Features phone) {
        return new IdempotentRequests(phone.database, phone.secrets, () -> phone.ids.next("rsv"), phone.clock);
    }

    @AfterAll
    void close() {
        phone.close();
    }

    @Test
    void whatFailsDoesNothingAndLeavesTheKeyFree() {
        Caller.User user = phone.user();
        String key = key();
        for (RuntimeException why : List.of(ApiError.conflict("no"), new IllegalStateException("on purpose"))) {
            RuntimeException thrown = assertThrows(RuntimeException.class, () -> run(user, key, BODY, () -> {
                create(user).get();
                throw why;
            }));
            assertSame(why, thrown);
            assertEquals(0, projects(user), "the work is undone");
        }
        run(user, key, body("corrected"), create(user));
        assertEquals(1, projects(user));
    }

    @Test
    void whileItIsInFlightTheSameRequestIsAConflict() {
        Caller.User user = phone.user();
        String key = key();
        run(user, key, BODY, () -> {
            inAnotherThread(() -> assertInFlight(user, key));
            // Not even long after its lease is it taken from someone who is alive.
            phone.clock.advance(Duration.ofMinutes(10));
            inAnotherThread(() -> assertInFlight(user, key));
            return create(user).get();
        });
        assertEquals(1, projects(user));
    }

    @Test
    void anotherRequestInFlightIsToldSo() {
        Caller.User user = phone.user();
        String key = key();
        run(user, key, BODY, () -> {
            inAnotherThread(() -> assertEquals(422,
                    assertThrows(ApiError.class, () -> run(user, key, body("other"), create(user))).status()));
            return create(user).get();
        });
    }

    @Test
    void aReservationOfTheDeadEndsWithItsLease() {
        Caller.User user = phone.user();
        String key = key();
        // What a process leaves that dies right after it has reserved the key.
        phone.database.transaction(tx -> tx.createNamedInsert("idempotency.reserve")
                .addParam("id", phone.secrets.hash(Secrets.Purpose.IDEMPOTENCY_KEY, "createProject", user.id(), key))
                .addParam("requestHash", new byte[32])
                .addParam("reservation", "rsv_dead")
                .addParam("leaseUntil", Times.toSql(phone.clock.instant().plusSeconds(60)))
                .addParam("expiresAt", Times.toSql(phone.clock.instant().plusSeconds(86400)))
                .execute());
        phone.clock.advance(Duration.ofMillis(59_999));
        assertEquals(422, assertThrows(ApiError.class, () -> run(user, key, BODY, create(user))).status());
        phone.clock.advance(Duration.ofMillis(1));
        run(user, key, BODY, create(user));
        assertEquals(1, projects(user));
    }

    @Test
    void aKeyIsKeptForADay() {
        Caller.User user = phone.user();
        String key = key();
        run(user, key, BODY, create(user));
        phone.clock.advance(Duration.ofHours(24).minusMillis(1));
        idempotency.sweep();
        run(user, key, BODY, create(user));
        assertEquals(1, projects(user));
        phone.clock.advance(Duration.ofMillis(1));
        run(user, key, body("other"), create(user));
        assertEquals(2, projects(user), "it counts as new");
        phone.clock.advance(Duration.ofHours(24));
        assertFalse(idempotency.sweep());
        assertEquals(0, phone.count("SELECT COUNT(*) FROM idempotent_request"));
    }

    @Test
    void expiredKeysAreDeletedInBatches() {
        Caller.User user = phone.user();
        int batch = 1_000;
        for (int i = 0; i <= batch; i++) {
            run(user, key(), BODY, () -> answer("done"));
        }
        phone.clock.advance(Duration.ofHours(24));
        long before = phone.count("SELECT COUNT(*) FROM idempotent_request");
        assertTrue(idempotency.sweep());
        assertEquals(before - batch, phone.count("SELECT COUNT(*) FROM idempotent_request"));
        assertFalse(idempotency.sweep());
        assertEquals(0, phone.count("SELECT COUNT(*) FROM idempotent_request"));
    }

    @Test
    void nothingSecretIsInTheDatabase() {
        Caller.User user = phone.user();
        String key = "the-key-itself";
        run(user, key, body("the-body"), () -> answer("ph_test_secret_shown_once"));
        StringBuilder rows = new StringBuilder();
        phone.database.execute().createQuery("SELECT * FROM idempotent_request").execute().forEach(row -> row.forEach(column -> {
            Object value = column.get(Object.class);
            rows.append(value instanceof byte[] bytes ? new String(bytes, StandardCharsets.ISO_8859_1) : value);
        }));
        for (String secret : List.of("the-key", "the-body", "shown_once", user.id())) {
            assertFalse(rows.toString().contains(secret), secret);
        }
        assertTrue(run(user, key, body("the-body"), create(user)).json().toString().contains("shown_once"));
    }

    @Test
    void withoutTheUniqueIndexItActsTwice() {
        try (Features unguarded = new Features(kind.open())) {
            unguarded.database.execute().createDmlStatement("ALTER TABLE idempotent_request DROP CONSTRAINT idempotent_request_once").execute();
            Race.mustBeLost(() -> race(unguarded, key()));
        }
    }

    /** @return what went wrong; null when nothing did */
    private static String race(Features phone, String key) {
        Caller.User user = phone.user();
        IdempotentRequests idempotency = idempotency(phone);
        List<Race.Outcome<Response>> outcomes = Race.run(i -> idempotency.run(Operations.CREATE_PROJECT, user.id(), key, PATH, BODY,
                create(phone, user)));
        long answers = outcomes.stream().filter(outcome -> outcome.failure() == null).map(outcome -> outcome.result().json()).distinct().count();
        List<RuntimeException> others = outcomes.stream().map(Race.Outcome::failure)
                .filter(failure -> failure != null && !(failure instanceof ApiError error && error.status() == 409)).toList();
        long projects = phone.count("SELECT COUNT(*) FROM project WHERE owner = '" + user.id() + "'");
        return projects == 1 && answers == 1 && others.isEmpty() ? null : projects + " projects, " + answers + " answers, " + others;
    }

    private static Response answer(String secret) {
        return new Response(201, Json.createObjectBuilder().add("secret", secret).build(), false);
    }

    private Response run(Caller.User user, String key, JsonObject body, Supplier<Response> work) {
        Operation operation = Operations.CREATE_PROJECT;
        return idempotency.run(operation, user.id(), key, PATH, body, work);
    }

    private Supplier<Response> create(Caller.User user) {
        return create(phone, user);
    }

    private static Supplier<Response> create(Features phone, Caller.User user) {
        return () -> Response.of(Operations.CREATE_PROJECT, phone.projects.createProject(user, new CreateProjectRequest("Shop")), Project::toJson);
    }

    private void assertInFlight(Caller.User user, String key) {
        ApiError error = assertThrows(ApiError.class, () -> run(user, key, BODY, create(user)));
        assertEquals(409, error.status());
        assertEquals("A request with this Idempotency-Key is still in flight — retry when it has ended", error.getMessage());
    }

    private static void inAnotherThread(Runnable check) {
        Throwable[] failed = new Throwable[1];
        try {
            Thread thread = Thread.ofVirtual().unstarted(check);
            thread.setUncaughtExceptionHandler((t, e) -> failed[0] = e);
            thread.start();
            thread.join();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        if (failed[0] != null) {
            throw new AssertionError(failed[0]);
        }
    }

    private long projects(Caller.User user) {
        return phone.count("SELECT COUNT(*) FROM project WHERE owner = '" + user.id() + "'");
    }

    private String key() {
        return "key-" + keys.incrementAndGet();
    }

    private static JsonObject body(String name) {
        return Json.createObjectBuilder().add("name", name).build();
    }
}
