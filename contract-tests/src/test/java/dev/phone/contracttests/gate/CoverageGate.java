// SPDX-License-Identifier: Apache-2.0
package dev.phone.contracttests.gate;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.phone.contracttests.contract.TheContract;
import dev.phone.contracttests.report.Coverage;
import dev.phone.contracttests.report.ProofReport;
import dev.phone.contracttests.target.TargetType;
import dev.phone.contracttests.trace.Parity;
import dev.phone.contracttests.trace.Trace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every suite has run on every target, and what the contract documents was seen: a hole fails and says what to do. */
class CoverageGate {
    private static final Path SUITES = Path.of("src/test/java/dev/phone/contracttests/suite");
    private static final Pattern SUITE = Pattern.compile("(?m)^class \\w+ extends \\w*Suite ");
    private static final Path PACTS = Path.of("pacts");
    private static final Path PROOF = Path.of("target/proof");
    /** What the last drill found; it is run by hand. */
    private static final Path DRIFTS = Path.of("drifts/results.json");

    @Test
    void everySuiteHasRunOnEveryTarget() throws IOException {
        Set<String> expected = new TreeSet<>();
        try (Stream<Path> files = Files.list(SUITES)) {
            for (Path file : files.toList()) {
                if (SUITE.matcher(Files.readString(file)).find()) {
                    for (TargetType type : TargetType.values()) {
                        expected.add(file.getFileName().toString().replace(".java", "") + " on " + type);
                    }
                }
            }
        }
        assertEquals(expected, Trace.readAll().stream().map(trace -> trace.suite() + " on " + trace.target())
                .collect(Collectors.toCollection(TreeSet::new)), "a suite that did not run proves nothing; see the reports of its tests");
    }

    @Test
    void whatTheContractDocumentsWasSeen() {
        List<Trace> traces = Trace.readAll();
        Coverage coverage = new Coverage(traces, PACTS);
        Set<String> holes = coverage.holes(TheContract.lines("no-consumer.txt"));
        List<String> differences = traces.stream().filter(trace -> trace.target().equals(TargetType.SERVER_ON_H2.toString()))
                .flatMap(reference -> traces.stream().filter(trace -> trace.suite().equals(reference.suite()) && trace != reference)
                        .flatMap(trace -> Parity.compare(reference, trace).stream())).toList();
        ProofReport.write(PROOF, DRIFTS, traces, coverage, holes, differences);
        StringBuilder table = new StringBuilder("Coverage of the contract, (operation, status) pairs seen:");
        for (TargetType type : TargetType.values()) {
            table.append(String.format("%n  %-20s %s", type, coverage.share(type)));
        }
        System.out.println(table + "\n  every request and response: contract-tests/target/proof/index.html");
        assertEquals("", String.join("\n", holes));
    }
}
