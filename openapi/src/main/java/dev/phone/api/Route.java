// SPDX-License-Identifier: Apache-2.0
package dev.phone.api;

/** An operation with the generated code that calls its implementation. */
public record Route(Operation operation, Handler handler) {

    @FunctionalInterface
    public interface Handler {
        /**
         * @param caller of the type for the operation's {@link Operation.Auth}
         * @throws ApiError any error that the contract documents for the operation
         */
        Response handle(Caller caller, Input input);
    }
}
