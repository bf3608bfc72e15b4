// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.http;

import dev.phone.api.Caller;
import dev.phone.api.ConnectionLimits;
import dev.phone.api.Operation;
import dev.phone.api.Operations;
import dev.phone.api.Response;
import dev.phone.api.Route;
import dev.phone.server.auth.Authentication;
import dev.phone.server.auth.DevelopmentTokens;
import dev.phone.server.auth.StoredCredentials;
import dev.phone.server.limits.MemoryRateLimits;
import dev.phone.server.limits.RateLimits;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/** The api over a real server, with routes that need no database. */
final class TestApi implements AutoCloseable {
    static final HttpClient CLIENT = HttpClient.newHttpClient();
    static final String APP = "4ed69dbafe4f032d4b132ae2e2b0b4830e05c48d92997661";
    static final String CLIENT_ID = "ph_test_client_" + APP;
    static final String SECRET = "ph_test_secret_" + APP;
    static final String API_KEY = "ph_test_api_" + APP;

    /** Where the handlers of these routes are. */
    static final Response OK = ok(Json.createObjectBuilder().add("data", "ok").build());

    private final HttpServer server;

    private TestApi(HttpServer server) {
        this.server = server;
    }

    static Builder builder() {
        return new Builder();
    }

    static final class Builder {
        private final List<Route> routes = new ArrayList<>();
        private Authentication.Users users = new DevelopmentTokens();
        private Map<String, RateLimits.Setting> settings = Map.of();
        private List<ClientAddress.Network> proxies = List.of();
        private Clock clock = Clock.systemUTC();
        private boolean limited = true;
        private ConnectionLimits connections = new ConnectionLimits(1_000, 1_000, 64 << 20, Duration.ofSeconds(30));

        private boolean logged;

        Builder route(Operation operation, Route.Handler handler) {
            routes.add(new Route(operation, handler));
            return this;
        }

        Builder users(Authentication.Users users) {
            this.users = users;
            return this;
        }

        Builder limits(Map<String, RateLimits.Setting> settings) {
            this.settings = settings;
            return this;
        }

        Builder unlimited() {
            limited = false;
            return this;
        }

        Builder clock(Clock clock) {
            this.clock = clock;
            return this;
        }

        Builder patience(Duration patience) {
            return connections(new ConnectionLimits(1_000, 1_000, 64 << 20, patience));
        }

        Builder connections(ConnectionLimits connections) {
            this.connections = connections;
            return this;
        }

        Builder proxies(String... proxies) {
            this.proxies = java.util.Arrays.stream(proxies).map(ClientAddress.Network::parse).toList();
            return this;
        }

        /** With an access log. */
        Builder logged() {
            logged = true;
            return this;
        }

        TestApi start() {
            AtomicLong ids = new AtomicLong();
            HttpApi api = new HttpApi(routes, new ClientAddress(proxies), new Authentication(users, APPLICATIONS),
                    new RateLimits(new MemoryRateLimits(clock), limited, settings, Operations.ALL), null,
                    () -> "req_%026d".formatted(ids.incrementAndGet()), log -> { }, clock);
            HttpServer server = new HttpServer("127.0.0.1", 0, null, api, connections, new HttpServer.Management("127.0.0.1", 0),
                    new HttpServer.Health(() -> true, () -> true, null), logged);
            server.start();
            return new TestApi(server);
        }
    }

    private static final Authentication.Applications APPLICATIONS = new Authentication.Applications() {
        @Override
        public Optional<StoredCredentials> findByApiKey(String apiKey) {
            return switch (apiKey) {
                case API_KEY -> Optional.of(new StoredCredentials(
                        new Caller.Application("app_1", "prj_1", "Test", CLIENT_ID, true), false,
                        List.of(hash(SECRET)), false));
                default -> Optional.empty();
            };
        }

        @Override
        public List<byte[]> hashesOfClientSecret(String clientSecret) {
            return List.of(hash(clientSecret));
        }

        @Override
        public void renew(String id, String apiKey, String clientSecret) {
            throw new AssertionError("there is nothing outdated");
        }
    };

    private static byte[] hash(String secret) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    static Response ok(JsonObject json) {
        return new Response(200, json, false);
    }

    static Route.Handler failing(RuntimeException failure) {
        return (caller, input) -> {
            throw failure;
        };
    }

    int port() {
        return server.port();
    }

    HttpServer server() {
        return server;
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path));
    }

    /** A request of a user of the console. */
    HttpRequest.Builder console(String path) {
        return request(path).header("authorization", "Bearer dev_alice");
    }

    /** A request of an application. */
    HttpRequest.Builder application(String path) {
        return request(path).headers("x-client-id", CLIENT_ID, "x-client-secret", SECRET, "x-api-key", API_KEY);
    }

    HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    static JsonObject json(String body) {
        try (var reader = Json.createReader(new java.io.StringReader(body))) {
            return reader.readObject();
        }
    }

    @Override
    public void close() {
        server.stop();
    }
}
