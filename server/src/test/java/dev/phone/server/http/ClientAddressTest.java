// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClientAddressTest {
    private final ClientAddress addresses = new ClientAddress(List.of(ClientAddress.Network.parse("10.0.0.0/8"),
            ClientAddress.Network.parse("192.0.2.1"), ClientAddress.Network.parse("2001:db8:a::/48")));

    @ParameterizedTest(name = "{0} says it is for {1}")
    @CsvSource({
        // peer, X-Forwarded-For, whose limit it is
        "203.0.113.7, '',                                203.0.113.7",
        "203.0.113.7, '1.1.1.1',                         203.0.113.7",
        "10.1.2.3,    '',                                10.1.2.3",
        "10.1.2.3,    '1.1.1.1',                         1.1.1.1",
        "10.1.2.3,    '6.6.6.6, 1.1.1.1',                1.1.1.1",
        "10.1.2.3,    '6.6.6.6, 1.1.1.1, 192.0.2.1',     1.1.1.1",
        "10.1.2.3,    '10.9.9.9, 192.0.2.1',             10.9.9.9",
        "10.1.2.3,    '1.1.1.1, nonsense, 192.0.2.1',    192.0.2.1",
        "10.1.2.3,    'example.com',                     10.1.2.3",
        "10.1.2.3,    ' , ',                             10.1.2.3",
        "11.1.2.3,    '1.1.1.1',                         11.1.2.3",
        "192.0.2.2,   '1.1.1.1',                         192.0.2.2",
        "2001:db8:a::1, '2001:db8:b:c:1:2:3:4',          2001:db8:b:c::/64",
        "2001:db8:b:c:5:6:7:8, '1.1.1.1',                2001:db8:b:c::/64",
        "::ffff:203.0.113.7, '',                         203.0.113.7"})
    void believesOnlyItsProxies(String peer, String forwardedFor, String key) {
        assertEquals(key, addresses.of(InetAddress.ofLiteral(peer), forwardedFor.isEmpty() ? List.of() : List.of(forwardedFor)));
    }

    @Test
    void severalHeadersAreOneList() {
        assertEquals("1.1.1.1", addresses.of(InetAddress.ofLiteral("10.1.2.3"), List.of("6.6.6.6", "1.1.1.1, 10.0.0.1")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/x", "10.0.0.0.0", "example.com", "", "::/129"})
    void aNetworkIsAnAddressAndBits(String text) {
        assertThrows(IllegalArgumentException.class, () -> ClientAddress.Network.parse(text));
    }
}
