// SPDX-License-Identifier: Apache-2.0
package dev.phone.mock.handler;

import dev.phone.mock.model.Example;

/** An error whose response is an example of the contract. */
public final class DocumentedError extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient Example example;

    public DocumentedError(Example example) {
        super(example.name(), null, false, false);
        this.example = example;
    }

    Example example() {
        return example;
    }
}
