// SPDX-License-Identifier: Apache-2.0
package dev.phone.server;

/** The server cannot start as it is configured. The message is one line for whoever has configured it, and shows no secret. */
public final class InvalidSetting extends RuntimeException {
    private static final long serialVersionUID = 1;

    InvalidSetting(String key, String value, String expected) {
        this(key + " = " + value + ": must be " + expected);
    }

    InvalidSetting(String message) {
        super(message, null, false, false);
    }
}
