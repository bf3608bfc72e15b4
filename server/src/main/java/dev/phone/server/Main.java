// SPDX-License-Identifier: Apache-2.0
package dev.phone.server;

import io.helidon.config.Config;
import io.helidon.config.ConfigException;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;

/** Starts the server from the command line. */
public final class Main {
    private static final int MISCONFIGURED = 2;
    /** As that of {@code -XX:+ExitOnOutOfMemoryError}. */
    private static final int FAILED = 3;
    private static final long WATCH_MILLIS = 2_000;
    private static final String HELP = """
            java -jar phone-server.jar, with a Java 25: Phone's server. Without any settings it keeps a demo world in memory, at http://localhost:8080.

            Settings come from application.yaml in the working directory, environment variables and -D system properties; later ones override earlier ones:

              PHONE_HOST, PHONE_PORT                        where to listen: 127.0.0.1, 8080
              PHONE_DB_URL, PHONE_DB_USERNAME,              jdbc:postgresql://host/db or jdbc:h2:file:/path; in memory without
              PHONE_DB_PASSWORD
              PHONE_SECRET                                  at least 32 bytes, hex or base64; needed on PostgreSQL
              PHONE_AUTH_ISSUER, PHONE_AUTH_AUDIENCE        whose ID tokens count; development tokens without, on H2 only
              PHONE_DEMO                                    true or false: seed the demo world into an empty database
              PHONE_LIMITS=off                              no rate limits
              PHONE_LIMITS_REDIS_URL                        where several nodes count together
              PHONE_TRUSTED_PROXIES                         networks whose X-Forwarded-For counts

            server/README.md has the others. Documentation is at /docs, the contract at /openapi.json, health at /health/live and /health/ready.
            """;

    private Main() {
    }

    public static void main(String[] arguments) {
        // What we print is UTF-8 wherever it is read; the locale of a terminal often is not.
        PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        PrintStream err = new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
        if (List.of(arguments).contains("--help")) {
            out.print(HELP);
            return;
        }
        Logs.quiet();
        Thread.setDefaultUncaughtExceptionHandler((thread, thrown) -> {
            if (thrown instanceof OutOfMemoryError) {
                // Without a stop, which would need memory.
                Runtime.getRuntime().halt(FAILED);
            }
            System.getLogger(Main.class.getName()).log(Level.ERROR, "The thread " + thread.getName() + " has ended", thrown);
        });
        try {
            Config config = Settings.read(System.getenv());
            Logs.configure(Settings.debug(config), Settings.json(config));
            Phone phone = new Phone(config, Clock.systemUTC(), new SecureRandom()).start();
            Runtime.getRuntime().addShutdownHook(new Thread(phone::stop, "stop"));
            Thread.ofPlatform().daemon().name("watch").start(() -> watch(phone, err));
            out.print(Banner.of(phone));
        } catch (InvalidSetting e) {
            err.println(e.getMessage());
            System.exit(MISCONFIGURED);
        } catch (ConfigException e) {
            err.println("application.yaml cannot be read: " + e.getMessage().lines().findFirst().orElse(""));
            System.exit(MISCONFIGURED);
        } catch (IllegalStateException e) {
            err.println(e.getMessage());
            System.exit(1);
        }
    }

    /** Ends the process when a part of it has ended: whoever supervises it starts it anew, but would leave it as it is while it lives. */
    private static void watch(Phone phone, PrintStream err) {
        try {
            while (true) {
                Thread.sleep(WATCH_MILLIS);
                phone.failure().ifPresent(failure -> {
                    err.println("Phone ends, because " + failure);
                    Runtime.getRuntime().halt(FAILED);
                });
            }
        } catch (InterruptedException e) {
            // Nobody interrupts it.
        }
    }
}
