// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.http;

import io.helidon.http.DirectHandler;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.Headers;
import io.helidon.http.HttpPrologue;
import io.helidon.http.RequestException;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.http1.Http1ConnectionListener;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Refuses a request whose end is ambiguous, where Helidon would make a choice: a proxy before us may have made the other one, and then the
 * rest of one client's body is the next client's request (RFC 9112, sections 6.3 and 11.2).
 */
final class WireRules implements Http1ConnectionListener {
    private static final HeaderName NAMELESS = HeaderNames.create("");
    private static final Pattern LENGTH = Pattern.compile("[0-9]{1,18}");

    private final Deadline deadline;

    WireRules(Deadline deadline) {
        this.deadline = deadline;
    }

    @Override
    public void prologue(ConnectionContext context, HttpPrologue prologue) {
        deadline.resume();
    }

    @Override
    public void headers(ConnectionContext context, Headers headers) {
        if (headers.contains(NAMELESS)) {
            throw refused("a header field has no name");
        }
        boolean transferEncoded = headers.contains(HeaderNames.TRANSFER_ENCODING);
        boolean measured = headers.contains(HeaderNames.CONTENT_LENGTH);
        if (!transferEncoded && !measured) {
            return;
        }
        List<String> encodings = headers.all(HeaderNames.TRANSFER_ENCODING, List::of);
        List<String> lengths = headers.all(HeaderNames.CONTENT_LENGTH, List::of);
        if (transferEncoded && measured
                || transferEncoded && !(encodings.size() == 1 && encodings.getFirst().equals("chunked"))
                || measured && !(lengths.size() == 1 && LENGTH.matcher(lengths.getFirst()).matches())) {
            throw refused("the length of the body is ambiguous");
        }
    }

    private static RequestException refused(String message) {
        return RequestException.builder().type(DirectHandler.EventType.BAD_REQUEST).message(message).build();
    }
}
