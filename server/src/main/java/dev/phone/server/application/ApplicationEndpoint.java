// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.application;

import dev.phone.api.ApiError;
import dev.phone.api.Application;
import dev.phone.api.ApplicationEnvelope;
import dev.phone.api.ApplicationPage;
import dev.phone.api.ApplicationStatus;
import dev.phone.api.ApplicationWithCredentials;
import dev.phone.api.ApplicationWithCredentialsEnvelope;
import dev.phone.api.ApplicationsService;
import dev.phone.api.Caller;
import dev.phone.api.CreateApplicationRequest;
import dev.phone.api.CredentialKind;
import dev.phone.api.Credentials;
import dev.phone.api.Deleted;
import dev.phone.api.DeletedEnvelope;
import dev.phone.api.RotateCredentialRequest;
import dev.phone.api.UpdateApplicationRequest;
import dev.phone.server.project.ProjectStore;
import dev.phone.server.store.Cursors;
import dev.phone.server.store.Database;
import dev.phone.server.store.Ids;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/** Applications, for the user who owns their projects. */
public final class ApplicationEndpoint implements ApplicationsService {
    private final Database database;
    private final ApplicationStore applications;
    private final ProjectStore projects;
    private final Cursors cursors;
    private final Ids ids;
    private final SecureRandom random;
    private final Clock clock;

    public ApplicationEndpoint(Database database, ApplicationStore applications, ProjectStore projects, Cursors cursors, Ids ids,
            SecureRandom random, Clock clock) {
        this.database = database;
        this.applications = applications;
        this.projects = projects;
        this.cursors = cursors;
        this.ids = ids;
        this.random = random;
        this.clock = clock;
    }

    @Override
    public ListApplicationsResponse listApplications(Caller.User caller, String projectId, Integer limit, String cursor) {
        Cursors.Listing listing = cursors.listing("listApplications", projectId);
        String before = listing.before(cursor);
        projects.find(caller.id(), projectId).orElseThrow(ApiError::notFound);
        List<Application> found = applications.list(projectId, before, limit + 1);
        return new ListApplicationsResponse.Status200(listing.page(found, limit, Application::id, ApplicationPage::new));
    }

    @Override
    public CreateApplicationResponse createApplication(Caller.User caller, String projectId, CreateApplicationRequest request) {
        Instant now = clock.instant();
        Credential clientId = Credential.random(Credential.Kind.CLIENT, request.environment(), random);
        Credential clientSecret = Credential.random(Credential.Kind.SECRET, request.environment(), random);
        Credential apiKey = Credential.random(Credential.Kind.API, request.environment(), random);
        Application application = new Application(ids.next("app"), projectId, request.name(), request.environment(),
                ApplicationStatus.ACTIVE, clientId.text(), clientSecret.preview(), apiKey.preview(), now, now);
        return database.transaction(tx -> {
            projects.lock(tx, caller.id(), projectId).orElseThrow(ApiError::notFound);
            applications.insert(tx, application, clientSecret.text(), apiKey.text());
            return new CreateApplicationResponse.Status201(
                    envelope(application, new Credentials(clientId.text(), clientSecret.text(), apiKey.text())));
        });
    }

    @Override
    public GetApplicationResponse getApplication(Caller.User caller, String applicationId) {
        return new GetApplicationResponse.Status200(new ApplicationEnvelope(
                applications.find(caller.id(), applicationId).orElseThrow(ApiError::notFound)));
    }

    @Override
    public UpdateApplicationResponse updateApplication(Caller.User caller, String applicationId, UpdateApplicationRequest request) {
        Instant now = clock.instant();
        return database.transaction(tx -> {
            if (request.projectId() != null) {
                projects.lock(tx, caller.id(), request.projectId()).orElseThrow(ApiError::notFound);
            }
            Application before = applications.lock(tx, caller.id(), applicationId).orElseThrow(ApiError::notFound);
            Application after = new Application(applicationId,
                    Objects.requireNonNullElse(request.projectId(), before.projectId()),
                    Objects.requireNonNullElse(request.name(), before.name()),
                    before.environment(),
                    Objects.requireNonNullElse(request.status(), before.status()),
                    before.clientId(), before.clientSecretPreview(), before.apiKeyPreview(), before.createdAt(), now);
            applications.update(tx, after);
            return new UpdateApplicationResponse.Status200(new ApplicationEnvelope(after));
        });
    }

    @Override
    public RotateCredentialResponse rotateCredential(Caller.User caller, String applicationId, RotateCredentialRequest request) {
        Instant now = clock.instant();
        Instant oldUntil = request.overlapSeconds() == 0 ? null : now.plusSeconds(request.overlapSeconds());
        boolean isApiKey = request.credential() == CredentialKind.API_KEY;
        return database.transaction(tx -> {
            Application before = applications.lock(tx, caller.id(), applicationId).orElseThrow(ApiError::notFound);
            Credential fresh = Credential.random(isApiKey ? Credential.Kind.API : Credential.Kind.SECRET, before.environment(), random);
            applications.rotate(tx, applicationId, request.credential(), fresh, oldUntil, now);
            Application after = new Application(applicationId, before.projectId(), before.name(), before.environment(), before.status(),
                    before.clientId(),
                    isApiKey ? before.clientSecretPreview() : fresh.preview(),
                    isApiKey ? fresh.preview() : before.apiKeyPreview(),
                    before.createdAt(), now);
            return new RotateCredentialResponse.Status200(envelope(after,
                    new Credentials(before.clientId(), isApiKey ? null : fresh.text(), isApiKey ? fresh.text() : null)));
        });
    }

    @Override
    public DeleteApplicationResponse deleteApplication(Caller.User caller, String applicationId) {
        return database.transaction(tx -> {
            applications.lock(tx, caller.id(), applicationId).orElseThrow(ApiError::notFound);
            applications.delete(tx, applicationId);
            return new DeleteApplicationResponse.Status200(new DeletedEnvelope(new Deleted(applicationId, true)));
        });
    }

    private static ApplicationWithCredentialsEnvelope envelope(Application a, Credentials credentials) {
        return new ApplicationWithCredentialsEnvelope(new ApplicationWithCredentials(a.id(), a.projectId(), a.name(), a.environment(),
                a.status(), a.clientId(), a.clientSecretPreview(), a.apiKeyPreview(), a.createdAt(), a.updatedAt(), credentials));
    }
}
