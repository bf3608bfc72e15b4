// SPDX-License-Identifier: Apache-2.0
package dev.phone.mock;

import jakarta.json.Json;
import jakarta.json.JsonObjectBuilder;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
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

    @Option(names = "--ready-file", paramLabel = "FILE", description = "write FILE when the mock listens, and remove it when it stops: JSON with the"
            + " url, the port, the process ID and the credentials of the demo world")
    private Path readyFile;

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
            if (readyFile != null) {
                writeReadyFile(mock);
            }
            out.println(Banner.of(mock, options));
            return 0;
        } catch (RuntimeException e) {
            // The usual reasons, a port that is taken or a contract that is broken, need no stack trace.
            return refused(1, e.getMessage() == null ? e.toString() : e.getMessage());
        }
    }

    /** Whoever waits for the file finds all of it or nothing. */
    private void writeReadyFile(PhoneMock mock) {
        JsonObjectBuilder credentials = Json.createObjectBuilder();
        mock.engine().demo().credentials().forEach((name, headers) -> credentials.add(name, Json.createObjectBuilder(Map.copyOf(headers))));
        String ready = Json.createObjectBuilder().add("url", mock.url()).add("port", mock.port()).add("pid", ProcessHandle.current().pid())
                .add("credentials", credentials).build().toString();
        Path target = readyFile.toAbsolutePath();
        try {
            Path whole = Files.writeString(Files.createTempFile(target.getParent(), target.getFileName().toString(), null), ready);
            Files.move(whole, target, StandardCopyOption.ATOMIC_MOVE);
            target.toFile().deleteOnExit();
        } catch (IOException e) {
            mock.close();
            throw new UncheckedIOException("cannot write " + readyFile + ": " + e.getMessage(), e);
        }
    }
}
