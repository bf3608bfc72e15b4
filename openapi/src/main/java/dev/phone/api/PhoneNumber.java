// SPDX-License-Identifier: Apache-2.0
package dev.phone.api;

import jakarta.json.JsonValue;

/**
 * A virtual number in the one form in which it is stored, compared and shown: {@code +999 482 918 102}.
 *
 * @param text in that form
 */
public record PhoneNumber(String text) {
    private static final String RESERVED = "+999 000 000 ";

    /** @param input a number as the contract allows it, with or without the spaces; null for none */
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

    /** Reads a value that the contract's schema has found nothing wrong with. */
    public static PhoneNumber fromJson(JsonValue json) {
        return of(Codec.text(json));
    }

    public JsonValue toJson() {
        return Codec.text(text);
    }

    /** Whether it is for tests: nobody can claim it. */
    public boolean isReserved() {
        return text.startsWith(RESERVED);
    }

    @Override
    public String toString() {
        return text;
    }
}
