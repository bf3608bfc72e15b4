// SPDX-License-Identifier: Apache-2.0
package dev.phone.server;

import dev.phone.api.ConnectionLimits;
import dev.phone.api.Operation;
import dev.phone.api.Operation.RateLimit;
import dev.phone.api.Operations;
import dev.phone.server.auth.IdTokens;
import dev.phone.server.http.ClientAddress;
import dev.phone.server.http.HttpServer;
import dev.phone.server.limits.RateLimits;
import io.helidon.config.Config;
import io.helidon.config.ConfigSources;
import io.lettuce.core.RedisURI;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The configuration, validated completely before anything is started. {@code application.yaml} explains the keys.
 *
 * <p>Invalid values and unknown keys are refused, so that a typing error in a limit or an issuer cannot silently leave the server open. The defaults
 * depend on the database. An embedded database is for development: it gets a random secret, development tokens and the demo world. PostgreSQL is for
 * production: a secret and an issuer are required.
 *
 * @param url the public URL of the server, without a path; null for the address that it listens on
 * @param bins the maximum number of echo bins
 * @param requestLogs how long request logs are kept
 * @param secret the secret from which all keys are derived
 * @param acceptedSecrets further secrets; data made with them is accepted, and new data is never made with them
 * @param redis the Redis in which nodes share their rate limits; null if each node counts on its own
 * @param management the listener for operators; null for none
 * @param accessLog whether to log a line for each request
 * @param issuer null if development tokens are accepted instead
 */
