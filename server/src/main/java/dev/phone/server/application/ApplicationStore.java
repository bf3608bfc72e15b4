// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.application;

import dev.phone.api.Application;
import dev.phone.api.ApplicationStatus;
import dev.phone.api.Caller;
import dev.phone.api.CredentialKind;
import dev.phone.api.ApplicationEnvironment;
import dev.phone.api.PageRequest;
import dev.phone.server.auth.Authentication;
import dev.phone.server.auth.StoredCredentials;
import dev.phone.server.store.Database;
import dev.phone.server.store.Secrets;
import dev.phone.server.store.SignedCursors;
import dev.phone.server.store.Times;
import io.helidon.dbclient.DbExecute;
import io.helidon.dbclient.DbRow;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Applications in the database. With an owner, applications of other users are not found. */
public final class ApplicationStore implements Authentication.Applications {
    private static final System.Logger LOG = System.getLogger(ApplicationStore.class.getName());

    private final Database database;
    private final Secrets secrets;
    private final Clock clock;

    public ApplicationStore(Database database, Secrets secrets, Clock clock) {
        this.database = database;
        this.secrets = secrets;
        this.clock = clock;
    }

    /** The hash under which a client secret is stored. */
    private byte[] hashOfClientSecret(String clientSecret) {
        return secrets.hash(Secrets.Purpose.CLIENT_SECRET, clientSecret);
    }

    @Override
    public List<byte[]> hashesOfClientSecret(String clientSecret) {
        return secrets.hashes(Secrets.Purpose.CLIENT_SECRET, clientSecret);
    }

    /** One indexed read, or two if it is not the current key. */
    @Override
    public Optional<StoredCredentials> findByApiKey(String apiKey) {
        Instant now = clock.instant();
        List<byte[]> hashes = secrets.hashes(Secrets.Purpose.API_KEY, apiKey);
        DbExecute execute = database.execute();
        for (byte[] hash : hashes) {
            Optional<StoredCredentials> found = execute.createNamedGet("application.find-by-api-key").addParam(hash).execute()
                    .map(row -> credentials(row, now, hash != hashes.getFirst()))
                    .or(() -> execute.createNamedGet("application.find-by-old-api-key").addParam(hash).addParam(Times.toSql(now)).execute()
                            .map(row -> credentials(row, now, false)));
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    @Override
    public void renew(String id, String apiKey, String clientSecret) {
        try {
            renew("application.renew-api-key", id, secrets.hashes(Secrets.Purpose.API_KEY, apiKey));
            renew("application.renew-client-secret", id, hashesOfClientSecret(clientSecret));
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.WARNING, "The credentials of " + id + " cannot be hashed again; this is retried when they are next used", e);
        }
    }

    private void renew(String statement, String id, List<byte[]> hashes) {
        for (byte[] before : hashes.subList(1, hashes.size())) {
            database.transaction(tx -> tx.createNamedUpdate(statement).addParam("id", id).addParam("hash", hashes.getFirst()).addParam("before", before)
                    .execute());
        }
    }

    private byte[] hashOfApiKey(String apiKey) {
        return secrets.hash(Secrets.Purpose.API_KEY, apiKey);
    }

    private static StoredCredentials credentials(DbRow row, Instant now, boolean outdated) {
        byte[] current = row.column("client_secret_hash").get(byte[].class);
        Instant oldUntil = Times.read(row, "old_client_secret_until");
        return new StoredCredentials(
                new Caller.Application(
                        row.column("id").get(String.class),
                        row.column("project_id").get(String.class),
                        row.column("name").get(String.class),
                        row.column("client_id").get(String.class),
                        ApplicationEnvironment.of(row.column("environment").get(String.class)) == ApplicationEnvironment.TEST),
                ApplicationStatus.of(row.column("status").get(String.class)) == ApplicationStatus.SUSPENDED,
                oldUntil != null && now.isBefore(oldUntil)
                        ? List.of(current, row.column("old_client_secret_hash").get(byte[].class)) : List.of(current), outdated);
    }

    /** @param clientSecret in clear, like {@code apiKey}; stored as a hash */
    public void insert(DbExecute tx, Application application, String clientSecret, String apiKey) {
        tx.createNamedInsert("application.insert")
                .addParam("id", application.id())
                .addParam("projectId", application.projectId())
                .addParam("name", application.name())
                .addParam("environment", application.environment().text())
                .addParam("status", application.status().text())
                .addParam("clientId", application.clientId())
                .addParam("clientSecretPreview", application.clientSecretPreview())
                .addParam("clientSecretHash", hashOfClientSecret(clientSecret))
                .addParam("apiKeyPreview", application.apiKeyPreview())
                .addParam("apiKeyHash", hashOfApiKey(apiKey))
                .addParam("createdAt", Times.toSql(application.createdAt()))
                .addParam("updatedAt", Times.toSql(application.updatedAt()))
                .execute();
    }

    public Optional<Application> find(String owner, String id) {
        return database.execute().createNamedGet("application.find").addParam("id", id).addParam("owner", owner).execute()
                .map(ApplicationStore::application);
    }

    /** Like {@link #find}, and locks it against changes and deletion until the transaction ends. */
    public Optional<Application> lock(DbExecute tx, String owner, String id) {
        return tx.createNamedGet("application.lock").addParam("id", id).addParam("owner", owner).execute()
                .map(ApplicationStore::application);
    }

    List<Application> list(String projectId, PageRequest page) {
        return SignedCursors.select(page, database.execute().createNamedQuery("application.list"))
                .addParam("projectId", projectId)
                .execute().map(ApplicationStore::application).toList();
    }

    /** Writes name, status and project. */
    void update(DbExecute tx, Application application) {
        tx.createNamedUpdate("application.update")
                .addParam("id", application.id())
                .addParam("projectId", application.projectId())
                .addParam("name", application.name())
                .addParam("status", application.status().text())
                .addParam("updatedAt", Times.toSql(application.updatedAt()))
                .execute();
    }

    /** @param oldUntil until when the replaced credential works; null if it stops at once */
    void rotate(DbExecute tx, String id, CredentialKind kind, Credential credential, Instant oldUntil, Instant now) {
        tx.createNamedUpdate(kind == CredentialKind.API_KEY ? "application.rotate-api-key" : "application.rotate-client-secret")
                .addParam("id", id)
                .addParam("hash", kind == CredentialKind.API_KEY ? hashOfApiKey(credential.text()) : hashOfClientSecret(credential.text()))
                .addParam("preview", credential.preview())
                .addParam("oldUntil", Times.toSql(oldUntil))
                .addParam("updatedAt", Times.toSql(now))
                .execute();
    }

    /** Deletes an application with everything that belongs to it. */
    void delete(DbExecute tx, String id) {
        tx.createNamedDelete("application.delete").addParam("id", id).execute();
    }

    private static Application application(DbRow row) {
        return new Application(
                row.column("id").get(String.class),
                row.column("project_id").get(String.class),
                row.column("name").get(String.class),
                ApplicationEnvironment.of(row.column("environment").get(String.class)),
                ApplicationStatus.of(row.column("status").get(String.class)),
                row.column("client_id").get(String.class),
                row.column("client_secret_preview").get(String.class),
                row.column("api_key_preview").get(String.class),
                Times.read(row, "created_at"),
                Times.read(row, "updated_at"));
    }
}
