// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.http;

import dev.phone.server.store.TestDatabase;

class IdempotencyPostgresTest extends IdempotencyTest {
    IdempotencyPostgresTest() {
        super(TestDatabase.POSTGRES);
    }
}
