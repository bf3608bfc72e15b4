// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.log;

import dev.phone.server.store.TestDatabase;

class RequestLogsPostgresTest extends RequestLogsTest {
    RequestLogsPostgresTest() {
        super(TestDatabase.POSTGRES);
    }
}
