// SPDX-License-Identifier: Apache-2.0
package dev.phone.server;

import dev.phone.api.ParentProcess;
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
    /** The same as with {@code -XX:+ExitOnOutOfMemoryError}. */
    private static final int FAILED = 3;
    private static final long WATCH_MILLIS = 2_000;
    private static final String HELP = """
            java -jar phone-server.jar: Phone's server, for Java 25. Without settings it serves a demo world from memory at http://localhost:8080.

            Settings come from application.yaml in the working directory, environment variables and -D system properties; later ones override earlier ones:

              PHONE_HOST, PHONE_PORT                        address and port to listen on; default 127.0.0.1, 8080
              PHONE_DB_URL, PHONE_DB_USERNAME,              jdbc:postgresql://host/db or jdbc:h2:file:/path; default in memory
              PHONE_DB_PASSWORD
              PHONE_SECRET                                  at least 32 bytes, hex or base64; required with PostgreSQL
              PHONE_AUTH_ISSUER, PHONE_AUTH_AUDIENCE        the accepted ID tokens; default development tokens, on H2 only
              PHONE_DEMO                                    true or false: seed the demo world into an empty database
              PHONE_LIMITS=off                              no rate limits
              PHONE_LIMITS_REDIS_URL                        the Redis in which several nodes share their limits
              PHONE_TRUSTED_PROXIES                         networks whose X-Forwarded-For is trusted

            server/README.md explains how to operate it. Documentation is at /docs, the contract at /openapi.json, health at /health/live and /health/ready.
            """;

    private Main() {
    }

    public static void main(String[] arguments) {
        // Print UTF-8 regardless of the locale, which is often not UTF-8.
        PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        PrintStream err = new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
        if (List.of(arguments).contains("--help")) {
            out.print(HELP);
            return;
        }
        ParentProcess.endWithItIfAsked();
        Logs.quiet();
        Thread.setDefaultUncaughtExceptionHandler((thread, thrown) -> {
            if (thrown instanceof OutOfMemoryError) {
                // Not a graceful stop, which would need memory.
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

    /** Ends the process when a part of it has failed, because a supervisor restarts only a process that has ended. */
    private static void watch(Phone phone, PrintStream err) {
        try {
            while (true) {
                Thread.sleep(WATCH_MILLIS);
                phone.failure().ifPresent(failure -> {
                    err.println("Phone exits: " + failure);
                    Runtime.getRuntime().halt(FAILED);
                });
            }
        } catch (InterruptedException e) {
            // Never happens: nothing interrupts this thread.
        }
    }
}
