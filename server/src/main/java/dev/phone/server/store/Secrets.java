// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.store;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.KDF;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.HKDFParameterSpec;

/**
 * All cryptography with the pepper, the secret that is not in the database: a copy of the database alone reveals
 * neither credentials nor codes.
 *
 * <p>Each purpose has its own key, derived from the pepper (HKDF, RFC 5869), so that values of one purpose are useless for another.
 */
public final class Secrets {
    /** The purposes of keys. The names are part of the derivation: renaming one invalidates everything stored for it. */
    public enum Purpose {
        CLIENT_SECRET, API_KEY, OTP_CODE, MESSAGE_CODE, CURSOR, IDEMPOTENCY_KEY, IDEMPOTENT_REQUEST, IDEMPOTENT_RESPONSE,
        WEBHOOK_SECRET
    }

    /** The minimum size of a pepper, in bytes. */
    public static final int PEPPER_BYTES = 32;

    // NIST SP 800-38D: a random nonce of 96 bits, a tag of 128 bits.
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;

    /**
     * The keys derived from a pepper.
     *
     * @param hashes cloned for each use, because looking up the algorithm takes longer than hashing a credential
     */
    private record Keys(Map<Purpose, Mac> hashes, Map<Purpose, SecretKey> seals) {
        static Keys of(byte[] pepper) {
            if (pepper.length < PEPPER_BYTES) {
                throw new IllegalArgumentException("the secret must have at least " + PEPPER_BYTES + " bytes, and has " + pepper.length);
            }
            Keys keys = new Keys(new EnumMap<>(Purpose.class), new EnumMap<>(Purpose.class));
            try {
                KDF hkdf = KDF.getInstance("HKDF-SHA256");
                for (Purpose purpose : Purpose.values()) {
                    Mac mac = Mac.getInstance("HmacSHA256");
                    mac.init(hkdf.deriveKey("HmacSHA256", derivation(pepper, "hash " + purpose)));
                    keys.hashes.put(purpose, mac);
                    keys.seals.put(purpose, hkdf.deriveKey("AES", derivation(pepper, "seal " + purpose)));
                }
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
            return keys;
        }
    }

    /** The first one is used for new data. */
    private final List<Keys> keys;
    private final SecureRandom random = new SecureRandom();

    private Secrets(List<Keys> keys) {
        this.keys = keys;
    }

    private static HKDFParameterSpec derivation(byte[] pepper, String info) {
        return HKDFParameterSpec.ofExtract().addIKM(pepper).thenExpand(info.getBytes(StandardCharsets.UTF_8), 32);
    }

    /**
     * @param pepper at least {@value #PEPPER_BYTES} random bytes
     * @param accepted further peppers; data made with them is accepted, and new data is never made with them
     * @throws IllegalArgumentException if a pepper is too short
     */
    public static Secrets of(byte[] pepper, byte[]... accepted) {
        return new Secrets(Stream.concat(Stream.of(pepper), Stream.of(accepted)).map(Keys::of).toList());
    }

    /**
     * HMAC-SHA256 (RFC 2104) of {@code parts}, each preceded by its length, so that different lists never have the same input.
     *
     * @param parts null differs from an empty string
     */
    public byte[] hash(Purpose purpose, String... parts) {
        return hash(keys.getFirst(), purpose, parts);
    }

    /** All possible stored values of {@link #hash}: first with the current pepper, then with the accepted ones. */
    public List<byte[]> hashes(Purpose purpose, String... parts) {
        return keys.stream().map(each -> hash(each, purpose, parts)).toList();
    }

    private static byte[] hash(Keys keys, Purpose purpose, String... parts) {
        try {
            Mac mac = (Mac) keys.hashes.get(purpose).clone();
            for (String part : parts) {
                byte[] bytes = part == null ? null : part.getBytes(StandardCharsets.UTF_8);
                mac.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes == null ? -1 : bytes.length).flip());
                if (bytes != null) {
                    mac.update(bytes);
                }
            }
            return mac.doFinal();
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Encrypts and authenticates (AES-256-GCM).
     *
     * @param context what the value is bound to, such as the ID of its row; it can be opened only with the same context
     */
    public byte[] seal(Purpose purpose, byte[] plain, byte[] context) {
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        try {
            Cipher cipher = cipher(keys.getFirst(), Cipher.ENCRYPT_MODE, purpose, nonce, context);
            byte[] sealed = cipher.doFinal(plain);
            return ByteBuffer.allocate(NONCE_BYTES + sealed.length).put(nonce).put(sealed).array();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** @throws IllegalStateException if it was sealed with another pepper or context, or has been tampered with */
    public byte[] open(Purpose purpose, byte[] sealed, byte[] context) {
        return keys.stream().map(each -> open(each, purpose, sealed, context)).filter(Objects::nonNull).findFirst()
                .orElseThrow(() -> new IllegalStateException("sealed with another secret, or tampered with"));
    }

    /** The value sealed again with the current pepper; empty if it already is. @throws IllegalStateException like {@link #open} */
    public Optional<byte[]> reseal(Purpose purpose, byte[] sealed, byte[] context) {
        return open(keys.getFirst(), purpose, sealed, context) != null ? Optional.empty()
                : Optional.of(seal(purpose, open(purpose, sealed, context), context));
    }

    /** Whether there may be data made with a pepper other than the current one. */
    public boolean acceptOthers() {
        return keys.size() > 1;
    }

    /** @return null if it cannot be opened with these keys */
    private static byte[] open(Keys keys, Purpose purpose, byte[] sealed, byte[] context) {
        try {
            return cipher(keys, Cipher.DECRYPT_MODE, purpose, Arrays.copyOf(sealed, NONCE_BYTES), context)
                    .doFinal(sealed, NONCE_BYTES, sealed.length - NONCE_BYTES);
        } catch (AEADBadTagException e) {
            return null;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Cipher cipher(Keys keys, int mode, Purpose purpose, byte[] nonce, byte[] context) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, keys.seals.get(purpose), new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(context);
        return cipher;
    }

    /** Whether two hashes are equal, compared in constant time. */
    public static boolean equal(byte[] one, byte[] other) {
        return MessageDigest.isEqual(one, other);
    }

    /** Whether one of several hashes equals a stored one, in a time that does not depend on which. */
    public static boolean anyEqual(List<byte[]> hashes, byte[] stored) {
        boolean any = false;
        for (byte[] hash : hashes) {
            any |= equal(hash, stored);
        }
        return any;
    }
}
