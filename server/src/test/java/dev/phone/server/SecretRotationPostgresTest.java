// SPDX-License-Identifier: Apache-2.0
package dev.phone.server;

import dev.phone.server.store.TestDatabase;

class SecretRotationPostgresTest extends SecretRotationTest {
    SecretRotationPostgresTest() {
        super(TestDatabase.POSTGRES);
    }
}
