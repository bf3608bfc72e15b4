// SPDX-License-Identifier: Apache-2.0
package dev.phone.api;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a request asks for (RFC 9112, section 3.2), as it was sent: nothing is decoded or normalised.
 *
 * @param query empty when there is none
 */
public record RequestTarget(String path, String query) {
    private static final Pattern ABSOLUTE = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*://[^/?]*");

    /** @param text a path and perhaps a query, or a whole URI (RFC 9112, section 3.2.2), whose authority says nothing that we use */
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

    /** Whether a text is a path, or a whole URI. */
    public static boolean hasPath(String text) {
        return text.startsWith("/") || ABSOLUTE.matcher(text).lookingAt();
    }

    /**
     * Whether a text can be a target at all: printable ASCII without a fragment, and each percent sign begins an encoding. That RFC 3986
     * has characters such as {@code [} and {@code |} in encoded form only is no reason to refuse them: browsers and others send them as they are.
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

    /** The decoded values of a query parameter, in order. One without {@code =} is there, and empty. */
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
