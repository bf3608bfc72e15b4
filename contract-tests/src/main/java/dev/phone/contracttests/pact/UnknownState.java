// SPDX-License-Identifier: Apache-2.0
package dev.phone.contracttests.pact;

import java.util.Collection;
import java.util.Comparator;

/** A pact refers to a provider state that does not exist. */
public final class UnknownState extends IllegalArgumentException {

    UnknownState(String name, Collection<String> known) {
        super("there is no provider state '" + name + "'; did you mean '" + nearest(name, known) + "'? The states are: "
                + String.join(", ", known.stream().map(state -> "'" + state + "'").toList()));
    }

    private static String nearest(String name, Collection<String> known) {
        return known.stream().min(Comparator.comparingInt(state -> distance(name.toLowerCase(), state.toLowerCase()))).orElseThrow();
    }

    /** The Levenshtein distance. */
    private static int distance(String a, String b) {
        int[] before = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            before[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int[] row = new int[b.length() + 1];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = before[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(replaced, 1 + Math.min(before[j], row[j - 1]));
            }
            before = row;
        }
        return before[b.length()];
    }
}
