// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.otp;

import dev.phone.server.store.TestDatabase;

class OtpRacePostgresTest extends OtpRaceTest {
    OtpRacePostgresTest() {
        super(TestDatabase.POSTGRES);
    }
}
