// SPDX-License-Identifier: Apache-2.0

import dev.phone.contracttests.target.ApiProcess;
import dev.phone.contracttests.target.Issuer;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import redis.embedded.RedisServer;

/** Two nodes of the server, a PostgreSQL that is as durable as it comes, and a Redis; each a process that can be killed and started again. */
final class Cluster implements AutoCloseable {
    static final int NODES = 2;
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    final Issuer issuer = new Issuer();
    private final Path directory;
    private final Map<String, String> settings;
    private final AtomicReferenceArray<ApiProcess> nodes = new AtomicReferenceArray<>(NODES);
    private final int[] managementPorts = new int[NODES];
    private final int postgresPort = freePort();
    private final int redisPort = freePort();
    private final List<String> postgresCommand = new ArrayList<>();
    private Process postgres;
    private ProcessHandle redis;

    /** @param settings of the nodes, besides those that make them work together */
    Cluster(Path directory, Map<String, String> settings) throws Exception {
        this.directory = directory;
        this.settings = settings;
        try {
            makePostgres();
            startPostgres();
            startRedis();
            for (int node = 0; node < NODES; node++) {
                startNode(node);
            }
            await("both nodes count in Redis", PATIENCE, () -> limits(0).equals("shared") && limits(1).equals("shared"));
        } catch (Exception | Error e) {
            close();
            throw e;
        }
    }

    /** The library unpacks the binaries and makes the data directory; the process is ours. */
    private void makePostgres() throws IOException {
        Path binaries = directory.resolve("binaries");
        Path data = directory.resolve("data");
        EmbeddedPostgres.builder().setOverrideWorkingDirectory(binaries.toFile()).setDataDirectory(data).setCleanDataDirectory(false).start().close();
        if (System.getProperty("user.name").equals("root")) {
            // PostgreSQL refuses to be root.
            postgresCommand.addAll(List.of("unshare", "-U"));
        }
        try (Stream<Path> files = Files.walk(binaries)) {
            postgresCommand.add(files.filter(file -> file.endsWith("bin/postgres")).findFirst().orElseThrow().toString());
        }
        postgresCommand.addAll(List.of("-D", data.toString(), "-p", Integer.toString(postgresPort), "-c", "unix_socket_directories="));
    }

    void startPostgres() throws Exception {
        postgres = new ProcessBuilder(postgresCommand).redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(directory.resolve("postgres.log").toFile())).start();
        await("PostgreSQL", PATIENCE, () -> query("SELECT 1") == 1);
    }

    void killPostgres() {
        // Had one of its processes survived, it would not start again.
        List<ProcessHandle> all = Stream.concat(Stream.of(postgres.toHandle()), postgres.descendants()).toList();
        all.forEach(ProcessHandle::destroyForcibly);
        all.forEach(process -> process.onExit().join());
    }

    private String postgresUrl() {
        return "jdbc:postgresql://127.0.0.1:" + postgresPort + "/postgres";
    }

    /** A number out of the database; -1 when it does not answer. */
    long query(String sql) {
        try (Connection connection = DriverManager.getConnection(postgresUrl(), "postgres", ""); Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery(sql)) {
            found.next();
            return found.getLong(1);
        } catch (SQLException e) {
            return -1;
        }
    }

    void startRedis() throws IOException {
        List<ProcessHandle> before = ProcessHandle.current().children().toList();
        try {
            RedisServer.newRedisServer().port(redisPort).setting("bind 127.0.0.1").setting("save \"\"").build().start();
        } catch (IOException | RuntimeException e) {
            // That of the library needs what is not everywhere.
            new RedisServer(redisPort, List.of("redis-server", "--port", Integer.toString(redisPort), "--bind", "127.0.0.1", "--save", ""), false).start();
        }
        redis = ProcessHandle.current().children().filter(process -> !before.contains(process)).findFirst().orElseThrow();
    }

    void killRedis() {
        redis.destroyForcibly();
        redis.onExit().join();
    }

    void startNode(int node) throws Exception {
        managementPorts[node] = freePort();
        Map<String, String> environment = new HashMap<>(Map.of(
                "PHONE_DB_URL", postgresUrl(), "PHONE_DB_USERNAME", "postgres", "PHONE_SECRET", "00".repeat(32),
                "PHONE_AUTH_ISSUER", Issuer.NAME, "PHONE_AUTH_AUDIENCE", Issuer.AUDIENCE, "PHONE_AUTH_JWKS_URL", issuer.keysUrl(),
                // Nothing but death counts as being away, however busy this machine is.
                "PHONE_LIMITS_REDIS_URL", "redis://127.0.0.1:" + redisPort + "?timeout=5s", "PHONE_WEBHOOKS_LOCAL", "true",
                "PHONE_TRUSTED_PROXIES", "127.0.0.1", "PHONE_MANAGEMENT_PORT", Integer.toString(managementPorts[node])));
        environment.put("JAVA_TOOL_OPTIONS", "-Xmx256m");
        environment.putAll(settings);
        nodes.set(node, ApiProcess.start(directory, environment));
    }

    void killNode(int node) throws Exception {
        nodes.get(node).kill();
    }

    ApiProcess node(int node) {
        return nodes.get(node);
    }

    /** Whether a node counts in Redis: "shared" or "degraded". */
    String limits(int node) {
        String health = Api.get("http://127.0.0.1:" + managementPorts[node] + "/health");
        return health.contains("\"shared\"") ? "shared" : health.contains("\"degraded\"") ? "degraded" : health;
    }

    /** Whether a node is ready: what it answers to a load balancer. */
    boolean ready(int node) {
        return Api.get(nodes.get(node).url("/health/ready")).contains("UP");
    }

    /** @return the seconds that it took. @throws AssertionError when it takes longer than it may */
    static double await(String what, Duration most, BooleanSupplier condition) {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - start > most.toNanos()) {
                throw new AssertionError("not within " + most.toSeconds() + " s: " + what);
            }
            pause(20);
        }
        return (System.nanoTime() - start) / 1e9;
    }

    static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        for (int node = 0; node < NODES; node++) {
            if (nodes.get(node) != null) {
                nodes.get(node).close();
            }
        }
        if (redis != null) {
            killRedis();
        }
        if (postgres != null) {
            killPostgres();
        }
        issuer.close();
    }
}
