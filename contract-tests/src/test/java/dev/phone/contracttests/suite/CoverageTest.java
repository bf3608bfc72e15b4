// SPDX-License-Identifier: Apache-2.0
package dev.phone.contracttests.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.phone.api.Operation;
import dev.phone.contracttests.check.Coverage;
import dev.phone.contracttests.check.TheContract;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** Every status that the contract documents has been seen from every target: a hole fails the build and names itself. */
@Order(Integer.MAX_VALUE)
class CoverageTest {
    /**
     * Statuses of an operation that the contract says no single request can provoke: their examples are illustrative. All but 429, which
     * LimitsSuite provokes. A failure of ours, and two requests in flight with one key, are tested in the server.
     */
    private static boolean isIllustrative(Operation operation, int status) {
        return status != 429 && TheContract.EXAMPLES.stream().filter(example -> example.operation().equals(operation) && example.status() == status)
                .allMatch(example -> example.illustrative() != null);
    }

    @Test
    void everyDocumentedStatusIsSeen() {
        assumeTrue(Coverage.targets().size() > 1, "only with all suites in one run");
        Set<String> holes = new TreeSet<>();
        StringBuilder table = new StringBuilder();
        for (String target : new TreeSet<>(Coverage.targets())) {
            int documented = 0;
            int seen = 0;
            for (Operation operation : TheContract.CONTRACT.operations()) {
                if (!Suite.isBuilt(target, operation)) {
                    continue;
                }
                for (int status : operation.statuses()) {
                    documented++;
                    String pair = operation.id() + " " + status;
                    if (Coverage.of(target).contains(pair)) {
                        seen++;
                    } else if (!isIllustrative(operation, status)) {
                        holes.add(target + ": " + pair);
                    }
                }
            }
            table.append(String.format("%n  %-20s %d of %d documented (operation, status) pairs seen", target, seen, documented));
        }
        System.out.println("Coverage of the contract:" + table);
        assertEquals(Set.of(), holes, "documented, never seen");
    }
}
