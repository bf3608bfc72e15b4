// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.sandbox;

import dev.phone.server.store.TestDatabase;

class BinsH2Test extends BinsTest {
    BinsH2Test() {
        super(TestDatabase.H2);
    }
}
