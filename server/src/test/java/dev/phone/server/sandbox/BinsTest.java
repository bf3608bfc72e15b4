// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.sandbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.phone.api.Bin;
import dev.phone.api.Rules;
import dev.phone.server.Features;
import dev.phone.server.store.TestDatabase;
import jakarta.json.JsonValue;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class BinsTest {
    private final TestDatabase kind;
    private Features phone;

    BinsTest(TestDatabase kind) {
        this.kind = kind;
    }

    @BeforeAll
    void open() {
        phone = new Features(kind.open());
    }

    @AfterAll
    void close() {
        phone.close();
    }

    @Test
    void theOldestGivesWayToANewOne() {
        List<Bin> bins = Stream.generate(() -> {
            phone.clock.advance(Duration.ofMillis(1));
            return phone.bins.create();
        }).limit(4).toList();
        assertTrue(phone.bins.find(bins.getFirst().id()).isEmpty());
        assertTrue(phone.bins.deliver(bins.getFirst().id(), Map.of(), JsonValue.TRUE).isEmpty());
        bins.subList(1, 4).forEach(bin -> assertEquals(Optional.of(bin), phone.bins.find(bin.id())));
    }

    @Test
    void theSweepDeletesWhatIsOver() {
        Bin bin = phone.bins.create();
        phone.bins.deliver(bin.id(), Map.of("x-hello", "bin"), JsonValue.NULL);
        String event = "SELECT COUNT(*) FROM bin_event WHERE bin_id = '" + bin.id() + "'";
        phone.clock.advance(Rules.BINS_KEPT.minusMillis(1));
        phone.bins.sweep();
        assertEquals(1, phone.count(event));
        phone.clock.advance(Duration.ofMillis(1));
        assertFalse(phone.bins.sweep());
        assertEquals(0, phone.count(event));
        assertEquals(0, phone.count("SELECT COUNT(*) FROM bin WHERE id = '" + bin.id() + "'"));
    }

    @Test
    void whatIsPutInWithoutASocketIsThere() {
        Bin bin = phone.bins.create();
        String id = phone.bins.idOf(bin.url()).orElseThrow();
        assertEquals(bin.id(), id);
        phone.bins.deliver(id, Map.of("webhook-id", "evt_1"), JsonValue.NULL).orElseThrow();
        Bin found = phone.bins.find(id).orElseThrow();
        assertEquals(Map.of("webhook-id", "evt_1"), found.events().getFirst().headers());
        assertEquals(JsonValue.NULL, found.events().getFirst().body());
    }

    @Test
    void aUrlOfAnotherIsNoBin() {
        String bin = phone.bins.create().url();
        for (String url : List.of(bin.replace("https", "http"), bin.replace("example.com", "example.com:8443"), bin + "/more", bin + "?a=b",
                bin + "#a", bin.replaceFirst("bin_.*", ""), bin.replace("phone.example.com", "phone.example.com@evil.test"),
                "https://phone.example.com.evil.test" + bin.substring("https://phone.example.com".length()))) {
            assertEquals(Optional.empty(), phone.bins.idOf(url), url);
        }
    }

    @Test
    void anIdDoesNotTellTheNext() {
        String one = phone.bins.create().id();
        String other = phone.bins.create().id();
        // Made in the same millisecond: the time is the same, and the random half has nothing in common.
        assertEquals(one.substring(0, 14), other.substring(0, 14));
        assertNotEquals(one.substring(14, 26), other.substring(14, 26));
    }
}
