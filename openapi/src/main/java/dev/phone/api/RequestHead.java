// SPDX-License-Identifier: Apache-2.0
package dev.phone.api;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What we demand of the head of a request before anything is done about it, whatever the HTTP library beneath would let pass: whoever
 * receives a request must not have a choice of where it ends or what it asks for, because a proxy before us may have made the other one, and
 * then the rest of one client's body is the next client's request (RFC 9112, sections 3.2, 6.3 and 11.2).
 */
public final class RequestHead {
    /** Above this, a body is refused unread and its connection closed; below, it is read away, so that the client gets its 422. */
    public static final int ABSURD_BODY_BYTES = 1024 * 1024;

    private static final Pattern LENGTH = Pattern.compile("[0-9]{1,18}");
    // RFC 3986, section 3.2.2. An empty host is one that a URI of the scheme http must not have (RFC 9110, section 4.2.1).
    private static final Pattern HOST = Pattern.compile("(?:\\[[0-9A-Fa-f:.]+]|(?:[A-Za-z0-9._~!$&'()*+,;=-]|%[0-9A-Fa-f]{2})+)(?::([0-9]{1,5}))?");

    private RequestHead() {
    }

    /** What is wrong with a target and the fields that frame a request, for the log; null when nothing is. */
    public static String problem(String target, List<String> hosts, List<String> lengths, List<String> encodings) {
        if (!RequestTarget.isWellFormed(target)) {
            return "the target is no URI";
        }
        Matcher host = hosts.size() == 1 ? HOST.matcher(hosts.getFirst()) : null;
        if (host == null || !host.matches()) {
            return "there must be one host";
        }
        if (host.group(1) != null && Integer.parseInt(host.group(1)) > 65_535) {
            return "the host has a port that is none";
        }
        if (!encodings.isEmpty() && !lengths.isEmpty()
                || !encodings.isEmpty() && !(encodings.size() == 1 && encodings.getFirst().equalsIgnoreCase("chunked"))
                || !lengths.isEmpty() && !(lengths.size() == 1 && LENGTH.matcher(lengths.getFirst()).matches())) {
            return "the length of the body is ambiguous";
        }
        return null;
    }
}
