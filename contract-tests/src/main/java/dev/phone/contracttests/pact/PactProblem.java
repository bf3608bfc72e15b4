// SPDX-License-Identifier: Apache-2.0
package dev.phone.contracttests.pact;

/** A problem with a pact, its source or its target that the user can fix. The message is one line. */
public final class PactProblem extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public PactProblem(String message) {
        super(message.lines().map(String::strip).reduce((a, b) -> a + " " + b).orElse(""));
    }
}
