// SPDX-License-Identifier: Apache-2.0
package dev.phone.mock.model;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * A pattern of the contract, parsed so that matching strings can be generated and normalised.
 *
 * <p>The mock generates IDs and secrets from it, and normalises strings that have several forms: optional characters of a
 * pattern are always present in responses. Only the simple patterns of IDs, secrets and numbers are supported;
 * others are ignored.
 */
public final class TextPattern {
    private static final String CROCKFORD = "0123456789abcdefghjkmnpqrstvwxyz";
    private static final int ULID = 26;
    private static final int ULID_TIME = 10;

    private sealed interface Part {
    }

    private record Literal(String text, boolean optional) implements Part {
    }

    private record Choice(List<String> words) implements Part {
    }

    private record Signs(String alphabet, int count) implements Part {
    }

    private final List<Part> parts;

    private TextPattern(List<Part> parts) {
        this.parts = parts;
    }

    /** Parses a pattern; empty if it is not supported. */
    public static Optional<TextPattern> of(String regex) {
        if (!regex.startsWith("^") || !regex.endsWith("$")) {
            return Optional.empty();
        }
        List<Part> parts = new ArrayList<>();
        int i = 1;
        int end = regex.length() - 1;
        while (i < end) {
            char c = regex.charAt(i);
            if (c == '[') {
                int close = regex.indexOf(']', i);
                String alphabet = alphabet(regex.substring(i + 1, Math.max(i + 1, close)));
                if (close < 0 || alphabet == null) {
                    return Optional.empty();
                }
                i = close + 1;
                int count = 1;
                if (i < end && regex.charAt(i) == '{') {
                    int brace = regex.indexOf('}', i);
                    String times = regex.substring(i + 1, brace);
                    if (!times.matches("[0-9]{1,3}")) {
                        return Optional.empty();
                    }
                    count = Integer.parseInt(times);
                    i = brace + 1;
                }
                parts.add(new Signs(alphabet, count));
            } else if (c == '(') {
                int close = regex.indexOf(')', i);
                String words = close < 0 ? "" : regex.substring(i + 1, close);
                if (!words.matches("[A-Za-z0-9_|-]+")) {
                    return Optional.empty();
                }
                parts.add(new Choice(List.of(words.split("\\|"))));
                i = close + 1;
            } else {
                if (c == '\\') {
                    c = regex.charAt(++i);
                    if (Character.isLetterOrDigit(c)) {
                        return Optional.empty();
                    }
                } else if (".*+?{}|^$".indexOf(c) >= 0) {
                    return Optional.empty();
                }
                i++;
                boolean optional = i < end && regex.charAt(i) == '?';
                parts.add(new Literal(String.valueOf(c), optional));
                i += optional ? 1 : 0;
            }
            if (i < end && "*+?{".indexOf(regex.charAt(i)) >= 0) {
                return Optional.empty();
            }
        }
        return Optional.of(new TextPattern(List.copyOf(parts)));
    }

    /** The characters of a set; null if it is negated or has escapes. */
    private static String alphabet(String set) {
        if (set.isEmpty() || set.startsWith("^") || set.indexOf('\\') >= 0) {
            return null;
        }
        StringBuilder alphabet = new StringBuilder();
        for (int i = 0; i < set.length(); i++) {
            if (i + 2 < set.length() && set.charAt(i + 1) == '-') {
                for (char c = set.charAt(i); c <= set.charAt(i + 2); c++) {
                    alphabet.append(c);
                }
                i += 2;
            } else {
                alphabet.append(set.charAt(i));
            }
        }
        return alphabet.toString();
    }

    /** Whether matching strings are unguessable, like IDs and secrets, but not short numbers. */
    public boolean isUnguessable() {
        return parts.stream().anyMatch(part -> part instanceof Signs signs && signs.count >= 20);
    }

    /** Whether the same string has several forms. */
    public boolean hasSpellings() {
        return parts.stream().anyMatch(part -> part instanceof Literal literal && literal.optional);
    }

    /** The normal form of a matching string; the string itself if it does not match. */
    public String spell(String text) {
        StringBuilder full = new StringBuilder(text.length() + 4);
        int i = 0;
        for (Part part : parts) {
            switch (part) {
                case Literal literal -> {
                    if (text.startsWith(literal.text, i)) {
                        i += literal.text.length();
                    } else if (!literal.optional) {
                        return text;
                    }
                    full.append(literal.text);
                }
                case Choice choice -> {
                    String word = wordAt(choice, text, i);
                    full.append(word);
                    i += word.length();
                }
                case Signs signs -> {
                    if (i + signs.count > text.length()) {
                        return text;
                    }
                    full.append(text, i, i + signs.count);
                    i += signs.count;
                }
            }
        }
        return i == text.length() ? full.toString() : text;
    }

    /**
     * Generates a string.
     *
     * @param model a matching string, whose words are kept where the pattern has alternatives
     * @param wanted words that are preferred to those of the model
     */
    public String make(String model, Set<String> wanted, Instant now, RandomGenerator random) {
        StringBuilder text = new StringBuilder(model.length());
        int i = 0;
        for (Part part : parts) {
            switch (part) {
                case Literal literal -> {
                    text.append(literal.text);
                    i += model.startsWith(literal.text, i) ? literal.text.length() : 0;
                }
                case Choice choice -> {
                    String word = wordAt(choice, model, i);
                    i += word.length();
                    text.append(choice.words.stream().filter(wanted::contains).findFirst()
                            .orElse(word.isEmpty() ? choice.words.getFirst() : word));
                }
                case Signs signs -> {
                    i += signs.count;
                    int left = signs.count;
                    if (signs.count == ULID && signs.alphabet.equals(CROCKFORD)) {
                        for (int shift = 5 * (ULID_TIME - 1); shift >= 0; shift -= 5) {
                            text.append(CROCKFORD.charAt((int) (now.toEpochMilli() >> shift) & 31));
                        }
                        left -= ULID_TIME;
                    }
                    if (Integer.bitCount(signs.alphabet.length()) == 1) {
                        bits(text, signs.alphabet, left, random);
                    } else {
                        for (; left > 0; left--) {
                            text.append(signs.alphabet.charAt(random.nextInt(signs.alphabet.length())));
                        }
                    }
                }
            }
        }
        return text.toString();
    }

    /** Alphabets of IDs and secrets have a power of two characters, so one random number yields many of them. */
    private static void bits(StringBuilder text, String alphabet, int count, RandomGenerator random) {
        int each = Integer.numberOfTrailingZeros(alphabet.length());
        long bits = 0;
        int left = 0;
        for (; count > 0; count--) {
            if (left < each) {
                bits = random.nextLong();
                left = Long.SIZE;
            }
            text.append(alphabet.charAt((int) bits & alphabet.length() - 1));
            bits >>>= each;
            left -= each;
        }
    }

    private static String wordAt(Choice choice, String text, int at) {
        for (String word : choice.words) {
            if (text.startsWith(word, at)) {
                return word;
            }
        }
        return "";
    }
}
