// SPDX-License-Identifier: Apache-2.0
package dev.phone.mock.handler;

import dev.phone.api.ApiError;
import java.nio.ByteBuffer;
import java.util.Base64;

/** A cursor: the number of the last resource of a page, with a checksum over the list, so that it is valid for no other list. */
final class Cursor {
    // Forgery need not be prevented; only cursors of other lists must be detected.
    private static final long SALT = 0x9E3779B97F4A7C15L;

    private Cursor() {
    }

    static String of(long number, String list) {
        byte[] bytes = ByteBuffer.allocate(16).putLong(number ^ SALT).putLong(sign(number, list)).array();
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** @throws ApiError a 422 if it is not a cursor of this list */
    static long number(String cursor, String list) {
        try {
            ByteBuffer bytes = ByteBuffer.wrap(Base64.getUrlDecoder().decode(cursor));
            if (bytes.remaining() == 16) {
                long number = bytes.getLong() ^ SALT;
                // Decoding ignores unused bits at the end, so compare with the cursor that we would have written.
                if (cursor.equals(of(number, list))) {
                    return number;
                }
            }
        } catch (IllegalArgumentException e) {
            // Not base64, so not a cursor.
        }
        throw ApiError.foreignCursor();
    }

    private static long sign(long number, String list) {
        long hash = SALT + number;
        for (int i = 0; i < list.length(); i++) {
            hash = (hash ^ list.charAt(i)) * 0x100000001B3L;
            hash ^= hash >>> 29;
        }
        return hash;
    }
}
