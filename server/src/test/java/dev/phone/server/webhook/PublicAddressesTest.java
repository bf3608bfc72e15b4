// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.webhook;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which addresses events may be sent to. Those of names and of odd spellings are judged as what they resolve to. */
class PublicAddressesTest {

    @ParameterizedTest(name = "{0}: {1}, {2}")
    @CsvSource(textBlock = """
            8.8.8.8, true, a public one
            1.1.1.1, true, a public one
            172.15.255.255, true, just before a private network
            172.32.0.0, true, just behind a private network
            100.63.255.255, true, just before those of carriers
            100.128.0.0, true, just behind those of carriers
            169.253.255.255, true, just before link-local
            169.255.0.0, true, just behind link-local
            192.167.255.255, true, just before a private network
            192.169.0.0, true, just behind a private network
            198.17.255.255, true, just before the benchmark network
            198.20.0.0, true, just behind the benchmark network
            223.255.255.255, true, just before multicast
            11.0.0.0, true, just behind a private network
            9.255.255.255, true, just before a private network
            126.255.255.255, true, just before loopback
            128.0.0.0, true, just behind loopback
            2606:4700:4700::1111, true, a public one
            2a00:1450:4001:829::200e, true, a public one
            2001:200::1, true, just behind what is reserved for protocols
            2003::1, true, just behind 6to4
            0.0.0.0, false, this host
            0.1.2.3, false, this network
            10.0.0.1, false, private
            10.255.255.255, false, private
            100.64.0.1, false, carriers' NAT
            100.100.100.200, false, metadata of Alibaba Cloud
            100.127.255.255, false, carriers' NAT
            127.0.0.1, false, loopback
            127.1.2.3, false, loopback
            127.255.255.255, false, loopback
            169.254.0.1, false, link-local
            169.254.169.254, false, metadata of most clouds
            169.254.170.2, false, metadata of containers
            168.63.129.16, false, the host of a machine of Azure
            172.16.0.1, false, private
            172.31.255.255, false, private
            192.0.0.8, false, protocol assignments
            192.0.0.192, false, metadata of Oracle Cloud
            192.0.2.1, false, documentation
            192.31.196.1, false, AS112
            192.52.193.1, false, AMT
            192.88.99.1, false, 6to4 relays
            192.168.0.1, false, private
            192.168.255.255, false, private
            192.175.48.1, false, AS112
            198.18.0.1, false, benchmarks
            198.19.255.255, false, benchmarks
            198.51.100.1, false, documentation
            203.0.113.1, false, documentation
            224.0.0.1, false, multicast
            239.255.255.250, false, multicast
            240.0.0.1, false, reserved
            255.255.255.255, false, broadcast
            ::, false, this host
            ::1, false, loopback
            ::127.0.0.1, false, IPv4-compatible
            ::ffff:127.0.0.1, false, IPv4-mapped loopback
            ::ffff:10.0.0.1, false, IPv4-mapped private
            ::ffff:169.254.169.254, false, IPv4-mapped metadata
            ::ffff:8.8.8.8, true, IPv4-mapped public: Java makes an IPv4 address of it
            ::ffff:0:127.0.0.1, false, IPv4-translated
            64:ff9b::7f00:1, false, NAT64
            64:ff9b::808:808, false, NAT64
            64:ff9b:1::a00:1, false, NAT64 of a network's own
            100::1, false, discard
            2001::1, false, Teredo
            2001:0:4136:e378:8000:63bf:3fff:fdd2, false, Teredo
            2001:2::1, false, benchmarks
            2001:10::1, false, ORCHID
            2001:db8::1, false, documentation
            2002:7f00:1::, false, 6to4 of loopback
            2002:a00:1::1, false, 6to4 of a private address
            2620:4f:8000::1, false, AS112
            3fff::1, false, documentation
            2a00:1450::5efe:10.0.0.1, false, ISATAP
            2a00:1450::200:5efe:10.0.0.1, false, ISATAP
            4000::1, false, not assigned
            5f00::1, false, segment routing
            fc00::1, false, unique local
            fd00:ec2::254, false, metadata of AWS
            fe80::1, false, link-local
            fe80::a9fe:a9fe, false, metadata of Google Cloud
            fec0::1, false, site-local
            ff02::1, false, multicast
            ff0e::1, false, multicast
            """)
    void isJudgedByItsBytes(String address, boolean isPublic, String what) throws UnknownHostException {
        assertEquals(isPublic, PublicAddresses.contains(InetAddress.getByName(address)), what);
    }
}
