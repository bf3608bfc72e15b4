// SPDX-License-Identifier: Apache-2.0

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.File;
import java.nio.file.Path;

/**
 * A PostgreSQL of its own. DIRECTORY FSYNC. Prints its JDBC URL, and stops when it is told to or whoever started it is gone.
 *
 * <p>With FSYNC "on" it is as PostgreSQL comes, and a commit is on the disk when it is acknowledged: what the library starts for tests is not.
 */
final class Postgres {
    public static void main(String[] arguments) throws Exception {
        Path directory = Path.of(arguments[0]);
        ProcessBuilder.Redirect log = ProcessBuilder.Redirect.appendTo(directory.resolve("postgres.log").toFile());
        try (EmbeddedPostgres postgres = EmbeddedPostgres.builder()
                .setOverrideWorkingDirectory(new File(directory.toFile(), "binaries"))
                .setDataDirectory(directory.resolve("data"))
                .setServerConfig("fsync", arguments[1])
                .setServerConfig("synchronous_commit", arguments[1])
                .setErrorRedirector(log)
                .setOutputRedirector(log)
                .start()) {
            System.out.println(postgres.getJdbcUrl("postgres", "postgres"));
            ProcessHandle.current().parent().orElseThrow().onExit().join();
        }
    }
}
