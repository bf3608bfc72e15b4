// SPDX-License-Identifier: Apache-2.0
package dev.phone.mock.http;

import dev.phone.api.ApiError;
import dev.phone.api.Input;
import dev.phone.mock.answer.Call;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.server.Request;

/** A request as Jetty has it. The body is read at once, so that what cannot be read is no request at all. */
final class JettyCall extends Call {
    private static final int MOST_READ = 16 << 20;

    private final Request request;
    private final byte[] body;

    JettyCall(Request request) throws IOException {
        super(request.getMethod(), request.getHttpURI().getPathQuery() == null ? "*" : request.getHttpURI().getPathQuery());
        this.request = request;
        this.body = request.getHttpInput().readNBytes(most(request));
        if (body.length > Input.MAX_BODY_BYTES) {
            // Who is still sending when the connection closes sees it break, and not our answer.
            request.getHttpInput().readNBytes(MOST_READ);
        }
    }

    /** How much to read: no more than we take and one, nor than is announced, so that the buffer is no larger than it must be. */
    private static int most(Request request) {
        long length = request.getContentLengthLong();
        if (length < 0 && request.getHttpVersion() == HttpVersion.HTTP_1_1 && !request.getHttpFields().contains(HttpHeader.TRANSFER_ENCODING)) {
            return 0;
        }
        return length < 0 ? Input.MAX_BODY_BYTES + 1 : (int) Math.min(length, Input.MAX_BODY_BYTES + 1);
    }

    @Override
    public String address() {
        return request.getRemoteAddr();
    }

    @Override
    public Map<String, String> headers() {
        Map<String, String> headers = new TreeMap<>();
        for (HttpField field : request.getHttpFields()) {
            headers.merge(field.getLowerCaseName(), String.valueOf(field.getValue()), (a, b) -> a + ", " + b);
        }
        return headers;
    }

    @Override
    public List<String> header(String name) {
        String first = request.getHttpFields().get(name);
        if (first == null) {
            return request.getHttpFields().contains(name) ? List.of("") : List.of();
        }
        List<String> all = request.getHttpFields().getValuesList(name.toLowerCase(Locale.ROOT));
        return all.size() > 1 ? all : List.of(first);
    }

    @Override
    public byte[] body() {
        if (body.length > Input.MAX_BODY_BYTES) {
            throw ApiError.invalid("", "size", "must be at most " + Input.MAX_BODY_BYTES + " bytes");
        }
        return body;
    }
}
