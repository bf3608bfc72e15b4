// SPDX-License-Identifier: Apache-2.0
package dev.phone.contracttests.conversation;

import static dev.phone.contracttests.gate.NamedTests.dynamicTest;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.phone.contracttests.target.Target;
import dev.phone.contracttests.target.TargetType;
import dev.phone.contracttests.trace.Evidence;
import jakarta.json.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Server and mock answer alike whatever is said to them, in conversations made out of the contract. The seeds are the same in each build;
 * {@code -Dparity.sequences=N} plays N conversations instead of the usual number, and {@code -Dparity.seed=S} begins with another seed.
 */
class LockstepTest {
    private static final int SEQUENCES = Integer.getInteger("parity.sequences", 150);
    private static final long SEED = Long.getLong("parity.seed", 1);
    private static final int LENGTH = 40;
    /** After so many conversations both begin anew, lest what has piled up slows them down. */
    private static final int FRESH = 200;
    private static final int SHOWN = 5;

    @TestFactory
    Stream<DynamicTest> serverAndMockAnswerAlike() {
        return Stream.of(dynamicTest("limits off", () -> serverAndMockAnswerAlike(false)), dynamicTest("limits on", () -> serverAndMockAnswerAlike(true)));
    }

    private static void serverAndMockAnswerAlike(boolean limited) {
        Target server = TargetType.SERVER_ON_H2.take(limited);
        Target mock = TargetType.MOCK.take(limited);
        try {
            play(server, mock, SEQUENCES, limited ? "limits on" : "limits off");
        } finally {
            TargetType.SERVER_ON_H2.giveBack(server, limited);
            TargetType.MOCK.giveBack(mock, limited);
        }
    }

    @Test
    void theMockAnswersAlikeThroughWireMockAndPastIt() {
        Target past = TargetType.MOCK.take(true);
        Target through = TargetType.MOCK_THROUGH_WIREMOCK.take(true);
        try {
            play(past, through, SEQUENCES / 3, "mock, through WireMock and past it");
        } finally {
            TargetType.MOCK.giveBack(past, true);
            TargetType.MOCK_THROUGH_WIREMOCK.giveBack(through, true);
        }
    }

    private static void play(Target one, Target other, int sequences, String title) {
        Lockstep lockstep = new Lockstep(one, other);
        List<String> differences = new ArrayList<>();
        Instant start = Instant.now();
        for (int i = 0; i < sequences && differences.size() < SHOWN; i++) {
            if (i % FRESH == 0) {
                one.reset();
                other.reset();
            }
            String difference = lockstep.play(SEED + i, LENGTH);
            if (difference != null) {
                differences.add(difference);
            }
        }
        long seconds = Duration.between(start, Instant.now()).toSeconds();
        Evidence.write("lockstep", title, Json.createObjectBuilder().add("title", title).add("steps", lockstep.steps())
                .add("seed", SEED).add("sequences", sequences).add("seconds", seconds).add("differences", Json.createArrayBuilder(differences)).build());
        System.out.printf("Lockstep, %s: %,d steps from seed %d on in %d s, %d differences%n", title, lockstep.steps(), SEED,
                seconds, differences.size());
        assertEquals(0, differences.size(), () -> "They answered differently. Decide which is right by the contract and mend the other;"
                + " the shortest conversation that shows it:\n" + String.join("\n\n", differences));
    }
}
