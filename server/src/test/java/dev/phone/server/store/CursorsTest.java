// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.phone.api.ApiError;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class CursorsTest {
    private static final String ID = "otp_01kf0ft54g2dgvjx7yyvtq3k51";

    private final Cursors cursors = new Cursors(Secrets.of(new byte[32]));
    private final Cursors.Listing listing = cursors.listing("listOtpRequests", "app_1", null, "+999 482 918 102");

    @Test
    void aCursorLeadsBackToItsItem() {
        assertEquals(ID, listing.before(cursor()));
        assertTrue(cursor().length() <= 200, "the contract allows 200 characters");
    }

    @Test
    void theFirstPageIsBeforeNothing() {
        assertTrue(listing.before(null).compareTo("whk_zzzzzzzzzzzzzzzzzzzzzzzzzz") > 0);
    }

    @Test
    void theLastPageHasNoNext() {
        assertNull(next(List.of("b", "a"), 2));
        assertNull(next(List.of(), 2));
        assertEquals("b", listing.before(next(List.of("c", "b", "a"), 2)));
    }

    @Test
    void aCursorFitsItsListOnly() {
        for (Cursors.Listing other : List.of(
                cursors.listing("listOtpRequests", "app_2", null, "+999 482 918 102"),
                cursors.listing("listOtpRequests", "app_1", "pending", "+999 482 918 102"),
                cursors.listing("listOtpRequests", "app_1", "+999 482 918 102", null),
                cursors.listing("listOtpRequests", "app_1", null, null),
                cursors.listing("listMessages", "app_1", null, "+999 482 918 102"))) {
            assertRefused(other, cursor());
        }
    }

    @Test
    void aChangedCursorIsRefusedWhereverItWasChanged() {
        String cursor = cursor();
        for (int i = 0; i < cursor.length(); i++) {
            for (char c : "A9-_".toCharArray()) {
                if (cursor.charAt(i) != c) {
                    assertRefused(listing, cursor.substring(0, i) + c + cursor.substring(i + 1));
                }
            }
            assertRefused(listing, cursor.substring(0, i) + '*' + cursor.substring(i));
            if (i > 0) {
                assertRefused(listing, cursor.substring(0, i));
            }
        }
        assertRefused(listing, cursor + "=");
        assertRefused(listing, "bm90LW91cnM");
        assertRefused(listing, "é");
    }

    private String cursor() {
        return next(List.of(ID, "otp_0"), 1);
    }

    private String next(List<String> found, int limit) {
        return listing.page(found, limit, Function.identity(), (items, meta) -> meta.nextCursor());
    }

    private static void assertRefused(Cursors.Listing listing, String cursor) {
        ApiError error = assertThrows(ApiError.class, () -> listing.before(cursor), cursor);
        assertEquals("Validation failed: query:cursor must be the nextCursor of a page of this list", error.getMessage());
    }
}
