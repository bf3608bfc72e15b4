// SPDX-License-Identifier: Apache-2.0
package dev.phone.contract;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The table of rules says where each is checked, and each has been seen to report something. */
class RulesetTest {

    @TestFactory
    Stream<DynamicTest> isCheckedWhereTheTableSays() {
        return Ruleset.all().stream().map(rule -> dynamicTest(rule.name(), () ->
                assertTrue(source("src/build", rule.check()).contains('"' + rule.name() + '"'), rule.check() + " never reports " + rule.name())));
    }

    @TestFactory
    Stream<DynamicTest> isBrokenByATest() throws IOException {
        String tests = source("src/test", LintTest.class) + source("src/test", RulesTest.class);
        return Ruleset.all().stream().map(rule -> dynamicTest(rule.name(), () ->
                assertTrue(tests.contains("breaks(\"" + rule.name() + '"') || tests.contains("replace(\"/" + rule.name() + '/'), "no test breaks " + rule.name())));
    }

    private static String source(String root, Class<?> type) throws IOException {
        return Files.readString(Path.of(root, "java", type.getName().replace('.', '/') + ".java"));
    }
}
