// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.otp;

import dev.phone.server.store.TestDatabase;

class OtpH2Test extends OtpTest {
    OtpH2Test() {
        super(TestDatabase.H2);
    }
}
