// SPDX-License-Identifier: Apache-2.0
package dev.phone.server;

/** The server cannot start with its configuration. The message is one line for the operator, and contains no secret. */
public final class InvalidSetting extends RuntimeException {
    private static final long serialVersionUID = 1;

    InvalidSetting(String key, String value, String expected) {
        this(key + " = " + value + ": must be " + expected);
    }

    InvalidSetting(String message) {
        super(message, null, false, false);
    }
}
