// SPDX-License-Identifier: Apache-2.0
package dev.phone.api;

import java.time.Duration;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The messages of errors that follow from the contract, so that the build can compare its examples with them. Like {@link Schema} and
 * {@link Operation}, it needs nothing that is generated.
 */
public final class ErrorMessages {
    private static final Pattern SECONDS = Pattern.compile("retry in ([0-9]{1,9})s");

    private ErrorMessages() {
    }

    /** Of a 422. @param path of the first violation @param message of the first violation @param violations how many there are */
    public static String invalid(String path, String message, int violations) {
        return "Validation failed: " + (path.isEmpty() ? "the body" : path) + ' ' + message
                + (violations > 1 ? " (and " + (violations - 1) + " more)" : "");
    }

    /** Of a 429. @param noun what there were too many of */
    public static String rateLimited(String noun, long seconds) {
        return "Too many " + noun + " — retry in " + seconds + "s";
    }

    /** Whether a message is that of a 429. @param noun what there were too many of */
    public static boolean isRateLimited(String message, String noun) {
        OptionalLong seconds = secondsIn(message);
        return seconds.isPresent() && message.equals(rateLimited(noun, seconds.getAsLong()));
    }

    /** How many seconds the message of a 429 says to wait; empty when it says nothing of it. */
    public static OptionalLong secondsIn(String message) {
        Matcher seconds = SECONDS.matcher(message);
        return seconds.find() ? OptionalLong.of(Long.parseLong(seconds.group(1))) : OptionalLong.empty();
    }

    /** How many seconds a client is told to wait: {@code RateLimit}, {@code Retry-After} and the message say the same. */
    public static long seconds(Duration wait) {
        return Math.max(1, wait.plusMillis(999).toSeconds());
    }
}
