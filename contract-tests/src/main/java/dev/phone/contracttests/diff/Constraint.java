// SPDX-License-Identifier: Apache-2.0
package dev.phone.contracttests.diff;

/**
 * A single constraint on a request, or guarantee for a response, of an operation.
 *
 * @param where the part of the operation: {@code request body}, {@code query limit}, {@code 201 body}, {@code 201 header RateLimit}
 * @param path a JSON pointer into that part; {@code *} is every item or value, {@code {name}} every name in a map
 * @param subject the component that states it, with the path in it, such as {@code PhoneNumber}; the same for all operations that share it
 * @param keyword {@code ""} for the part itself, whose value says whether the part is required
 */
record Constraint(Side side, String where, String path, String subject, String keyword, String value) {
    static final String REQUIRED = "required";
    static final String OPTIONAL = "optional";

    /** Whom it binds. A narrower request breaks callers, and so does a wider response. */
    enum Side {
        REQUEST, RESPONSE, OPERATION
    }

    String key() {
        return where + " " + path + " " + keyword;
    }

    boolean isPart() {
        return keyword.isEmpty();
    }

    /** Whether this constraint is about a part of the subject of {@code outer}. */
    boolean isInside(Constraint outer) {
        return where.equals(outer.where) ? path.equals(outer.path) && !isPart() || path.startsWith(outer.path + "/")
                : outer.path.isEmpty() && where.startsWith(outer.where + " ");
    }
}
