// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.helidon.config.Config;
import io.helidon.config.ConfigSources;
import io.helidon.dbclient.DbClient;
import io.helidon.dbclient.DbClientException;
import io.helidon.dbclient.DbExecute;
import io.helidon.dbclient.DbStatements;
import io.helidon.dbclient.DbTransaction;
import io.helidon.dbclient.jdbc.CloseableJdbcConnectionPool;
import io.helidon.dbclient.jdbc.JdbcClientBuilder;
import io.helidon.dbclient.jdbc.JdbcConnectionPool;
import java.io.File;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;

/**
 * The database: connections, tables, named statements ({@code sql/*.yaml}) and transactions. It is H2 or PostgreSQL; code
 * outside this class does not depend on which.
 *
 * <p>Isolation is READ COMMITTED on both. Races are prevented by a row lock ({@code FOR UPDATE}) or, if there is no
 * row yet, by a unique index. A transaction that loses a race on the index is retried, and then finds the winner's row.
 */
public final class Database implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Database.class.getName());
    private static final List<String> STATEMENTS = List.of("project", "application", "otp", "number", "idempotency", "sandbox", "log", "analytics",
            "webhook", "retention");
    /** How long a transaction that loses races is retried. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    /** Short, because callers prefer a quick failure. */
    private static final Duration CONNECTION_TIMEOUT = Duration.ofSeconds(10);
    private static final int LONGEST_PAUSE_MILLIS = 40;

    private static final String H2 = "jdbc:h2:";
    private static final Map<String, String> H2_OPTIONS = Map.of(
            "DATABASE_TO_LOWER", "TRUE",    // columns are called as they are in PostgreSQL
            "QUERY_CACHE_SIZE", "64",       // no statement need be parsed twice on a connection; 8 unless told
            "LOCK_TIMEOUT", "10000",        // many may wait for one row
            "TRACE_LEVEL_FILE", "0",        // what fails is in our log, and not in a file of H2's that all can read
            "WRITE_DELAY", "0",             // what is acknowledged is written
            "DB_CLOSE_DELAY", "-1",         // it is there until we close it, connections or not
            "DB_CLOSE_ON_EXIT", "FALSE");   // requests in flight still need it after SIGTERM

    // SQLSTATE codes, some of which are common to both databases. 90131 is H2's "concurrent update", 40P01 PostgreSQL's "deadlock detected".
    private static final String UNIQUE_VIOLATION = "23505";
    private static final Set<String> LOST_RACES = Set.of(UNIQUE_VIOLATION, "40001", "40P01", "90131");

    // The codes after H2 has closed itself, for example because it cannot write its file. It stays closed.
    private static final Set<String> CLOSED = Set.of("90098", "90121");
    /** With less free disk space than this, writes to an H2 file are refused: a failed write would close the database. */
    private static final long SPARE_BYTES = 16 << 20;

    private final FutureTask<DbClient> connecting;
    private final boolean h2;
    private final LongSupplier usableBytes;
    private volatile boolean full;
    private volatile boolean closedItself;
    private final ScopedValue<Current> current = ScopedValue.newInstance();

    /** The transaction of this thread. @param afterCommit actions to run after the commit */
    private record Current(DbTransaction transaction, List<Runnable> afterCommit) {
    }

    private Database(FutureTask<DbClient> connecting, boolean h2, LongSupplier usableBytes) {
        this.connecting = connecting;
        this.h2 = h2;
        this.usableBytes = usableBytes;
    }

    /** A write was refused because the disk is full. */
    private static final class DiskFullException extends RuntimeException {
        private static final long serialVersionUID = 1;

        DiskFullException() {
            // Without a stack trace, which would be useless and frequent.
            super("the disk of the database is full", null, false, false);
        }
    }

    /**
     * Starts connecting and migrating the tables in the background. Using the database before that is finished waits for it, and
     * fails like {@link #ready}.
     *
     * @param db {@code url}, and for PostgreSQL {@code username} and {@code password}
     */
    public static Database connect(Config db) {
        Optional<File> directory = PrivateFiles.ofH2(db.get("url").asString().get()).map(file -> file.toAbsolutePath().getParent().toFile());
        return connect(db, UnaryOperator.identity(), directory.<LongSupplier>map(it -> it::getUsableSpace).orElse(() -> Long.MAX_VALUE));
    }

    /** @param statements changes the named statements, for tests that show that a guard is necessary */
    static Database connect(Config db, UnaryOperator<Map<String, String>> statements) {
        return connect(db, statements, () -> Long.MAX_VALUE);
    }

    /** @param usableBytes the free space on the disk of an H2 file, in bytes */
    static Database connect(Config db, UnaryOperator<Map<String, String>> statements, LongSupplier usableBytes) {
        String url = withOptions(db.get("url").asString().get());
        FutureTask<DbClient> connecting = new FutureTask<>(() -> open(url, db, statements));
        Thread.ofPlatform().daemon().name("database").start(connecting);
        return new Database(connecting, url.startsWith(H2), usableBytes);
    }

    /**
     * Waits until the database can be used.
     *
     * @throws IllegalStateException if it cannot; the message says why and contains no password
     */
    public Database ready() {
        client();
        return this;
    }

    private DbClient client() {
        try {
            return connecting.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException known ? known : new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for the database", e);
        }
    }

    private static DbClient open(String url, Config db, UnaryOperator<Map<String, String>> statements) {
        String username = db.get("username").asString().orElse("");
        String password = db.get("password").asString().orElse("");
        try {
            PrivateFiles.createH2(url);
            Flyway.configure().dataSource(url, username, password).placeholders(Map.of("id", idType(url))).load().migrate();
        } catch (FlywayException | IOException e) {
            // Without URL parameters, which may contain a password.
            throw new IllegalStateException("The database " + url.replaceFirst("[;?].*", "") + " cannot be used: " + rootMessage(e), e);
        }
        DbStatements.Builder named = DbStatements.builder();
        statements.apply(statements(url)).forEach(named::addStatement);
        JdbcConnectionPool pool = new Pool(pool(url, username, password), url.startsWith(H2) ? "h2" : "postgresql");
        return JdbcClientBuilder.create().connectionPool(pool).statements(named.build()).build();
    }

    private static HikariDataSource pool(String url, String username, String password) {
        HikariConfig settings = new HikariConfig();
        settings.setPoolName("phone");
        settings.setJdbcUrl(url);
        settings.setUsername(username);
        settings.setPassword(password);
        settings.setConnectionTimeout(CONNECTION_TIMEOUT.toMillis());
        settings.setTransactionIsolation("TRANSACTION_READ_COMMITTED");
        return new HikariDataSource(settings);
    }

    /** HikariCP's connections for Helidon's client. */
    private record Pool(HikariDataSource connections, String dbType) implements CloseableJdbcConnectionPool {
        @Override
        public Connection connection() {
            try {
                return connections.getConnection();
            } catch (SQLException e) {
                throw new DbClientException("no connection to the database", e);
            }
        }

        @Override
        public void close() {
            connections.close();
        }
    }

    /** The column type of IDs, whose order must not depend on the locale; in H2 it never does. */
    private static String idType(String url) {
        return url.startsWith(H2) ? "VARCHAR" : "VARCHAR COLLATE \"C\"";
    }

    static Map<String, String> statements(String url) {
        Map<String, String> statements = new HashMap<>();
        STATEMENTS.forEach(feature -> statements.putAll(read("sql/" + feature + ".yaml")));
        if (url.startsWith(H2)) {
            statements.putAll(read("sql/h2.yaml"));
        }
        return statements;
    }

    private static Map<String, String> read(String resource) {
        return Config.just(ConfigSources.classpath(resource)).asMap().get();
    }

    private static String withOptions(String url) {
        if (!url.startsWith(H2)) {
            return url;
        }
        StringBuilder options = new StringBuilder(url);
        H2_OPTIONS.forEach((name, value) -> {
            if (!url.toUpperCase(Locale.ROOT).contains(";" + name + "=")) {
                options.append(';').append(name).append('=').append(value);
            }
        });
        return options.toString();
    }

    /**
     * Runs {@code work} as one transaction: everything is written, or, if it throws, nothing. Within another transaction of this thread it
     * becomes part of that one.
     *
     * @param work may run several times if it loses races, so it must have no side effects outside the database
     */
    public <T> T transaction(Function<DbExecute, T> work) {
        if (current.isBound()) {
            return work.apply(current.get().transaction);
        }
        long end = System.nanoTime() + PATIENCE.toNanos();
        for (int attempt = 1; ; attempt++) {
            try {
                return once(work);
            } catch (RuntimeException e) {
                if (!LOST_RACES.contains(sqlState(e)) || System.nanoTime() > end) {
                    throw e;
                }
                pause(attempt);
            }
        }
    }

    private void refuseWhenFull() {
        boolean before = full;
        full = usableBytes.getAsLong() < SPARE_BYTES;
        if (full != before) {
            LOG.log(System.Logger.Level.WARNING, full ? "The disk of the database is full: writes are refused until there are " + (SPARE_BYTES >> 20)
                    + " MB free" : "The disk of the database has free space again");
        }
        if (full) {
            throw new DiskFullException();
        }
    }

    private <T> T once(Function<DbExecute, T> work) {
        refuseWhenFull();
        DbTransaction transaction;
        try {
            transaction = client().transaction();
        } catch (RuntimeException e) {
            closedItself |= CLOSED.contains(sqlState(e));
            throw e;
        }
        List<Runnable> afterCommit = new ArrayList<>(0);
        T result;
        try {
            result = ScopedValue.where(current, new Current(transaction, afterCommit)).call(() -> work.apply(transaction));
        } catch (Throwable e) {
            closedItself |= CLOSED.contains(sqlState(e));
            try {
                transaction.rollback();
            } catch (RuntimeException alsoFailed) {
                e.addSuppressed(alsoFailed);
            }
            throw e;
        }
        transaction.commit();
        afterCommit.forEach(Runnable::run);
        return result;
    }

    /** Runs an action after the transaction of this thread is committed, but not after a rollback. The action must not throw. */
    public void afterCommit(Runnable action) {
        current.get().afterCommit.add(action);
    }

    private static void pause(int attempt) {
        try {
            Thread.sleep(ThreadLocalRandom.current().nextInt(1, Math.min(LONGEST_PAUSE_MILLIS, 2 << Math.min(attempt, 10)) + 1));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for another transaction", e);
        }
    }

    /** For a single read statement. Within a transaction of this thread it is part of that one. */
    public DbExecute execute() {
        return current.isBound() ? current.get().transaction : client().execute();
    }

    private static String sqlState(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql && sql.getSQLState() != null) {
                return sql.getSQLState();
            }
        }
        return "";
    }

    /** Whether the database is H2, within this process. */
    public boolean isEmbedded() {
        return h2;
    }

    /** Whether the embedded database has closed itself, so that only a new process can open it. */
    public boolean hasClosedItself() {
        return closedItself;
    }

    /** Whether the database answers, within a second. */
    public boolean isReady() {
        CompletableFuture<Boolean> answer = new CompletableFuture<>();
        Thread.startVirtualThread(() -> {
            try {
                answer.complete(client().execute().createGet("SELECT 1").execute().isPresent());
            } catch (RuntimeException e) {
                closedItself |= CLOSED.contains(sqlState(e));
                LOG.log(System.Logger.Level.WARNING, "The database does not answer: " + rootMessage(e));
                answer.complete(false);
            }
        });
        return answer.completeOnTimeout(false, 1, TimeUnit.SECONDS).join();
    }

    private static String rootMessage(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root.getMessage();
    }

    /** Closes the connections. A database in memory is lost. */
    @Override
    public void close() {
        if (h2) {
            client().execute().createDmlStatement("SET DB_CLOSE_DELAY 0").execute();
        }
        client().close();
    }
}
