// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.store;

import io.helidon.config.Config;
import io.helidon.config.ConfigSources;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.UUID;
import java.util.function.UnaryOperator;

/** The databases that the stores are tested on. Every {@link #open} gives an empty one of its own. */
public enum TestDatabase {
    H2 {
        @Override
        Map<String, String> create(String name) {
            return Map.of("url", "jdbc:h2:mem:" + name);
        }
    },
    /** A real server, started once per JVM and ended with it. */
    POSTGRES {
        @Override
        Map<String, String> create(String name) {
            EmbeddedPostgres server = Server.RUNNING;
            try (Connection connection = server.getPostgresDatabase().getConnection(); Statement statement = connection.createStatement()) {
                statement.execute("CREATE DATABASE " + name);
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
            return Map.of("url", server.getJdbcUrl("postgres", name), "username", "postgres", "password", "postgres");
        }
    };

    private static final class Server {
        static final EmbeddedPostgres RUNNING = start();

        private static EmbeddedPostgres start() {
            try {
                return EmbeddedPostgres.start();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** @return what {@code phone.db} would be */
    abstract Map<String, String> create(String name);

    /** What {@code phone.db} would be for a new, empty database. */
    public Map<String, String> settings() {
        return create("phone_" + UUID.randomUUID().toString().replace("-", ""));
    }

    public Database open() {
        return open(UnaryOperator.identity());
    }

    /** @param statements takes a guard out of the named statements */
    public Database open(UnaryOperator<Map<String, String>> statements) {
        return Database.connect(Config.just(ConfigSources.create(settings())), statements).ready();
    }

    /** Takes the lock out of the statement called {@code name}. */
    public static UnaryOperator<Map<String, String>> withoutLock(String name) {
        return statements -> {
            String statement = statements.get(name);
            String unlocked = statement.replaceFirst("FOR (UPDATE|KEY SHARE)", "");
            if (unlocked.equals(statement)) {
                throw new IllegalArgumentException(name + " has no lock");
            }
            statements.put(name, unlocked);
            return statements;
        };
    }
}
