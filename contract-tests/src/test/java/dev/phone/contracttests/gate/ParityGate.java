// SPDX-License-Identifier: Apache-2.0
package dev.phone.contracttests.gate;

import static dev.phone.contracttests.gate.NamedTests.dynamicTest;

import dev.phone.contracttests.target.TargetType;
import dev.phone.contracttests.trace.Parity;
import dev.phone.contracttests.trace.Trace;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every target has answered every step of every suite as the server on H2 has. */
class ParityGate {
    /** More would not be read. */
    private static final int SHOWN = 5;

    @TestFactory
    Stream<DynamicTest> everyTargetAnswersAlike() {
        List<Trace> all = Trace.readAll();
        return all.stream().filter(trace -> trace.target().equals(TargetType.SERVER_ON_H2.toString()))
                .flatMap(reference -> all.stream().filter(trace -> trace.suite().equals(reference.suite()) && trace != reference)
                        .map(trace -> dynamicTest(trace.suite() + ": " + reference.target() + " and " + trace.target(),
                                () -> assertAlike(reference, trace))));
    }

    private static void assertAlike(Trace reference, Trace trace) {
        List<String> differences = Parity.compare(reference, trace);
        if (!differences.isEmpty()) {
            throw new AssertionError(differences.size() + " tests of " + trace.suite() + " got different answers from " + reference.target()
                    + " and from " + trace.target() + ". Decide which is right by the contract, mend the other.\n"
                    + String.join("\n", differences.subList(0, Math.min(SHOWN, differences.size()))));
        }
    }
}
