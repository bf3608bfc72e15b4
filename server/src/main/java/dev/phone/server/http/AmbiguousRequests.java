// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.http;

import dev.phone.api.RequestHead;
import io.helidon.http.DirectHandler;
import io.helidon.http.Header;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Headers;
import io.helidon.http.HttpPrologue;
import io.helidon.http.RequestException;
import io.helidon.http.WritableHeaders;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.http1.Http1ConnectionListener;
import java.util.List;

/**
 * Checks requests with {@link RequestHead} and the grammar of header fields, instead of Helidon's own validation, which refuses query strings that
 * browsers send, and content codings before the route is known.
 */
final class AmbiguousRequests implements Http1ConnectionListener {
    /** The method as it was sent, if Helidon has changed it. Clients cannot send a field of this name. */
    static final HeaderName METHOD = HeaderNames.create(":method");
    private static final HeaderName NAMELESS = HeaderNames.create("");

    @Override
    public void prologue(ConnectionContext context, HttpPrologue prologue) {
        ClientConnection.current().sendsHead();
        ((WireReader) context.dataReader()).headBegins();
    }

    @Override
    public void headers(ConnectionContext context, Headers headers) {
        WireReader reader = (WireReader) context.dataReader();
        reader.headEnds();
        if (headers.contains(NAMELESS)) {
            throw refused("a header field has no name");
        }
        for (Header header : headers) {
            try {
                header.validate();
            } catch (IllegalArgumentException e) {
                throw refused(e.getMessage());
            }
        }
        String problem = RequestHead.problem(reader.target(), headers.all(HeaderNames.HOST, List::of),
                headers.all(HeaderNames.CONTENT_LENGTH, List::of), headers.all(HeaderNames.TRANSFER_ENCODING, List::of));
        if (problem != null) {
            throw refused(problem);
        }
        tell(reader.method(), (WritableHeaders<?>) headers);
    }

    /** Passes the original method to HttpApi, and normalised tokens to Helidon: methods are case-sensitive, other tokens are not. */
    private static void tell(String method, WritableHeaders<?> headers) {
        for (int i = 0; i < method.length(); i++) {
            if (method.charAt(i) >= 'a' && method.charAt(i) <= 'z') {
                headers.set(METHOD, method);
                break;
            }
        }
        if (headers.contains(HeaderNames.TRANSFER_ENCODING)) {
            headers.set(HeaderValues.TRANSFER_ENCODING_CHUNKED);
        }
        if (headers.contains(HeaderNames.EXPECT)
                && headers.all(HeaderNames.EXPECT, List::of).stream().allMatch(HeaderValues.EXPECT_100.get()::equalsIgnoreCase)) {
            headers.set(HeaderValues.EXPECT_100);
        }
    }

    static RequestException refused(String message) {
        return RequestException.builder().type(DirectHandler.EventType.BAD_REQUEST).message(message).build();
    }
}
