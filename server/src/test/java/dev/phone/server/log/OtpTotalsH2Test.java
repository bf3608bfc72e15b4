// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.log;

import dev.phone.server.store.TestDatabase;

class OtpTotalsH2Test extends OtpTotalsTest {
    OtpTotalsH2Test() {
        super(TestDatabase.H2);
    }
}
