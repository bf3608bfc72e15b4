// SPDX-License-Identifier: Apache-2.0
package dev.phone.contracttests.pact;

import au.com.dius.pact.core.model.Interaction;
import java.io.ByteArrayOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.logging.LogManager;

/**
 * {@code mvn -Ppacts}: verifies pacts against the server and the mock, and checks that the contract promises what they expect. Pacts come from a
 * folder, a file or a broker.
 */
public final class Main {
    private static final String USAGE = """
                        Which pacts?
              mvn -Ppacts -Dpacts=DIR     pact files (V1.1 to V4): all in a folder, or one file
              PACT_BROKER_URL=https://… mvn -Ppacts
                                          the provider's pacts from a Pact broker, with PACT_BROKER_TOKEN, or PACT_BROKER_USERNAME and PACT_BROKER_PASSWORD.
                                          PACT_SELECTORS (JSON) selects them; by default each consumer's main branch, and deployed or released versions.
                                          PACT_PUBLISH=true publishes the results for PACT_PROVIDER_VERSION on PACT_PROVIDER_BRANCH.
                                          PACT_PUBLISH_CONTRACT=true also publishes the contract, and whether its examples come back as documented.""";

    private Main() {
    }

    public static void main(String[] arguments) {
        // Logs of the server, the mock and pact-jvm would clutter the verdicts.
        LogManager.getLogManager().reset();
        PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        System.exit(run(System.getProperty("pacts", ""), System.getenv(), out));
    }

    /**
     * @param pacts a folder or file; empty if the pacts come from a broker
     * @return the exit code: 0 if everything holds and is promised, 1 if not, 2 if there was nothing to verify
     */
    static int run(String pacts, Map<String, String> environment, PrintStream out) {
        if (pacts.isBlank() && environment.getOrDefault("PACT_BROKER_URL", "").isBlank()) {
            out.println(USAGE);
            return 2;
        }
        try {
            return verify(pacts, environment, new Table(out, UnaryOperator.identity()));
        } catch (PactProblem e) {
            out.println("ERROR " + e.getMessage());
            return 2;
        }
    }

    private static int verify(String pacts, Map<String, String> environment, Table table) {
        Broker broker = pacts.isBlank() ? new Broker(environment) : null;
        boolean isKept = true;
        if (broker != null && broker.publishesContract()) {
            ByteArrayOutputStream evidence = new ByteArrayOutputStream();
            isKept = ProviderContract.verify(new Table(new PrintStream(evidence, true, StandardCharsets.UTF_8), UnaryOperator.identity()));
            if (!isKept) {
                evidence.toString(StandardCharsets.UTF_8).lines().forEach(table::line);
            }
            table.line(broker.publishContract(isKept, evidence.toString(StandardCharsets.UTF_8)));
        }
        List<LoadedPact> loaded = broker == null ? table.read(Path.of(pacts)) : broker.pacts();
        try (PactRun run = new PactRun()) {
            for (LoadedPact pact : loaded) {
                Map<Interaction, Map<String, Verdict>> verdicts = table.verify(run, pact);
                if (broker != null) {
                    broker.publish(pact, verdicts).forEach(line -> table.line("  " + line));
                }
            }
        }
        table.summary(loaded.size() + (loaded.size() == 1 ? " pact" : " pacts"));
        table.advice(Verdict.Kind.DIFFERS, "Differs: if only one target differs, that target is wrong. If both do, compare the pact with the contract, "
                + "which may have changed.");
        table.advice(Verdict.Kind.NOT_PROMISED, "Not promised: use a matcher if the consumer cannot know the value, or ask for it to be added to the "
                + "contract.");
        table.advice(Verdict.Kind.NOT_BUILT, "Not built yet: the contract and the mock have it; the server still answers 501.");
        return table.failed() || !isKept ? 1 : broker == null && loaded.isEmpty() ? 2 : 0;
    }
}
