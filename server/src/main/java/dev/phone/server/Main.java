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

/** Starts the server from the command line. */
public final class Main {
    private static final int MISCONFIGURED = 2;
    /** As that of {@code -XX:+ExitOnOutOfMemoryError}. */
    private static final int FAILED = 3;
    private static final long WATCH_MILLIS = 2_000;

    private Main() {
    }

    public static void main(String[] arguments) {
        // What we print is UTF-8 wherever it is read; the locale of a terminal often is not.
        PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        PrintStream err = new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
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
