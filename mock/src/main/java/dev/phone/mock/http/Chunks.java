// SPDX-License-Identifier: Apache-2.0
package dev.phone.mock.http;

import dev.phone.api.RequestHead;
import java.nio.ByteBuffer;

/** Checks the framing of a chunked body (RFC 9112, section 7.1), because Jetty accepts what the server refuses. */
final class Chunks {
    static final String TOO_LARGE = "a chunk is too large";

    /** The server reads sizes of 32 bits. */
    private static final long MOST = 0xffff_ffffL;

    private enum Part { SIZE, SPACE, EXTENSION, SIZE_END, DATA, DATA_CR, DATA_LF, LAST }

    private Part part = Part.SIZE;
    private long size;
    private int digits;

    /** Checks the part of a body from an index on. @return the problem; null if there is none */
    String problem(ByteBuffer buffer, int from) {
        for (int i = from; i < buffer.limit() && part != Part.LAST; i++) {
            int c = buffer.get(i) & 0xff;
            switch (part) {
                case SIZE, SPACE, EXTENSION -> {
                    if (c == '\r' && part != Part.SPACE) {
                        part = Part.SIZE_END;
                    } else if (c == '\n') {
                        return "a line of a chunk that does not end with CRLF";
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
                    part = size == 0 ? Part.LAST : Part.DATA;
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
                default -> {
                    if (c != '\n') {
                        return "a chunk that is longer than its size";
                    }
                    part = Part.SIZE;
                    size = 0;
                    digits = 0;
                }
            }
        }
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
