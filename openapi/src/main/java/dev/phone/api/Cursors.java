// SPDX-License-Identifier: Apache-2.0
package dev.phone.api;

/** Writes and reads the cursors of lists. */
public interface Cursors {

    /**
     * Writes a cursor that is valid only for this list and cannot be forged; at most 200 characters.
     *
     * @param list what identifies the list: operation, caller, path parameters and filters; null for a filter that is not set
     * @param id the ID of the last item of the page
     */
    String write(String[] list, String id);

    /** The ID in a cursor; null if it is not a valid cursor of this list. */
    String read(String[] list, String cursor);
}
