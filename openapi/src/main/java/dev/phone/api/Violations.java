// SPDX-License-Identifier: Apache-2.0
package dev.phone.api;

import java.util.ArrayList;
import java.util.List;

/** Collects what is wrong with a request, so that a caller learns everything at once. Allocates nothing while all is well. */
public final class Violations implements Schema.Report {
    /** Enough to mend any honest request; a hostile one must not make us write a novel. */
    private static final int MOST = 50;

    private List<Violation> list;

    @Override
    public void add(String path, String rule, String message) {
        if (list == null) {
            list = new ArrayList<>();
        }
        if (list.size() < MOST) {
            list.add(new Violation(path, rule, message));
        }
    }

    public boolean isEmpty() {
        return list == null;
    }

    /** What was found, in the order of the contract; at most 50. */
    public List<Violation> list() {
        return list == null ? List.of() : List.copyOf(list);
    }
}
