// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.webhook;

import dev.phone.server.store.TestDatabase;

class DispatcherH2Test extends DispatcherTest {
    DispatcherH2Test() {
        super(TestDatabase.H2);
    }
}
