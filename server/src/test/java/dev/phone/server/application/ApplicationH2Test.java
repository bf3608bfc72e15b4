// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.application;

import dev.phone.server.store.TestDatabase;

class ApplicationH2Test extends ApplicationTest {
    ApplicationH2Test() {
        super(TestDatabase.H2);
    }
}
