// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.store;

class DatabaseH2Test extends DatabaseTest {
    DatabaseH2Test() {
        super(TestDatabase.H2);
    }
}
