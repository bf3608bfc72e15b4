// SPDX-License-Identifier: Apache-2.0
package dev.phone.contracttests.pact;

import java.util.ArrayList;
import java.util.List;

/**
 * The result of verifying one interaction on one target.
 *
 * @param details lines to print below the verdict
 */
public record Verdict(Kind kind, List<String> details) {

    public enum Kind {
        HOLDS("holds"),
        /** The target does not answer what the pact expects. */
        DIFFERS("differs"),
        /** The target answers what the pact expects, but the contract does not promise it. */
        NOT_PROMISED("not promised"),
        /** The contract has the operation, but this target does not implement it yet. */
        NOT_BUILT("not built yet"),
        /** Not allowed, or something that it needs is missing. Not a failure. */
        NOT_TRIED("not tried"),
        /** The interaction could not be verified. */
        ERROR("error");

        /** The word printed in the table. */
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
