// SPDX-License-Identifier: Apache-2.0
package dev.phone.server;

import dev.phone.api.Codec;
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

/** What is logged: one line for each event, ours from INFO on (from DEBUG on if asked for), those of libraries from WARNING on. */
final class Logs {
    // A logger that nobody holds on to is forgotten, with its level.
    private static final Logger ROOT = Logger.getLogger("");
    private static final Logger OURS = Logger.getLogger("dev.phone");
    // It logs a stack trace when a port is taken; Phone says so in a line.
    private static final Logger HELIDON_START = Logger.getLogger("io.helidon.webserver.LoomServer");
    // It warns of every H2 that is newer than itself.
    private static final Logger FLYWAY_SUPPORT = Logger.getLogger("org.flywaydb.core.internal.database.base.Database");
    // It warns of each attempt to reconnect; RedisRateLimits says in a line that Redis is away, and in another that it is back.
    private static final Logger LETTUCE = Logger.getLogger("io.lettuce");

    private Logs() {
    }

    /** Before anything else is logged. */
    static void quiet() {
        System.setProperty("java.util.logging.SimpleFormatter.format", "%1$tFT%1$tT.%1$tL %4$s %3$s %5$s%6$s%n");
        // It would say on stderr that two threads made their first loggers at once.
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

    /** One object a line. {@code requestId} is there wherever a request is being handled; {@code error} is a stack trace. */
    static final class JsonLines extends Formatter {
        @Override
        public String format(LogRecord line) {
            JsonObjectBuilder json = Codec.object()
                    .add("time", Codec.text(line.getInstant()))
                    .add("level", line.getLevel().getName())
                    .add("logger", String.valueOf(line.getLoggerName()))
                    .add("message", formatMessage(line));
            if (HttpApi.REQUEST_ID.isBound()) {
                json.add("requestId", HttpApi.REQUEST_ID.get());
            }
            if (line.getThrown() != null) {
                StringWriter trace = new StringWriter();
                line.getThrown().printStackTrace(new PrintWriter(trace));
                json.add("error", trace.toString());
            }
            return json.build() + "\n";
        }
    }
}
