// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.phone.api.Operations;
import jakarta.json.JsonValue;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the access log says of a request, and what it must not say. */
class AccessLogTest {
    private static final String NUMBER = "+999 482 918 102";

    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
    private final Logger logger = Logger.getLogger(AccessLog.LOGGER);
    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord record) {
            lines.add(new SimpleFormatter().formatMessage(record));
        }

        @Override
        public void flush() {
        }

        @Override
        public void close() {
        }
    };
    private TestApi api;

    @BeforeEach
    void start() {
        logger.setUseParentHandlers(false);
        logger.addHandler(handler);
        logger.setLevel(Level.INFO);
        api = TestApi.builder().logged().route(Operations.LIST_PROJECTS, (caller, input) -> TestApi.ok(JsonValue.EMPTY_JSON_OBJECT))
                .route(Operations.LIST_MESSAGES, (caller, input) -> TestApi.ok(JsonValue.EMPTY_JSON_OBJECT)).start();
    }

    @AfterEach
    void stop() {
        api.close();
        logger.removeHandler(handler);
        logger.setUseParentHandlers(true);
    }

    /** The line about a request, without its milliseconds. */
    private String line(HttpRequest.Builder request) throws Exception {
        var response = api.send(request);
        String line = lines.poll(10, TimeUnit.SECONDS);
        assertTrue(line.endsWith(' ' + response.headers().firstValue("x-request-id").orElse("-")), line);
        return line.substring(0, line.lastIndexOf(' ')).replaceFirst(" [0-9]+$", "");
    }

    @Test
    void namesTheOperation() throws Exception {
        assertEquals("127.0.0.1 GET /v1/projects 200", line(api.console("/v1/projects")));
        assertEquals("127.0.0.1 GET /v1/projects 401", line(api.request("/v1/projects")));
        assertEquals("127.0.0.1 GET /v1/projects 422", line(api.console("/v1/projects?limit=" + NUMBER.replace(" ", "").replace("+", ""))));
    }

    /** A preflight is a success for any path. */
    @Test
    void doesNotSayWhatAClientMadeUp() throws Exception {
        assertEquals("127.0.0.1 - 204", line(api.request("/v1/otp/verify_200_3_FORGED").method("OPTIONS", HttpRequest.BodyPublishers.noBody())
                .header("Origin", "http://x").header("Access-Control-Request-Method", "GET")));
        assertEquals("127.0.0.1 - 404", line(api.request("/FORGED")));
    }

    @Test
    void namesPages() throws Exception {
        assertEquals("127.0.0.1 GET /openapi.json 200", line(api.request("/openapi.json")));
    }

    @Test
    void saysNothingThatAClientMadeUp() throws Exception {
        String encoded = URLEncoder.encode(NUMBER, StandardCharsets.UTF_8).replace("+", "%20");
        assertEquals("127.0.0.1 GET /v1/numbers/{phoneNumber}/messages 200", line(api.console("/v1/numbers/" + encoded + "/messages")));
        for (String path : List.of("/v1/nothing/" + encoded, "/docs/%0d%0a127.0.0.1%20GET%20/v1/projects%20200", "/whsec_secret")) {
            assertEquals("127.0.0.1 - 404", line(api.console(path)));
        }
        assertEquals("127.0.0.1 - 404", line(api.console("/v1/projects").method("PHONE", HttpRequest.BodyPublishers.noBody())));
    }
}
