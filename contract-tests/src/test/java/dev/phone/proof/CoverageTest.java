// SPDX-License-Identifier: Apache-2.0
package dev.phone.proof;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.phone.api.Operation;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** Every status that the contract documents has been seen from every target: a hole fails the build and names itself. */
@Order(Integer.MAX_VALUE)
class CoverageTest {
    /** Target, operation, status that no request of ours can provoke; may only shrink. */
    private static final Set<String> UNPROVOKED = Suite.lines("unprovoked.txt");

    @Test
    void everyDocumentedStatusIsSeen() {
        assumeTrue(Coverage.targets().size() > 1, "only with all suites in one run");
        Set<String> holes = new TreeSet<>();
        Set<String> seenAfterAll = new TreeSet<>();
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
                    boolean excused = UNPROVOKED.contains(pair);
                    if (Coverage.of(target).contains(pair)) {
                        seen++;
                        if (excused) {
                            seenAfterAll.add(pair);
                        }
                    } else if (!excused) {
                        holes.add(target + ": " + pair);
                    }
                }
            }
            table.append(String.format("%n  %-20s %d of %d documented (operation, status) pairs seen", target, seen, documented));
        }
        System.out.println("Coverage of the contract:" + table);
        assertEquals(Set.of(), holes, "documented, never seen");
        assertEquals(Set.of(), seenAfterAll, "seen, so no longer an exception; remove from unprovoked.txt");
    }
}
