// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.webhook;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;

/**
 * Decides whether an IP address is public. Addresses that the IANA special-purpose registries (RFC 6890) list as not
 * global are not, nor are those that embed an IPv4 address (NAT64, 6to4, Teredo, ISATAP), which would lead to that address.
 *
 * <p>The check uses the bytes of the address, because these are what is connected to, however the URL spells it.
 */
final class PublicAddresses {
    private static final List<Block> NOT_PUBLIC = Block.all(
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24",
            "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24",
            "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
            // A public address through which virtual machines on Azure reach their host.
            "168.63.129.16/32",
            "2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20");
    /** All public IPv6 addresses assigned so far. */
    private static final Block GLOBAL_IPV6 = Block.of("2000::/3");

    private PublicAddresses() {
    }

    static boolean contains(InetAddress address) {
        // Java converts an IPv4-mapped IPv6 address to IPv4.
        byte[] bytes = address.getAddress();
        return (bytes.length == 4 || GLOBAL_IPV6.contains(bytes) && !isIsatap(bytes)) && NOT_PUBLIC.stream().noneMatch(block -> block.contains(bytes));
    }

    /** RFC 5214: the interface identifier is 00-00-5E-FE, or with the universal bit 02-00-5E-FE, and an IPv4 address. */
    private static boolean isIsatap(byte[] bytes) {
        return (bytes[8] & 0xfd) == 0 && bytes[9] == 0 && bytes[10] == 0x5e && bytes[11] == (byte) 0xfe;
    }

    /** A block of addresses, in CIDR notation. */
    private record Block(byte[] prefix, int bits) {
        static List<Block> all(String... blocks) {
            return Arrays.stream(blocks).map(Block::of).toList();
        }

        static Block of(String text) {
            int slash = text.indexOf('/');
            try {
                return new Block(InetAddress.getByName(text.substring(0, slash)).getAddress(), Integer.parseInt(text.substring(slash + 1)));
            } catch (UnknownHostException e) {
                throw new IllegalArgumentException(text, e);
            }
        }

        boolean contains(byte[] address) {
            if (address.length != prefix.length) {
                return false;
            }
            int whole = bits / 8;
            int rest = bits % 8;
            return Arrays.equals(prefix, 0, whole, address, 0, whole)
                    && (rest == 0 || (prefix[whole] ^ address[whole]) >> (8 - rest) == 0);
        }
    }
}
