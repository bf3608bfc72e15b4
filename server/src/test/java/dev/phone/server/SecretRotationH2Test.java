// SPDX-License-Identifier: Apache-2.0
package dev.phone.server;

import dev.phone.server.store.TestDatabase;

class SecretRotationH2Test extends SecretRotationTest {
    SecretRotationH2Test() {
        super(TestDatabase.H2);
    }
}
