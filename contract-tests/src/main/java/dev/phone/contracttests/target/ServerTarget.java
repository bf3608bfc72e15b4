// SPDX-License-Identifier: Apache-2.0
package dev.phone.contracttests.target;

import dev.phone.server.Phone;
import io.helidon.config.Config;
import io.helidon.config.ConfigSources;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The server in this process, with a test clock. */
public final class ServerTarget implements Target {
    /** How long a reset waits for pending writes of the server on a busy machine. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static final Object POSTGRES_LOCK = new Object();
    private static EmbeddedPostgres postgres;
    /** A development token; any other value is sent unchanged. */
    private static final Pattern DEVELOPMENT = Pattern.compile("(?<scheme>(?i:bearer) )(?<user>dev_[A-Za-z0-9_-]{1,64})");

    private final String name;
    private final Stopped clock = new Stopped();
    /** Null if development tokens are accepted. */
    private final Issuer issuer;
    private final Map<String, String> settings;
    private Phone phone;
    private final Connection database;
    private final List<String> tables = new ArrayList<>();

    private ServerTarget(String name, String url, Map<String, String> config) {
        this.name = name;
        Map<String, String> all = new TreeMap<>(config);
        all.put("phone.port", "0");
        all.put("phone.db.url", url);
        all.put("phone.db.username", name.endsWith("H2") ? "" : "postgres");
        all.put("phone.db.password", "");
        all.put("phone.demo", "true");
        // Receivers are on this machine, and retries follow the contract's schedule exactly.
        all.put("phone.webhooks.local", "true");
        all.put("phone.webhooks.jitter", "0");
        // Tests move the clock by weeks.
        all.put("phone.retention.days", "3650");
        if (name.endsWith("H2")) {
            issuer = null;
        } else {
            issuer = new Issuer();
            all.putAll(Map.of("phone.auth.issuer", Issuer.NAME, "phone.auth.audience", Issuer.AUDIENCE, "phone.auth.jwks-url", issuer.keysUrl()));
        }
        all.put("phone.secret", "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");
        settings = all;
        phone = started();
        try {
            database = name.endsWith("H2") ? DriverManager.getConnection(url + ";DATABASE_TO_LOWER=TRUE;LOCK_TIMEOUT=" + PATIENCE.toMillis(), "", "")
                    : DriverManager.getConnection(url, "postgres", "");
            keepTheDemoWorld();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** One at a time, because all servers of a process register their metrics in an unsynchronised map of Helidon. */
    private Phone started() {
        synchronized (ServerTarget.class) {
            return new Phone(Config.just(ConfigSources.create(settings), ConfigSources.classpath("application.yaml")), clock,
                    InstantSource.system(), new SecureRandom()).start();
        }
    }

    public static ServerTarget onH2(Map<String, String> config) {
        return new ServerTarget(TargetType.SERVER_ON_H2.toString(), "jdbc:h2:mem:proof" + NUMBER.incrementAndGet(), config);
    }

    public static ServerTarget onPostgres(Map<String, String> config) {
        String database = "proof" + NUMBER.incrementAndGet();
        try (Connection connection = postgres().getPostgresDatabase().getConnection(); Statement statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE " + database);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        return new ServerTarget(TargetType.SERVER_ON_POSTGRES.toString(), postgres().getJdbcUrl("postgres", database).replaceAll("\\?.*", ""), config);
    }

    /** PostgreSQL, shared by all targets, and started on first use. */
    private static EmbeddedPostgres postgres() {
        synchronized (POSTGRES_LOCK) {
            if (postgres == null) {
                try {
                    // A shutdown hook of its own would stop it while servers still use it, and these would wait for it.
                    postgres = EmbeddedPostgres.builder().setRegisterShutdownHook(false).start();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
            return postgres;
        }
    }

    /** Stops PostgreSQL. All targets on it must have been closed. */
    static void stopPostgres() {
        synchronized (POSTGRES_LOCK) {
            if (postgres != null) {
                try {
                    postgres.close();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }

    /** Copies every table, so that a test can start from the demo world without starting a server. */
    private void keepTheDemoWorld() throws SQLException {
        try (Statement statement = database.createStatement()) {
            try (ResultSet found = statement.executeQuery("SELECT table_name FROM information_schema.tables "
                    + "WHERE lower(table_schema) = 'public' AND table_name NOT LIKE 'flyway%'")) {
                while (found.next()) {
                    tables.add(found.getString(1));
                }
            }
            statement.execute("CREATE SCHEMA kept");
            for (String table : tables) {
                statement.execute("CREATE TABLE kept.\"" + table + "\" AS SELECT * FROM public.\"" + table + "\"");
            }
        }
    }

    @Override
    public void reset() {
        // Deliveries in progress must not be written after the reset.
        settle();
        clock.reset();
        boolean limited = !"false".equals(settings.get("phone.limits.enabled"));
        if (limited) {
            phone.stop();
        } else {
            // Otherwise the last test's logs would be written after the reset.
            phone.flush();
        }
        restoreTheDemoWorld();
        if (limited) {
            // Rate-limit windows are in memory, and do not end when the clock goes back.
            phone = started();
        }
    }

    private void restoreTheDemoWorld() {
        boolean h2 = name.endsWith("H2");
        try (Statement statement = database.createStatement()) {
            // Tables are filled in any order. In H2 the setting is for the whole database, so it must be undone.
            statement.execute(h2 ? "SET REFERENTIAL_INTEGRITY FALSE" : "SET session_replication_role = replica");
            for (String table : tables) {
                statement.execute("DELETE FROM public.\"" + table + "\"");
                statement.execute("INSERT INTO public.\"" + table + "\" SELECT * FROM kept.\"" + table + "\"");
            }
            statement.execute(h2 ? "SET REFERENTIAL_INTEGRITY TRUE" : "SET session_replication_role = origin");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void advance(Duration duration) {
        settle();
        clock.offset = clock.offset.plus(duration);
        settle();
    }

    @Override
    public void moveClock(Duration duration) {
        clock.offset = clock.offset.plus(duration);
    }

    @Override
    public void settle() {
        phone.settle();
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public URI url() {
        return URI.create("http://localhost:" + phone.port());
    }

    @Override
    public String authorization(String development) {
        Matcher matcher = DEVELOPMENT.matcher(development);
        return issuer == null || !matcher.matches() ? development
                : matcher.group("scheme") + issuer.token(matcher.group("user"), clock.instant());
    }

    @Override
    public void close() {
        try {
            database.close();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        } finally {
            phone.stop();
            if (issuer != null) {
                issuer.close();
            }
        }
    }

    /** A clock that stands still until it is advanced. */
    private static final class Stopped extends Clock {
        private volatile Duration offset = Duration.ZERO;

        void reset() {
            offset = Duration.ZERO;
        }

        @Override
        public Instant instant() {
            return START.plus(offset);
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
