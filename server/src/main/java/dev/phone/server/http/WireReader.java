// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.http;

import io.helidon.common.buffers.Bytes;
import io.helidon.common.buffers.DataReader;
import io.helidon.http.HttpToken;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;

/**
 * Reads what a client sends, for Helidon, and keeps what Helidon would not tell: a method as it was spelled, and a target with all its bytes.
 * It also passes over what RFC 9112 says to pass over and Helidon would refuse.
 */
final class WireReader extends DataReader {
    private boolean inHead;
    private String requestLine = "";

    @SuppressWarnings("removal") // Helidon offers nothing in its place to those who read in a way of their own.
    WireReader(Supplier<byte[]> source) {
        super(source);
    }

    /** The request line has been read; headers follow. */
    void headBegins() {
        inHead = true;
    }

    void headEnds() {
        inHead = false;
    }

    String method() {
        return requestLine.substring(0, Math.max(0, requestLine.indexOf(' ')));
    }

    /** One character for each byte. */
    String target() {
        int start = requestLine.indexOf(' ') + 1;
        return requestLine.substring(start, Math.max(start, requestLine.indexOf(' ', start)));
    }

    /** Outside of a head, only a request line has an end to look for within a limit. Empty lines before it are ignored (RFC 9112, section 2.2). */
    @Override
    public int findNewLine(int max) {
        if (!inHead && max < Integer.MAX_VALUE) {
            while (startsWithNewLine()) {
                skip(2);
            }
        }
        int length = super.findNewLine(max);
        // Helidon takes a line feed for a part of the line when a carriage return follows at some time, and would wait for more.
        if (inHead && length > 0 && length < max && getBuffer(length).indexOf(Bytes.LF_BYTE) >= 0) {
            throw new IllegalArgumentException("a line feed within a line");
        }
        return length;
    }

    @Override
    public byte[] readBytes(int length) {
        byte[] bytes = super.readBytes(length);
        if (!inHead) {
            requestLine = new String(bytes, StandardCharsets.ISO_8859_1);
            // Helidon would take a method that is none for a failure of its own.
            String method = method();
            if (method.isEmpty()) {
                throw AmbiguousRequests.refused("no method");
            }
            try {
                // As Helidon reads it, to which what is no ASCII is no character of a token.
                HttpToken.validate(new String(bytes, 0, method.length(), StandardCharsets.US_ASCII));
            } catch (IllegalArgumentException e) {
                throw AmbiguousRequests.refused(e.getMessage());
            }
        }
        return bytes;
    }

    /** The size of a chunk. Extensions that are not known, which are all, are ignored (RFC 9112, section 7.1.1). */
    @Override
    public String readLine() {
        String line = super.readLine();
        if (line.startsWith("+")) {
            // To Java it is a number, but no size of a chunk, and a proxy before us may have made another one of it.
            throw AmbiguousRequests.refused("a chunk size with a sign");
        }
        int extension = line.indexOf(';');
        return extension < 0 ? line : line.substring(0, extension).stripTrailing();
    }
}
