// SPDX-License-Identifier: Apache-2.0
package dev.phone.api;

import jakarta.json.JsonValue;

/**
 * A virtual phone number in its normal form, in which it is stored, compared and returned: {@code +999 482 918 102}.
 *
 * @param text the normal form
 */
public record PhoneNumber(String text) {
    private static final String RESERVED = "+999 000 000 ";

    /** Normalises a number. @param input a valid number, with or without spaces; null for null */
    public static PhoneNumber of(String input) {
        if (input == null) {
            return null;
        }
        StringBuilder text = new StringBuilder("+");
        input.chars().filter(c -> c >= '0' && c <= '9').forEach(digit -> {
            if (text.length() % 4 == 0) {
                text.append(' ');
            }
            text.append((char) digit);
        });
        return new PhoneNumber(text.toString());
    }

    /** Reads a valid JSON value. */
    public static PhoneNumber fromJson(JsonValue json) {
        return of(Codec.text(json));
    }

    public JsonValue toJson() {
        return Codec.text(text);
    }

    /** Whether it is reserved for tests and cannot be claimed. */
    public boolean isReserved() {
        return text.startsWith(RESERVED);
    }

    @Override
    public String toString() {
        return text;
    }
}
