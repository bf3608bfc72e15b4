// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.project;

import dev.phone.server.store.TestDatabase;

class ProjectPostgresTest extends ProjectTest {
    ProjectPostgresTest() {
        super(TestDatabase.POSTGRES);
    }
}
