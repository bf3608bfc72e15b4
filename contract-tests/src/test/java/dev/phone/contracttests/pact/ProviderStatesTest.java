// SPDX-License-Identifier: Apache-2.0
package dev.phone.contracttests.pact;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.phone.contracttests.target.MockTarget;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ProviderStatesTest {
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

    static java.util.Set<String> names() {
        return ProviderStates.names();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("names")
    void everyStateCanBeSetWithItsDefaults(String name) {
        ProviderStates.set(mock, name, Map.of()).forEach((key, value) -> assertTrue(value != null && !value.toString().isEmpty(), key));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("names")
    void noStateTakesAParameterThatItDoesNotKnow(String name) {
        String message = assertThrows(IllegalArgumentException.class, () -> ProviderStates.set(mock, name, Map.of("colour", "red"))).getMessage();
        assertTrue(message.startsWith("the provider state '" + name + "' has no parameter 'colour'"), message);
    }

    @Test
    void anUnknownStateNamesTheNearest() {
        String message = assertThrows(UnknownState.class, () -> ProviderStates.set(mock, "A suspended aplication", Map.of())).getMessage();
        assertTrue(message.startsWith("nobody knows the provider state 'A suspended aplication'; did you mean 'a suspended application'?"), message);
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
