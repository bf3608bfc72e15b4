// SPDX-License-Identifier: Apache-2.0
package dev.phone.contracttests.gate;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.phone.api.Operation;
import dev.phone.contracttests.check.TheContract;
import dev.phone.contracttests.target.TargetType;
import dev.phone.contracttests.trace.Step;
import dev.phone.contracttests.trace.Trace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every suite has run on every target, and every status that the contract documents has been seen: a hole fails and names itself. */
class CoverageGate {
    private static final Path SUITES = Path.of("src/test/java/dev/phone/contracttests/suite");

    @Test
    void everySuiteHasRunOnEveryTarget() throws IOException {
        Set<String> expected = new TreeSet<>();
        try (Stream<Path> files = Files.list(SUITES)) {
            for (Path file : files.toList()) {
                if (Files.readString(file).contains(" extends Suite ")) {
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
    void everyDocumentedStatusIsSeen() {
        List<Trace> traces = Trace.readAll();
        Set<String> holes = new TreeSet<>();
        StringBuilder table = new StringBuilder();
        for (TargetType type : TargetType.values()) {
            Set<String> seen = seen(traces, type);
            int documented = 0;
            for (Operation operation : TheContract.CONTRACT.operations()) {
                if (!type.isMock() && !TheContract.isBuilt(operation)) {
                    continue;
                }
                for (int status : operation.statuses()) {
                    documented++;
                    if (!seen.contains(operation.id() + " " + status) && !isIllustrative(operation, status)) {
                        holes.add(type + ": " + operation.id() + " " + status);
                    }
                }
            }
            table.append(String.format("%n  %-20s %d of %d documented (operation, status) pairs seen", type, seen.size(), documented));
        }
        System.out.println("Coverage of the contract:" + table);
        assertEquals(Set.of(), holes, "documented, and no suite has seen it. If you ADDED a status, give the operation an example of it"
                + " that one request can show, or a test in contract-tests/…/suite; if it cannot happen, remove it from the contract");
    }

    private static Set<String> seen(List<Trace> traces, TargetType type) {
        Set<String> seen = new HashSet<>();
        for (Trace trace : traces) {
            if (trace.target().equals(type.toString())) {
                for (List<Step> steps : trace.tests().values()) {
                    for (Step step : steps) {
                        Operation operation = TheContract.operation(step.method(), step.target().replaceAll("\\?.*", ""));
                        if (operation != null && operation.statuses().contains(step.status())) {
                            seen.add(operation.id() + " " + step.status());
                        }
                    }
                }
            }
        }
        return seen;
    }

    /**
     * Statuses of an operation that the contract says no single request can provoke: their examples are illustrative. All but 429, which
     * LimitsTest provokes. A failure of ours, and two requests in flight with one key, are tested in the server.
     */
    private static boolean isIllustrative(Operation operation, int status) {
        return status != 429 && TheContract.EXAMPLES.stream().filter(example -> example.operation().equals(operation) && example.status() == status)
                .allMatch(example -> example.illustrative() != null);
    }
}
