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
 * The database: its connections, its tables, its named statements ({@code sql/*.yaml}) and its transactions. H2 or PostgreSQL; nothing
 * outside this class cares which.
 *
 * <p>Isolation is READ COMMITTED on both. What must not happen twice is guarded by a lock on a row ({@code FOR UPDATE}) or, where there is no
 * row yet, by a unique index. Whoever loses a race on the index begins its transaction anew, and then finds the row of whoever won.
 */
public final class Database implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Database.class.getName());
    private static final List<String> STATEMENTS = List.of("project", "application", "otp", "number", "idempotency", "sandbox", "log", "analytics",
            "webhook", "retention");
    /** How long a transaction that loses races is begun anew. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    /** Whoever calls would rather hear soon that it does not work. */
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

    // SQLSTATE: the two databases agree on some. 90131 is H2's "concurrent update", 40P01 PostgreSQL's "deadlock detected".
    private static final String UNIQUE_VIOLATION = "23505";
    private static final Set<String> LOST_RACES = Set.of(UNIQUE_VIOLATION, "40001", "40P01", "90131");

    // What H2 says when it has closed itself, as it does when a file cannot be written. It stays closed.
    private static final Set<String> CLOSED = Set.of("90098", "90121");
    /** With less than this on its disk, nothing more is written to an H2 file: a write that fails half way would close the database. */
    private static final long SPARE_BYTES = 16 << 20;

    private final FutureTask<DbClient> connecting;
    private final boolean h2;
    private final LongSupplier usableBytes;
    private volatile boolean full;
    private volatile boolean closedItself;
    private final ScopedValue<Current> current = ScopedValue.newInstance();

    /** The transaction of this thread. @param afterCommit what is to be done if it ends well */
    private record Current(DbTransaction transaction, List<Runnable> afterCommit) {
    }

    private Database(FutureTask<DbClient> connecting, boolean h2, LongSupplier usableBytes) {
        this.connecting = connecting;
        this.h2 = h2;
        this.usableBytes = usableBytes;
    }

    /** A write that was not begun, because the disk is full. */
    private static final class DiskFullException extends RuntimeException {
        private static final long serialVersionUID = 1;

        DiskFullException() {
            // Without a stack trace: it says nothing, and there will be many.
            super("the disk of the database is full", null, false, false);
        }
    }

    /**
     * Begins to connect, and to bring the tables up to date, while the caller does something else. Whoever uses the database before that is
     * done waits for it, and hears of a failure as from {@link #ready}.
     *
     * @param db {@code url}, and for PostgreSQL {@code username} and {@code password}
     */
    public static Database connect(Config db) {
        Optional<File> directory = PrivateFiles.ofH2(db.get("url").asString().get()).map(file -> file.toAbsolutePath().getParent().toFile());
        return connect(db, UnaryOperator.identity(), directory.<LongSupplier>map(it -> it::getUsableSpace).orElse(() -> Long.MAX_VALUE));
    }

    /** @param statements changes the named statements; for tests that show what a guard is good for */
    static Database connect(Config db, UnaryOperator<Map<String, String>> statements) {
        return connect(db, statements, () -> Long.MAX_VALUE);
    }

    /** @param usableBytes how much more the disk of an H2 file takes */
    static Database connect(Config db, UnaryOperator<Map<String, String>> statements, LongSupplier usableBytes) {
        String url = withOptions(db.get("url").asString().get());
        FutureTask<DbClient> connecting = new FutureTask<>(() -> open(url, db, statements));
        Thread.ofPlatform().daemon().name("database").start(connecting);
        return new Database(connecting, url.startsWith(H2), usableBytes);
    }

    /**
     * Waits until it can be used.
     *
     * @throws IllegalStateException when it cannot; the message says why and holds no password
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
            // Without what may hold a password.
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

    /** A text whose order does not depend on the locale; H2's never does. */
    private static String idType(String url) {
        return url.startsWith(H2) ? "VARCHAR" : "VARCHAR COLLATE \"C\"";
    }

    private static Map<String, String> statements(String url) {
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
     * Does {@code work} as one transaction: all of it is written, or, when it throws, nothing. Inside another transaction of this thread it
     * becomes part of that one.
     *
     * @param work may be done several times, because it lost a race; so it must have no effect but on the database
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
            LOG.log(System.Logger.Level.WARNING, full ? "The disk of the database is full: nothing is written until there are " + (SPARE_BYTES >> 20)
                    + " MB again" : "There is room on the disk of the database again");
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

    /** Has something done once the transaction of this thread is committed; if it is rolled back, not at all. Must not throw. */
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

    /** For a single statement that reads. Inside a transaction of this thread it is part of that one. */
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

    /** Whether it is embedded and has closed itself, so that only a new process can open it again. */
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

    /** Closes the connections. A database in memory is gone then. */
    @Override
    public void close() {
        if (h2) {
            client().execute().createDmlStatement("SET DB_CLOSE_DELAY 0").execute();
        }
        client().close();
    }
}
