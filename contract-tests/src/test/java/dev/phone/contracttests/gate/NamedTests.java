// SPDX-License-Identifier: Apache-2.0
package dev.phone.contracttests.gate;

import java.net.URI;
import java.util.Arrays;
import java.util.Collection;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.function.ThrowingConsumer;

/**
 * Tests that Maven's console calls by their names. It calls a dynamic test by its method and an index, unless the test has a source of its own;
 * a parameterized one has none, so here these are dynamic, too. They share what {@code @BeforeEach} has set up.
 */
public final class NamedTests {
    private static final URI SOURCE = URI.create("urn:phone:contract");

    private NamedTests() {
    }

    public static DynamicTest dynamicTest(String name, Executable test) {
        return DynamicTest.dynamicTest(name, SOURCE, test);
    }

    /** A test for each of these, by its {@code toString}. */
    public static <T> Stream<DynamicTest> each(Collection<T> cases, ThrowingConsumer<T> test) {
        return cases.stream().map(each -> dynamicTest(each.toString(), () -> test.accept(each)));
    }

    /** What a row of two columns is tested by. */
    @FunctionalInterface
    public interface RowTest {
        void accept(String first, String second) throws Throwable;
    }

    /** A test for each row of a table, by the whole row. @param rows lines of two columns, separated by | */
    public static Stream<DynamicTest> rows(String rows, RowTest test) {
        return rows.lines().map(row -> Arrays.stream(row.split("\\|", 2)).map(String::strip).toList())
                .map(row -> dynamicTest(String.join(": ", row), () -> test.accept(row.get(0), row.get(1))));
    }
}
