// SPDX-License-Identifier: Apache-2.0
package dev.phone.contracttests.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.phone.contracttests.target.Target;
import dev.phone.contracttests.target.TargetType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Server and mock give the same documented answer, in the one shape, to requests of the contract that have been bent. The seeds are the same in
 * each build; {@code -Dfuzz=N} sends N requests instead of the usual number, and {@code -Dfuzz.seed=S} begins with another seed.
 */
class FuzzTest {
    private static final int USUAL = 4_000;
    private static final int REQUESTS = Integer.getInteger("fuzz", USUAL);
    private static final long SEED = Long.getLong("fuzz.seed", 1);
    /** After so many requests both begin anew. */
    private static final int BATCH = 100;
    private static final int SHOWN = Integer.getInteger("fuzz.shown", 5);
    /** How much more may be in memory afterwards, beyond what the first requests have left there. */
    private static final long MEMORY = 100 << 20;

    @Test
    void serverAndMockGiveTheSameAnswer() throws IOException {
        Target server = TargetType.SERVER_ON_H2.take(false);
        Target mock = TargetType.MOCK.take(false);
        List<String> found = new ArrayList<>();
        long before = 0;
        try (Fuzz fuzz = new Fuzz(server, mock)) {
            for (long seed = SEED; fuzz.sent() < REQUESTS && found.size() < SHOWN; seed++) {
                List<String> wrong = fuzz.play(seed, BATCH);
                found.addAll(wrong);
                if (before == 0) {
                    before = used();
                }
                if (REQUESTS > USUAL && (seed % 100 == 0 || !wrong.isEmpty())) {
                    System.out.printf("Fuzz: %,d requests up to seed %d%n%s%n", fuzz.sent(), seed, String.join("\n", wrong));
                }
            }
            assertEquals(List.of(), found, () -> "A bent request has a wrong answer. Decide by the contract what is right, mend it, and write it down as a"
                    + " test in the suites:\n" + String.join("\n\n", found));
            long more = used() - before;
            // In a build, other suites use the memory of this process meanwhile.
            assertTrue(REQUESTS <= USUAL || more < MEMORY, () -> (more >> 20) + " MiB are left in memory");
        } finally {
            server.reset();
            mock.reset();
            TargetType.SERVER_ON_H2.giveBack(server, false);
            TargetType.MOCK.giveBack(mock, false);
        }
    }

    private static long used() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
}
