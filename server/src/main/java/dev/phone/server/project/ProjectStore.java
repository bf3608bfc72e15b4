// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.project;

import dev.phone.api.PageRequest;
import dev.phone.api.Project;
import dev.phone.server.store.Database;
import dev.phone.server.store.SignedCursors;
import dev.phone.server.store.Times;
import io.helidon.dbclient.DbExecute;
import io.helidon.dbclient.DbRow;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Projects in the database. With an owner, projects of other users are not found. */
public final class ProjectStore {
    private final Database database;

    public ProjectStore(Database database) {
        this.database = database;
    }

    public void insert(DbExecute tx, String owner, Project project) {
        tx.createNamedInsert("project.insert")
                .addParam("id", project.id())
                .addParam("owner", owner)
                .addParam("name", project.name())
                .addParam("createdAt", Times.toSql(project.createdAt()))
                .addParam("updatedAt", Times.toSql(project.updatedAt()))
                .execute();
    }

    public Optional<Project> find(String owner, String id) {
        return database.execute().createNamedGet("project.find").addParam("id", id).addParam("owner", owner).execute()
                .map(ProjectStore::project);
    }

    /** Like {@link #find}, and locks it against deletion and new applications until the transaction ends. */
    public Optional<Project> lock(DbExecute tx, String owner, String id) {
        return tx.createNamedGet("project.lock").addParam("id", id).addParam("owner", owner).execute().map(ProjectStore::project);
    }

    List<Project> list(String owner, PageRequest page) {
        return SignedCursors.select(page, database.execute().createNamedQuery("project.list"))
                .addParam("owner", owner)
                .execute().map(ProjectStore::project).toList();
    }

    void rename(DbExecute tx, String id, String name, Instant now) {
        tx.createNamedUpdate("project.rename")
                .addParam("id", id)
                .addParam("name", name)
                .addParam("updatedAt", Times.toSql(now))
                .execute();
    }

    boolean hasApplications(DbExecute tx, String id) {
        return tx.createNamedGet("project.has-applications").addParam("id", id).execute().isPresent();
    }

    void delete(DbExecute tx, String id) {
        tx.createNamedDelete("project.delete").addParam("id", id).execute();
    }

    /** Whether there is any project at all. */
    public boolean isEmpty() {
        return database.execute().createNamedGet("project.any").execute().isEmpty();
    }

    private static Project project(DbRow row) {
        return new Project(
                row.column("id").get(String.class),
                row.column("name").get(String.class),
                Times.read(row, "created_at"),
                Times.read(row, "updated_at"));
    }
}
