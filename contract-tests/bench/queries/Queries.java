// SPDX-License-Identifier: Apache-2.0

import dev.phone.contracttests.target.Issuer;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.StringReader;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Times each list and analytics query over HTTP, once with few and once with many rows of one application over the same period, and prints a
 * table. Rows are made in the database, spread evenly over {@link #PERIOD}; what is rare is one row in each hundred thousand.
 */
final class Queries {
    private static final Duration PERIOD = Duration.ofHours(1_000);
    private static final int RUNS = 40;
    /** How long one query is measured at most. */
    private static final Duration LONGEST = Duration.ofSeconds(20);
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private final String jar;
    private final Path directory = Files.createTempDirectory("phone-queries");
    private final Issuer issuer = new Issuer();
    private Process server;
    private int port;
    private String bearer;

    private Queries(String jar) throws Exception {
        this.jar = jar;
        Runtime.getRuntime().addShutdownHook(new Thread(this::stop));
    }

    public static void main(String[] arguments) {
        try {
            run(arguments);
            System.exit(0);
        } catch (Exception e) {
            // The server and the issuer would go on.
            e.printStackTrace();
            System.exit(1);
        }
    }

    private static void run(String[] arguments) throws Exception {
        Logger.getLogger("").setLevel(Level.WARNING);
        List<String> rest = new ArrayList<>(Arrays.asList(arguments).subList(1, arguments.length));
        int h2 = rest.indexOf("h2");
        List<String> postgres = h2 < 0 ? rest : rest.subList(0, h2);
        Queries queries = new Queries(arguments[0]);
        if (h2 != 0) {
            queries.compare("PostgreSQL", rows(postgres, 10_000, 10_000_000));
        }
        if (h2 >= 0 || rest.isEmpty()) {
            queries.compare("H2", rows(h2 < 0 ? List.of() : rest.subList(h2 + 1, rest.size()), 10_000, 1_000_000));
        }
    }

    private static int[] rows(List<String> given, int few, int many) {
        return given.size() < 2 ? new int[] {few, many} : new int[] {Integer.parseInt(given.get(0)), Integer.parseInt(given.get(1))};
    }

    private void compare(String database, int[] rows) throws Exception {
        Map<String, Double> few = database.equals("H2") ? onH2(rows[0]) : onPostgres(rows[0]);
        Map<String, Double> many = database.equals("H2") ? onH2(rows[1]) : onPostgres(rows[1]);
        System.out.printf("%n| %s: milliseconds, median of at most %d | %,d rows | %,d rows | ratio |%n|---|---:|---:|---:|%n", database, RUNS, rows[0], rows[1]);
        few.forEach((name, time) -> System.out.printf("| %s | %.1f | %.1f | %.1f |%n", name, time, many.get(name), many.get(name) / time));
    }

    private Map<String, Double> onPostgres(int rows) throws Exception {
        try (EmbeddedPostgres postgres = EmbeddedPostgres.builder().setServerConfig("shared_buffers", "1GB").setServerConfig("fsync", "off")
                .setServerConfig("maintenance_work_mem", "1GB").setServerConfig("max_wal_size", "8GB").start()) {
            String url = postgres.getJdbcUrl("postgres", "postgres").replaceAll("\\?.*", "");
            start(Map.of("PHONE_DB_URL", url, "PHONE_DB_USERNAME", "postgres", "PHONE_SECRET", "00".repeat(32), "PHONE_AUTH_ISSUER", Issuer.NAME,
                    "PHONE_AUTH_AUDIENCE", Issuer.AUDIENCE, "PHONE_AUTH_JWKS_URL", issuer.keysUrl()));
            bearer = issuer.token("owner", Instant.now());
            String application = application();
            try (Connection connection = DriverManager.getConnection(url, "postgres", ""); Statement statement = connection.createStatement()) {
                Map<String, String> indexes = new LinkedHashMap<>();
                try (ResultSet found = statement.executeQuery("SELECT indexname, indexdef FROM pg_indexes WHERE tablename IN ('otp_request', "
                        + "'request_log') AND indexname NOT IN (SELECT conname FROM pg_constraint)")) {
                    while (found.next()) {
                        indexes.put(found.getString(1), found.getString(2));
                    }
                }
                for (String index : indexes.keySet()) {
                    statement.execute("DROP INDEX " + index);
                }
                fill(statement, application, "GENERATE_SERIES(1, " + rows + ")", rows, "* INTERVAL '1 microsecond'", "LPAD(i::text, 26, '0')",
                        "'\\x00'::bytea");
                for (String index : indexes.values()) {
                    statement.execute(index);
                }
                statement.execute("VACUUM ANALYZE");
                awaitTotals(statement, rows);
                statement.execute("VACUUM ANALYZE");
            }
            return measure(application);
        } finally {
            stop();
        }
    }

    private Map<String, Double> onH2(int rows) throws Exception {
        String url = "jdbc:h2:" + directory.resolve("rows" + rows);
        Map<String, String> environment = Map.of("PHONE_DB_URL", url, "PHONE_DEMO", "off");
        start(environment);
        bearer = "dev_owner";
        String application = application();
        stop();
        try (Connection connection = DriverManager.getConnection(url + ";DATABASE_TO_LOWER=TRUE", "", "");
                Statement statement = connection.createStatement()) {
            fill(statement, application, "(SELECT \"X\" AS i FROM SYSTEM_RANGE(1, " + rows + "))", rows, "* INTERVAL '0.000001' SECOND",
                    "LPAD(CAST(i AS VARCHAR), 26, '0')", "X'00'");
            statement.execute("ANALYZE");
        }
        start(environment);
        try {
            return measure(application);
        } finally {
            stop();
        }
    }

    /** @param micro turns a number into an interval @param id of row i @param hash any bytes */
    private static void fill(Statement statement, String application, String series, int rows, String micro, String id, String hash)
            throws Exception {
        Instant start = Instant.now().minus(PERIOD).minus(Duration.ofHours(1)).truncatedTo(ChronoUnit.HOURS);
        long step = PERIOD.toNanos() / 1_000 / rows;
        String at = "(CAST('" + start + "' AS TIMESTAMP WITH TIME ZONE) + CAST(i AS BIGINT) * " + step + " " + micro + ")";
        String rare = "MOD(i, 100000) = 77";
        say("filling " + rows + " rows");
        statement.execute("INSERT INTO otp_request (id, application_id, phone_number, status, attempts_remaining, code_hash, metadata, created_at, "
                + "expires_at, verified_at) SELECT 'otp_' || " + id + ", '" + application + "', CASE WHEN " + rare
                + " THEN '+999 482 918 102' ELSE '+999 700 000 000' END, CASE WHEN " + rare + " THEN 'cancelled' WHEN MOD(i, 10) = 1 THEN 'expired' "
                + "WHEN MOD(i, 10) = 2 THEN 'failed' ELSE 'verified' END, 5, " + hash + ", '{}', " + at + ", " + at
                + ", CASE WHEN MOD(i, 10) NOT IN (1, 2) AND NOT " + rare + " THEN " + at + " + MOD(i, 200000) * 1000 " + micro + " END FROM " + series + " AS i");
        statement.execute("INSERT INTO request_log (id, application_id, operation_id, method, path, status, error_code, duration_ms, created_at) "
                + "SELECT 'req_' || " + id + ", '" + application + "', CASE WHEN " + rare + " THEN 'cancelOtp' ELSE 'sendOtp' END, 'POST', "
                + "'/v1/otp/send', CASE WHEN " + rare + " THEN 500 ELSE 201 END, NULL, 5, " + at + " FROM " + series + " AS i");
    }

    /** The sweep of the server writes them. */
    private void awaitTotals(Statement statement, int rows) throws Exception {
        say("waiting for the running totals");
        // What is left after the last block has no total.
        for (long written = 0; written < rows - 5_000; ) {
            Thread.sleep(5_000);
            try (ResultSet found = statement.executeQuery("SELECT COALESCE(MAX(sent), 0) FROM otp_total")) {
                found.next();
                written = found.getLong(1);
            }
        }
    }

    private String application() throws Exception {
        String project = data(post("/v1/projects", "{\"name\":\"Shop\"}")).getString("id");
        for (int i = 0; i < 5; i++) {
            post("/v1/numbers", "{\"phoneNumber\":\"+999 600 000 00" + i + "\"}");
        }
        return data(post("/v1/projects/" + project + "/applications", "{\"name\":\"Checkout\",\"environment\":\"test\"}")).getString("id");
    }

    private Map<String, Double> measure(String application) throws Exception {
        say("measuring");
        Instant now = Instant.now();
        String otps = "/v1/applications/" + application + "/otp-requests?limit=20";
        String logs = "/v1/applications/" + application + "/logs?limit=20";
        String analytics = "/v1/applications/" + application + "/analytics";
        Instant first = now.minus(PERIOD).truncatedTo(ChronoUnit.SECONDS).plusMillis(417);
        Map<String, String> queries = new LinkedHashMap<>();
        queries.put("listProjects", "/v1/projects");
        queries.put("listNumbers", "/v1/numbers");
        queries.put("listMessages", "/v1/numbers/+999600000001/messages");
        queries.put("listOtpRequests", otps);
        queries.put("listOtpRequests, a later page", otps + "&cursor=" + cursor(otps));
        queries.put("listOtpRequests?status=verified", otps + "&status=verified");
        queries.put("listOtpRequests?status=cancelled, which is rare", otps + "&status=cancelled");
        queries.put("listOtpRequests?status=expired", otps + "&status=expired");
        queries.put("listOtpRequests?status=pending, of which there are none", otps + "&status=pending");
        queries.put("listOtpRequests?phoneNumber, which is rare", otps + "&phoneNumber=%2B999482918102");
        queries.put("listRequestLogs", logs);
        queries.put("listRequestLogs, a later page", logs + "&cursor=" + cursor(logs));
        queries.put("listRequestLogs?status=500, which is rare", logs + "&status=500");
        queries.put("listRequestLogs?operationId=cancelOtp, which is rare", logs + "&operationId=cancelOtp");
        queries.put("listRequestLogs?status=500&operationId=sendOtp, of which there are none", logs + "&status=500&operationId=sendOtp");
        queries.put("getAnalytics, 7 days", analytics);
        queries.put("getAnalytics, 7 days by hour", analytics + "?interval=hour");
        queries.put("getAnalytics, 1000 hours by hour", analytics + "?interval=hour&from=" + first + "&to=" + first.plus(PERIOD));
        queries.put("getAnalytics, 1000 days", analytics + "?from=" + now.minus(Duration.ofDays(1_000)) + "&to=" + now);
        queries.put("getAnalytics, a year ago", analytics + "?from=" + now.minus(Duration.ofDays(365)) + "&to=" + now.minus(Duration.ofDays(358)));
        Map<String, Double> times = new LinkedHashMap<>();
        for (int i = 0; i < 3; i++) {
            // All of them warm up before any is measured: one JVM serves them all.
            for (String path : queries.values()) {
                get(path);
            }
        }
        for (Map.Entry<String, String> query : queries.entrySet()) {
            List<Double> measured = new ArrayList<>(RUNS);
            double sum = 0;
            for (int i = -RUNS / 2; i < RUNS && (sum < LONGEST.toMillis() || measured.isEmpty()); i++) {
                long start = System.nanoTime();
                get(query.getValue());
                double time = (System.nanoTime() - start) / 1e6;
                sum += time;
                if (i >= 0 || sum >= LONGEST.toMillis()) {
                    measured.add(time);
                }
            }
            measured.sort(null);
            double median = measured.get(measured.size() / 2);
            times.put(query.getKey(), median);
            say("%8.1f ms  %s".formatted(median, query.getKey()));
        }
        return times;
    }

    private String cursor(String path) throws Exception {
        return json(get(path)).getJsonObject("meta").getString("nextCursor");
    }

    private static JsonObject data(String body) {
        return json(body).getJsonObject("data");
    }

    private static JsonObject json(String body) {
        try (var reader = Json.createReader(new StringReader(body))) {
            return reader.readObject();
        }
    }

    private String get(String path) throws Exception {
        return send(request(path).GET());
    }

    private String post(String path, String body) throws Exception {
        return send(request(path).header("content-type", "application/json").POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://localhost:" + port + path)).header("authorization", "Bearer " + bearer);
    }

    private static String send(HttpRequest.Builder request) throws Exception {
        HttpResponse<String> response = CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() / 100 != 2) {
            throw new IllegalStateException(response.uri() + " answers " + response.statusCode() + " " + response.body());
        }
        return response.body();
    }

    private void start(Map<String, String> environment) throws Exception {
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        ProcessBuilder builder = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx1g", "-jar", jar)
                .directory(directory.toFile()).redirectErrorStream(true).redirectOutput(directory.resolve("server.log").toFile());
        builder.environment().putAll(environment);
        builder.environment().putAll(Map.of("PHONE_PORT", String.valueOf(port), "PHONE_LIMITS", "off", "PHONE_RETENTION_ROWS", "0", "PHONE_RETENTION_DAYS", "100"));
        server = builder.start();
        for (int i = 0; i < 600; i++) {
            try {
                if (CLIENT.send(HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/health/ready")).build(),
                        HttpResponse.BodyHandlers.discarding()).statusCode() / 100 == 2) {
                    return;
                }
            } catch (java.io.IOException notYet) {
                Thread.sleep(100);
            }
        }
        throw new IllegalStateException("the server does not start; see " + directory.resolve("server.log"));
    }

    private void stop() {
        if (server != null) {
            server.destroy();
            server.onExit().join();
        }
    }

    private static void say(String text) {
        System.err.println(Instant.now().truncatedTo(ChronoUnit.SECONDS) + "  " + text);
    }
}
