// SPDX-License-Identifier: Apache-2.0
package dev.phone.contracttests.diff;

/**
 * One thing that an operation demands of a request or guarantees of a response.
 *
 * @param where the part of the operation: {@code request body}, {@code query limit}, {@code 201 body}, {@code 201 header RateLimit}
 * @param path into that part, as a JSON pointer; {@code *} is every item or value
 * @param subject the component that says so and the path in it, such as {@code PhoneNumber}; what many operations share has one subject
 * @param keyword {@code ""} for the part itself, whose value says whether it is required
 */
record Constraint(Side side, String where, String path, String subject, String keyword, String value) {
    static final String REQUIRED = "required";
    static final String OPTIONAL = "optional";

    /** Who has to keep to it. A narrower request breaks callers; so does a wider response. */
    enum Side {
        REQUEST, RESPONSE, OPERATION
    }

    String key() {
        return where + " " + path + " " + keyword;
    }

    boolean isPart() {
        return keyword.isEmpty();
    }

    /** Whether it is about a part of what {@code outer} is about. */
    boolean isInside(Constraint outer) {
        return where.equals(outer.where) ? path.equals(outer.path) && !isPart() || path.startsWith(outer.path + "/")
                : outer.path.isEmpty() && where.startsWith(outer.where + " ");
    }
}
