// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.project;

import dev.phone.server.store.TestDatabase;

class ProjectH2Test extends ProjectTest {
    ProjectH2Test() {
        super(TestDatabase.H2);
    }
}
