// SPDX-License-Identifier: Apache-2.0
package dev.phone.mock.http;

import dev.phone.mock.handler.Response;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.server.Request;

/** A request that was answered without WireMock, and its response, for WireMock's journal: as little as possible until somebody reads it. */
public final class ServedRequest {
    private static final byte[] NOTHING = {};

    private final long receivedAt;
    private final String method;
    private final String url;
    private final String address;
    private final HttpFields fields;
    private final Response response;
    private final int bodyBytes;
    private volatile byte[] body = NOTHING;

    ServedRequest(Request jetty, ServletRequest request, Response response) {
        receivedAt = jetty.getTimeStamp();
        method = request.method();
        url = jetty.getHttpURI().getPathQuery();
        address = request.address();
        // Jetty uses its own again for the next request of a connection.
        fields = jetty.getHttpFields().asImmutable();
        bodyBytes = request.readable();
        this.response = response;
    }

    /** It may follow later: a request that is refused by its head is answered first, and its body read afterwards. @param read null for none */
    void body(byte[] read) {
        if (read != null) {
            body = read;
        }
    }

    /** In milliseconds since 1970, by the clock of this machine. */
    public long receivedAt() {
        return receivedAt;
    }

    public String method() {
        return method;
    }

    /** Path and query, as they were sent. */
    public String url() {
        return url;
    }

    public String address() {
        return address;
    }

    /** By the names as they were sent. */
    public Map<String, List<String>> headers() {
        Map<String, List<String>> headers = new LinkedHashMap<>();
        for (HttpField field : fields) {
            headers.computeIfAbsent(field.getName(), name -> new ArrayList<>(1)).add(field.getValue() == null ? "" : field.getValue());
        }
        return headers;
    }

    /** What the mock has read of it: nothing of one that it refused without a look, and that never came. */
    public byte[] body() {
        return body;
    }

    /** How much the body may be, in bytes. */
    public int bodyBytes() {
        return bodyBytes;
    }

    public Response response() {
        return response;
    }
}
