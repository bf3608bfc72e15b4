// SPDX-License-Identifier: Apache-2.0
package dev.phone.mock.http;

import dev.phone.api.ApiError;
import dev.phone.api.RequestHead;
import dev.phone.api.Rules;
import dev.phone.mock.handler.HttpRequest;
import jakarta.servlet.MultipartConfigElement;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.eclipse.jetty.http.BadMessageException;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.MultiPartFormInputStream;

/** Adapts a servlet request. */
final class ServletRequest extends HttpRequest {
    /** The maximum number of fields or parts of a form that WireMock sees. */
    private static final int MOST_FIELDS = 200;
    private static final MultipartConfigElement IN_MEMORY = new MultipartConfigElement("", -1, -1, Rules.BODY_MAXIMUM);
    private static final byte[] NOTHING = {};

    private final HttpServletRequest request;
    private byte[] body;
    private boolean broken;

    /**
     * @param method as it was sent
     * @param target as it was sent
     */
    ServletRequest(HttpServletRequest request, String method, String target) {
        super(method, target);
        this.request = request;
    }

    /** The number of bytes to read: at most one more than allowed, and no more than announced, so that the buffer stays small. */
    int readable() {
        long length = request.getContentLengthLong();
        if (length < 0) {
            return request.getHeader("transfer-encoding") == null ? 0 : Rules.BODY_MAXIMUM + 1;
        }
        return (int) Math.min(length, Rules.BODY_MAXIMUM + 1);
    }

    @Override
    public String address() {
        return request.getRemoteAddr();
    }

    @Override
    public Map<String, String> allHeaders() {
        Map<String, String> headers = new TreeMap<>();
        for (String name : Collections.list(request.getHeaderNames())) {
            headers.put(name.toLowerCase(Locale.ROOT), shown(name, String.join(", ", header(name))));
        }
        return headers;
    }

    @Override
    public List<String> header(String name) {
        var values = request.getHeaders(name);
        if (!values.hasMoreElements()) {
            return List.of();
        }
        String first = values.nextElement();
        if (!values.hasMoreElements()) {
            return List.of(first == null ? "" : first);
        }
        List<String> all = Collections.list(request.getHeaders(name));
        all.replaceAll(value -> value == null ? "" : value);
        return all;
    }

    /** Read on demand: reading makes the container send {@code 100 Continue} to a client that waits for it. */
    @Override
    public byte[] body() {
        if (body == null) {
            int readable = readable();
            try {
                body = readable == 0 ? NOTHING : request.getInputStream().readNBytes(readable);
                if (body.length < Math.min(request.getContentLengthLong(), readable)) {
                    broken = true;
                    throw ApiError.malformed();
                }
                if (body.length > Rules.BODY_MAXIMUM) {
                    // A client that is still sending when the connection closes would see it break instead of the response.
                    discard();
                }
            } catch (IOException e) {
                broken = true;
                throw isTooLarge(e) ? ApiError.tooLarge() : ApiError.malformed();
            }
        }
        if (body.length > Rules.BODY_MAXIMUM) {
            throw ApiError.tooLarge();
        }
        return body;
    }

    /** Reads the body. @return whether it is complete and not too large */
    boolean isReadable() {
        try {
            body();
            return true;
        } catch (ApiError e) {
            return false;
        }
    }

    /**
     * Whether the request has no form, or one that WireMock can parse at little cost. WireMock keeps objects for each field and part, so a form
     * with many short fields takes many times its own size; and it fails if the form is malformed. The body must have been read.
     */
    boolean hasNoCostlyForm() {
        String type = request.getContentType() == null ? "" : request.getContentType().toLowerCase(Locale.ROOT);
        try {
            if (type.startsWith("application/x-www-form-urlencoded")) {
                String form = new String(body(), StandardCharsets.ISO_8859_1);
                URLDecoder.decode(form, StandardCharsets.UTF_8);
                return form.chars().filter(c -> c == '&').count() < MOST_FIELDS;
            }
            if (type.startsWith("multipart/")) {
                new MultiPartFormInputStream(new ByteArrayInputStream(body()), request.getContentType(), IN_MEMORY, null, MOST_FIELDS)
                        .getParts();
            }
            return true;
        } catch (IOException | RuntimeException e) {
            return false;
        }
    }

    /** The request with a body that can be read again. */
    HttpServletRequest again() {
        ByteArrayInputStream bytes = new ByteArrayInputStream(body());
        ServletInputStream in = new ServletInputStream() {
            @Override
            public int read() {
                return bytes.read();
            }

            @Override
            public int read(byte[] buffer, int offset, int length) {
                return bytes.read(buffer, offset, length);
            }

            @Override
            public boolean isFinished() {
                return bytes.available() == 0;
            }

            @Override
            public boolean isReady() {
                return true;
            }

            @Override
            public void setReadListener(ReadListener listener) {
                throw new UnsupportedOperationException();
            }
        };
        return new HttpServletRequestWrapper(request) {
            @Override
            public ServletInputStream getInputStream() {
                return in;
            }
        };
    }

    private static boolean isTooLarge(IOException e) {
        return e.getCause() instanceof BadMessageException bad && bad.getCode() == HttpStatus.PAYLOAD_TOO_LARGE_413;
    }

    /** Whether the client waits for a 100 Continue that was never sent, so that it is unknown whether a body follows. */
    boolean isLeftBehind() {
        return body == null && request.getHeader("expect") != null && readable() > 0;
    }

    /** Whether the end of the body is unknown, because its framing is wrong or it is cut short. */
    boolean isBroken() {
        return broken;
    }

    /** The part of the body that has been read, at most one byte more than allowed; null for none. */
    byte[] read() {
        return body;
    }

    /** Reads the rest of the body. */
    void finish() {
        if (body == null && readable() > 0 && !isLeftBehind()) {
            try {
                body = request.getInputStream().readNBytes(readable());
                if (body.length > Rules.BODY_MAXIMUM) {
                    discard();
                }
            } catch (IOException e) {
                // The response has been sent, and the container closes the connection.
            }
        }
    }

    /** Discards the rest of a body that is too large, so that the client can read the response; the connection is closed if too much is left. */
    private void discard() throws IOException {
        InputStream in = request.getInputStream();
        byte[] buffer = new byte[8192];
        int sum = 0;
        for (int n = 0; n >= 0 && sum < RequestHead.ABSURD_BODY_BYTES; sum += n) {
            n = in.read(buffer);
        }
    }
}