record Settings(String host, int port, String url, int bins, Duration requestLogs, Config database, byte[] secret, byte[][] acceptedSecrets, boolean demo, Issuer issuer, boolean limited,
        RedisURI redis,
        Map<String, RateLimits.Setting> limits, List<ClientAddress.Network> trustedProxies, Webhooks webhooks, ConnectionLimits connections,
        HttpServer.Management management, Retention retention, boolean accessLog) {
    private static final System.Logger LOGGER = System.getLogger(Settings.class.getName());

    /** The issuer whose ID tokens are accepted. */
    record Issuer(String name, String audience, URI keys) {
    }

    /**
     * How long OTP requests and deliveries are kept.
     *
     * @param rows the maximum number of rows kept in each of these tables; 0 for no maximum
     */
    record Retention(Duration kept, int rows) {
    }

    /**
     * How webhook events are sent.
     *
     * @param local whether webhooks may call this machine
     * @param proxy the HTTP proxy for all events; null for none
     * @param jitter the maximum percentage by which the pause before a retry may exceed the contract's
     */
    record Webhooks(boolean local, URI proxy, int jitter) {
    }

    /** Per table. At their largest they take a third of a heap of 512 MB. */
    private static final int EMBEDDED_ROWS = 5_000;

    private static final Set<String> FIXED_KEYS = Set.of("phone.host", "phone.port", "phone.url", "phone.sandbox.bins", "phone.request-logs.days", "phone.db.url", "phone.db.username",
            "phone.db.password", "phone.secret", "phone.accepted-secret", "phone.demo", "phone.auth.issuer", "phone.auth.audience", "phone.auth.jwks-url",
            "phone.auth.dev-tokens", "phone.limits.enabled", "phone.limits.redis.url", "phone.trusted-proxies", "phone.webhooks.local",
            "phone.webhooks.proxy", "phone.webhooks.jitter", "phone.connections.most", "phone.connections.per-address",
            "phone.retention.days", "phone.retention.rows", "phone.management.host", "phone.management.port", "phone.log.level", "phone.log.format",
            "phone.log.access");
    private static final Map<String, String> SHORT_NAMES = Map.of("PHONE_LIMITS", "phone.limits.enabled", "PHONE_LOG", "phone.log.level");

    /** In descending priority: system properties, the environment, application.yaml in the working directory, the built-in application.yaml. */
    static Config read(Map<String, String> environment) {
        return Config.builder()
                .disableSystemPropertiesSource()
                .disableEnvironmentVariablesSource()
                .sources(List.of(ConfigSources.systemProperties(), ConfigSources.create(fromEnvironment(environment)),
                        ConfigSources.file("application.yaml").optional(), ConfigSources.classpath("application.yaml")))
                .build();
    }

    /** Maps PHONE_DB_URL to phone.db.url, and so on. Helidon's own mapping would require PHONE_TRUSTED_dash_PROXIES. */
    private static Map<String, String> fromEnvironment(Map<String, String> environment) {
        Map<String, String> names = new HashMap<>(SHORT_NAMES);
        keys().forEach(key -> names.put(key.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_'), key));
        Map<String, String> settings = new HashMap<>();
        environment.forEach((name, value) -> {
            if (names.containsKey(name)) {
                settings.put(names.get(name), value);
            } else if (name.startsWith("PHONE_")) {
                // Not refused: an orchestrator may set such names, as Kubernetes does for a service named phone.
                LOGGER.log(Level.WARNING, name + " in the environment is not a setting");
            }
        });
        return settings;
    }

    private static Map<String, RateLimit> contractLimits() {
        Map<String, RateLimit> limits = new TreeMap<>();
        Stream.concat(Stream.of(Operations.BACKSTOP), Operations.ALL.stream().map(Operation::rateLimit))
                .filter(limit -> limit != null).forEach(limit -> limits.put(limit.name(), limit));
        return limits;
    }

    private static Set<String> keys() {
        Set<String> keys = new TreeSet<>(FIXED_KEYS);
        contractLimits().keySet().forEach(name -> {
            keys.add("phone.limits." + name + ".limit");
            keys.add("phone.limits." + name + ".window");
        });
        return keys;
    }

    /** @throws InvalidSetting */
    static Settings of(Config config, SecureRandom random) {
        refuseUnknown(config);
        String url = text(config, "phone.db.url").orElse("");
        boolean embedded = url.startsWith("jdbc:h2:");
        if (!embedded && !url.startsWith("jdbc:postgresql:")) {
            throw new InvalidSetting("phone.db.url", url, "a URL that starts with jdbc:h2: or jdbc:postgresql:");
        }
        Issuer issuer = issuer(config);
        boolean devTokens = flag(config, "phone.auth.dev-tokens", embedded && issuer == null);
        if (issuer != null && devTokens) {
            throw new InvalidSetting("phone.auth.issuer and phone.auth.dev-tokens exclude each other: with development tokens anyone can sign in as "
                    + "any user");
        }
        if (devTokens && !embedded) {
            throw new InvalidSetting("phone.auth.dev-tokens is for the embedded database only: with development tokens anyone can sign in as "
                    + "any user");
        }
        if (issuer == null && !devTokens) {
            throw new InvalidSetting("phone.auth.issuer is missing: without it no one can sign in to the console");
        }
        return new Settings(
                text(config, "phone.host").orElseThrow(),
                number(config, "phone.port", 0, 65_535).orElseThrow(),
                url(config),
                number(config, "phone.sandbox.bins", 1, 1_000_000).orElseThrow(),
                Duration.ofDays(number(config, "phone.request-logs.days", 1, 3_650).orElseThrow()),
                config.get("phone.db"),
                SecretSetting.of(text(config, "phone.secret").orElse(null), url, random),
                text(config, "phone.accepted-secret").map(SecretSetting::accepted).stream().toArray(byte[][]::new),
                flag(config, "phone.demo", embedded),
                issuer,
                flag(config, "phone.limits.enabled", true),
                redis(config),
                limits(config),
                list(config, "phone.trusted-proxies").stream().map(Settings::network).toList(),
                webhooks(config, embedded),
                connections(config, Runtime.getRuntime().maxMemory(), ConnectionLimits.files()),
                management(config),
                retention(config, embedded),
                flag(config, "phone.log.access", false));
    }

    private static Retention retention(Config config, boolean embedded) {
        return new Retention(Duration.ofDays(number(config, "phone.retention.days", 1, 3_650).orElse(embedded ? 7 : 30)),
                number(config, "phone.retention.rows", 0, 1_000_000_000).orElse(embedded ? EMBEDDED_ROWS : 0));
    }

    private static HttpServer.Management management(Config config) {
        OptionalInt port = number(config, "phone.management.port", 0, 65_535);
        return port.isEmpty() ? null : new HttpServer.Management(text(config, "phone.management.host").orElse("127.0.0.1"), port.getAsInt());
    }

    private static ConnectionLimits connections(Config config, long memory, long files) {
        // The other half is for the database, webhooks and the server itself.
        int room = (int) Math.min(files / 2, 1_000_000);
        int most = number(config, "phone.connections.most", 16, room).orElse(ConnectionLimits.most(memory, files));
        ConnectionLimits usual = ConnectionLimits.of(most, memory);
        int perAddress = number(config, "phone.connections.per-address", 1, most).orElse(usual.perAddress());
        return new ConnectionLimits(most, perAddress, usual.bytes(), usual.patience());
    }

    /** Whether a line is logged for each request. @throws InvalidSetting */
    static boolean debug(Config config) {
        return choice(config, "phone.log.level", "info", "debug");
    }

    /** Whether each line that is logged is a JSON object. @throws InvalidSetting */
    static boolean json(Config config) {
        return choice(config, "phone.log.format", "text", "json");
    }

    /** @return whether the value is {@code other} */
    private static boolean choice(Config config, String key, String usual, String other) {
        String value = text(config, key).orElse(usual);
        if (!value.equals(usual) && !value.equals(other)) {
            throw new InvalidSetting(key, value, usual + " or " + other);
        }
        return value.equals(other);
    }

    private static void refuseUnknown(Config config) {
        Set<String> known = keys();
        config.get("phone").asMap().orElse(Map.of()).keySet().stream()
                // Items of a list have their index as key. No other setting is a list, and a value that is not understood must not count as absent.
                .map(key -> key.replaceFirst("^phone\\.trusted-proxies\\.[0-9]+$", "phone.trusted-proxies"))
                .filter(key -> !known.contains(key))
                .sorted().findFirst().ifPresent(key -> {
                    throw new InvalidSetting(key + " is not a setting; the settings are " + String.join(", ", known));
                });
    }

    private static String url(Config config) {
        String text = text(config, "phone.url").orElse(null);
        if (text != null && !text.matches("https?://([A-Za-z0-9.-]{1,255}|\\[[0-9A-Fa-f:.]{2,45}])(:[0-9]{1,5})?")) {
            throw new InvalidSetting("phone.url", text, "http:// or https:// with a host and optionally a port, without a path");
        }
        return text;
    }

    private static Issuer issuer(Config config) {
        Optional<String> name = text(config, "phone.auth.issuer");
        Optional<String> audience = text(config, "phone.auth.audience");
        Optional<String> keys = text(config, "phone.auth.jwks-url");
        if (name.isEmpty()) {
            if (audience.isPresent() || keys.isPresent()) {
                throw new InvalidSetting("phone.auth.issuer is missing, although other phone.auth settings are given");
            }
            return null;
        }
        if (audience.isEmpty()) {
            throw new InvalidSetting("phone.auth.audience is missing: the ID of the Firebase project whose ID tokens are accepted");
        }
        String url = keys.orElse(IdTokens.FIREBASE_KEYS);
        try {
            URI uri = URI.create(url);
            if (!Set.of("https", "http").contains(String.valueOf(uri.getScheme())) || uri.getHost() == null) {
                throw new IllegalArgumentException();
            }
            return new Issuer(name.get(), audience.get(), uri);
        } catch (IllegalArgumentException e) {
            throw new InvalidSetting("phone.auth.jwks-url", url, "an http or https URL");
        }
    }

    private static RedisURI redis(Config config) {
        return text(config, "phone.limits.redis.url").map(url -> {
            try {
                return RedisURI.create(url);
            } catch (IllegalArgumentException e) {
                // Not repeating the URL, which may contain a password.
                throw new InvalidSetting("phone.limits.redis.url must be a URL such as redis://host:6379, or rediss://user:password@host:6379/0");
            }
        }).orElse(null);
    }

    private static Webhooks webhooks(Config config, boolean embedded) {
        URI proxy = text(config, "phone.webhooks.proxy").map(url -> {
            try {
                URI uri = URI.create(url);
                if ("http".equals(uri.getScheme()) && uri.getHost() != null && uri.getPort() > 0 && uri.getRawPath().isEmpty()) {
                    return uri;
                }
            } catch (IllegalArgumentException e) {
                // Reported by the exception below.
            }
            throw new InvalidSetting("phone.webhooks.proxy", url, "a URL such as http://proxy.internal:3128");
        }).orElse(null);
        return new Webhooks(flag(config, "phone.webhooks.local", embedded), proxy, number(config, "phone.webhooks.jitter", 0, 100).orElse(10));
    }

    private static Map<String, RateLimits.Setting> limits(Config config) {
        Map<String, RateLimits.Setting> limits = new LinkedHashMap<>();
        contractLimits().keySet().forEach(name -> limits.put(name, new RateLimits.Setting(
                number(config, "phone.limits." + name + ".limit", 1, 1_000_000_000),
                number(config, "phone.limits." + name + ".window", 1, 86_400))));
        return limits;
    }

    private static ClientAddress.Network network(String text) {
        try {
            return ClientAddress.Network.parse(text);
        } catch (IllegalArgumentException e) {
            throw new InvalidSetting("phone.trusted-proxies", text, "an IP address, or a network such as 10.0.0.0/8");
        }
    }

    private static Optional<String> text(Config config, String key) {
        return config.get(key).asString().asOptional().map(String::strip).filter(value -> !value.isEmpty());
    }

    private static List<String> list(Config config, String key) {
        return config.get(key).isList() ? config.get(key).asList(String.class).get()
                : text(config, key).map(value -> List.of(value.split("\\s*,\\s*"))).orElse(List.of());
    }

    private static boolean flag(Config config, String key, boolean fallback) {
        return text(config, key).map(value -> switch (value.toLowerCase(Locale.ROOT)) {
            case "true", "on" -> true;
            case "false", "off" -> false;
            default -> throw new InvalidSetting(key, value, "on or off, or true or false");
        }).orElse(fallback);
    }

    private static OptionalInt number(Config config, String key, int least, int most) {
        Optional<String> value = text(config, key);
        if (value.isEmpty()) {
            return OptionalInt.empty();
        }
        try {
            int number = Integer.parseInt(value.get());
            if (number >= least && number <= most) {
                return OptionalInt.of(number);
            }
        } catch (NumberFormatException e) {
            // Reported by the exception below.
        }
        throw new InvalidSetting(key, value.get(), "a whole number from " + least + " to " + most);
    }
}
