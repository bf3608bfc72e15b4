// SPDX-License-Identifier: Apache-2.0
package dev.phone.api;

/** Who sends a request, as far as the operation demands to know. */
public sealed interface Caller {

    /** Null for anyone. */
    String id();

    /** Someone signed in to the console. @param id the subject of the ID token */
    record User(String id) implements Caller {
    }

    /**
     * An application, known by its triple or its API key.
     *
     * @param test whether its credentials are {@code ph_test_} ones, for which the test numbers work
     */
    record Application(String id, String projectId, String name, String clientId, boolean test) implements Caller {
    }

    /** Anyone. */
    record Anonymous() implements Caller {
        @Override
        public String id() {
            return null;
        }
    }
}
