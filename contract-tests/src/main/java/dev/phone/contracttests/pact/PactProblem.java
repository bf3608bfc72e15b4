// SPDX-License-Identifier: Apache-2.0
package dev.phone.contracttests.pact;

/** Something about a pact, about where it comes from, or about what it is tried on, that whoever runs us can mend. The message is one line. */
public final class PactProblem extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public PactProblem(String message) {
        super(message.lines().map(String::strip).reduce((a, b) -> a + " " + b).orElse(""));
    }
}
