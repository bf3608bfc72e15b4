// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.store;

class RetentionPostgresTest extends RetentionTest {
    RetentionPostgresTest() {
        super(TestDatabase.POSTGRES);
    }
}
