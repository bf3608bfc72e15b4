// SPDX-License-Identifier: Apache-2.0
package dev.phone.api;

import java.time.Duration;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The error messages that follow from the contract; the build compares its examples with them. Like {@link Schema} and {@link Operation}, this class
 * does not depend on generated code.
 */
public final class ErrorMessages {
    private static final Pattern SECONDS = Pattern.compile("retry in ([0-9]{1,9})s");

    private ErrorMessages() {
    }

    /** The message of a 422. @param path the path of the first violation @param message its message @param violations the number of violations */
    public static String invalid(String path, String message, int violations) {
        return "Validation failed: " + (path.isEmpty() ? "the body" : path) + ' ' + message
                + (violations > 1 ? " (and " + (violations - 1) + " more)" : "");
    }

    /** The message of a 429. @param noun what is counted */
    public static String rateLimited(String noun, long seconds) {
        return "Too many " + noun + " — retry in " + seconds + "s";
    }

    /** Whether a message is that of a 429. @param noun what is counted */
    public static boolean isRateLimited(String message, String noun) {
        OptionalLong seconds = secondsIn(message);
        return seconds.isPresent() && message.equals(rateLimited(noun, seconds.getAsLong()));
    }

    /** The number of seconds in the message of a 429; empty if there is none. */
    public static OptionalLong secondsIn(String message) {
        Matcher seconds = SECONDS.matcher(message);
        return seconds.find() ? OptionalLong.of(Long.parseLong(seconds.group(1))) : OptionalLong.empty();
    }

    /** The number of seconds that a client must wait, the same in {@code RateLimit}, {@code Retry-After} and the message. */
    public static long seconds(Duration wait) {
        return Math.max(1, wait.plusMillis(999).toSeconds());
    }
}
