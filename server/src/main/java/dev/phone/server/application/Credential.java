// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.application;

import dev.phone.api.Environment;
import dev.phone.api.HeaderCredentials;
import java.security.SecureRandom;
import java.util.HexFormat;

/** A credential in clear. It is shown once; what stays is its hash and its {@link #preview}. */
record Credential(String text) {
    /** What a credential is for, as its text says it. */
    enum Kind {
        CLIENT, SECRET, API
    }

    private static final int BYTES = 24;

    /** A new one, with 192 random bits: {@code ph_test_secret_} and 48 hexadecimal digits. */
    static Credential random(Kind kind, Environment environment, SecureRandom random) {
        byte[] bytes = new byte[BYTES];
        random.nextBytes(bytes);
        return new Credential("ph_" + environment.text() + '_' + kind.name().toLowerCase() + '_' + HexFormat.of().formatHex(bytes));
    }

    /** Enough to recognise it by, such as {@code ph_test_secret_c537…08b0}. */
    String preview() {
        return HeaderCredentials.preview(text);
    }

    /** The preview: a log must not show the whole. */
    @Override
    public String toString() {
        return preview();
    }
}
