// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.application;

import dev.phone.api.ApplicationEnvironment;
import dev.phone.api.HeaderCredentials;
import java.security.SecureRandom;
import java.util.HexFormat;

/** A credential in clear text. It is shown once; only its hash and its {@link #preview} are stored. */
record Credential(String text) {
    /** The kind of a credential, as it appears in its text. */
    enum Kind {
        CLIENT, SECRET, API
    }

    private static final int BYTES = 24;

    /** A new credential with 192 random bits: for example {@code ph_test_secret_} and 48 hexadecimal digits. */
    static Credential random(Kind kind, ApplicationEnvironment environment, SecureRandom random) {
        byte[] bytes = new byte[BYTES];
        random.nextBytes(bytes);
        return new Credential("ph_" + environment.text() + '_' + kind.name().toLowerCase() + '_' + HexFormat.of().formatHex(bytes));
    }

    /** The masked form, such as {@code ph_test_secret_c537…08b0}. */
    String preview() {
        return HeaderCredentials.preview(text);
    }

    /** The preview, because logs must not contain credentials. */
    @Override
    public String toString() {
        return preview();
    }
}
