// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.project;

import dev.phone.api.ApiError;
import dev.phone.api.Caller;
import dev.phone.api.CreateProjectRequest;
import dev.phone.api.Deleted;
import dev.phone.api.DeletedEnvelope;
import dev.phone.api.Project;
import dev.phone.api.ProjectEnvelope;
import dev.phone.api.ProjectPage;
import dev.phone.api.ProjectsService;
import dev.phone.api.UpdateProjectRequest;
import dev.phone.server.store.Cursors;
import dev.phone.server.store.Database;
import dev.phone.server.store.Ids;
import java.time.Clock;
import java.time.Instant;
import java.util.List;

/** Projects, for the user who owns them. */
public final class ProjectEndpoint implements ProjectsService {
    private final Database database;
    private final ProjectStore projects;
    private final Cursors cursors;
    private final Ids ids;
    private final Clock clock;

    public ProjectEndpoint(Database database, ProjectStore projects, Cursors cursors, Ids ids, Clock clock) {
        this.database = database;
        this.projects = projects;
        this.cursors = cursors;
        this.ids = ids;
        this.clock = clock;
    }

    @Override
    public ListProjectsResponse listProjects(Caller.User caller, Integer limit, String cursor) {
        Cursors.Listing listing = cursors.listing("listProjects", caller.id());
        List<Project> found = projects.list(caller.id(), listing.before(cursor), limit + 1);
        return new ListProjectsResponse.Status200(listing.page(found, limit, Project::id, ProjectPage::new));
    }

    @Override
    public CreateProjectResponse createProject(Caller.User caller, CreateProjectRequest request) {
        Instant now = clock.instant();
        Project project = new Project(ids.next("prj"), request.name(), now, now);
        return database.transaction(tx -> {
            projects.insert(tx, caller.id(), project);
            return new CreateProjectResponse.Status201(new ProjectEnvelope(project));
        });
    }

    @Override
    public GetProjectResponse getProject(Caller.User caller, String projectId) {
        return new GetProjectResponse.Status200(new ProjectEnvelope(
                projects.find(caller.id(), projectId).orElseThrow(ApiError::notFound)));
    }

    @Override
    public UpdateProjectResponse updateProject(Caller.User caller, String projectId, UpdateProjectRequest request) {
        Instant now = clock.instant();
        return database.transaction(tx -> {
            Project project = projects.lock(tx, caller.id(), projectId).orElseThrow(ApiError::notFound);
            projects.rename(tx, projectId, request.name(), now);
            return new UpdateProjectResponse.Status200(new ProjectEnvelope(
                    new Project(projectId, request.name(), project.createdAt(), now)));
        });
    }

    @Override
    public DeleteProjectResponse deleteProject(Caller.User caller, String projectId) {
        return database.transaction(tx -> {
            projects.lock(tx, caller.id(), projectId).orElseThrow(ApiError::notFound);
            if (projects.hasApplications(tx, projectId)) {
                throw ApiError.conflict("The project still has applications — delete or move them first");
            }
            projects.delete(tx, projectId);
            return new DeleteProjectResponse.Status200(new DeletedEnvelope(new Deleted(projectId, true)));
        });
    }
}
