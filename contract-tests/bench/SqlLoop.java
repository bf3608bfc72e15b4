// SPDX-License-Identifier: Apache-2.0

import dev.phone.server.store.Ids;
import dev.phone.server.store.Secrets;
import io.helidon.config.Config;
import io.helidon.config.ConfigSources;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What sendOtp and verifyOtp do to the database, and nothing else: the server's own statements, in the server's order, in a plain loop. One
 * thread and one connection each. URL SECRET API_KEY THREADS; commands come from standard input, and each is answered by a line:
 *
 * <pre>
 * prepare N FILE     writes N pending requests whose code is 123456, and their IDs to FILE
 * send SECONDS       sends OTPs; answers how many, and how many microseconds it took
 * verify SECONDS FILE
 * once send|verify [FILE]     one only
 * trace on|off       whether PostgreSQL logs every statement
 * known              from now on credentials are not looked up
 * </pre>
 */
final class SqlLoop {
    private static final Pattern NAMED = Pattern.compile("(?<!:):([a-zA-Z]+)");
    private static final long LIFETIME = 300;

    private static final Map<String, String> STATEMENTS = new HashMap<>();
    private static final Ids IDS = new Ids(Clock.systemUTC(), new SecureRandom());
    /** Beyond those that are sent to over HTTP. */
    private static final AtomicLong NUMBERS = new AtomicLong(600_000_000);

    private static Secrets secrets;
    private static byte[] apiKeyHash;
    /** The ID of the application, if it is known; else it is asked for each time. */
    private static volatile String known;

    private final Connection connection;
    private final Map<String, Named> statements = new HashMap<>();

    private SqlLoop(String url) throws SQLException {
        connection = DriverManager.getConnection(url);
    }

    /** A prepared statement with parameters that have names. */
    private static final class Named {
        private final List<String> names = new ArrayList<>();
        private final PreparedStatement statement;

        Named(Connection connection, String sql) throws SQLException {
            Matcher matcher = NAMED.matcher(sql);
            while (matcher.find()) {
                names.add(matcher.group(1));
            }
            statement = connection.prepareStatement(matcher.replaceAll("?"));
        }

        Named with(Object... namesAndValues) throws SQLException {
            for (int i = 0; i < namesAndValues.length; i += 2) {
                for (int position = 0; position < names.size(); position++) {
                    if (names.get(position).equals(namesAndValues[i])) {
                        statement.setObject(position + 1, namesAndValues[i + 1]);
                    }
                }
            }
            return this;
        }
    }

    private Named named(String name) throws SQLException {
        Named named = statements.get(name);
        if (named == null) {
            named = new Named(connection, STATEMENTS.get(name));
            statements.put(name, named);
        }
        return named;
    }

    /** The first column of the first row; null when there is none. All columns are read, as who asks for them reads them. */
    private static String first(Named query) throws SQLException {
        try (ResultSet rows = query.statement.executeQuery()) {
            if (!rows.next()) {
                return null;
            }
            for (int column = rows.getMetaData().getColumnCount(); column > 1; column--) {
                rows.getObject(column);
            }
            return rows.getString(1);
        }
    }

    private static OffsetDateTime now() {
        return Instant.now().atOffset(ZoneOffset.UTC);
    }

    /** As Authentication does. @return the ID of the application */
    private String authenticate() throws SQLException {
        if (known != null) {
            return known;
        }
        connection.setAutoCommit(true);
        Named byKey = named("application.find-by-api-key");
        byKey.statement.setBytes(1, apiKeyHash);
        return first(byKey);
    }

    /** As OtpEndpoint.sendOtp. */
    private void send() throws SQLException {
        String application = authenticate();
        connection.setAutoCommit(false);
        String number = number();
        first(named("otp.lock-application").with("id", application));
        if (first(named("otp.lock-active").with("activeKey", application + ' ' + number)) != null) {
            throw new IllegalStateException(number + " is taken");
        }
        String id = IDS.next("otp");
        OffsetDateTime now = now();
        request(id, application, number, apiKeyHash, now).statement.executeUpdate();
        first(named("webhook.lock-listening").with("applicationId", application, "type", "otp.sent"));
        message(id, number, now).statement.executeUpdate();
        connection.commit();
    }

    /** As OtpEndpoint.verifyOtp, with the right code. */
    private void verify(String id) throws SQLException {
        String application = authenticate();
        connection.setAutoCommit(false);
        OffsetDateTime now = now();
        if (first(named("otp.lock").with("id", id, "applicationId", application)) == null) {
            throw new IllegalStateException("no " + id);
        }
        named("otp.update").with("id", id, "status", "verified", "attemptsRemaining", 5, "codeHash", apiKeyHash, "activeKey", null,
                "expiresAt", now, "verifiedAt", now).statement.executeUpdate();
        named("message.delete").with("otpRequestId", id).statement.executeUpdate();
        first(named("webhook.lock-listening").with("applicationId", application, "type", "otp.verified"));
        connection.commit();
    }

