// SPDX-License-Identifier: Apache-2.0
package dev.phone.api;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Checks the head of a request before it is handled, more strictly than HTTP libraries do. The end and the target of a request must be unambiguous: a
 * proxy in front could interpret them differently, so that the rest of one client's body becomes the next client's request (request smuggling, RFC
 * 9112, sections 3.2, 6.3 and 11.2).
 */
public final class RequestHead {
    /**
     * A body above this size is refused unread, and the connection is closed. A smaller one is read and discarded, so that the client gets its 422.
     */
    public static final int ABSURD_BODY_BYTES = Rules.BODY_UNREAD;

    private static final Pattern LENGTH = Pattern.compile("[0-9]{1,18}");
    // RFC 3986, section 3.2.2. An http URI must not have an empty host (RFC 9110, section 4.2.1).
    private static final Pattern HOST = Pattern.compile(
            "(\\[[0-9A-Fa-f:.]+]|(?:[A-Za-z0-9._~!$&'()*+,;=-]|%[0-9A-Fa-f]{2})+)(?::([0-9]{1,5}))?");
    private static final int MAXIMUM_PORT = 65_535;

    private RequestHead() {
    }

    /** The problem with the target or the framing headers of a request, for the log; null if there is none. */
    public static String problem(String target, List<String> hosts, List<String> lengths, List<String> encodings) {
        if (!RequestTarget.isWellFormed(target)) {
            return "the target is not a URI";
        }
        if (hosts.size() != 1 || !isAuthority(hosts.getFirst())) {
            return "there must be exactly one host, with a valid port if any";
        }
        String authority = RequestTarget.authority(target);
        if (authority != null && !isAuthority(authority)) {
            return "the target has no valid host and port";
        }
        if (!encodings.isEmpty() && !lengths.isEmpty()
                || !encodings.isEmpty() && !(encodings.size() == 1 && encodings.getFirst().equalsIgnoreCase("chunked"))
                || !lengths.isEmpty() && !(lengths.size() == 1 && LENGTH.matcher(lengths.getFirst()).matches())) {
            return "the length of the body is ambiguous";
        }
        return null;
    }

    /** Whether the text is a host with an optional port. User information is an error in an http URI (RFC 9110, section 4.2.4). */
    private static boolean isAuthority(String text) {
        Matcher matcher = HOST.matcher(text);
        return matcher.matches() && (text.charAt(0) != '[' || isAddress(matcher.group(1)))
                && (matcher.group(2) == null || isPort(Integer.parseInt(matcher.group(2))));
    }

    /** Nobody can listen on port 0. */
    private static boolean isPort(int number) {
        return number > 0 && number <= MAXIMUM_PORT;
    }

    /** @param literal an IP literal in brackets, for which Java never asks a name server */
    private static boolean isAddress(String literal) {
        try {
            return InetAddress.getByName(literal) != null;
        } catch (UnknownHostException e) {
            return false;
        }
    }
}
