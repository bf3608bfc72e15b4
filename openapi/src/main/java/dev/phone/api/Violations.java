// SPDX-License-Identifier: Apache-2.0
package dev.phone.api;

import java.util.ArrayList;
import java.util.List;

/**
 * Collects the violations of a request, so that a caller learns about all of them at once. Allocates nothing for a valid request.
 *
 * <p>It is bounded, so that an error stays below 16 kB whatever was sent: at most 50 violations, fewer if their paths are long, and no path
 * is longer than 200 characters.
 */
public final class Violations implements Schema.Report {
    private static final int MOST = 50;
    /** For all paths together, as written in JSON. The rest of 50 violations takes no more than that. */
    private static final int MOST_PATH_BYTES = 6_000;

    private List<Violation> list;
    private int pathBytes;

    @Override
    public void add(String path, String rule, String message) {
        if (list == null) {
            list = new ArrayList<>();
        }
        String cut = ApiError.quoted(path);
        pathBytes += bytes(cut);
        if (list.isEmpty() || list.size() < MOST && pathBytes <= MOST_PATH_BYTES) {
            list.add(new Violation(cut, rule, message));
        }
    }

    /** An upper bound: a control character takes six bytes in JSON, and no character takes more. */
    private static int bytes(String text) {
        int bytes = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            bytes += c >= ' ' && c < 0x7f ? 1 : c < 0x20 ? 6 : 3;
        }
        return bytes;
    }

    public boolean isEmpty() {
        return list == null;
    }

    /** The violations, in the order of the contract. */
    public List<Violation> list() {
        return list == null ? List.of() : List.copyOf(list);
    }
}
