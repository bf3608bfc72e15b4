// SPDX-License-Identifier: Apache-2.0
package dev.phone.mock;

import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Runs the files in {@code scenarios/}. With a journal every request goes through WireMock; {@link JarIT} runs them without. */
class ScenariosTest {
    @RegisterExtension
    static PhoneMockExtension phone = new PhoneMockExtension(new MockOptions().journal(true));

    @TestFactory
    Stream<DynamicTest> scenarios() {
        return Scenario.all().stream().map(scenario -> DynamicTest.dynamicTest(scenario.name(), () -> scenario.run(phone.mock().url())));
    }
}
