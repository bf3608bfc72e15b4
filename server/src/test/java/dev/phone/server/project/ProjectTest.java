// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.project;


import dev.phone.api.ApiError;
import dev.phone.api.ApplicationWithCredentials;
import dev.phone.api.Caller;
import dev.phone.api.ApplicationEnvironment;
import dev.phone.server.Features;
import dev.phone.server.Race;
import dev.phone.server.store.TestDatabase;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class ProjectTest {
    private final TestDatabase kind;

    ProjectTest(TestDatabase kind) {
        this.kind = kind;
    }

    @Test
    void withoutLockAndForeignKeyAnApplicationIsLeftBehind() {
        UnaryOperator<Map<String, String>> statements = TestDatabase.withoutLock("project.lock");
        try (Features unguarded = new Features(kind.open(statements))) {
            unguarded.database.execute().createDmlStatement("ALTER TABLE application DROP CONSTRAINT application_project").execute();
            Race.mustBeLost(() -> createAndDelete(unguarded));
        }
    }

    /** Half create an application in a project, and the others delete the project. @return what went wrong; null when nothing did */
    private static String createAndDelete(Features phone) {
        Caller.User user = phone.user();
        String id = phone.project(user).id();
        List<Race.Outcome<Object>> outcomes = Race.run(i -> i % 2 == 0
                ? phone.application(user, id, ApplicationEnvironment.TEST) : deleted(phone, user, id));
        long created = outcomes.stream().filter(outcome -> outcome.result() instanceof ApplicationWithCredentials).count();
        long deleted = outcomes.stream().filter(outcome -> outcome.result() instanceof String).count();
        List<RuntimeException> others = outcomes.stream().map(Race.Outcome::failure)
                .filter(failure -> failure != null && !(failure instanceof ApiError)).toList();
        boolean fine = others.isEmpty() && (deleted == 0 && created == Race.THREADS / 2 || deleted == 1 && created == 0);
        return fine ? null : created + " created, " + deleted + " deleted, " + others;
    }

    private static String deleted(Features phone, Caller.User user, String id) {
        phone.projects.deleteProject(user, id);
        return id;
    }
}
