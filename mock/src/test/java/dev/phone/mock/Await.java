// SPDX-License-Identifier: Apache-2.0
package dev.phone.mock;

import static org.junit.jupiter.api.Assertions.fail;

import java.util.function.BooleanSupplier;

/** Waits for what other threads do. */
final class Await {
    private static final long PATIENCE = 30_000;

    private Await() {
    }

    static void until(BooleanSupplier condition) throws InterruptedException {
        long deadline = System.currentTimeMillis() + PATIENCE;
        while (!condition.getAsBoolean()) {
            if (System.currentTimeMillis() > deadline) {
                fail("it did not happen within " + PATIENCE + " ms");
            }
            Thread.sleep(20);
        }
    }
}
