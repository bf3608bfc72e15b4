// SPDX-License-Identifier: Apache-2.0
package dev.phone.server;

import dev.phone.server.store.PrivateFiles;
import dev.phone.server.store.Secrets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;

/**
 * The secret from which all keys are derived. It must outlive the data: with a different secret, no stored credential or code is valid.
 *
 * <p>So it is configured, or it is stored with the data: a database in memory gets a random secret, and an H2 file has a secret file beside it.
 */
final class SecretSetting {
    private static final String KEY = "phone.secret";

    private SecretSetting() {
    }

    /** @param given in hex or base64; null if it is not configured. @throws InvalidSetting if it is invalid or missing */
    static byte[] of(String given, String databaseUrl, SecureRandom random) {
        if (given != null) {
            return parse(KEY, given);
        }
        if (databaseUrl.startsWith("jdbc:h2:mem:")) {
            return random(random);
        }
        Path database = PrivateFiles.ofH2(databaseUrl).orElseThrow(() -> new InvalidSetting(KEY + " is missing: at least " + Secrets.PEPPER_BYTES
                + " random bytes in hex or base64, e.g. from `openssl rand -base64 32`; all nodes need the same"));
        return beside(Path.of(database + ".secret"), random);
    }

    /** @throws InvalidSetting */
    static byte[] accepted(String given) {
        return parse("phone.accepted-secret", given);
    }

    private static byte[] beside(Path file, SecureRandom random) {
        try {
            if (PrivateFiles.create(file)) {
                Files.writeString(file, Base64.getEncoder().encodeToString(random(random)) + '\n');
            }
            return parse(file.toString(), Files.readString(file).strip());
        } catch (IOException e) {
            throw new InvalidSetting(KEY + " is not set, and cannot be stored in " + file + ": " + e.getMessage());
        }
    }

    private static byte[] random(SecureRandom random) {
        byte[] bytes = new byte[Secrets.PEPPER_BYTES];
        random.nextBytes(bytes);
        return bytes;
    }

    private static byte[] parse(String where, String text) {
        byte[] bytes;
        try {
            bytes = text.matches("([0-9a-fA-F]{2})+") ? HexFormat.of().parseHex(text)
                    : Base64.getDecoder().decode(text.replace('-', '+').replace('_', '/'));
        } catch (IllegalArgumentException e) {
            throw new InvalidSetting(where + " is neither hex nor base64");
        }
        if (bytes.length < Secrets.PEPPER_BYTES) {
            throw new InvalidSetting(where + " has " + bytes.length + " bytes, and must have at least " + Secrets.PEPPER_BYTES
                    + ", e.g. from `openssl rand -base64 32`");
        }
        return bytes;
    }
}
