// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.http;

import dev.phone.server.store.TestDatabase;

class IdempotencyH2Test extends IdempotencyTest {
    IdempotencyH2Test() {
        super(TestDatabase.H2);
    }
}
