// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.project;

import dev.phone.api.ApiError;
import dev.phone.api.Caller;
import dev.phone.api.CreateProjectRequest;
import dev.phone.api.Page;
import dev.phone.api.PageRequest;
import dev.phone.api.Project;
import dev.phone.api.ProjectsService;
import dev.phone.api.UpdateProjectRequest;
import dev.phone.server.store.Database;
import dev.phone.server.store.Ids;
import java.time.Clock;
import java.time.Instant;

/** Projects, for the user who owns them. */
public final class ProjectEndpoint implements ProjectsService {
    private final Database database;
    private final ProjectStore projects;
    private final Ids ids;
    private final Clock clock;

    public ProjectEndpoint(Database database, ProjectStore projects, Ids ids, Clock clock) {
        this.database = database;
        this.projects = projects;
        this.ids = ids;
        this.clock = clock;
    }

    @Override
    public Page<Project> listProjects(Caller.User caller, PageRequest page) {
        return page.of(projects.list(caller.id(), page), Project::id);
    }

    @Override
    public Project createProject(Caller.User caller, CreateProjectRequest request) {
        Instant now = clock.instant();
        Project project = new Project(ids.next("prj"), request.name(), now, now);
        return database.transaction(tx -> {
            projects.insert(tx, caller.id(), project);
            return project;
        });
    }

    @Override
    public Project getProject(Caller.User caller, String projectId) {
        return projects.find(caller.id(), projectId).orElseThrow(ApiError::notFound);
    }

    @Override
    public Project updateProject(Caller.User caller, String projectId, UpdateProjectRequest request) {
        Instant now = clock.instant();
        return database.transaction(tx -> {
            Project project = projects.lock(tx, caller.id(), projectId).orElseThrow(ApiError::notFound);
            projects.rename(tx, projectId, request.name(), now);
            return project.withName(request.name()).withUpdatedAt(now);
        });
    }

    @Override
    public void deleteProject(Caller.User caller, String projectId) {
        database.transaction(tx -> {
            projects.lock(tx, caller.id(), projectId).orElseThrow(ApiError::notFound);
            if (projects.hasApplications(tx, projectId)) {
                throw ApiError.conflict("The project still has applications — delete or move them first");
            }
            projects.delete(tx, projectId);
            return null;
        });
    }
}
