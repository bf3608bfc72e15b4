// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.application;

import dev.phone.server.store.TestDatabase;

class ApplicationPostgresTest extends ApplicationTest {
    ApplicationPostgresTest() {
        super(TestDatabase.POSTGRES);
    }
}
