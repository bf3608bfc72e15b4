// SPDX-License-Identifier: Apache-2.0
package dev.phone.contracttests.pact;

import static dev.phone.contracttests.gate.NamedTests.each;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.phone.contracttests.target.ApiProcess;
import dev.phone.contracttests.target.MockTarget;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class ProviderStatesTest {
    /** The groups of values that README.md gives a name. */
    private static final Set<String> USER = Set.of("authorization", "token");
    private static final Set<String> APPLICATION = Set.of("authorization", "token", "applicationId", "clientId", "clientSecret", "apiKey");

    private static MockTarget mock;

    @BeforeAll
    static void start() {
        mock = new MockTarget(Map.of());
    }

    @AfterAll
    static void stop() {
        mock.close();
    }

    @BeforeEach
    void reset() {
        mock.reset();
    }

    @TestFactory
    Stream<DynamicTest> everyStateCanBeSetWithItsDefaults() {
        return each(ProviderStates.names(), name ->
                ProviderStates.set(mock, name, Map.of()).forEach((key, value) -> assertTrue(value != null && !value.toString().isEmpty(), key)));
    }

    @TestFactory
    Stream<DynamicTest> noStateTakesAParameterThatItDoesNotKnow() {
        return each(ProviderStates.names(), name -> {
            String message = assertThrows(IllegalArgumentException.class, () -> ProviderStates.set(mock, name, Map.of("colour", "red"))).getMessage();
            assertTrue(message.startsWith("the provider state '" + name + "' has no parameter 'colour'"), message);
        });
    }

    @Test
    void everyStateIsDocumented() throws IOException {
        assertEquals(String.join("\n", ProviderStates.names().stream().map(name -> row(name, parameters(name), values(name))).toList()),
                rows("contract-tests/pacts/README.md", 3), "the table of contract-tests/pacts/README.md, but for its last column");
        assertEquals(String.join("\n", ProviderStates.names().stream().map(name -> row(name, parameters(name))).toList()),
                rows("openapi/guides/pact.md", 2), "the table of openapi/guides/pact.md");
    }

    private static String row(String... cells) {
        return "| " + String.join(" | ", cells) + " |";
    }

    /** As the refusal of an unknown one names them. */
    private static String parameters(String state) {
        String refusal = assertThrows(IllegalArgumentException.class, () -> ProviderStates.set(mock, state, Map.of("colour", "red"))).getMessage();
        return refusal.contains("it has: ") ? code(List.of(refusal.substring(refusal.indexOf("it has: ") + 8).split(", "))) : "-";
    }

    private static String values(String state) {
        mock.reset();
        Set<String> values = new LinkedHashSet<>(ProviderStates.set(mock, state, Map.of()).keySet());
        List<String> cells = new ArrayList<>();
        if (values.containsAll(APPLICATION)) {
            values.removeAll(APPLICATION);
            cells.add("*application*");
        } else if (values.containsAll(USER)) {
            values.removeAll(USER);
            cells.add("*user*");
        }
        if (!values.isEmpty()) {
            cells.add(code(values));
        }
        return cells.isEmpty() ? "-" : String.join(", ", cells);
    }

    private static String code(Collection<String> names) {
        return names.stream().map(name -> '`' + name + '`').collect(Collectors.joining(", "));
    }

    /** The first columns of the rows about states. */
    private static String rows(String file, int columns) throws IOException {
        List<String> lines = Files.readAllLines(ApiProcess.ROOT.resolve(file));
        List<String> table = lines.subList(lines.indexOf(lines.stream().filter(line -> line.startsWith("| state |")).findFirst().orElseThrow()) + 2,
                lines.size());
        return table.stream().takeWhile(line -> line.startsWith("|"))
                .map(line -> row(Arrays.copyOfRange(line.substring(2).split(" \\| | \\|$"), 0, columns))).collect(Collectors.joining("\n"));
    }

    @Test
    void anUnknownStateNamesTheNearest() {
        String message = assertThrows(UnknownState.class, () -> ProviderStates.set(mock, "A suspended aplication", Map.of())).getMessage();
        assertTrue(message.startsWith("there is no provider state 'A suspended aplication'; did you mean 'a suspended application'?"), message);
    }

    @Test
    void numbersInAPactAreWrittenInMoreThanOneWay() {
        for (Object one : new Object[] {1, 1.0, "1"}) {
            mock.reset();
            ProviderStates.set(mock, "an OTP with attempts left", Map.of("attempts", one));
        }
        assertEquals("an OTP with attempts left: attempts must be from 0 to 5, not 6",
                assertThrows(IllegalArgumentException.class, () -> ProviderStates.set(mock, "an OTP with attempts left", Map.of("attempts", 6)))
                        .getMessage());
    }
}
