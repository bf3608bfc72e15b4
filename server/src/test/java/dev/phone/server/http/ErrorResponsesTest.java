// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.phone.api.ApiError;
import dev.phone.api.Operations;
import dev.phone.api.OtpService;
import dev.phone.api.Route;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ErrorResponsesTest {
    private final List<LogRecord> logged = new CopyOnWriteArrayList<>();
    private final Logger logger = Logger.getLogger(ErrorResponses.class.getName());
    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord record) {
            logged.add(record);
        }

        @Override
        public void flush() {
        }

        @Override
        public void close() {
        }
    };

    @BeforeEach
    void watch() {
        logger.addHandler(handler);
        logger.setUseParentHandlers(false);
    }

    @AfterEach
    void unwatch() {
        logger.removeHandler(handler);
        logger.setUseParentHandlers(true);
    }

    private static HttpResponse<String> failing(RuntimeException failure) throws Exception {
        try (TestApi api = TestApi.builder().route(Operations.LIST_PROJECTS, TestApi.failing(failure)).start()) {
            return api.send(api.console("/v1/projects"));
        }
    }

    private void assertInternal(HttpResponse<String> response, String detail) {
        assertEquals(500, response.statusCode());
        assertEquals("{\"error\":{\"message\":\"Something went wrong on our side. It is safe to retry; if it persists, report the "
                + "x-request-id\",\"code\":\"INTERNAL_ERROR\"}}", response.body());
        // Whoever has the request ID finds the cause.
        assertEquals(1, logged.size());
        String id = response.headers().firstValue("x-request-id").orElseThrow();
        assertTrue(logged.getFirst().getMessage().startsWith(id + " "), logged.getFirst().getMessage());
        assertTrue((logged.getFirst().getMessage() + logged.getFirst().getThrown()).contains(detail), logged.getFirst().getMessage());
    }

    @Test
    void whatWeThrewByMistakeIsLoggedAndNotTold() throws Exception {
        assertInternal(failing(new IllegalStateException("password=hunter2")), "hunter2");
    }

    @Test
    void theDetailOfAnInternalErrorIsLoggedAndNotTold() throws Exception {
        assertInternal(failing(ApiError.internal("the disk is full", null)), "the disk is full");
    }

    @Test
    void aLogLineCannotBeForged() throws Exception {
        logger.setLevel(Level.FINE);
        try {
            failing(ApiError.invalid("/a\nFORGED\u202e", "additionalProperties", "is unknown"));
        } finally {
            logger.setLevel(null);
        }
        String line = new SimpleFormatter().formatMessage(logged.getFirst());
        assertTrue(line.contains("/a?FORGED? is unknown"), line);
    }

    @Test
    void whatTheOperationDoesNotDocumentDoesNotLeave() throws Exception {
        // Nobody can create a conflict by reading a list.
        assertInternal(failing(ApiError.conflict("surprise")), "listProjects does not document 409 surprise");
    }

    @Test
    void whatItDocumentsLeaves() throws Exception {
        HttpResponse<String> response = failing(ApiError.rateLimited("lists", Duration.ofMillis(41_001)));
        assertEquals(429, response.statusCode());
        assertEquals("42", response.headers().firstValue("retry-after").orElseThrow());
        assertEquals("{\"error\":{\"message\":\"Too many lists — retry in 42s\",\"code\":\"RATE_LIMITED\"}}", response.body());
        assertEquals(List.of(), logged);
    }

    @Test
    void whatIsNotBuiltSaysSoAfterItKnowsWhoAsks() throws Exception {
        Route route = OtpService.routes(new OtpService() { }, null).stream()
                .filter(r -> r.operation() == Operations.CALL_OTP).findFirst().orElseThrow();
        try (TestApi api = TestApi.builder().route(route.operation(), route.handler()).start()) {
            assertEquals(501, api.send(api.application("/v1/otp/call").POST(java.net.http.HttpRequest.BodyPublishers.noBody()))
                    .statusCode());
            assertEquals(401, api.send(api.request("/v1/otp/call").POST(java.net.http.HttpRequest.BodyPublishers.noBody()))
                    .statusCode());
        }
        // The contract documents what this one will answer, and not that it does not yet.
        try (TestApi api = TestApi.builder().route(Operations.LIST_DELIVERIES, TestApi.failing(ApiError.notImplemented())).start()) {
            assertEquals(501, api.send(api.console("/v1/webhooks/whk_01kerxspw0p7zvby4r04dxqryf/deliveries")).statusCode());
        }
    }

    @Test
    void aRequestIdIsOursAlone() throws Exception {
        try (TestApi api = TestApi.builder().route(Operations.LIST_PROJECTS, (caller, input) -> TestApi.OK).start()) {
            List<String> ids = List.of(
                    id(api, "/v1/projects"), id(api, "/v1/nowhere"), id(api, "/nowhere"), id(api, "/health/live"), id(api, "/docs"));
            assertEquals(ids.size(), ids.stream().distinct().count(), ids::toString);
            assertTrue(ids.stream().noneMatch(id -> id.equals("req_mine")), ids::toString);
        }
    }

    private static String id(TestApi api, String path) throws Exception {
        List<String> ids = api.send(api.console(path).header("x-request-id", "req_mine")).headers().allValues("x-request-id");
        assertEquals(1, ids.size(), path);
        return ids.getFirst();
    }
}
