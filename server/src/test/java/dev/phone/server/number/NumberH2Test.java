// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.number;

import dev.phone.server.store.TestDatabase;

class NumberH2Test extends NumberTest {
    NumberH2Test() {
        super(TestDatabase.H2);
    }
}
