// SPDX-License-Identifier: Apache-2.0
package dev.phone.mock.answer;

import dev.phone.mock.model.Example;

/** An error that the contract words in an example. */
public final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient Example example;

    public Refusal(Example example) {
        super(example.name(), null, false, false);
        this.example = example;
    }

    Example example() {
        return example;
    }
}
