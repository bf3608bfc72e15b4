// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.log;

import dev.phone.server.store.TestDatabase;

class RequestLogsH2Test extends RequestLogsTest {
    RequestLogsH2Test() {
        super(TestDatabase.H2);
    }
}
