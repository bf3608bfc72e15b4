// SPDX-License-Identifier: Apache-2.0
package dev.phone.api;

/** The authenticated caller of an operation. */
public sealed interface Caller {

    /** The ID of the user or application; null for an anonymous caller. */
    String id();

    /** A user signed in to the console. @param id the subject of the ID token */
    record User(String id) implements Caller {
    }

    /**
     * An application, authenticated by its three credentials or by its API key alone.
     *
     * @param test whether its credentials begin with {@code ph_test_}, so that test numbers work
     */
    record Application(String id, String projectId, String name, String clientId, boolean test) implements Caller {
    }

    /** The caller of a public operation. */
    record Anonymous() implements Caller {
        @Override
        public String id() {
            return null;
        }
    }
}
