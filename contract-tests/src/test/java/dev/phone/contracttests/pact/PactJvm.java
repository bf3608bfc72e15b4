// SPDX-License-Identifier: Apache-2.0
package dev.phone.contracttests.pact;

/**
 * The name of the lock that every test class with pact-jvm in it holds: its catalogue of matchers is a plain map for the whole process, which the
 * first consumer test fills while a verification may be iterating over it.
 */
public final class PactJvm {
    public static final String PACT_JVM = "pact-jvm";

    private PactJvm() {
    }
}
