// SPDX-License-Identifier: Apache-2.0
package dev.phone.mock.http;

import dev.phone.api.RequestHead;
import java.nio.ByteBuffer;

/** Checks the framing of a chunked body (RFC 9112, section 7.1), because Jetty accepts what the server refuses. */
final class Chunks {
    static final String TOO_LARGE = "a chunk is too large";

    /** The server reads sizes of 32 bits. */
    private static final long MOST = 0xffff_ffffL;

    /** The same as the server's, without the end of the line. */
    private static final int MOST_LINE_BYTES = 4_095;

    private enum Part { SIZE, SPACE, EXTENSION, SIZE_END, DATA, DATA_CR, DATA_LF, LAST_CR, LAST_LF, END }

    private Part part = Part.SIZE;
    private long size;
    private int digits;
    private int lineLength;
    private int checked;

    /** The index in the buffer after the last byte that has been checked: its limit, or the end of the body. */
    int checked() {
        return checked;
    }

    /** Checks the part of a body from an index on. @return the problem; null if there is none */
    String problem(ByteBuffer buffer, int from) {
        int i = from;
        for (; i < buffer.limit() && part != Part.END; i++) {
            int c = buffer.get(i) & 0xff;
            switch (part) {
                case SIZE, SPACE, EXTENSION -> {
                    if (c == '\r' && part != Part.SPACE) {
                        part = Part.SIZE_END;
                    } else if (c == '\n') {
                        return "a line of a chunk that does not end with CRLF";
                    } else if (++lineLength > MOST_LINE_BYTES) {
                        return "the size of a chunk is too long";
                    } else if (part != Part.EXTENSION) {
                        String problem = size(c);
                        if (problem != null) {
                            return problem;
                        }
                    }
                }
                case SIZE_END -> {
                    if (c != '\n' || digits == 0) {
                        return "a chunk without a size";
                    }
                    if (size > RequestHead.ABSURD_BODY_BYTES) {
                        return TOO_LARGE;
                    }
                    part = size == 0 ? Part.LAST_CR : Part.DATA;
                }
                case DATA -> {
                    int skipped = (int) Math.min(size, buffer.limit() - i);
                    size -= skipped;
                    i += skipped - 1;
                    part = size == 0 ? Part.DATA_CR : Part.DATA;
                }
                case DATA_CR -> {
                    if (c != '\r') {
                        return "a chunk that is longer than its size";
                    }
                    part = Part.DATA_LF;
                }
                case LAST_CR -> {
                    if (c != '\r') {
                        return "trailers";
                    }
                    part = Part.LAST_LF;
                }
                case LAST_LF -> {
                    if (c != '\n') {
                        return "the last line of a chunked body does not end with CRLF";
                    }
                    part = Part.END;
                }
                default -> {
                    if (c != '\n') {
                        return "a chunk that is longer than its size";
                    }
                    part = Part.SIZE;
                    size = 0;
                    digits = 0;
                    lineLength = 0;
                }
            }
        }
        checked = i;
        return null;
    }

    private String size(int c) {
        int digit = Character.digit(c, 16);
        if (digit >= 0 && c < 128 && part == Part.SIZE) {
            digits++;
            size = size * 16 + digit;
            return size > MOST ? "a chunk size that is no number" : null;
        }
        if (digits > 0 && (c == ';' || c == ' ' || c == '\t')) {
            // Only before an extension may there be a space (RFC 9112, section 7.1.1).
            part = c == ';' ? Part.EXTENSION : Part.SPACE;
            return null;
        }
        return "a chunk without a size";
    }
}
