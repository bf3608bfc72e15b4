// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.otp;

import dev.phone.server.store.TestDatabase;

class OtpRaceH2Test extends OtpRaceTest {
    OtpRaceH2Test() {
        super(TestDatabase.H2);
    }
}
