// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.Set;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

class SecretsTest {
    private final Secrets secrets = Secrets.of(new byte[32]);

    @Test
    void aHashIsHmacSha256UnderAKeyDerivedByHkdf() throws Exception {
        // RFC 5869 by hand, for a single block of output.
        byte[] prk = hmac(new byte[32], new byte[32]);
        byte[] info = "hash API_KEY".getBytes();
        byte[] key = hmac(prk, HexFormat.of().parseHex(HexFormat.of().formatHex(info) + "01"));
        assertArrayEquals(hmac(key, HexFormat.of().parseHex("00000003" + HexFormat.of().formatHex("abc".getBytes()))),
                secrets.hash(Secrets.Purpose.API_KEY, "abc"));
    }

    private static byte[] hmac(byte[] key, byte[] message) throws Exception {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        return mac.doFinal(message);
    }

    @Test
    void hashesDependOnPurposePepperAndWherePartsEnd() {
        Set<String> hashes = new LinkedHashSet<>();
        for (Secrets.Purpose purpose : Secrets.Purpose.values()) {
            hashes.add(hex(secrets.hash(purpose, "ab", "c")));
        }
        hashes.add(hex(secrets.hash(Secrets.Purpose.CURSOR, "a", "bc")));
        hashes.add(hex(secrets.hash(Secrets.Purpose.CURSOR, "abc")));
        hashes.add(hex(secrets.hash(Secrets.Purpose.CURSOR, "abc", "")));
        hashes.add(hex(secrets.hash(Secrets.Purpose.CURSOR, "abc", null)));
        byte[] other = new byte[32];
        other[31] = 1;
        hashes.add(hex(Secrets.of(other).hash(Secrets.Purpose.CURSOR, "abc")));
        assertEquals(Secrets.Purpose.values().length + 5, hashes.size());
    }

    @Test
    void whatIsSealedOpensWhereItBelongs() {
        byte[] plain = "482913".getBytes();
        byte[] place = "msg_1".getBytes();
        byte[] sealed = secrets.seal(Secrets.Purpose.MESSAGE_CODE, plain, place);
        assertArrayEquals(plain, secrets.open(Secrets.Purpose.MESSAGE_CODE, sealed, place));
        assertFalse(Arrays.equals(sealed, secrets.seal(Secrets.Purpose.MESSAGE_CODE, plain, place)), "it must not show that it is the same");
        assertThrows(IllegalStateException.class, () -> secrets.open(Secrets.Purpose.MESSAGE_CODE, sealed, "msg_2".getBytes()));
        assertThrows(IllegalStateException.class, () -> secrets.open(Secrets.Purpose.IDEMPOTENT_RESPONSE, sealed, place));
        for (int i = 0; i < sealed.length; i++) {
            byte[] tampered = sealed.clone();
            tampered[i] ^= 1;
            assertThrows(IllegalStateException.class, () -> secrets.open(Secrets.Purpose.MESSAGE_CODE, tampered, place));
        }
    }

    @Test
    void aShortPepperIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> Secrets.of(new byte[31]));
    }

    @Test
    void equalComparesAll() {
        assertTrue(Secrets.equal(new byte[] {1, 2}, new byte[] {1, 2}));
        assertFalse(Secrets.equal(new byte[] {1, 2}, new byte[] {1, 3}));
        assertFalse(Secrets.equal(new byte[] {1, 2}, new byte[] {1}));
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