    private Named request(String id, String application, String number, byte[] codeHash, OffsetDateTime now) throws SQLException {
        return named("otp.insert").with("id", id, "applicationId", application, "phoneNumber", number, "status", "pending",
                "attemptsRemaining", 5, "codeHash", codeHash, "metadata", "{}", "activeKey", application + ' ' + number,
                "createdAt", now, "expiresAt", now.plusSeconds(LIFETIME), "verifiedAt", null);
    }

    private Named message(String id, String number, OffsetDateTime now) throws SQLException {
        return named("message.insert").with("id", IDS.next("msg"), "otpRequestId", id, "phoneNumber", number,
                "applicationName", "Checkout test", "sealedCode", apiKeyHash, "receivedAt", now, "expiresAt", now.plusSeconds(LIFETIME));
    }

    private static String number() {
        String digits = Long.toString(NUMBERS.incrementAndGet());
        return "+999 " + digits.substring(0, 3) + ' ' + digits.substring(3, 6) + ' ' + digits.substring(6);
    }

    private void prepare(int count, Path file) throws Exception {
        String application = authenticate();
        connection.setAutoCommit(false);
        List<String> ids = new ArrayList<>(count);
        OffsetDateTime now = now();
        while (ids.size() < count) {
            for (int i = 0; i < 1_000; i++) {
                String id = IDS.next("otp");
                String number = number();
                request(id, application, number, secrets.hash(Secrets.Purpose.OTP_CODE, id, "123456"), now).statement.addBatch();
                message(id, number, now).statement.addBatch();
                ids.add(id);
            }
            named("otp.insert").statement.executeBatch();
            named("message.insert").statement.executeBatch();
            connection.commit();
        }
        Files.write(file, ids);
        try (Statement statement = connection.createStatement()) {
            connection.setAutoCommit(true);
            // Events are not what is measured.
            statement.execute("DELETE FROM webhook");
            statement.execute("ANALYZE");
            // Whoever comes first should not pay for what was prepared.
            statement.execute("CHECKPOINT");
        }
    }

    private void trace(String level) throws SQLException {
        connection.setAutoCommit(true);
        try (Statement statement = connection.createStatement()) {
            statement.execute("ALTER SYSTEM SET log_statement = " + level);
            statement.execute("SELECT pg_reload_conf()");
        }
    }

    private interface Work {
        void run(SqlLoop loop) throws SQLException;
    }

    /** @return how many, and how many microseconds */
    private static String run(ExecutorService threads, List<SqlLoop> loops, int seconds, Work work) throws Exception {
        AtomicLong total = new AtomicLong();
        long start = System.nanoTime();
        long end = start + TimeUnit.SECONDS.toNanos(seconds);
        List<Future<?>> running = new ArrayList<>();
        for (SqlLoop loop : loops) {
            running.add(threads.submit(() -> {
                long done = 0;
                while (System.nanoTime() < end) {
                    work.run(loop);
                    done++;
                }
                total.addAndGet(done);
                return null;
            }));
        }
        for (Future<?> one : running) {
            one.get();
        }
        return total + " " + TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - start);
    }

    private static Work verifying(String file) throws Exception {
        List<String> ids = Files.readAllLines(Path.of(file));
        AtomicInteger next = new AtomicInteger();
        return loop -> loop.verify(ids.get(next.getAndIncrement()));
    }

    public static void main(String[] arguments) throws Exception {
        String url = arguments[0];
        secrets = Secrets.of(HexFormat.of().parseHex(arguments[1]));
        apiKeyHash = secrets.hash(Secrets.Purpose.API_KEY, arguments[2]);
        for (String feature : List.of("application", "otp", "webhook", "number")) {
            STATEMENTS.putAll(Config.just(ConfigSources.classpath("sql/" + feature + ".yaml")).asMap().get());
        }
        SqlLoop alone = new SqlLoop(url + "&reWriteBatchedInserts=true");
        List<SqlLoop> loops = new ArrayList<>();
        while (loops.size() < Integer.parseInt(arguments[3])) {
            loops.add(new SqlLoop(url));
        }
        BufferedReader commands = new BufferedReader(new InputStreamReader(System.in));
        try (ExecutorService threads = Executors.newFixedThreadPool(loops.size())) {
            for (String line = commands.readLine(); line != null; line = commands.readLine()) {
                String[] command = line.split(" ");
                String answer = "done";
                switch (command[0]) {
                    case "prepare" -> alone.prepare(Integer.parseInt(command[1]), Path.of(command[2]));
                    case "known" -> known = alone.authenticate();
                    case "trace" -> alone.trace(command[1].equals("on") ? "'all'" : "'none'");
                    case "once" -> (command[1].equals("send") ? (Work) SqlLoop::send : verifying(command[2])).run(loops.getFirst());
                    case "send" -> answer = run(threads, loops, Integer.parseInt(command[1]), SqlLoop::send);
                    case "verify" -> answer = run(threads, loops, Integer.parseInt(command[1]), verifying(command[2]));
                    default -> throw new IllegalArgumentException(line);
                }
                System.out.println(answer);
            }
        } catch (Throwable e) {
            e.printStackTrace();
            System.exit(1);
        }
    }
}
