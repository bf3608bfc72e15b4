// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.http;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;

/**
 * The client's address for rate limits: an IPv4 address, or the /64 of an IPv6 address, because providers assign a /64 to each customer.
 *
 * <p>Anyone can send {@code X-Forwarded-For}. Only what trusted proxies have appended counts: reading from the right, the first address
 * that is not a trusted proxy.
 */
public final class ClientAddress {

    /** A network in CIDR notation. @param bits the length of its prefix */
    public record Network(InetAddress address, int bits) {

        /** @throws IllegalArgumentException if it is neither an address, nor an address, a slash and a prefix length */
        public static Network parse(String text) {
            int slash = text.indexOf('/');
            InetAddress address = InetAddress.ofLiteral(slash < 0 ? text : text.substring(0, slash));
            int all = address.getAddress().length * 8;
            int bits = slash < 0 ? all : Integer.parseInt(text.substring(slash + 1));
            if (bits < 0 || bits > all) {
                throw new IllegalArgumentException("an address of this kind has " + all + " bits");
            }
            return new Network(address, bits);
        }

        boolean contains(InetAddress other) {
            byte[] mine = address.getAddress();
            byte[] its = other.getAddress();
            if (mine.length != its.length) {
                return false;
            }
            int bytes = bits / 8;
            int rest = bits % 8;
            return Arrays.equals(mine, 0, bytes, its, 0, bytes)
                    && (rest == 0 || ((mine[bytes] ^ its[bytes]) & 0xff) >> (8 - rest) == 0);
        }
    }

    private final List<Network> proxies;

    /** @param proxies the trusted proxies */
    public ClientAddress(List<Network> proxies) {
        this.proxies = List.copyOf(proxies);
    }

    /** The rate-limit key of a client. @param forwardedFor the values of X-Forwarded-For, in order */
    String of(InetAddress peer, List<String> forwardedFor) {
        InetAddress client = peer;
        if (!forwardedFor.isEmpty() && isProxy(peer)) {
            String[] hops = String.join(",", forwardedFor).split(",");
            for (int i = hops.length - 1; i >= 0 && isProxy(client); i--) {
                InetAddress hop = parse(hops[i].strip());
                if (hop == null) {
                    break;
                }
                client = hop;
            }
        }
        return key(client);
    }

    boolean isProxy(InetAddress address) {
        for (Network network : proxies) {
            if (network.contains(address)) {
                return true;
            }
        }
        return false;
    }

    /** Accepts only addresses, not names: resolving a name would let a header make us wait for an attacker's name server. */
    private static InetAddress parse(String hop) {
        try {
            return InetAddress.ofLiteral(hop);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /** The address itself, or its /64. */
    static String key(InetAddress address) {
        if (address instanceof Inet4Address) {
            return address.getHostAddress();
        }
        byte[] bytes = address.getAddress();
        StringBuilder key = new StringBuilder(24);
        for (int i = 0; i < 8; i += 2) {
            key.append(Integer.toHexString((bytes[i] & 0xff) << 8 | bytes[i + 1] & 0xff)).append(':');
        }
        return key.append(":/64").toString();
    }
}
