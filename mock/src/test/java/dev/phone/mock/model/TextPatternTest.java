// SPDX-License-Identifier: Apache-2.0
package dev.phone.mock.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TextPatternTest {
    private static final Instant NOW = Instant.parse("2026-01-15T09:30:00Z");

    @ParameterizedTest
    @CsvSource({
        "'^prj_[0-9a-hjkmnp-tv-z]{26}$', prj_01kertbv80wez6vkwkjgm64s4r",
        "'^ph_(live|test)_client_[0-9a-f]{48}$', ph_test_client_4ed69dbafe4f032d4b132ae2e2b0b4830e05c48d92997661",
        "'^\\+999 ?[0-9]{3} ?[0-9]{3} ?[0-9]{3}$', +999 482 918 102"})
    void makesWhatItMatches(String regex, String model) {
        TextPattern pattern = TextPattern.of(regex).orElseThrow();
        String made = pattern.make(model, Set.of(), NOW, new Random(1));
        assertTrue(made.matches(regex) && !made.equals(model), made);
    }

    @Test
    void idsTellTheirTime() {
        TextPattern pattern = TextPattern.of("^prj_[0-9a-hjkmnp-tv-z]{26}$").orElseThrow();
        assertTrue(pattern.make("", Set.of(), NOW, new Random()).startsWith("prj_01kf0fv2e0"));
    }

    @Test
    void aChoiceIsWhatIsWantedOrAsInTheModel() {
        TextPattern pattern = TextPattern.of("^ph_(live|test)_[0-9a-f]{4}$").orElseThrow();
        assertTrue(pattern.make("ph_test_0000", Set.of("live"), NOW, new Random()).startsWith("ph_live_"));
        assertTrue(pattern.make("ph_test_0000", Set.of("x"), NOW, new Random()).startsWith("ph_test_"));
    }

    @ParameterizedTest
    @CsvSource({"+999482918102, +999 482 918 102", "+999 482918102, +999 482 918 102", "+1 555, +1 555"})
    void spellsInOneWay(String text, String full) {
        assertEquals(full, TextPattern.of("^\\+999 ?[0-9]{3} ?[0-9]{3} ?[0-9]{3}$").orElseThrow().spell(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"[0-9]+", "^[^x]{3}$", "^a+$", "^(a|b)*$", "^\\d{3}$", "^.{3}$", "^(https://[^/?#@]+|http://x)$", "^[a-z]{1,3}$"})
    void leavesAloneWhatItDoesNotUnderstand(String regex) {
        assertTrue(TextPattern.of(regex).isEmpty());
    }
}
