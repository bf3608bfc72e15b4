// SPDX-License-Identifier: Apache-2.0
package dev.phone.api;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The target of a request (RFC 9112, section 3.2) as it was sent, neither decoded nor normalised.
 *
 * @param query empty if there is none
 */
public record RequestTarget(String path, String query) {
    private static final Pattern ABSOLUTE = Pattern.compile("(?i)https?://([^/?]*)");

    /** @param text a path with an optional query, or an absolute http or https URI (RFC 9112, section 3.2.2), whose authority is ignored */
    public static RequestTarget of(String text) {
        String target = text;
        if (!text.startsWith("/")) {
            Matcher absolute = ABSOLUTE.matcher(text);
            if (absolute.lookingAt()) {
                target = text.substring(absolute.end());
                target = target.startsWith("/") ? target : "/" + target;
            }
        }
        int mark = target.indexOf('?');
        return mark < 0 ? new RequestTarget(target, "") : new RequestTarget(target.substring(0, mark), target.substring(mark + 1));
    }

    /** Whether the text is a path or an absolute http or https URI. */
    public static boolean hasPath(String text) {
        return text.startsWith("/") || ABSOLUTE.matcher(text).lookingAt();
    }

    /** The authority of an absolute http or https URI; null if the text is none. */
    static String authority(String text) {
        if (text.startsWith("/")) {
            return null;
        }
        Matcher absolute = ABSOLUTE.matcher(text);
        return absolute.lookingAt() ? absolute.group(1) : null;
    }

    /**
     * Whether the text can be a target at all: printable ASCII without a fragment, with valid percent-encoding. Characters such as {@code [} and
     * {@code |}, which RFC 3986 requires to be encoded, are accepted, because browsers send them unencoded.
     */
    public static boolean isWellFormed(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c <= ' ' || c > '~' || c == '#') {
                return false;
            }
            if (c == '%' && !(i + 2 < text.length() && isHex(text.charAt(i + 1)) && isHex(text.charAt(i + 2)))) {
                return false;
            }
        }
        return !text.isEmpty();
    }

    private static boolean isHex(char c) {
        return c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F';
    }

    /** The decoded values of a query parameter, in order. One without {@code =} is present and empty. */
    public List<String> query(String name) {
        if (query.isEmpty()) {
            return List.of();
        }
        List<String> values = List.of();
        for (int start = 0; start <= query.length();) {
            int and = query.indexOf('&', start);
            int end = and < 0 ? query.length() : and;
            int equals = query.indexOf('=', start);
            int nameEnd = equals < 0 || equals > end ? end : equals;
            if (nameEnd > start && decode(query.substring(start, nameEnd)).equals(name)) {
                values = values.isEmpty() ? new ArrayList<>(1) : values;
                values.add(nameEnd == end ? "" : decode(query.substring(nameEnd + 1, end)));
            }
            start = end + 1;
        }
        return values;
    }

    private static String decode(String text) {
        if (text.indexOf('%') < 0 && text.indexOf('+') < 0) {
            return text;
        }
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return text;
        }
    }
}
