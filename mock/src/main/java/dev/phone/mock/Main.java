// SPDX-License-Identifier: Apache-2.0
package dev.phone.mock;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The mock on the command line. */
@Command(name = "phone-mock", mixinStandardHelpOptions = true, sortOptions = false, showDefaultValues = true,
        description = "A mock of Phone's API that behaves as the contract says.")
public final class Main implements Callable<Integer> {
    private static final int DEFAULT_PORT = 4010;

    @Option(names = "--port", paramLabel = "PORT", description = "where to listen; 0 for any free port (environment: PHONE_MOCK_PORT)",
            defaultValue = "${env:PHONE_MOCK_PORT:-" + DEFAULT_PORT + "}")
    private int port;

    @Option(names = "--host", paramLabel = "ADDRESS", description = "the address to listen on; 0.0.0.0 for all", defaultValue = "127.0.0.1")
    private String host;

    @Option(names = "--contract", paramLabel = "FILE",
            description = "a contract to serve instead of the one in the jar; read again when it changes")
    private Path contract;

    @Option(names = "--stubs", paramLabel = "DIR",
            description = "a folder with WireMock stubs in DIR/mappings, which win over the contract; read again when they change")
    private Path stubs;

    @Option(names = "--delay", paramLabel = "MS", description = "how long every answer waits", defaultValue = "0")
    private int delay;

    @Option(names = "--seed", paramLabel = "N", description = "make IDs, secrets and codes the same on every start")
    private Long seed;

    @Option(names = "--stateless", description = "answer with the contract's examples and remember nothing")
    private boolean stateless;

    @Option(names = "--journal", description = "keep WireMock's journal of the last requests")
    private boolean journal;

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
        int status = new CommandLine(new Main(out)).setParameterExceptionHandler((e, all) -> {
            System.err.println("phone-mock: " + e.getMessage() + " (--help names the options)");
            return 2;
        }).execute(arguments);
        if (status != 0 || isHelp(arguments)) {
            System.exit(status);
        }
    }

    private static boolean isHelp(String[] arguments) {
        return Arrays.stream(arguments).anyMatch(Set.of("--help", "-h", "--version", "-V")::contains);
    }

    @Override
    public Integer call() {
        try {
            MockOptions options = new MockOptions().port(port).host(host).contract(contract).stubs(stubs).delay(delay)
                    .stateless(stateless).journal(journal).log(verbose ? out::println : null);
            if (seed != null) {
                options.seed(seed);
            }
            PhoneMock mock = PhoneMock.start(options);
            Runtime.getRuntime().addShutdownHook(new Thread(mock::close));
            out.println(Banner.of(mock, options));
            return 0;
        } catch (RuntimeException e) {
            // The usual reasons, a port that is taken or a contract that is broken, need no stack trace.
            System.err.println("phone-mock: " + (e.getMessage() == null ? e.toString() : e.getMessage()));
            return 1;
        }
    }
}
