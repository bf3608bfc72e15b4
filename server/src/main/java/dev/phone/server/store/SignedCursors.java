// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.store;

import dev.phone.api.Cursors;
import dev.phone.api.PageRequest;
import io.helidon.dbclient.DbStatementQuery;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/**
 * Cursors of lists that are sorted by ID, newest first.
 *
 * <p>A cursor is the ID of the last item of a page, signed together with the identity of the list. So it is valid for no other list, and
 * cannot be forged.
 */
public final class SignedCursors implements Cursors {
    private static final int SIGNATURE_BYTES = 16;
    /** Greater than every ID in the collations of both databases, because no prefix begins with zz. */
    private static final String FIRST_PAGE = "zz";

    private final Secrets secrets;

    public SignedCursors(Secrets secrets) {
        this.secrets = secrets;
    }

    /** Sets the parameters {@code :before} and {@code :limit} of a list query for a page. */
    public static DbStatementQuery select(PageRequest page, DbStatementQuery query) {
        return query.addParam("before", page.last() == null ? FIRST_PAGE : page.last()).addParam("limit", page.fetchLimit());
    }

    @Override
    public String write(String[] list, String id) {
        return text(id, secrets.hash(Secrets.Purpose.CURSOR, signed(list, id)));
    }

    private static String[] signed(String[] list, String id) {
        String[] signed = Arrays.copyOf(list, list.length + 1);
        signed[list.length] = id;
        return signed;
    }

    private static String text(String id, byte[] signature) {
        byte[] bytes = id.getBytes(StandardCharsets.UTF_8);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(ByteBuffer.allocate(bytes.length + SIGNATURE_BYTES)
                .put(bytes).put(signature, 0, SIGNATURE_BYTES).array());
    }

    @Override
    public String read(String[] list, String cursor) {
        byte[] bytes;
        try {
            bytes = Base64.getUrlDecoder().decode(cursor);
        } catch (IllegalArgumentException e) {
            return null;
        }
        if (bytes.length <= SIGNATURE_BYTES) {
            return null;
        }
        String id = new String(bytes, 0, bytes.length - SIGNATURE_BYTES, StandardCharsets.UTF_8);
        // Decoding ignores unused bits at the end, so compare with the cursor that we would have written.
        List<byte[]> written = secrets.hashes(Secrets.Purpose.CURSOR, signed(list, id)).stream()
                .map(hash -> text(id, hash).getBytes(StandardCharsets.UTF_8)).toList();
        return Secrets.anyEqual(written, cursor.getBytes(StandardCharsets.UTF_8)) ? id : null;
    }
}
