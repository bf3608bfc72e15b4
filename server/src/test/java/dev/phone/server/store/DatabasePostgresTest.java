// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.store;

class DatabasePostgresTest extends DatabaseTest {
    DatabasePostgresTest() {
        super(TestDatabase.POSTGRES);
    }
}
