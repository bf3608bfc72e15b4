// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.store;

class RetentionH2Test extends RetentionTest {
    RetentionH2Test() {
        super(TestDatabase.H2);
    }
}
