// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.number;

import dev.phone.server.store.TestDatabase;

class NumberPostgresTest extends NumberTest {
    NumberPostgresTest() {
        super(TestDatabase.POSTGRES);
    }
}
