// SPDX-License-Identifier: Apache-2.0
package dev.phone.mock.http;

import dev.phone.mock.handler.Response;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;

/**
 * A request that was answered without WireMock, with its response, for WireMock's journal. It keeps as little as possible until the journal is read.
 */
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
        // Jetty reuses its own fields for the next request of the connection.
        fields = jetty.getHttpFields().asImmutable();
        bodyBytes = request.readable();
        this.response = response;
    }

    /** Sets the body, which may follow after the response if a request is refused by its head. @param read null for none */
    void body(byte[] read) {
        if (read != null) {
            body = read;
        }
    }

    /** The time of receipt in milliseconds since 1970, by the clock of this machine. */
    public long receivedAt() {
        return receivedAt;
    }

    public String method() {
        return method;
    }

    /** The path and query as they were sent. */
    public String url() {
        return url;
    }

    public String address() {
        return address;
    }

    /** The headers, by their names as sent. */
    public Map<String, List<String>> headers() {
        Map<String, List<String>> headers = new LinkedHashMap<>();
        for (HttpField field : fields) {
            headers.computeIfAbsent(field.getName(), name -> new ArrayList<>(1)).add(field.getValue() == null ? "" : field.getValue());
        }
        return headers;
    }

    /** The part of the body that the mock has read; empty if the request was refused before its body arrived. */
    public byte[] body() {
        return body;
    }

    /** The number of header fields, cookies and query parameters. WireMock keeps an object for each. */
    public int parts() {
        int parts = fields.size() + count(url, '&');
        for (HttpField field : fields) {
            if (field.getHeader() == HttpHeader.COOKIE) {
                parts += count(field.getValue(), ';');
            }
        }
        return parts;
    }

    private static int count(String text, char separator) {
        int count = 0;
        for (int i = text == null ? -1 : text.indexOf(separator); i >= 0; i = text.indexOf(separator, i + 1)) {
            count++;
        }
        return count;
    }

    /** An upper bound of the size of the body, in bytes. */
    public int bodyBytes() {
        return bodyBytes;
    }

    public Response response() {
        return response;
    }
}
