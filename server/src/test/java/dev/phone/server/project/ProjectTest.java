// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.project;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.phone.api.ApiError;
import dev.phone.api.ApplicationWithCredentials;
import dev.phone.api.Caller;
import dev.phone.api.CreateProjectRequest;
import dev.phone.api.Environment;
import dev.phone.api.Project;
import dev.phone.api.ProjectPage;
import dev.phone.api.ProjectsService;
import dev.phone.api.UpdateProjectRequest;
import dev.phone.server.Features;
import dev.phone.server.Race;
import dev.phone.server.store.TestDatabase;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.function.Executable;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class ProjectTest {
    private final TestDatabase kind;
    private final Features phone;

    ProjectTest(TestDatabase kind) {
        this.kind = kind;
        this.phone = new Features(kind.open());
    }

    @AfterAll
    void close() {
        phone.close();
    }

    @Test
    void aProjectIsFoundAsItWasCreated() {
        Caller.User user = phone.user();
        Project created = phone.project(user);
        assertEquals("Shop", created.name());
        assertEquals(phone.clock.instant(), created.createdAt());
        assertEquals(phone.clock.instant(), created.updatedAt());
        assertEquals(created, get(phone, user, created.id()));
        assertFalse(phone.projectStore.isEmpty());
    }

    @Test
    void aNameMayHaveEightyCharactersOfAnyPlane() {
        Caller.User user = phone.user();
        String name = "📱".repeat(80);
        var created = (ProjectsService.CreateProjectResponse.Status201) phone.projects.createProject(user, new CreateProjectRequest(name));
        assertEquals(name, get(phone, user, created.body().data().id()).name());
    }

    @Test
    void renamingChangesTheNameAndWhenItWasUpdated() {
        Caller.User user = phone.user();
        Project before = phone.project(user);
        phone.clock.advance(Duration.ofSeconds(1));
        Instant now = phone.clock.instant();
        var response = (ProjectsService.UpdateProjectResponse.Status200) phone.projects.updateProject(user, before.id(),
                new UpdateProjectRequest("Web shop"));
        Project after = new Project(before.id(), "Web shop", before.createdAt(), now);
        assertEquals(after, response.body().data());
        assertEquals(after, get(phone, user, before.id()));
    }

    @Test
    void somebodyElsesProjectIsNotFound() {
        String id = phone.project(phone.user()).id();
        Caller.User stranger = phone.user();
        assertNotFound(() -> phone.projects.getProject(stranger, id));
        assertNotFound(() -> phone.projects.updateProject(stranger, id, new UpdateProjectRequest("Mine")));
        assertNotFound(() -> phone.projects.deleteProject(stranger, id));
        assertEquals(List.of(), list(stranger, 20, null).data());
    }

    @Test
    void aDeletedProjectIsGone() {
        Caller.User user = phone.user();
        String id = phone.project(user).id();
        var response = (ProjectsService.DeleteProjectResponse.Status200) phone.projects.deleteProject(user, id);
        assertEquals(id, response.body().data().id());
        assertTrue(response.body().data().deleted());
        assertNotFound(() -> phone.projects.getProject(user, id));
        assertNotFound(() -> phone.projects.deleteProject(user, id));
    }

    @Test
    void aProjectWithApplicationsStays() {
        Caller.User user = phone.user();
        String id = phone.project(user).id();
        ApplicationWithCredentials application = phone.application(user, id, Environment.TEST);
        ApiError error = assertThrows(ApiError.class, () -> phone.projects.deleteProject(user, id));
        assertEquals(409, error.status());
        assertEquals("The project still has applications — delete or move them first", error.getMessage());
        phone.applications.deleteApplication(user, application.id());
        phone.projects.deleteProject(user, id);
    }

    @Test
    void aListIsReadPageByPageNewestFirst() {
        Caller.User user = phone.user();
        List<String> created = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            created.addFirst(phone.project(user).id());
        }
        List<String> read = new ArrayList<>();
        ProjectPage page = list(user, 3, null);
        while (true) {
            assertTrue(page.data().size() <= 3);
            page.data().forEach(project -> read.add(project.id()));
            if (page.meta().nextCursor() == null) {
                break;
            }
            // What comes or goes meanwhile shifts nothing.
            phone.project(user);
            phone.projects.deleteProject(user, page.data().getLast().id());
            page = list(user, 3, page.meta().nextCursor());
        }
        assertEquals(created, read);
    }

    @Test
    void aFullLastPageHasNoNext() {
        Caller.User user = phone.user();
        phone.project(user);
        phone.project(user);
        assertNull(list(user, 2, null).meta().nextCursor());
    }

    @Test
    void aCursorOfAnotherUserIsRefused() {
        Caller.User user = phone.user();
        phone.project(user);
        phone.project(user);
        String cursor = list(user, 1, null).meta().nextCursor();
        ApiError error = assertThrows(ApiError.class, () -> list(phone.user(), 1, cursor));
        assertEquals(422, error.status());
    }

    @Test
    void noApplicationIsCreatedInADeletedProject() {
        for (int round = 0; round < Race.ROUNDS; round++) {
            assertNull(createAndDelete(phone), "round " + round);
        }
    }

    @Test
    void withoutLockAndForeignKeyAnApplicationIsLeftBehind() {
        UnaryOperator<Map<String, String>> statements = TestDatabase.withoutLock("project.lock");
        try (Features unguarded = new Features(kind.open(statements))) {
            unguarded.database.execute().createDmlStatement("ALTER TABLE application DROP CONSTRAINT application_project").execute();
            assertTrue(IntStream.range(0, 10 * Race.ROUNDS).anyMatch(round -> createAndDelete(unguarded) != null), "the guard changes nothing");
        }
    }

    /** Half create an application in a project, and the others delete the project. @return what went wrong; null when nothing did */
    private static String createAndDelete(Features phone) {
        Caller.User user = phone.user();
        String id = phone.project(user).id();
        List<Race.Outcome<Object>> outcomes = Race.run(i -> i % 2 == 0
                ? phone.application(user, id, Environment.TEST) : phone.projects.deleteProject(user, id));
        long created = outcomes.stream().filter(outcome -> outcome.result() instanceof ApplicationWithCredentials).count();
        long deleted = outcomes.stream().filter(outcome -> outcome.result() instanceof ProjectsService.DeleteProjectResponse).count();
        List<RuntimeException> others = outcomes.stream().map(Race.Outcome::failure)
                .filter(failure -> failure != null && !(failure instanceof ApiError)).toList();
        boolean fine = others.isEmpty() && (deleted == 0 && created == Race.THREADS / 2 || deleted == 1 && created == 0);
        return fine ? null : created + " created, " + deleted + " deleted, " + others;
    }

    private ProjectPage list(Caller.User user, int limit, String cursor) {
        return ((ProjectsService.ListProjectsResponse.Status200) phone.projects.listProjects(user, limit, cursor)).body();
    }

    private static Project get(Features phone, Caller.User user, String id) {
        return ((ProjectsService.GetProjectResponse.Status200) phone.projects.getProject(user, id)).body().data();
    }

    private static void assertNotFound(Executable request) {
        assertEquals(404, assertThrows(ApiError.class, request).status());
    }
}
