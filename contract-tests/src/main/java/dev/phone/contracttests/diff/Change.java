// SPDX-License-Identifier: Apache-2.0
package dev.phone.contracttests.diff;

/**
 * One difference between two contracts.
 *
 * @param operation the operationId, {@code ""} for all operations together
 * @param where the part of the operation and the path into it, {@code ""} for the operation itself
 * @param subject the component that changed; a change of a component is one change of each operation that uses it
 * @param before null if new
 * @param after null if removed
 */
public record Change(Kind kind, String operation, String where, String subject, String keyword, String before, String after) {

    public enum Kind {
        BREAKING, DEPRECATED, NEW, CHANGED
    }

    public boolean isBreaking() {
        return kind == Kind.BREAKING;
    }

    /** The change in words, without its location. */
    public String what() {
        if (keyword.equals("operation")) {
            return before == null ? "is a new operation, " + after : "is gone, was " + before;
        }
        if (keyword.isEmpty()) {
            return before == null ? "is new" + (after.equals(Constraint.REQUIRED) ? " and required" : "")
                    : after == null ? "is gone" : "was " + before + ", is " + after;
        }
        if (keyword.startsWith(OperationConstraints.ENUM_VALUE) || keyword.startsWith(OperationConstraints.CLOSED_ENUM_VALUE)) {
            return before == null ? "may also be " + after : "may no longer be " + before;
        }
        return before == null ? keyword + " is new: " + after : after == null ? keyword + " is gone, was " + before
                : keyword + " was " + before + ", is " + after;
    }

    @Override
    public String toString() {
        return (operation.isEmpty() ? "every operation" : operation) + (where.isEmpty() ? " " : ", " + where + ": ") + what();
    }
}
