// SPDX-License-Identifier: Apache-2.0
package dev.phone.contracttests.pact;

/** Something about a pact, or about where it comes from, that whoever runs us can mend. The message is one line. */
final class PactProblem extends RuntimeException {
    private static final long serialVersionUID = 1L;

    PactProblem(String message) {
        super(message.lines().map(String::strip).reduce((a, b) -> a + " " + b).orElse(""));
    }
}
