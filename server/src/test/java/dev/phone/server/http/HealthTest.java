// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.phone.api.Operations;
import org.junit.jupiter.api.Test;

/** What the platform that runs the server asks. */
class HealthTest {

    @Test
    void healthAndMetrics() throws Exception {
        try (TestApi api = TestApi.builder().route(Operations.LIST_PROJECTS, (caller, input) -> TestApi.OK).start()) {
            assertEquals(200, api.send(api.request("/health/live")).statusCode());
            assertEquals("{\"status\":\"UP\",\"checks\":[{\"name\":\"database\",\"status\":\"UP\"}]}", api.send(api.request("/health/ready")).body());
            api.send(api.console("/v1/projects"));
            String metrics = api.send(api.request("/metrics")).body();
            assertTrue(metrics.contains("phone_requests_seconds_count{operation=\"listProjects\""), metrics);
        }
    }
}
