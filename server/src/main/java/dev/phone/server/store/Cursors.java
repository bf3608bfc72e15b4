// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.store;

import dev.phone.api.ApiError;
import dev.phone.api.PageMeta;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * Pages of lists that are sorted by ID, newest first.
 *
 * <p>A cursor is the ID of the last item of a page, signed together with what the list is of: the operation, whose list it is, and its
 * filters. So it fits no other list, and cannot be made up.
 */
public final class Cursors {
    private static final int SIGNATURE_BYTES = 16;
    /** After every ID, in the collation of either database: no prefix begins with two z. */
    private static final String FIRST_PAGE = "zz";

    private final Secrets secrets;

    public Cursors(Secrets secrets) {
        this.secrets = secrets;
    }

    /** @param list what the list is of: the operation first, then the caller and the filters; null for a filter that is not set */
    public Listing listing(String... list) {
        return new Listing(list);
    }

    /** One list, of which a page is asked for. */
    public final class Listing {
        private final String[] list;

        private Listing(String[] list) {
            this.list = list;
        }

        /**
         * The ID that all IDs of the page are less than.
         *
         * @param cursor null for the first page
         * @throws ApiError a 422 when it is not a cursor of this list
         */
        public String before(String cursor) {
            if (cursor == null) {
                return FIRST_PAGE;
            }
            byte[] bytes;
            try {
                bytes = Base64.getUrlDecoder().decode(cursor);
            } catch (IllegalArgumentException e) {
                throw refused();
            }
            if (bytes.length <= SIGNATURE_BYTES) {
                throw refused();
            }
            String id = new String(bytes, 0, bytes.length - SIGNATURE_BYTES, StandardCharsets.UTF_8);
            // Decoding is lenient (it ignores the bits that are left over at the end), so what counts is what we would have written.
            if (!Secrets.equal(cursor(id).getBytes(StandardCharsets.UTF_8), cursor.getBytes(StandardCharsets.UTF_8))) {
                throw refused();
            }
            return id;
        }

        /**
         * @param found the items, one more than {@code limit} if the list goes on
         * @param page makes the page of the items and of where the list goes on
         */
        public <T, P> P page(List<T> found, int limit, Function<T, String> id, BiFunction<List<T>, PageMeta, P> page) {
            if (found.size() <= limit) {
                return page.apply(found, new PageMeta(null));
            }
            List<T> items = found.subList(0, limit);
            return page.apply(items, new PageMeta(cursor(id.apply(items.getLast()))));
        }

        private String cursor(String id) {
            String[] signed = Arrays.copyOf(list, list.length + 1);
            signed[list.length] = id;
            byte[] bytes = id.getBytes(StandardCharsets.UTF_8);
            return Base64.getUrlEncoder().withoutPadding().encodeToString(ByteBuffer.allocate(bytes.length + SIGNATURE_BYTES)
                    .put(bytes).put(secrets.hash(Secrets.Purpose.CURSOR, signed), 0, SIGNATURE_BYTES).array());
        }

        private static ApiError refused() {
            return ApiError.invalid("query:cursor", "cursor", "must be the nextCursor of a page of this list");
        }
    }
}
