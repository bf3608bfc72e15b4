// SPDX-License-Identifier: Apache-2.0
package dev.phone.mock.http;

import java.nio.ByteBuffer;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.BadMessageException;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.HttpParser;
import org.eclipse.jetty.http.HttpStatus;

/**
 * Refuses heads that Jetty accepts and the server refuses: lines that do not end with CRLF, a request line with more than two spaces, another
 * spelling of HTTP/1.1. RFC 9112 allows both behaviours (sections 2.2 and 3), but whatever works on the mock must work on the server. The same
 * applies to {@link Chunks}.
 */
final class WireParser extends HttpParser {
    private static final Pattern REQUEST_LINE = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+ [^ ]+ HTTP/1\\.1", Pattern.DOTALL);

    /** The same as the server's. */
    private static final int MOST_LINE_BYTES = 4_095;
    private static final int MOST_HEAD_BYTES = 16 << 10;
    private static final int CRLF_BYTES = 2;

    private final ClientConnection client;
    private final StringBuilder requestLine = new StringBuilder();
    private boolean inHead = true;
    /** The index in the buffer after the last byte that has been scanned. */
    private int scanned;
    private boolean inRequestLine = true;
    private byte last;
    private int lineLength;
    /** The bytes of the header lines that have ended, with their ends. */
    private int headLength;
    private Chunks chunks;
    /** The number of bytes in the buffer that have been checked but not consumed by Jetty. */
    private int seen;

    WireParser(RequestHandler handler, int maxHeaderBytes, HttpCompliance compliance, ClientConnection client) {
        super(handler, maxHeaderBytes, compliance);
        // Jetty caches header fields per connection, and would confuse values that differ only in case, such as secrets.
        setHeaderCacheCaseSensitive(true);
        this.client = client;
    }

    @Override
    public void reset() {
        super.reset();
        inHead = true;
        inRequestLine = true;
        requestLine.setLength(0);
        last = 0;
        lineLength = 0;
        headLength = 0;
        chunks = null;
        seen = 0;
    }

    @Override
    public boolean parseNext(ByteBuffer buffer) {
        int end = buffer.limit();
        if (inHead) {
            String problem = scan(buffer);
            if (problem != null) {
                inHead = false;
                buffer.position(buffer.limit());
                badMessage(new BadMessageException(problem));
                return false;
            }
            end = scanned;
        } else if (!isChunking()) {
            end = endOfContent(buffer);
        }
        if (inHeaderState() || !isChunking()) {
            return parse(buffer, end);
        }
        if (isAtEOF() && !buffer.hasRemaining() && isState(State.TRAILER)) {
            // Jetty would accept it.
            close();
            throw new BadMessageException("the last line of a chunked body is missing");
        }
        chunks = chunks == null ? new Chunks() : chunks;
        String problem = chunks.problem(buffer, buffer.position() + seen);
        if (problem != null) {
            close();
            throw new BadMessageException(problem == Chunks.TOO_LARGE ? HttpStatus.PAYLOAD_TOO_LARGE_413 : HttpStatus.BAD_REQUEST_400, problem);
        }
        boolean handle = parse(buffer, chunks.checked());
        seen = Math.max(0, chunks.checked() - buffer.position());
        return handle;
    }

    /** The index in the buffer after the last byte of a body of known length. */
    private int endOfContent(ByteBuffer buffer) {
        long left = Math.max(0, getContentLength() - getContentRead());
        return (int) Math.min(buffer.limit(), buffer.position() + left);
    }

    /** Hides what follows the request, of which Jetty would skip all carriage returns and line feeds. @param end the end of what Jetty may see */
    private boolean parse(ByteBuffer buffer, int end) {
        int limit = buffer.limit();
        buffer.limit(end);
        try {
            return super.parseNext(buffer);
        } finally {
            // Jetty clears the buffer if the request is bad.
            if (buffer.limit() == end) {
                buffer.limit(limit);
            }
        }
    }

    /** Checks the received part of the head, all of which Jetty consumes, too. */
    private String scan(ByteBuffer buffer) {
        int lines = 0;
        int i = buffer.position();
        for (; i < buffer.limit() && inHead; i++) {
            byte c = buffer.get(i);
            if ((c == '\n') != (last == '\r')) {
                return "a line that does not end with CRLF";
            }
            if (c == '\n') {
                if (inRequestLine && lineLength > 0) {
                    inRequestLine = false;
                    if (!REQUEST_LINE.matcher(requestLine).matches()) {
                        return "no request line of HTTP/1.1";
                    }
                } else if (lineLength == 0 && !inRequestLine) {
                    inHead = false;
                } else if (!inRequestLine) {
                    headLength += lineLength + CRLF_BYTES;
                }
                lineLength = 0;
                lines++;
            } else if (c != '\r') {
                lineLength++;
                if (inRequestLine) {
                    requestLine.append((char) (c & 0xff));
                    if (lineLength > MOST_LINE_BYTES) {
                        return "the request line is too long";
                    }
                } else if (headLength + lineLength + CRLF_BYTES > MOST_HEAD_BYTES) {
                    return "the head is too long";
                }
            }
            last = c;
        }
        scanned = i;
        if (i > buffer.position()) {
            client.receivedHead(i - buffer.position(), lines);
        }
        return null;
    }
}
