// SPDX-License-Identifier: Apache-2.0
package dev.phone.mock;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The mock on the command line. */
@Command(name = "phone-mock", mixinStandardHelpOptions = true, sortOptions = false, showDefaultValues = true,
        description = "A mock of Phone's API that behaves as the contract says.")
public final class Main implements Callable<Integer> {
    @Mixin
    private final MockOptions options = new MockOptions();

    @Option(names = "--verbose", description = "print every request and why it was answered as it was")
    private boolean verbose;

    private final PrintStream out;

    private Main(PrintStream out) {
        this.out = out;
    }

    public static void main(String[] arguments) {
        // To read the options takes as long as to read the contract, which nearly always is that in the jar.
        Thread.ofPlatform().daemon().start(() -> Engine.read(null));
        // Our messages are UTF-8 wherever they are read; the locale of a container often is not.
        PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        int status = new CommandLine(new Main(out)).setParameterExceptionHandler((e, all) -> refused(2,
                (e.getCause() instanceof IllegalArgumentException ? e.getCause() : e).getMessage() + " (--help names the options)")).execute(arguments);
        if (status != 0) {
            System.exit(status);
        }
    }

    private static int refused(int status, String message) {
        System.err.println("phone-mock: " + message);
        return status;
    }

    @Override
    public Integer call() {
        try {
            options.log(verbose ? out::println : null).limits(!"off".equalsIgnoreCase(System.getenv("PHONE_LIMITS")));
            PhoneMock mock = PhoneMock.start(options);
            Runtime.getRuntime().addShutdownHook(new Thread(mock::close));
            out.println(Banner.of(mock, options));
            return 0;
        } catch (RuntimeException e) {
            // The usual reasons, a port that is taken or a contract that is broken, need no stack trace.
            return refused(1, e.getMessage() == null ? e.toString() : e.getMessage());
        }
    }
}
