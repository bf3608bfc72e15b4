// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.log;

import dev.phone.server.store.TestDatabase;

class OtpTotalsPostgresTest extends OtpTotalsTest {
    OtpTotalsPostgresTest() {
        super(TestDatabase.POSTGRES);
    }
}
