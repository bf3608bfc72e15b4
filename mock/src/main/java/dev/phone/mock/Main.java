// SPDX-License-Identifier: Apache-2.0
package dev.phone.mock;

import dev.phone.api.ParentProcess;
import jakarta.json.Json;
import jakarta.json.JsonObjectBuilder;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The mock on the command line. */
@Command(name = "phone-mock", mixinStandardHelpOptions = true, versionProvider = Main.Version.class, showDefaultValues = true, usageHelpWidth = 80, synopsisHeading = "",
        customSynopsis = "phone-mock [OPTION]…", descriptionHeading = "%n", optionListHeading = "",
        description = "A mock of Phone's API that behaves as the contract says: it stores what you create, delivers OTPs to inboxes, enforces limits, and "
                + "has its own clock.",
        footer = {"", "Environment:",
            "  PHONE_MOCK_PORT       the port, if --port is not given",
            "  PHONE_LIMITS=off      no rate limits",
            "  PHONE_MOCK_JAVA_OPTS  options of the JVM, such as -Xmx256m (archive and npm)",
            "", "Examples:",
            "  phone-mock --port 0 --ready-file ready.json   for a script that waits for it",
            "  phone-mock --stubs stubs --delay 300          your WireMock stubs, slowly",
            "  phone-mock --seed 7                           the same IDs and codes each time",
            "  phone-mock --host 0.0.0.0 --admin-from 172.16.0.0/12        in a container",
            "", "Exit codes:",
            "  0    stopped by the admin API    1    cannot start, e.g. the port is taken",
            "  2    invalid options             3    out of memory",
            "  127  no Java was found (npm)     128+ ended by that signal"})
public final class Main implements Callable<Integer> {
    /** The largest edit distance at which an option is suggested. */
    private static final int MOST_TYPOS = 3;

    /** The groups of options in the help. */
    private enum Group {
        LISTEN("Listening", "--port", "--host", "--ready-file"),
        BEHAVE("Responses", "--contract", "--stubs", "--stateless", "--seed", "--delay"),
        ADMIN("Admin API and diagnostics", "--admin-from", "--admin-host", "--journal", "--no-bypass", "--verbose"),
        HELP("Help", "--help", "--version");

        final String heading;
        final List<String> options;

        Group(String heading, String... options) {
            this.heading = heading;
            this.options = List.of(options);
        }
    }

    /** The versions of the jar and of the contract in it. */
    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Main.class.getPackage().getImplementationVersion();
            return new String[] {"phone-mock " + (version == null ? "(not from its jar)" : version) + ", contract "
                    + Engine.read(null).json().getJsonObject("info").getString("version")};
        }
    }

    @Mixin
    private final MockOptions options = new MockOptions();

    @Option(names = "--verbose", description = "print every request with the reason for its response")
    private boolean verbose;

    @Option(names = "--ready-file", paramLabel = "FILE", description = "write FILE when the mock is listening, and delete it when it stops: JSON with"
            + " the url, the port, the process ID and the credentials of the demo world")
    private Path readyFile;

    private final PrintStream out;

    private Main(PrintStream out) {
        this.out = out;
    }

    public static void main(String[] arguments) {
        ParentProcess.endWithItIfAsked();
        // Parsing the options takes as long as reading the contract, so do both at once. The contract is nearly always the one in the jar.
        Thread.ofPlatform().daemon().start(() -> Engine.read(null));
        // Print UTF-8 regardless of the locale, which in a container is often not UTF-8.
        PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        CommandLine command = new CommandLine(new Main(out)).setParameterExceptionHandler((e, all) -> refused(2, said(e) + " (--help lists the options)"));
        command.getHelpSectionMap().put(CommandLine.Model.UsageMessageSpec.SECTION_KEY_OPTION_LIST, Main::options);
        int status = command.execute(arguments);
        if (status != 0) {
            System.exit(status);
        }
    }

    /** The options, by group. */
    private static String options(CommandLine.Help help) {
        CommandLine.Model.CommandSpec spec = help.commandSpec();
        StringBuilder text = new StringBuilder();
        for (Group group : Group.values()) {
            CommandLine.Help.Layout layout = help.createDefaultLayout(spec.options(), List.of(), help.colorScheme());
            layout.addAllOptions(group.options.stream().<CommandLine.Model.OptionSpec>map(spec::findOption).toList(), help.parameterLabelRenderer());
            text.append(System.lineSeparator()).append(group.heading).append(':').append(System.lineSeparator()).append(layout);
        }
        return text.toString();
    }

    private static String said(CommandLine.ParameterException e) {
        if (e instanceof CommandLine.UnmatchedArgumentException unmatched) {
            String unknown = unmatched.getUnmatched().getFirst().split("=")[0];
            return "there is no option " + unknown + e.getCommandLine().getCommandSpec().optionsMap().keySet().stream()
                    .filter(option -> option.startsWith("--") && distance(option, unknown) <= MOST_TYPOS).min(Comparator.comparingInt(option -> distance(option, unknown)))
                    .map(nearest -> "; did you mean " + nearest + '?').orElse("");
        }
        return (e.getCause() instanceof IllegalArgumentException ? e.getCause() : e).getMessage();
    }

    /** The Levenshtein distance. */
    private static int distance(String one, String other) {
        int[] row = IntStream.rangeClosed(0, other.length()).toArray();
        for (int i = 1; i <= one.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= other.length(); j++) {
                int change = diagonal + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(change, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[other.length()];
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
            // The usual reasons, a port that is taken or an invalid contract, need no stack trace.
            String message = e.getMessage() == null ? e.toString() : e.getMessage();
            return refused(1, options.port > 0 && causedBy(e, BindException.class) ? message + holder() : message);
        }
    }

    /** Which process has the port, and what to do. */
    private String holder() {
        return PortHolder.of(options.port).map(process -> " by " + process).orElse("")
                + ". Stop it, or choose another port, such as --port " + (options.port + 1) + ", or --port 0 for any free one.";
    }

    private static boolean causedBy(Throwable thrown, Class<?> type) {
        return thrown != null && (type.isInstance(thrown) || causedBy(thrown.getCause(), type));
    }

    /** Atomically: a reader sees the whole file or none. */
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
