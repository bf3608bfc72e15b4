// SPDX-License-Identifier: Apache-2.0
package dev.phone.api;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Parses the content type and content coding of a body (RFC 9110, sections 8.3.1 and 8.4). */
final class MediaType {
    private static final String TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
    private static final Pattern TYPE = Pattern.compile("(" + TOKEN + "/" + TOKEN + ")");
    private static final Pattern PARAMETER = Pattern.compile(
            "[ \\t]*;[ \\t]*(?:(" + TOKEN + ")=(?:(" + TOKEN + ")|\"((?:[^\"\\\\]|\\\\.)*)\"))?");

    private MediaType() {
    }

    /** The violation of a content type; null if it is JSON in UTF-8, the only encoding that RFC 8259 allows. */
    static String notJson(String text) {
        Matcher type = TYPE.matcher(text);
        if (!type.lookingAt() || !type.group(1).equalsIgnoreCase("application/json")) {
            return "must be application/json";
        }
        Matcher parameter = PARAMETER.matcher(text);
        int end = type.end();
        while (end < text.length()) {
            if (!parameter.region(end, text.length()).lookingAt()) {
                return text.substring(end).isBlank() ? null : "must be application/json";
            }
            String value = parameter.group(2) != null ? parameter.group(2)
                    : parameter.group(3) != null ? parameter.group(3).replaceAll("\\\\(.)", "$1") : null;
            // "utf8" is not a registered name, but its meaning is clear.
            if ("charset".equalsIgnoreCase(parameter.group(1)) && !value.equalsIgnoreCase("utf-8") && !value.equalsIgnoreCase("utf8")) {
                // In lower case, because HTTP libraries may change the case.
                return "must be application/json in UTF-8, not in " + value.toLowerCase(Locale.ROOT);
            }
            end = parameter.end();
        }
        return null;
    }

    /** Whether the content coding is identity. */
    static boolean isIdentity(String codings) {
        for (String coding : codings.split(",")) {
            if (!coding.isBlank() && !coding.strip().equalsIgnoreCase("identity")) {
                return false;
            }
        }
        return true;
    }
}
