// SPDX-License-Identifier: Apache-2.0
package dev.phone.server;

import io.helidon.config.Config;
import io.helidon.config.ConfigException;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;

/** Starts the server from the command line. */
public final class Main {
    private static final int MISCONFIGURED = 2;

    private Main() {
    }

    public static void main(String[] arguments) {
        // What we print is UTF-8 wherever it is read; the locale of a terminal often is not.
        PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        PrintStream err = new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
        Logs.quiet();
        try {
            Config config = Settings.read(System.getenv());
            Logs.configure(Settings.debug(config), Settings.json(config));
            Phone phone = new Phone(config, Clock.systemUTC(), new SecureRandom()).start();
            Runtime.getRuntime().addShutdownHook(new Thread(phone::stop, "stop"));
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
}
