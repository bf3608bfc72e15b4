// SPDX-License-Identifier: Apache-2.0
package dev.phone.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.phone.server.http.HttpApi;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.StringReader;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;

class LogsTest {

    private static JsonObject line(LogRecord record) {
        String line = new Logs.JsonLines().format(record);
        assertEquals(line.length() - 1, line.indexOf('\n'), "one line: " + line);
        try (var reader = Json.createReader(new StringReader(line))) {
            return reader.readObject();
        }
    }

    @Test
    void eachLineIsAnObjectAndKnowsItsRequest() {
        LogRecord record = new LogRecord(Level.WARNING, "{0} is\n\"away\"");
        record.setLoggerName("dev.phone");
        record.setParameters(new Object[] {"Redis"});
        record.setThrown(new IllegalStateException("why"));
        JsonObject inside = ScopedValue.where(HttpApi.REQUEST_ID, "req_1").call(() -> line(record));
        assertEquals("req_1", inside.getString("requestId"));
        assertEquals("Redis is\n\"away\"", inside.getString("message"));
        assertEquals("WARNING", inside.getString("level"));
        assertTrue(inside.getString("error").contains("IllegalStateException: why"));
        assertTrue(inside.getString("time").endsWith("Z"));
        assertFalse(line(record).containsKey("requestId"), "no request is being handled");
    }

    /** Helidon writes them when the request is over, to a logger of this name for each listener. */
    @Test
    void accessLinesKnowTheirRequest() {
        LogRecord record = new LogRecord(Level.INFO, "192.0.2.7 POST /v1/otp/verify 200 3 req_01kf0ft54g2jr1kw7b3trjhc6a");
        record.setLoggerName("dev.phone.server.access.@default");
        assertEquals("req_01kf0ft54g2jr1kw7b3trjhc6a", line(record).getString("requestId"));
        record.setMessage("192.0.2.7 GET /health 200 3 -");
        assertFalse(line(record).containsKey("requestId"), "the management port gives none");
    }
}
