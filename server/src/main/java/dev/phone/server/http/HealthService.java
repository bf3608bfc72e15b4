// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.http;

import io.helidon.http.HeaderValues;
import io.helidon.http.Status;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerResponse;
import java.util.function.BooleanSupplier;

/** The public health checks for the platform: only whether the server is live and whether it is ready. */
record HealthService(HttpServer.Health health) implements HttpService {
    @Override
    public void routing(HttpRules rules) {
        rules.get("/health/live", (request, response) -> answer(response, health.alive()));
        rules.get("/health/ready", (request, response) -> answer(response, health.ready()));
    }

    private static void answer(ServerResponse response, BooleanSupplier up) {
        boolean is = up.getAsBoolean();
        response.status(is ? Status.OK_200 : Status.SERVICE_UNAVAILABLE_503).header(HeaderValues.CONTENT_TYPE_JSON);
        response.send(is ? "{\"status\":\"UP\"}" : "{\"status\":\"DOWN\"}");
    }
}
