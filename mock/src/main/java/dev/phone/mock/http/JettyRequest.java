// SPDX-License-Identifier: Apache-2.0
package dev.phone.mock.http;

import dev.phone.api.ApiError;
import dev.phone.api.Input;
import dev.phone.mock.handler.HttpRequest;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;

/** A request as Jetty has it. */
final class JettyRequest extends HttpRequest {
    private static final int MOST_READ = 16 << 20;
    private static final byte[] NOTHING = {};

    private final Request request;
    private byte[] body;

    JettyRequest(Request request) {
        super(WireChannel.of(request).method(), WireChannel.of(request).target());
        this.request = request;
    }

    /** How much to read: no more than we take and one, nor than is announced, so that the buffer is no larger than it must be. */
    private static int most(Request request) {
        long length = request.getContentLengthLong();
        if (length < 0 && !request.getHttpFields().contains(HttpHeader.TRANSFER_ENCODING)) {
            return 0;
        }
        return length < 0 ? Input.MAX_BODY_BYTES + 1 : (int) Math.min(length, Input.MAX_BODY_BYTES + 1);
    }

    @Override
    public String address() {
        return request.getRemoteAddr();
    }

    @Override
    public Map<String, String> allHeaders() {
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

    /** Read when it is asked for, which invites a client to send it who waits for that. */
    @Override
    public byte[] body() {
        if (body == null) {
            int most = most(request);
            try {
                body = most == 0 ? NOTHING : request.getInputStream().readNBytes(most);
                if (body.length < Math.min(request.getContentLengthLong(), most)) {
                    throw ApiError.malformed();
                }
                if (body.length > Input.MAX_BODY_BYTES) {
                    // Who is still sending when the connection closes sees it break, and not our answer.
                    discard();
                }
            } catch (IOException e) {
                throw ApiError.malformed();
            }
        }
        if (body.length > Input.MAX_BODY_BYTES) {
            throw ApiError.tooLarge();
        }
        return body;
    }

    /** Whether there is a body that its sender was never asked for, so that nobody knows whether it follows. */
    boolean isLeftBehind() {
        return body == null && request.getHttpFields().contains("expect") && most(request) > 0;
    }

    /** Reads away what nobody has read of the body. */
    void finish() {
        if (body == null && most(request) > 0 && !isLeftBehind()) {
            try {
                discard();
            } catch (IOException e) {
                // It is answered already, and Jetty closes the connection.
            }
        }
    }

    private void discard() throws IOException {
        byte[] buffer = new byte[8192];
        int sum = 0;
        for (int n = 0; n >= 0 && sum < MOST_READ; sum += n) {
            n = request.getHttpInput().read(buffer);
        }
    }
}
