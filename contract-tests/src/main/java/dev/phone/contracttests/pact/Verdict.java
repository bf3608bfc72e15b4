// SPDX-License-Identifier: Apache-2.0
package dev.phone.contracttests.pact;

import java.util.ArrayList;
import java.util.List;

/**
 * What is to be said of one interaction on one target.
 *
 * @param details a line each, to be read below the verdict
 */
public record Verdict(Kind kind, List<String> details) {

    public enum Kind {
        HOLDS("holds"),
        /** The target does not answer what the pact expects. */
        DIFFERS("differs"),
        /** It does, but the contract does not say that it must. */
        NOT_PROMISED("not promised"),
        /** The contract has it, this target not yet. */
        NOT_BUILT("not built yet"),
        /** Nobody allowed it, or what it needs is not there: no failure. */
        NOT_TRIED("not tried"),
        /** It could not be tried. */
        ERROR("error");

        /** As it stands in the table. */
        public final String words;

        Kind(String words) {
            this.words = words;
        }
    }

    /** @param unpromised see {@link Promises} */
    public static Verdict of(List<String> differences, List<String> unpromised) {
        if (differences.isEmpty()) {
            return new Verdict(unpromised.isEmpty() ? Kind.HOLDS : Kind.NOT_PROMISED, unpromised);
        }
        List<String> details = new ArrayList<>(differences);
        unpromised.forEach(line -> details.add("not promised: " + line));
        return new Verdict(Kind.DIFFERS, details);
    }

    public static Verdict notTried(String why) {
        return new Verdict(Kind.NOT_TRIED, List.of(why));
    }

    public static Verdict error(String why) {
        return new Verdict(Kind.ERROR, List.of(why));
    }
}
