// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.phone.api.ApiError;
import dev.phone.api.Cursors;
import dev.phone.api.PageRequest;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class SignedCursorsTest {
    private static final String ID = "otp_01kf0ft54g2dgvjx7yyvtq3k51";

    private static final String[] LIST = {"listOtpRequests", "app_1", null, "+999 482 918 102"};

    private final Cursors cursors = new SignedCursors(Secrets.of(new byte[32]));

    @Test
    void aCursorLeadsBackToItsItem() {
        assertEquals(ID, cursors.read(LIST, cursor()));
        assertTrue(cursor().length() <= 200, "the contract allows 200 characters");
    }

    @Test
    void theLastPageHasNoNext() {
        assertNull(next(List.of("b", "a"), 2));
        assertNull(next(List.of(), 2));
        assertEquals("b", new PageRequest(cursors, LIST, 2, next(List.of("c", "b", "a"), 2)).last());
    }

    @Test
    void aCursorFitsItsListOnly() {
        for (String[] other : new String[][] {
            {"listOtpRequests", "app_2", null, "+999 482 918 102"},
            {"listOtpRequests", "app_1", "pending", "+999 482 918 102"},
            {"listOtpRequests", "app_1", "+999 482 918 102", null},
            {"listOtpRequests", "app_1", null, null},
            {"listMessages", "app_1", null, "+999 482 918 102"}}) {
            assertRefused(other, cursor());
        }
    }

    @Test
    void aChangedCursorIsRefusedWhereverItWasChanged() {
        String cursor = cursor();
        for (int i = 0; i < cursor.length(); i++) {
            for (char c : "A9-_".toCharArray()) {
                if (cursor.charAt(i) != c) {
                    assertRefused(LIST, cursor.substring(0, i) + c + cursor.substring(i + 1));
                }
            }
            assertRefused(LIST, cursor.substring(0, i) + '*' + cursor.substring(i));
            if (i > 0) {
                assertRefused(LIST, cursor.substring(0, i));
            }
        }
        assertRefused(LIST, cursor + "=");
        assertRefused(LIST, "bm90LW91cnM");
        assertRefused(LIST, "é");
    }

    private String cursor() {
        return next(List.of(ID, "otp_0"), 1);
    }

    private String next(List<String> found, int limit) {
        return new PageRequest(cursors, LIST, limit, null).of(found, Function.identity()).nextCursor();
    }

    private void assertRefused(String[] list, String cursor) {
        ApiError error = assertThrows(ApiError.class, () -> new PageRequest(cursors, list, 1, cursor), cursor);
        assertEquals("Validation failed: query:cursor must be the nextCursor of a page of this list", error.getMessage());
    }
}
