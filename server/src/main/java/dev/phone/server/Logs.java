// SPDX-License-Identifier: Apache-2.0
package dev.phone.server;

import dev.phone.api.Codec;
import dev.phone.server.http.AccessLog;
import dev.phone.server.http.HttpApi;
import jakarta.json.JsonObjectBuilder;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.logging.ConsoleHandler;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** Configures logging: one line per event; our own from INFO (or DEBUG if configured), those of libraries from WARNING. */
final class Logs {
    // Loggers without a strong reference are garbage-collected together with their level.
    private static final Logger ROOT = Logger.getLogger("");
    private static final Logger OURS = Logger.getLogger("dev.phone");
    // Logs a stack trace if a port is taken, for which Phone prints one line.
    private static final Logger HELIDON_START = Logger.getLogger("io.helidon.webserver.LoomServer");
    // Warns about every H2 version newer than itself.
    private static final Logger FLYWAY_SUPPORT = Logger.getLogger("org.flywaydb.core.internal.database.base.Database");
    // Warns on each attempt to reconnect; RedisRateLimits logs one line when Redis becomes unavailable, and one when it is back.
    private static final Logger LETTUCE = Logger.getLogger("io.lettuce");

    private Logs() {
    }

    /** Call this before anything is logged. */
    static void quiet() {
        System.setProperty("java.util.logging.SimpleFormatter.format", "%1$tFT%1$tT.%1$tL %4$s %3$s %5$s%6$s%n");
        // Otherwise it prints a message if two threads create their first loggers at the same time.
        System.setProperty("slf4j.internal.verbosity", "ERROR");
        ROOT.setLevel(Level.WARNING);
        HELIDON_START.setLevel(Level.OFF);
        FLYWAY_SUPPORT.setLevel(Level.SEVERE);
        LETTUCE.setLevel(Level.OFF);
    }

    /** @param json whether each line is an object, for programs that collect them */
    static void configure(boolean debug, boolean json) {
        OURS.setLevel(debug ? Level.FINE : Level.INFO);
        for (Handler handler : ROOT.getHandlers()) {
            if (handler instanceof ConsoleHandler) {
                handler.setLevel(Level.ALL);
                if (json) {
                    handler.setFormatter(new JsonLines());
                }
            }
        }
    }

    /** One JSON object per line. {@code requestId} is present in each line about a request; {@code error} is a stack trace. */
    static final class JsonLines extends Formatter {
        @Override
        public String format(LogRecord line) {
            JsonObjectBuilder json = Codec.object()
                    .add("time", Codec.text(line.getInstant()))
                    .add("level", line.getLevel().getName())
                    .add("logger", String.valueOf(line.getLoggerName()))
                    .add("message", formatMessage(line));
            String requestId = requestId(line);
            if (requestId != null) {
                json.add("requestId", requestId);
            }
            if (line.getThrown() != null) {
                StringWriter trace = new StringWriter();
                line.getThrown().printStackTrace(new PrintWriter(trace));
                json.add("error", trace.toString());
            }
            return json.build() + "\n";
        }

        /** Access lines are written when the request is over, and end with its ID. */
        private static String requestId(LogRecord line) {
            if (HttpApi.REQUEST_ID.isBound()) {
                return HttpApi.REQUEST_ID.get();
            }
            String message = line.getMessage();
            if (message == null || line.getLoggerName() == null || !line.getLoggerName().startsWith(AccessLog.LOGGER)) {
                return null;
            }
            String last = message.substring(message.lastIndexOf(' ') + 1);
            return last.startsWith("req_") ? last : null;
        }
    }
}
