// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.http;

import dev.phone.api.RequestHead;
import io.helidon.common.buffers.BufferData;
import io.helidon.common.buffers.Bytes;
import io.helidon.common.buffers.DataReader;
import io.helidon.http.HttpToken;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * Reads requests for Helidon, and keeps what Helidon does not expose: the original method, and all bytes of the target. It also ignores what RFC 9112
 * says to ignore but Helidon refuses.
 */
final class WireReader extends DataReader {
    /** Helidon reads a whole chunk before it passes it on, so larger chunks are presented to it in pieces. */
    private static final int CHUNK_BYTES = 8 * 1_024;

    /** The maximum length of the line with the size of a chunk. */
    private static final int CHUNK_LINE_BYTES = 4 * 1_024;
    private static final Pattern CHUNK_SIZE = Pattern.compile("0*[0-9A-Fa-f]{1,8}");

    private final ClientConnection connection;
    private boolean inHead;
    private String requestLine = "";
    /** The remaining bytes of a chunk that have not been presented to Helidon. */
    private int chunkLeft;
    /** Whether a chunk or a piece of one is read next. */
    private boolean atChunk;
    /** Whether Helidon sees the end of a piece within a chunk. */
    private boolean withinChunk;
    /** Whether a chunk has been read, but not the CRLF after it. */
    private boolean afterChunk;

    @SuppressWarnings("removal") // Helidon offers nothing in its place to those who read in a way of their own.
    WireReader(ClientConnection connection, Supplier<byte[]> source) {
        super(source);
        this.connection = connection;
    }

    /** Called after the request line has been read; headers follow. */
    void headBegins() {
        inHead = true;
    }

    void headEnds() {
        inHead = false;
    }

    String method() {
        return requestLine.substring(0, Math.max(0, requestLine.indexOf(' ')));
    }

    /** The target, with one character per byte. */
    String target() {
        int start = requestLine.indexOf(' ') + 1;
        return requestLine.substring(start, Math.max(start, requestLine.indexOf(' ', start)));
    }

    /** Outside of a head, only the end of a request line is searched with a limit. Empty lines before it are ignored (RFC 9112, section 2.2). */
    @Override
    public int findNewLine(int max) {
        if (!inHead && max < Integer.MAX_VALUE) {
            while (startsWithNewLine()) {
                skip(2);
            }
        }
        if (max == Integer.MAX_VALUE) {
            int length = super.findNewLine(CHUNK_LINE_BYTES);
            if (length == CHUNK_LINE_BYTES) {
                throw AmbiguousRequests.refused("the size of a chunk is too long");
            }
            return length;
        }
        int length = super.findNewLine(max);
        if (inHead) {
            connection.receivedLine();
        }
        // Helidon treats a line feed as part of the line if a carriage return follows later, and would wait for more.
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
            // Helidon would treat an invalid method as an internal error.
            String method = method();
            if (method.isEmpty()) {
                throw AmbiguousRequests.refused("no method");
            }
            try {
                // As Helidon decodes it: non-ASCII bytes are not token characters.
                HttpToken.validate(new String(bytes, 0, method.length(), StandardCharsets.US_ASCII));
            } catch (IllegalArgumentException e) {
                throw AmbiguousRequests.refused(e.getMessage());
            }
        }
        return bytes;
    }

    /** Reads the size of a chunk. All chunk extensions are unknown and ignored (RFC 9112, section 7.1.1). */
    @Override
    public String readLine() {
        atChunk = true;
        if (chunkLeft > 0) {
            return piece(chunkLeft);
        }
        String line = super.readLine();
        if (line.isEmpty()) {
            // The end of the body, or something that Helidon refuses.
            return line;
        }
        if (line.chars().anyMatch(WireReader::isControl)) {
            throw AmbiguousRequests.refused("a control character within the line of a chunk");
        }
        int extension = line.indexOf(';');
        String size = extension < 0 ? line : line.substring(0, extension).stripTrailing();
        if (!CHUNK_SIZE.matcher(size).matches()) {
            throw AmbiguousRequests.refused("the size of a chunk is none");
        }
        long length = Long.parseLong(size, 16);
        if (length > RequestHead.ABSURD_BODY_BYTES) {
            // Helidon refuses this huge length; four gigabytes would overflow to a negative length.
            return Integer.toHexString(Integer.MAX_VALUE);
        }
        return length > CHUNK_BYTES ? piece((int) length) : size;
    }

    /** A tab is white space. */
    private static boolean isControl(int c) {
        return c < ' ' && c != '\t' || c == 0x7f;
    }

    private String piece(int left) {
        int length = Math.min(left, CHUNK_BYTES);
        chunkLeft = left - length;
        return Integer.toHexString(length);
    }

    @Override
    public BufferData readBuffer(int length) {
        BufferData buffer = super.readBuffer(length);
        withinChunk = chunkLeft > 0;
        afterChunk = atChunk && !withinChunk;
        atChunk = false;
        return buffer;
    }

    /** After a chunk, Helidon skips the end of its line, whatever is there. */
    @Override
    public void skip(int length) {
        if (withinChunk) {
            withinChunk = false;
        } else if (afterChunk) {
            afterChunk = false;
            byte[] end = super.readBytes(length);
            if (length != 2 || end[0] != Bytes.CR_BYTE || end[1] != Bytes.LF_BYTE) {
                throw AmbiguousRequests.refused("a chunk is longer than its size");
            }
        } else {
            super.skip(length);
        }
    }
}
