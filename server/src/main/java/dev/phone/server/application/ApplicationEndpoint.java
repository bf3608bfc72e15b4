// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.application;

import dev.phone.api.ApiError;
import dev.phone.api.Application;
import dev.phone.api.ApplicationStatus;
import dev.phone.api.ApplicationWithCredentials;
import dev.phone.api.ApplicationsService;
import dev.phone.api.Caller;
import dev.phone.api.CreateApplicationRequest;
import dev.phone.api.CredentialKind;
import dev.phone.api.Credentials;
import dev.phone.api.Page;
import dev.phone.api.PageRequest;
import dev.phone.api.RotateCredentialRequest;
import dev.phone.api.RotatedApplication;
import dev.phone.api.RotatedCredentials;
import dev.phone.api.UpdateApplicationRequest;
import dev.phone.server.project.ProjectStore;
import dev.phone.server.store.Database;
import dev.phone.server.store.Ids;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.Objects;

/** Applications, for the user who owns their projects. */
public final class ApplicationEndpoint implements ApplicationsService {
    private final Database database;
    private final ApplicationStore applications;
    private final ProjectStore projects;
    private final Ids ids;
    private final SecureRandom random;
    private final Clock clock;

    public ApplicationEndpoint(Database database, ApplicationStore applications, ProjectStore projects, Ids ids, SecureRandom random,
            Clock clock) {
        this.database = database;
        this.applications = applications;
        this.projects = projects;
        this.ids = ids;
        this.random = random;
        this.clock = clock;
    }

    @Override
    public Page<Application> listApplications(Caller.User caller, String projectId, PageRequest page) {
        projects.find(caller.id(), projectId).orElseThrow(ApiError::notFound);
        return page.of(applications.list(projectId, page), Application::id);
    }

    @Override
    public ApplicationWithCredentials createApplication(Caller.User caller, String projectId, CreateApplicationRequest request) {
        Instant now = clock.instant();
        Credential clientId = Credential.random(Credential.Kind.CLIENT, request.environment(), random);
        Credential clientSecret = Credential.random(Credential.Kind.SECRET, request.environment(), random);
        Credential apiKey = Credential.random(Credential.Kind.API, request.environment(), random);
        Application a = new Application(ids.next("app"), projectId, request.name(), request.environment(),
                ApplicationStatus.ACTIVE, clientId.text(), clientSecret.preview(), apiKey.preview(), now, now);
        return database.transaction(tx -> {
            projects.lock(tx, caller.id(), projectId).orElseThrow(ApiError::notFound);
            applications.insert(tx, a, clientSecret.text(), apiKey.text());
            return new ApplicationWithCredentials(a.id(), a.projectId(), a.name(), a.environment(), a.status(), a.clientId(), a.clientSecretPreview(),
                    a.apiKeyPreview(), a.createdAt(), a.updatedAt(), new Credentials(clientId.text(), clientSecret.text(), apiKey.text()));
        });
    }

    @Override
    public Application getApplication(Caller.User caller, String applicationId) {
        return applications.find(caller.id(), applicationId).orElseThrow(ApiError::notFound);
    }

    @Override
    public Application updateApplication(Caller.User caller, String applicationId, UpdateApplicationRequest request) {
        Instant now = clock.instant();
        return database.transaction(tx -> {
            if (request.projectId() != null) {
                projects.lock(tx, caller.id(), request.projectId()).orElseThrow(ApiError::notFound);
            }
            Application before = applications.lock(tx, caller.id(), applicationId).orElseThrow(ApiError::notFound);
            Application after = before
                    .withProjectId(Objects.requireNonNullElse(request.projectId(), before.projectId()))
                    .withName(Objects.requireNonNullElse(request.name(), before.name()))
                    .withStatus(Objects.requireNonNullElse(request.status(), before.status()))
                    .withUpdatedAt(now);
            applications.update(tx, after);
            return after;
        });
    }

    @Override
    public RotatedApplication rotateCredential(Caller.User caller, String applicationId, RotateCredentialRequest request) {
        Instant now = clock.instant();
        Integer overlap = request.overlapSeconds();
        Instant oldUntil = overlap == null || overlap == 0 ? null : now.plusSeconds(overlap);
        boolean isApiKey = request.credential() == CredentialKind.API_KEY;
        return database.transaction(tx -> {
            Application before = applications.lock(tx, caller.id(), applicationId).orElseThrow(ApiError::notFound);
            Credential fresh = Credential.random(isApiKey ? Credential.Kind.API : Credential.Kind.SECRET, before.environment(), random);
            applications.rotate(tx, applicationId, request.credential(), fresh, oldUntil, now);
            Application a = (isApiKey ? before.withApiKeyPreview(fresh.preview()) : before.withClientSecretPreview(fresh.preview()))
                    .withUpdatedAt(now);
            return new RotatedApplication(a.id(), a.projectId(), a.name(), a.environment(), a.status(), a.clientId(), a.clientSecretPreview(),
                    a.apiKeyPreview(), a.createdAt(), a.updatedAt(), new RotatedCredentials(a.clientId(), isApiKey ? null : fresh.text(),
                    isApiKey ? fresh.text() : null));
        });
    }

    @Override
    public void deleteApplication(Caller.User caller, String applicationId) {
        database.transaction(tx -> {
            applications.lock(tx, caller.id(), applicationId).orElseThrow(ApiError::notFound);
            applications.delete(tx, applicationId);
            return null;
        });
    }
}
