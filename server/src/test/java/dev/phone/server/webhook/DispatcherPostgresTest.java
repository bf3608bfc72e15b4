// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.webhook;

import dev.phone.server.store.TestDatabase;

class DispatcherPostgresTest extends DispatcherTest {
    DispatcherPostgresTest() {
        super(TestDatabase.POSTGRES);
    }
}
