// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.phone.api.Operations;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the platform that runs the server asks. */
class HealthTest {

    private static String get(int port, String path) throws Exception {
        return TestApi.CLIENT.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).timeout(Duration.ofSeconds(10)).build(),
                HttpResponse.BodyHandlers.ofString()).body();
    }

    @Test
    void healthAndMetrics() throws Exception {
        try (TestApi api = TestApi.builder().route(Operations.LIST_PROJECTS, (caller, input) -> TestApi.OK).start()) {
            int management = api.server().managementPort();
            assertEquals("{\"status\":\"UP\",\"checks\":[{\"name\":\"process\",\"status\":\"UP\"}]}", get(management, "/health/live"));
            assertEquals("{\"status\":\"UP\",\"checks\":[{\"name\":\"database\",\"status\":\"UP\"}]}", get(management, "/health/ready"));
            api.send(api.console("/v1/projects"));
            String metrics = get(management, "/metrics");
            assertTrue(metrics.contains("phone_requests_seconds_count{operation=\"listProjects\""), metrics);
        }
    }

    @Test
    void unfinishedRequestsDoNotKeepOperatorsOut() throws Exception {
        List<Wire> unfinished = new ArrayList<>();
        try (TestApi api = TestApi.builder().start()) {
            int management = api.server().managementPort();
            for (int i = 0; i < 250; i++) {
                unfinished.add(new Wire(management).send("GET /health HTTP/1.1\r\nHost: localhost\r\n"));
            }
            assertTrue(get(management, "/health/live").contains("UP"));
            assertTrue(get(management, "/health/ready").contains("UP"));
        } finally {
            for (Wire wire : unfinished) {
                wire.close();
            }
        }
    }

    /** A page could otherwise read them in an operator's browser, by DNS rebinding. */
    @Test
    void webPagesGetNothing() throws Exception {
        try (TestApi api = TestApi.builder().start()) {
            int management = api.server().managementPort();
            for (String host : List.of("localhost", "LOCALHOST:9", "127.0.0.1:" + management, "[::1]:1")) {
                assertEquals(200, status(management, "/metrics", "Host: " + host), host);
                assertEquals(403, status(management, "/metrics", "Host: " + host + "\r\nOrigin: http://" + host), host);
            }
            for (String host : List.of("rebound.example", "rebound.example:" + management, "localhost.rebound.example", "127.0.0.1.rebound.example", "10.0.0.1")) {
                for (String path : List.of("/metrics", "/health", "/health/live", "/nowhere")) {
                    assertEquals(403, status(management, path, "Host: " + host), host);
                }
            }
        }
    }

    private static int status(int port, String path, String headers) throws Exception {
        return Wire.exchange(port, "GET " + path + " HTTP/1.1\r\n" + headers + "\r\n\r\n").status();
    }

    @Test
    void thePublicLearnsNoMoreThanThatItIsUp() throws Exception {
        try (TestApi api = TestApi.builder().start()) {
            assertEquals("{\"status\":\"UP\"}", api.send(api.request("/health/live")).body());
            assertEquals("{\"status\":\"UP\"}", api.send(api.request("/health/ready")).body());
            assertEquals(404, api.send(api.request("/health")).statusCode());
            assertEquals(404, api.send(api.request("/metrics")).statusCode());
        }
    }
}
