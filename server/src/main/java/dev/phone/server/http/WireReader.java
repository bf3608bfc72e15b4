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
 * Reads what a client sends, for Helidon, and keeps what Helidon would not tell: a method as it was spelled, and a target with all its bytes.
 * It also passes over what RFC 9112 says to pass over and Helidon would refuse.
 */
final class WireReader extends DataReader {
    /** Helidon reads a chunk as a whole before it gives any of it away, so it is told of no chunk that is larger. */
    private static final int CHUNK_BYTES = 8 * 1_024;

    /** How long the line with the size of a chunk may be. */
    private static final int CHUNK_LINE_BYTES = 4 * 1_024;
    private static final Pattern CHUNK_SIZE = Pattern.compile("0*[0-9A-Fa-f]{1,8}");

    private final ClientConnection connection;
    private boolean inHead;
    private String requestLine = "";
    /** How much of a chunk Helidon has not been told of. */
    private int chunkLeft;
    /** Whether what is read next is a chunk, or a piece of one. */
    private boolean atChunk;
    /** Whether Helidon believes to be at the end of a chunk that goes on. */
    private boolean withinChunk;
    /** Whether a chunk has been read, but not the end of its line. */
    private boolean afterChunk;

    @SuppressWarnings("removal") // Helidon offers nothing in its place to those who read in a way of their own.
    WireReader(ClientConnection connection, Supplier<byte[]> source) {
        super(source);
        this.connection = connection;
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
        atChunk = true;
        if (chunkLeft > 0) {
            return piece(chunkLeft);
        }
        String line = super.readLine();
        if (line.isEmpty()) {
            // It ends the body, or is for Helidon to refuse.
            return line;
        }
        int extension = line.indexOf(';');
        String size = extension < 0 ? line : line.substring(0, extension).stripTrailing();
        if (!CHUNK_SIZE.matcher(size).matches()) {
            throw AmbiguousRequests.refused("the size of a chunk is none");
        }
        long length = Long.parseLong(size, 16);
        if (length > RequestHead.ABSURD_BODY_BYTES) {
            // Helidon refuses it as it refuses an absurd length, but takes one of four gigabytes for negative.
            return Integer.toHexString(Integer.MAX_VALUE);
        }
        return length > CHUNK_BYTES ? piece((int) length) : size;
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
