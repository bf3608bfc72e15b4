// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.application;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.phone.api.ApiError;
import dev.phone.api.Application;
import dev.phone.api.ApplicationPage;
import dev.phone.api.ApplicationStatus;
import dev.phone.api.ApplicationWithCredentials;
import dev.phone.api.ApplicationsService;
import dev.phone.api.Caller;
import dev.phone.api.CreateApplicationRequest;
import dev.phone.api.CredentialKind;
import dev.phone.api.Environment;
import dev.phone.api.RotateCredentialRequest;
import dev.phone.api.UpdateApplicationRequest;
import dev.phone.server.Features;
import dev.phone.server.store.TestDatabase;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.function.Executable;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class ApplicationTest {
    private final Features phone;
    private final Caller.User user;
    private final String projectId;

    ApplicationTest(TestDatabase kind) {
        phone = new Features(kind.open());
        user = phone.user();
        projectId = phone.project(user).id();
    }

    @AfterAll
    void close() {
        phone.close();
    }

    @Test
    void anApplicationIsCreatedWithCredentialsThatWork() {
        for (Environment environment : Environment.values()) {
            ApplicationWithCredentials created = phone.application(user, projectId, environment);
            assertEquals(ApplicationStatus.ACTIVE, created.status());
            assertEquals(environment, created.environment());
            assertEquals(created.clientId(), created.credentials().clientId());
            StoredCredentials stored = phone.applicationStore.findByApiKey(created.credentials().apiKey()).orElseThrow();
            assertEquals(Features.caller(created), stored.application());
            assertEquals(environment == Environment.TEST, stored.application().test());
            assertFalse(stored.suspended());
            assertEquals(1, stored.clientSecretHashes().size());
            assertArrayEquals(phone.applicationStore.hashOfClientSecret(created.credentials().clientSecret()),
                    stored.clientSecretHashes().getFirst());
        }
    }

    @Test
    void whatIsShownOnceIsNotShownAgain() {
        ApplicationWithCredentials created = phone.application(user, projectId, Environment.TEST);
        Application found = get(created.id());
        assertEquals(found, withoutCredentials(created));
        assertFalse(found.toString().contains(created.credentials().clientSecret()));
        assertFalse(found.toString().contains(created.credentials().apiKey()));
    }

    @Test
    void anUnknownApiKeyIsNobodys() {
        assertEquals(Optional.empty(), phone.applicationStore.findByApiKey("ph_test_api_" + "0".repeat(48)));
    }

    @Test
    void onlyWhatIsGivenIsChanged() {
        Application before = withoutCredentials(phone.application(user, projectId, Environment.TEST));
        phone.clock.advance(Duration.ofSeconds(1));
        assertEquals(new Application(before.id(), projectId, "Sandbox", before.environment(), before.status(), before.clientId(),
                before.clientSecretPreview(), before.apiKeyPreview(), before.createdAt(), phone.clock.instant()),
                update(before.id(), new UpdateApplicationRequest("Sandbox", null, null)));
        String other = phone.project(user).id();
        Application moved = update(before.id(), new UpdateApplicationRequest(null, null, other));
        assertEquals(other, moved.projectId());
        assertEquals("Sandbox", moved.name());
        assertEquals(moved, get(before.id()));
        assertEquals(List.of(moved), list(other, 20, null).data());
    }

    @Test
    void aSuspendedApplicationIsKnownAsSuspended() {
        ApplicationWithCredentials created = phone.application(user, projectId, Environment.TEST);
        update(created.id(), new UpdateApplicationRequest(null, ApplicationStatus.SUSPENDED, null));
        assertTrue(phone.applicationStore.findByApiKey(created.credentials().apiKey()).orElseThrow().suspended());
        update(created.id(), new UpdateApplicationRequest(null, ApplicationStatus.ACTIVE, null));
        assertFalse(phone.applicationStore.findByApiKey(created.credentials().apiKey()).orElseThrow().suspended());
    }

    @Test
    void itMovesOnlyToAProjectOfTheSameUser() {
        String id = phone.application(user, projectId, Environment.TEST).id();
        String foreign = phone.project(phone.user()).id();
        assertNotFound(() -> update(id, new UpdateApplicationRequest(null, null, foreign)));
        assertNotFound(() -> update(id, new UpdateApplicationRequest("Moved", null, "prj_01kdvdna006rw3hv72nj173n0s")));
        assertEquals(projectId, get(id).projectId());
        assertEquals("Checkout", get(id).name());
    }

    @Test
    void somebodyElsesApplicationIsNotFound() {
        String id = phone.application(user, projectId, Environment.TEST).id();
        Caller.User stranger = phone.user();
        assertNotFound(() -> phone.applications.getApplication(stranger, id));
        assertNotFound(() -> phone.applications.updateApplication(stranger, id, new UpdateApplicationRequest("Mine", null, null)));
        assertNotFound(() -> phone.applications.rotateCredential(stranger, id, new RotateCredentialRequest(CredentialKind.API_KEY, 0)));
        assertNotFound(() -> phone.applications.deleteApplication(stranger, id));
        assertNotFound(() -> phone.applications.listApplications(stranger, projectId, 20, null));
        assertNotFound(() -> phone.applications.createApplication(stranger, projectId, new CreateApplicationRequest("Mine", Environment.TEST)));
    }

    @Test
    void aRotatedCredentialStopsAtOnceOrAfterTheOverlap() {
        ApplicationWithCredentials created = phone.application(user, projectId, Environment.TEST);
        String firstKey = created.credentials().apiKey();

        ApplicationWithCredentials second = rotate(created.id(), CredentialKind.API_KEY, 3600);
        String secondKey = second.credentials().apiKey();
        assertNull(second.credentials().clientSecret());
        assertNotEquals(firstKey, secondKey);
        assertEquals(new Credential(secondKey).preview(), second.apiKeyPreview());
        assertEquals(created.clientSecretPreview(), second.clientSecretPreview());
        assertEquals(withoutCredentials(second), get(created.id()));
        phone.clock.advance(Duration.ofSeconds(3599));
        assertWorks(firstKey, true);
        assertWorks(secondKey, true);
        phone.clock.advance(Duration.ofSeconds(1));
        assertWorks(firstKey, false);
        assertWorks(secondKey, true);

        String thirdKey = rotate(created.id(), CredentialKind.API_KEY, 0).credentials().apiKey();
        assertWorks(secondKey, false);
        assertWorks(thirdKey, true);
    }

    @Test
    void onlyTheLastOldCredentialOverlaps() {
        ApplicationWithCredentials created = phone.application(user, projectId, Environment.TEST);
        String secondKey = rotate(created.id(), CredentialKind.API_KEY, 3600).credentials().apiKey();
        rotate(created.id(), CredentialKind.API_KEY, 3600);
        assertWorks(created.credentials().apiKey(), false);
        assertWorks(secondKey, true);
        // One that is revoked at once takes the older one with it.
        rotate(created.id(), CredentialKind.API_KEY, 0);
        assertWorks(secondKey, false);
    }

    @Test
    void anOldClientSecretOverlapsTheSameWay() {
        ApplicationWithCredentials created = phone.application(user, projectId, Environment.LIVE);
        ApplicationWithCredentials rotated = rotate(created.id(), CredentialKind.CLIENT_SECRET, 60);
        assertNull(rotated.credentials().apiKey());
        assertTrue(rotated.credentials().clientSecret().startsWith("ph_live_secret_"));
        assertEquals(new Credential(rotated.credentials().clientSecret()).preview(), rotated.clientSecretPreview());
        assertSecrets(created, rotated.credentials().clientSecret(), created.credentials().clientSecret());
        phone.clock.advance(Duration.ofSeconds(60));
        assertSecrets(created, rotated.credentials().clientSecret());
        String third = rotate(created.id(), CredentialKind.CLIENT_SECRET, 0).credentials().clientSecret();
        assertSecrets(created, third);
    }

    @Test
    void whatBelongsToADeletedApplicationGoesWithIt() {
        ApplicationWithCredentials created = phone.application(user, projectId, Environment.TEST);
        Caller.Application caller = Features.caller(created);
        String number = phone.number();
        phone.claim(user, number);
        String otp = phone.send(caller, number).id();
        assertEquals(1, phone.messages(user, number).size());
        phone.applications.deleteApplication(user, created.id());
        assertNotFound(() -> get(created.id()));
        assertNotFound(() -> phone.get(caller, otp));
        assertNotFound(() -> phone.otpRequests.getOtpRequest(user, otp));
        assertEquals(List.of(), phone.messages(user, number));
        assertWorks(created.credentials().apiKey(), false);
        assertEquals(401, assertThrows(ApiError.class, () -> phone.send(caller, number)).status(), "its credentials are good no longer");
    }

    @Test
    void aListIsReadPageByPageNewestFirst() {
        String project = phone.project(user).id();
        String first = phone.application(user, project, Environment.TEST).id();
        String second = phone.application(user, project, Environment.LIVE).id();
        ApplicationPage page = list(project, 1, null);
        assertEquals(List.of(second), page.data().stream().map(Application::id).toList());
        page = list(project, 1, page.meta().nextCursor());
        assertEquals(List.of(first), page.data().stream().map(Application::id).toList());
        assertNull(page.meta().nextCursor());
    }

    @Test
    void noSecretIsInTheDatabase() {
        ApplicationWithCredentials created = phone.application(user, projectId, Environment.TEST);
        StringBuilder columns = new StringBuilder();
        phone.database.execute().createGet("SELECT * FROM application WHERE id = :id").addParam("id", created.id()).execute().orElseThrow()
                .forEach(column -> {
                    Object value = column.get(Object.class);
                    columns.append(value instanceof byte[] bytes ? new String(bytes, StandardCharsets.ISO_8859_1) : value);
                });
        String row = columns.toString();
        assertTrue(row.contains(created.clientId()));
        assertFalse(row.contains(created.credentials().clientSecret().substring(15)));
        assertFalse(row.contains(created.credentials().apiKey().substring(12)));
    }

    private void assertWorks(String apiKey, boolean expected) {
        assertEquals(expected, phone.applicationStore.findByApiKey(apiKey).isPresent());
    }

    private void assertSecrets(ApplicationWithCredentials application, String... secrets) {
        List<byte[]> hashes = phone.applicationStore.findByApiKey(application.credentials().apiKey()).orElseThrow().clientSecretHashes();
        assertEquals(secrets.length, hashes.size());
        for (int i = 0; i < secrets.length; i++) {
            assertArrayEquals(phone.applicationStore.hashOfClientSecret(secrets[i]), hashes.get(i));
        }
    }

    private static Application withoutCredentials(ApplicationWithCredentials a) {
        return new Application(a.id(), a.projectId(), a.name(), a.environment(), a.status(), a.clientId(), a.clientSecretPreview(),
                a.apiKeyPreview(), a.createdAt(), a.updatedAt());
    }

    private Application get(String id) {
        return ((ApplicationsService.GetApplicationResponse.Status200) phone.applications.getApplication(user, id)).body().data();
    }

    private Application update(String id, UpdateApplicationRequest request) {
        return ((ApplicationsService.UpdateApplicationResponse.Status200) phone.applications.updateApplication(user, id, request)).body().data();
    }

    private ApplicationWithCredentials rotate(String id, CredentialKind kind, int overlapSeconds) {
        return ((ApplicationsService.RotateCredentialResponse.Status200) phone.applications.rotateCredential(user, id,
                new RotateCredentialRequest(kind, overlapSeconds))).body().data();
    }

    private ApplicationPage list(String project, int limit, String cursor) {
        return ((ApplicationsService.ListApplicationsResponse.Status200) phone.applications.listApplications(user, project, limit, cursor)).body();
    }

    private static void assertNotFound(Executable request) {
        assertEquals(404, assertThrows(ApiError.class, request).status());
    }
}
