// SPDX-License-Identifier: Apache-2.0
package dev.phone.api;

/** How a server spells where a page ended, and reads it again. */
public interface Cursors {

    /**
     * A cursor that fits this list only, and that only we can write; at most 200 characters.
     *
     * @param list what the list is of: the operation, the caller, path parameters and filters; null for a filter that is not set
     * @param id of the last item of the page
     */
    String write(String[] list, String id);

    /** The ID that a cursor was written of; null when it is no cursor of this list. */
    String read(String[] list, String cursor);
}
