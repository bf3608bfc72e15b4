// SPDX-License-Identifier: Apache-2.0
package dev.phone.contracttests.pact;

import au.com.dius.pact.core.model.Interaction;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.logging.LogManager;
import java.util.stream.Collectors;

/**
 * {@code mvn -Ppacts}: whether the server and the mock honour the pacts of consumers, and whether the contract promises what they ask for.
 * Pacts come from a folder or file, or from a broker.
 */
public final class Main {
    private static final String USAGE = """
            Which pacts?
              mvn -Ppacts -Dpacts=DIR     pact files (V1.1 to V4): all in a folder, or one file
              PACT_BROKER_URL=https://… mvn -Ppacts
                                          those that a Pact broker has for us. PACT_BROKER_TOKEN, or PACT_BROKER_USERNAME and PACT_BROKER_PASSWORD.
                                          PACT_SELECTORS (JSON) says which; by default the main branch of each consumer, and what is deployed or released.
                                          PACT_PUBLISH=true publishes the results for PACT_PROVIDER_VERSION on PACT_PROVIDER_BRANCH.""";

    private final PrintStream out;
    private final Map<Verdict.Kind, Integer> counts = new EnumMap<>(Verdict.Kind.class);
    private int problems;
    private int pending;

    private Main(PrintStream out) {
        this.out = out;
    }

    public static void main(String[] arguments) {
        // What the server, the mock and pact-jvm log is not for whoever reads the verdicts.
        LogManager.getLogManager().reset();
        PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        System.exit(run(System.getProperty("pacts", ""), System.getenv(), out));
    }

    /**
     * @param pacts a folder or file; empty when they come from a broker
     * @return the exit code: 0 when all holds and is promised, 1 when not, 2 when there was nothing to try
     */
    static int run(String pacts, Map<String, String> environment, PrintStream out) {
        if (pacts.isBlank() && environment.getOrDefault("PACT_BROKER_URL", "").isBlank()) {
            out.println(USAGE);
            return 2;
        }
        try {
            return new Main(out).verify(pacts, environment);
        } catch (PactProblem e) {
            out.println("ERROR " + e.getMessage());
            return 2;
        }
    }

    private int verify(String pacts, Map<String, String> environment) {
        Broker broker = pacts.isBlank() ? new Broker(environment) : null;
        List<LoadedPact> loaded = broker == null ? read(Path.of(pacts)) : broker.pacts();
        try (PactRun run = new PactRun()) {
            for (LoadedPact pact : loaded) {
                Map<Interaction, Map<String, Verdict>> verdicts = verify(run, pact);
                if (broker != null) {
                    broker.publish(pact, verdicts).forEach(line -> out.println("  " + line));
                }
            }
        }
        return summary(loaded.size());
    }

    private List<LoadedPact> read(Path place) {
        List<LoadedPact> pacts = new ArrayList<>();
        for (Path file : LoadedPact.files(place)) {
            String name = Files.isDirectory(place) ? place.relativize(file).toString() : file.getFileName().toString();
            try {
                pacts.add(LoadedPact.read(file, name));
            } catch (PactProblem e) {
                problems++;
                out.println("ERROR " + name + " " + e.getMessage());
            }
        }
        return pacts;
    }

    private Map<Interaction, Map<String, Verdict>> verify(PactRun run, LoadedPact pact) {
        out.println(pact.name() + ": " + pact.pact().getConsumer().getName() + (pact.pending() ? " (pending: it may differ)" : ""));
        Map<Interaction, Map<String, Verdict>> verdicts = new LinkedHashMap<>();
        for (Interaction interaction : pact.pact().getInteractions()) {
            String states = interaction.getProviderStates().stream().map(state -> state.getName()).filter(name -> !name.isBlank())
                    .collect(Collectors.joining(", "));
            out.println("  " + interaction.getDescription() + (states.isEmpty() ? "" : " (" + states + ")"));
            boolean mayFail = pact.pending() || interaction.asV4Interaction().getPending();
            Map<String, Verdict> byTarget = new LinkedHashMap<>();
            for (String target : PactRun.targets()) {
                Verdict verdict = run.verify(target, interaction);
                out.printf("    %-8s%s%n", target, verdict.kind().words);
                if (!verdict.details().isEmpty() && byTarget.containsValue(verdict)) {
                    out.println("            the same");
                } else {
                    verdict.details().forEach(line -> out.println("            " + line));
                }
                byTarget.put(target, verdict);
                counts.merge(verdict.kind(), 1, Integer::sum);
                if (mayFail && failed(verdict.kind())) {
                    pending++;
                }
            }
            verdicts.put(interaction, byTarget);
        }
        return verdicts;
    }

    private static boolean failed(Verdict.Kind kind) {
        return kind != Verdict.Kind.HOLDS && kind != Verdict.Kind.NOT_BUILT;
    }

    private int summary(int pacts) {
        int failed = problems - pending;
        List<String> parts = new ArrayList<>();
        for (Verdict.Kind kind : Verdict.Kind.values()) {
            int count = counts.getOrDefault(kind, 0) + (kind == Verdict.Kind.ERROR ? problems : 0);
            if (count > 0) {
                parts.add(count + " " + kind.words);
            }
            if (failed(kind)) {
                failed += counts.getOrDefault(kind, 0);
            }
        }
        out.println();
        out.println(pacts + (pacts == 1 ? " pact: " : " pacts: ") + String.join(", ", parts) + (pending == 0 ? "" : " (" + pending + " of them pending)"));
        advice(Verdict.Kind.DIFFERS, "Differs: where only one target does, that target is wrong. Where both do, see the contract: it may have changed, or the pact asks for "
                + "something else.");
        advice(Verdict.Kind.NOT_PROMISED, "Not promised: use a matcher where the value is not yours to know, or ask for it to be written into the contract.");
        advice(Verdict.Kind.NOT_BUILT, "Not built yet: the contract has it and so has the mock; the server answers 501 until it follows.");
        return failed > 0 ? 1 : pacts == 0 ? 2 : 0;
    }

    private void advice(Verdict.Kind kind, String text) {
        if (counts.containsKey(kind)) {
            out.println(text);
        }
    }
}
