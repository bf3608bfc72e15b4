// SPDX-License-Identifier: Apache-2.0
package dev.phone.contracttests.suite;

import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.phone.api.Operations;
import dev.phone.contracttests.target.ApiProcess;
import dev.phone.contracttests.target.Issuer;
import io.restassured.RestAssured;
import io.restassured.path.json.JsonPath;
import io.restassured.specification.RequestSpecification;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import redis.embedded.RedisServer;

/** Two processes of the server on one PostgreSQL and one Redis. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class NodesTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int SENDS = Operations.SEND_OTP.rateLimit().limit();
    /** What sends reach the API with, besides credentials. */
    private static final String OTP = "{\"phoneNumber\":\"+999 482 918 102\"}";

    private final Issuer issuer = new Issuer();
    private final List<ApiProcess> nodes = new ArrayList<>();
    private final List<Integer> managementPorts = new ArrayList<>();
    private EmbeddedPostgres postgres;
    private RedisServer redis;
    private int redisPort;
    @TempDir
    private static Path directory;

    @BeforeAll
    void start() throws Exception {
        try (ServerSocket free = new ServerSocket(0)) {
            redisPort = free.getLocalPort();
        }
        try {
            redis = redisServer();
            redis.start();
        } catch (IOException | RuntimeException e) {
            abort("no Redis runs here: " + e.getMessage());
        }
        postgres = EmbeddedPostgres.builder().start();
        Map<String, String> environment = Map.of(
                "PHONE_DB_URL", postgres.getJdbcUrl("postgres", "postgres").replaceAll("\\?.*", ""), "PHONE_DB_USERNAME", "postgres",
                "PHONE_SECRET", "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
                "PHONE_AUTH_ISSUER", Issuer.NAME, "PHONE_AUTH_AUDIENCE", Issuer.AUDIENCE, "PHONE_AUTH_JWKS_URL", issuer.keysUrl(),
                "PHONE_LIMITS_REDIS_URL", "redis://localhost:" + redisPort + "?timeout=20s", "PHONE_LIMITS_REQUESTS_LIMIT", "1000000");
        for (int node = 0; node < 2; node++) {
            try (ServerSocket free = new ServerSocket(0)) {
                managementPorts.add(free.getLocalPort());
            }
            Map<String, String> own = new HashMap<>(environment);
            own.put("PHONE_MANAGEMENT_PORT", managementPorts.getLast().toString());
            nodes.add(ApiProcess.start(directory, own));
        }
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!(limits(0).equals("shared") && limits(1).equals("shared"))) {
            assertTrue(System.nanoTime() < end, "Redis is not used");
        }
    }

    private RedisServer redisServer() throws IOException {
        return RedisServer.newRedisServer().port(redisPort).setting("bind 127.0.0.1").setting("save \"\"").build();
    }

    @AfterAll
    void stop() throws IOException {
        nodes.forEach(ApiProcess::close);
        issuer.close();
        if (postgres != null) {
            postgres.close();
        }
        if (redis != null) {
            redis.stop();
        }
    }

    private String url(int node, String path) {
        return nodes.get(node % 2).url(path);
    }

    private RequestSpecification owner() {
        return RestAssured.given().header("authorization", "Bearer " + issuer.token("owner", Instant.now())).contentType("application/json");
    }

    /** A new application, made on the first node. */
    private JsonPath application() {
        String project = owner().body("{\"name\":\"Shop\"}").post(url(0, "/v1/projects")).then().statusCode(201).extract().path("data.id");
        return owner().body("{\"name\":\"Checkout\",\"environment\":\"test\"}").post(url(0, "/v1/projects/" + project + "/applications"))
                .then().statusCode(201).extract().jsonPath();
    }

    private static RequestSpecification as(JsonPath application) {
        return RestAssured.given().contentType("application/json").header("x-client-id", application.getString("data.credentials.clientId"))
                .header("x-client-secret", application.getString("data.credentials.clientSecret"))
                .header("x-api-key", application.getString("data.credentials.apiKey"));
    }

    /** Many sends of one application on both nodes at once. @return the statuses */
    private List<Integer> sends(JsonPath application, int count) throws Exception {
        try (ExecutorService executor = Executors.newFixedThreadPool(8)) {
            List<Future<Integer>> sends = IntStream.range(0, count)
                    .mapToObj(i -> executor.submit(() -> as(application).body(OTP).post(url(i, "/v1/otp/send")).statusCode())).toList();
            List<Integer> statuses = new ArrayList<>();
            for (Future<Integer> send : sends) {
                statuses.add(send.get());
            }
            return statuses;
        }
    }

    private static long count(List<Integer> statuses, int status) {
        return statuses.stream().filter(each -> each == status).count();
    }

    private String limits(int node) {
        return RestAssured.get("http://localhost:" + managementPorts.get(node) + "/health").then().statusCode(200).extract().path("checks.find { it.name == 'rate-limits' }.data.state");
    }

    @Test
    void limitsAreExactAcrossNodes() throws Exception {
        for (int i = 0; i < 5; i++) {
            List<Integer> statuses = sends(application(), 3 * SENDS);
            assertEquals(SENDS, count(statuses, 201), statuses::toString);
            assertEquals(2 * SENDS, count(statuses, 429), statuses::toString);
        }
    }

    @Test
    void aKeyThatIsRevokedOnOneNodeIsRefusedByTheOtherAtOnce() {
        JsonPath application = application();
        for (int i = 0; i < 2; i++) {
            as(application).get(url(i, "/v1/users/+999482918102")).then().statusCode(404);
        }
        owner().body("{\"credential\":\"apiKey\"}").post(url(0, "/v1/applications/" + application.getString("data.id") + "/rotate"))
                .then().statusCode(200);
        as(application).get(url(1, "/v1/users/+999482918102")).then().statusCode(401);
    }

    @Test
    void anIdempotencyKeyIsGoodOnBothNodes() {
        JsonPath application = application();
        String id = as(application).header("Idempotency-Key", "one").body(OTP).post(url(0, "/v1/otp/send")).then().statusCode(201)
                .extract().path("data.id");
        as(application).header("Idempotency-Key", "one").body(OTP).post(url(1, "/v1/otp/send")).then().statusCode(201)
                .header("Idempotent-Replayed", "true").body("data.id", equalTo(id));
    }

    @Test
    void withoutRedisNobodyIsRefusedBecauseOfIt() throws Exception {
        try (ExecutorService executor = Executors.newSingleThreadExecutor()) {
            // In the middle of the load.
            Future<?> stopped = executor.submit(() -> {
                redis.stop();
                return null;
            });
            for (int i = 0; i < 5; i++) {
                List<Integer> statuses = sends(application(), 3 * SENDS);
                assertEquals(3 * SENDS, count(statuses, 201) + count(statuses, 429), statuses::toString);
                assertTrue(count(statuses, 201) >= SENDS, statuses::toString);
            }
            stopped.get();
        }
        List<Integer> alone = sends(application(), 4 * SENDS);
        assertEquals(2 * SENDS, count(alone, 201), "each node counts alone: " + alone);
        for (int node = 0; node < 2; node++) {
            assertEquals("degraded", limits(node));
            assertEquals(1, nodes.get(node).log().lines().filter(line -> line.contains("Redis is unavailable")).count(), nodes.get(node).log());
        }
        redis = redisServer();
        redis.start();
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!(limits(0).equals("shared") && limits(1).equals("shared"))) {
            assertTrue(System.nanoTime() < end, "Redis is not used again");
            sends(application(), 2);
        }
        assertEquals(SENDS, count(sends(application(), 4 * SENDS), 201));
    }
}
