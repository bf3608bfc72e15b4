// SPDX-License-Identifier: Apache-2.0
package dev.phone.server;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.phone.server.auth.IdTokens;
import dev.phone.server.http.ClientAddress;
import dev.phone.server.limits.RateLimits;
import io.helidon.common.media.type.MediaTypes;
import io.helidon.config.Config;
import io.helidon.config.ConfigSources;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {
    private static final String HEX = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";
    private static final String BASE64 = "ABEiM0RVZneImaq7zN3u/wARIjNEVWZ3iJmqu8zd7v8=";
    private static final Map<String, String> POSTGRES = Map.of("phone.db.url", "jdbc:postgresql://localhost/phone");
    private static final Map<String, String> PRODUCTION = Map.of("phone.db.url", "jdbc:postgresql://localhost/phone", "phone.secret", HEX,
            "phone.auth.issuer", "https://securetoken.google.com/p", "phone.auth.audience", "p");

    private static Settings settings(Map<String, String> given) {
        return Settings.of(Config.just(ConfigSources.create(given), ConfigSources.classpath("application.yaml")), new SecureRandom());
    }

    private static Map<String, String> with(Map<String, String> base, String... more) {
        Map<String, String> all = new HashMap<>(base);
        for (int i = 0; i < more.length; i += 2) {
            if (more[i + 1] == null) {
                all.remove(more[i]);
            } else {
                all.put(more[i], more[i + 1]);
            }
        }
        return all;
    }

    private static void assertRefused(String message, Map<String, String> given) {
        InvalidSetting refusal = assertThrows(InvalidSetting.class, () -> settings(given));
        assertEquals(message, refusal.getMessage());
    }

    @Test
    void withoutAnySettingItIsForDevelopment() {
        Settings settings = settings(Map.of());
        assertEquals("127.0.0.1", settings.host());
        assertEquals(8080, settings.port());
        assertNull(settings.issuer());
        assertTrue(settings.demo());
        assertTrue(settings.limited());
        assertEquals(List.of(), settings.trustedProxies());
        assertFalse(java.util.Arrays.equals(settings.secret(), settings(Map.of()).secret()), "a new secret each time");
    }

    @Test
    void postgresIsForReal() {
        Settings settings = settings(PRODUCTION);
        assertFalse(settings.demo());
        assertEquals(new Settings.Issuer("https://securetoken.google.com/p", "p", java.net.URI.create(IdTokens.FIREBASE_KEYS)),
                settings.issuer());
        assertRefused("phone.auth.issuer is missing: without it no one can sign in to the console", with(POSTGRES, "phone.secret", HEX));
        assertRefused("phone.secret is missing: at least 32 random bytes in hex or base64, e.g. from `openssl rand -base64 32`; all "
                + "nodes need the same", with(PRODUCTION, "phone.secret", null));
        assertRefused("phone.auth.dev-tokens is for the embedded database only: with development tokens anyone can sign in as any user",
                with(POSTGRES, "phone.secret", HEX, "phone.auth.dev-tokens", "true"));
    }

    @Test
    void aListWhereTextBelongsIsNotTakenForNothing() {
        assertThrows(InvalidSetting.class, () -> settings(with(Map.of("phone.db.url", "jdbc:h2:mem:phone"), "phone.auth.issuer.0", "https://securetoken.google.com/p")));
        assertThrows(InvalidSetting.class, () -> settings(with(POSTGRES, "phone.db.url.0", "jdbc:h2:mem:phone")));
    }

    @Test
    void anIssuerAndDevelopmentTokensExcludeEachOther() {
        assertRefused("phone.auth.issuer and phone.auth.dev-tokens exclude each other: with development tokens anyone can sign in as any user",
                with(PRODUCTION, "phone.auth.dev-tokens", "true"));
        assertEquals("p", settings(with(PRODUCTION, "phone.db.url", "jdbc:h2:mem:phone")).issuer().audience());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            phone.port            | 65536        | phone.port = 65536: must be a whole number from 0 to 65535
            phone.port            | http         | phone.port = http: must be a whole number from 0 to 65535
            phone.db.url          | mysql://x    | phone.db.url = mysql://x: must be a URL that starts with jdbc:h2: or jdbc:postgresql:
            phone.demo            | maybe        | phone.demo = maybe: must be on or off, or true or false
            phone.limits.enabled  | 0            | phone.limits.enabled = 0: must be on or off, or true or false
            phone.limits.otp-send.limit  | 0     | phone.limits.otp-send.limit = 0: must be a whole number from 1 to 1000000000
            phone.limits.otp-send.window | 1e3   | phone.limits.otp-send.window = 1e3: must be a whole number from 1 to 86400
            phone.trusted-proxies | proxy.local  | phone.trusted-proxies = proxy.local: must be an IP address, or a network such as 10.0.0.0/8
            phone.auth.jwks-url   | x            | phone.auth.issuer is missing, although other phone.auth settings are given
            phone.auth.issuer     | x            | phone.auth.audience is missing: the ID of the Firebase project whose ID tokens are accepted
            phone.secret          | 0011         | phone.secret has 2 bytes, and must have at least 32, e.g. from `openssl rand -base64 32`
            phone.accepted-secret | 0011         | phone.accepted-secret has 2 bytes, and must have at least 32, e.g. from `openssl rand -base64 32`
            phone.secret          | hunter2!     | phone.secret is neither hex nor base64
            """)
    void whatMakesNoSenseIsRefused(String key, String value, String message) {
        assertRefused(message, Map.of(key, value));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ftp://keys", "keys", "https:", "https://a b"})
    void theKeysOfAnIssuerAreAtAUrl(String url) {
        assertRefused("phone.auth.jwks-url = " + url + ": must be an http or https URL", with(PRODUCTION, "phone.auth.jwks-url", url));
    }

    @ParameterizedTest
    @ValueSource(strings = {"phone.prot", "phone.db.user", "phone.limits.otp-sent.limit", "phone.limits", "phone.auth.audience.0.x"})
    void aKeyThatIsNoneIsRefused(String key) {
        InvalidSetting refusal = assertThrows(InvalidSetting.class, () -> settings(Map.of(key, "x")));
        assertTrue(refusal.getMessage().startsWith(key + " is not a setting; the settings are phone.accepted-secret, "), refusal.getMessage());
        assertFalse(refusal.getMessage().contains("\n"));
    }

    @Test
    void limitsAreTheContractsUnlessConfigured() {
        assertEquals(new RateLimits.Setting(OptionalInt.of(7), OptionalInt.of(10)), settings(Map.of("phone.limits.otp-send.limit", "7",
                "phone.limits.otp-send.window", "10")).limits().get("otp-send"));
        assertEquals(new RateLimits.Setting(OptionalInt.empty(), OptionalInt.empty()), settings(Map.of()).limits().get("requests"));
    }

    @Test
    void proxiesAreAListOrItsText() {
        List<ClientAddress.Network> two = List.of(ClientAddress.Network.parse("10.0.0.0/8"), ClientAddress.Network.parse("::1"));
        assertEquals(two, settings(Map.of("phone.trusted-proxies", "10.0.0.0/8, ::1")).trustedProxies());
        Config yaml = Config.just(ConfigSources.create("{phone: {trusted-proxies: [10.0.0.0/8, '::1']}}", MediaTypes.APPLICATION_X_YAML),
                ConfigSources.classpath("application.yaml"));
        assertEquals(two, Settings.of(yaml, new SecureRandom()).trustedProxies());
    }

    @Test
    void theEnvironmentNamesKeysItsOwnWay() {
        Config config = Settings.read(Map.of("PHONE_PORT", "9090", "PHONE_LIMITS", "off", "PHONE_TRUSTED_PROXIES", "10.0.0.1",
                "PHONE_LIMITS_OTP_SEND_LIMIT", "7", "PHONE_LOG", "debug", "PHONE_SERVICE_HOST", "10.9.8.7", "HOME", "/"));
        Settings settings = Settings.of(config, new SecureRandom());
        assertEquals(9090, settings.port());
        assertFalse(settings.limited());
        assertEquals(1, settings.trustedProxies().size());
        assertEquals(OptionalInt.of(7), settings.limits().get("otp-send").limit());
        assertTrue(Settings.debug(config));
    }

    @Test
    void aSecretIsHexOrBase64() {
        byte[] hex = settings(Map.of("phone.secret", HEX)).secret();
        assertEquals(32, hex.length);
        assertArrayEquals(hex, settings(Map.of("phone.secret", BASE64)).secret());
        assertArrayEquals(new byte[][] {hex}, settings(Map.of("phone.accepted-secret", HEX)).acceptedSecrets());
        assertArrayEquals(hex, settings(Map.of("phone.secret", BASE64.replace('/', '_').replace("=", ""))).secret());
    }

    @Test
    void besideAnH2FileTheSecretIsKept(@TempDir Path directory) throws Exception {
        String url = "jdbc:h2:file:" + directory + "/data/phone;WRITE_DELAY=0";
        byte[] first = settings(Map.of("phone.db.url", url)).secret();
        assertArrayEquals(first, settings(Map.of("phone.db.url", "jdbc:h2:" + directory + "/data/phone")).secret());
        assertNotEquals(0, first[0] | first[1] | first[2]);
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve("data/phone.secret"))));
        assertThrows(InvalidSetting.class, () -> settings(Map.of("phone.db.url", "jdbc:h2:tcp://db/phone")));
    }

    @Test
    void onlyInDevelopmentMayWebhooksLeadToThisMachine() {
        assertTrue(settings(Map.of()).webhooks().local());
        assertFalse(settings(PRODUCTION).webhooks().local());
        assertTrue(settings(with(PRODUCTION, "phone.webhooks.local", "on")).webhooks().local());
        assertNull(settings(Map.of()).webhooks().proxy());
        assertEquals(10, settings(Map.of()).webhooks().jitter());
    }

    @ParameterizedTest
    @ValueSource(strings = {"proxy:3128", "https://proxy:3128", "http://proxy", "http://proxy:3128/path", "http://:3128", "socks5://proxy:1080"})
    void aProxyIsAHostAndAPort(String proxy) {
        assertEquals("http://proxy:3128", settings(Map.of("phone.webhooks.proxy", "http://proxy:3128")).webhooks().proxy().toString());
        assertRefused("phone.webhooks.proxy = " + proxy + ": must be a URL such as http://proxy.internal:3128",
                Map.of("phone.webhooks.proxy", proxy));
    }
}
