// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.sandbox;

import dev.phone.server.store.TestDatabase;

class BinsPostgresTest extends BinsTest {
    BinsPostgresTest() {
        super(TestDatabase.POSTGRES);
    }
}
