// SPDX-License-Identifier: Apache-2.0
package dev.phone.server;

import dev.phone.api.ConnectionLimits;
import dev.phone.api.Operations;
import dev.phone.api.Route;
import dev.phone.api.Routes;
import dev.phone.server.application.ApplicationEndpoint;
import dev.phone.server.application.ApplicationStore;
import dev.phone.server.auth.Authentication;
import dev.phone.server.auth.DevelopmentTokens;
import dev.phone.server.auth.IdTokens;
import dev.phone.server.http.ClientAddress;
import dev.phone.server.http.HttpApi;
import dev.phone.server.http.HttpServer;
import dev.phone.server.idempotency.IdempotentRequests;
import dev.phone.server.limits.MemoryRateLimits;
import dev.phone.server.limits.RateLimits;
import dev.phone.server.limits.RedisRateLimits;
import dev.phone.server.log.AnalyticsEndpoint;
import dev.phone.server.log.LogsEndpoint;
import dev.phone.server.log.OtpTotals;
import dev.phone.server.log.RequestLogWriter;
import dev.phone.server.log.RequestLogs;
import dev.phone.server.number.Inbox;
import dev.phone.server.number.NumberEndpoint;
import dev.phone.server.number.NumberStore;
import dev.phone.server.number.UserEndpoint;
import dev.phone.server.otp.Expiry;
import dev.phone.server.otp.OtpEndpoint;
import dev.phone.server.otp.OtpRequestEndpoint;
import dev.phone.server.otp.OtpStore;
import dev.phone.server.project.ProjectEndpoint;
import dev.phone.server.project.ProjectStore;
import dev.phone.server.sandbox.Bins;
import dev.phone.server.sandbox.SandboxEndpoint;
import dev.phone.server.store.Database;
import dev.phone.server.store.Ids;
import dev.phone.server.store.Retention;
import dev.phone.server.store.Secrets;
import dev.phone.server.store.SignedCursors;
import dev.phone.server.store.Sweep;
import dev.phone.server.webhook.DeliveryEndpoint;
import dev.phone.server.webhook.DeliveryStore;
import dev.phone.server.webhook.Destinations;
import dev.phone.server.webhook.Dispatcher;
import dev.phone.server.webhook.Events;
import dev.phone.server.webhook.LocalReceiver;
import dev.phone.server.webhook.WebhookEndpoint;
import dev.phone.server.webhook.WebhookStore;
import io.helidon.config.Config;
import jakarta.json.Json;
import jakarta.json.JsonReader;
import java.io.IOException;
import java.io.StringReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;

/**
 * Wires the server. All other classes receive their dependencies in their constructors, including clock and randomness; only this class knows which
 * part is passed to which.
 */
public final class Phone {
    private static final System.Logger LOGGER = System.getLogger(Phone.class.getName());
    private static final Duration SWEEP_PAUSE = Duration.ofSeconds(30);
    /** How long a stop waits for the batch of a sweep. */
    private static final Duration SWEEP_PATIENCE = Duration.ofSeconds(10);
    /** Webhooks get the event of an expiry only after the sweep has written it. */
    private static final Duration EXPIRY_PAUSE = Duration.ofSeconds(1);

    private final Settings settings;
    private final Database database;
    /** Null if this node counts limits on its own. */
    private final RedisRateLimits redis;
    private final RequestLogWriter requestLog;
    private final Expiry expiry;
    private final List<Sweep> sweeps;
    private final Dispatcher dispatcher;
    private final HttpServer server;
    private volatile boolean stopping;

    /**
     * Opens the database, and seeds the demo world if configured.
     *
     * @throws InvalidSetting if the configuration is invalid
     * @throws IllegalStateException if the database cannot be used; the message says why
     */
    public Phone(Config config, Clock clock, SecureRandom random) {
        this(config, clock, clock, random);
    }

    /** @param machine the real time, even if {@code clock} is a test clock: receivers of webhooks compare timestamps with their own clock */
    public Phone(Config config, Clock clock, InstantSource machine, SecureRandom random) {
        settings = Settings.of(config, random);
        refuseTakenAddress("phone.host and phone.port", settings.host(), settings.port());
        HttpServer.Management management = settings.management();
        if (management != null) {
            refuseTakenAddress("phone.management.host and phone.management.port", management.host(), management.port());
        }
        // While the database starts, create everything that needs it only to answer requests.
        database = Database.connect(settings.database());
        Secrets secrets = Secrets.of(settings.secret(), settings.acceptedSecrets());
        Ids ids = new Ids(clock, random);
        ProjectStore projects = new ProjectStore(database);
        ApplicationStore applications = new ApplicationStore(database, secrets, clock);
        OtpStore otps = new OtpStore(database, secrets);
        NumberStore numbers = new NumberStore(database);
        Inbox inbox = new Inbox(database, secrets);
        RequestLogs logs = new RequestLogs(database, clock, settings.requestLogs());
        requestLog = new RequestLogWriter(logs::insert);
        OtpTotals totals = new OtpTotals(database, clock);
        IdempotentRequests idempotency = new IdempotentRequests(database, secrets, () -> ids.next("idm"), clock);
        Bins bins = new Bins(database, ids, clock, settings.bins(), this::url);
        WebhookStore webhooks = new WebhookStore(database, secrets);
        DeliveryStore deliveries = new DeliveryStore(database);
        Destinations destinations = new Destinations(settings.webhooks().local(), settings.webhooks().proxy(), InetAddress::getAllByName);
        dispatcher = new Dispatcher(database, webhooks, deliveries, destinations, receiver(bins), ids.next("node"), clock, machine, random,
                settings.webhooks().jitter(), Dispatcher.most());
        Events events = new Events(database, webhooks, deliveries, ids, clock, dispatcher::wake);

        List<Route> routes = Routes.of(new SignedCursors(secrets),
                new OtpEndpoint(database, otps, inbox, events, ids, random, clock),
                new UserEndpoint(numbers),
                new ProjectEndpoint(database, projects, ids, clock),
                new ApplicationEndpoint(database, applications, projects, ids, random, clock),
                new OtpRequestEndpoint(otps, applications, clock),
                new WebhookEndpoint(database, webhooks, events, applications, destinations, ids, random, clock),
                new DeliveryEndpoint(database, deliveries, webhooks, events),
                new NumberEndpoint(database, numbers, inbox, ids, clock),
                new LogsEndpoint(logs, requestLog, applications),
                new AnalyticsEndpoint(totals, applications, clock),
                new SandboxEndpoint(bins));

        Settings.Issuer issuer = settings.issuer();
        Authentication.Users users = issuer == null ? new DevelopmentTokens()
                : new IdTokens(issuer.name(), issuer.audience(), issuer.keys(), clock);
        redis = settings.redis() == null || !settings.limited() ? null : new RedisRateLimits(settings.redis(), clock);
        HttpApi api = new HttpApi(routes, new ClientAddress(settings.trustedProxies()),
                new Authentication(users, applications),
                new RateLimits(redis == null ? new MemoryRateLimits(clock) : redis, settings.limited(), settings.limits(), Operations.ALL),
                idempotency, () -> ids.next("req"), requestLog, clock);
        server = new HttpServer(settings.host(), settings.port(), settings.url(), api, settings.connections(), management,
                new HttpServer.Health(() -> failure().isEmpty(), database::isReady, redis == null ? null : redis::isShared), settings.accessLog());
        database.ready();
        if (settings.demo()) {
            new DemoWorld(projects, applications, numbers, otps, inbox, logs, bins, webhooks, deliveries, ids).seed(database, clock.instant());
        }
        expiry = new Expiry(database, otps, inbox, events, clock);
        Retention retention = new Retention(database, ids, clock, settings.retention().kept(), settings.retention().rows());
        // The bound on rows protects memory, so it is enforced often.
        sweeps = List.of(new Sweep(EXPIRY_PAUSE, List.of(expiry::sweep, retention::sweepRows)),
                new Sweep(SWEEP_PAUSE, List.of(idempotency::sweep, bins::sweep, logs::sweep, totals::sweep, webhooks::reseal, retention::sweepOld)));
    }

    /** A webhook may point to an echo bin of this server. */
    private static LocalReceiver receiver(Bins bins) {
        return (url, headers, body) -> bins.idOf(url.toString()).map(id -> {
            // The bin shows the headers that would have been sent over HTTP.
            Map<String, String> sent = new TreeMap<>(headers);
            sent.put("host", url.getAuthority());
            sent.put("content-length", Integer.toString(body.getBytes(StandardCharsets.UTF_8).length));
            try (JsonReader event = Json.createReader(new StringReader(body))) {
                return OptionalInt.of(bins.deliver(id, sent, event.readValue()).isPresent() ? 200 : 404);
            }
        }).orElse(OptionalInt.empty());
    }

    /** Checked here, because Helidon logs a stack trace if the port is taken, and continues without it. */
    private static void refuseTakenAddress(String keys, String host, int port) {
        try (ServerSocket probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(new InetSocketAddress(host, port));
        } catch (IOException e) {
            throw new InvalidSetting(keys, host + ":" + port, "a free address to listen on (" + e.getMessage() + ")");
        }
    }

    /**
     * Starts listening.
     *
     * @throws IllegalStateException if it cannot listen
     */
    public Phone start() {
        if (!settings.limited()) {
            LOGGER.log(System.Logger.Level.WARNING, "ALL RATE LIMITS ARE OFF (phone.limits.enabled): anyone can try any number of codes");
        }
        if (settings.webhooks().local() && !database.isEmbedded()) {
            LOGGER.log(System.Logger.Level.WARNING, "WEBHOOKS MAY CALL THIS MACHINE (phone.webhooks.local): any user can reach what listens here");
        }
        if (redis != null) {
            redis.start();
        }
        requestLog.start();
        sweeps.forEach(Sweep::start);
        dispatcher.start();
        if (!server.start()) {
            stop();
            throw new IllegalStateException("The server cannot listen at " + settings.host() + ":" + settings.port());
        }
        return this;
    }

    /** The essential part that has failed, so that the process must be restarted; empty if all are running. Call it only after the start. */
    public Optional<String> failure() {
        if (stopping) {
            return Optional.empty();
        }
        if (database.hasClosedItself()) {
            return Optional.of("the database has closed itself");
        }
        if (!requestLog.isAlive()) {
            return Optional.of("the request log writer has ended");
        }
        if (!dispatcher.isAlive()) {
            return Optional.of("the webhook dispatcher has ended");
        }
        return sweeps.stream().allMatch(Sweep::isAlive) ? server.failure() : Optional.of("a sweep has ended");
    }

    /** Stops gracefully: finishes the requests in flight, and returns when everything has stopped. */
    public void stop() {
        stopping = true;
        List<Runnable> stops = new ArrayList<>(List.of(server::stop, dispatcher::stop));
        sweeps.forEach(sweep -> stops.add(() -> sweep.stop(SWEEP_PATIENCE)));
        // Side by side, because each may take a while, and a supervisor kills a process that takes too long.
        List<Thread> threads = stops.stream().map(stop -> Thread.ofVirtual().name("stop").start(stop)).toList();
        try {
            for (Thread thread : threads) {
                thread.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        requestLog.stop();
        if (redis != null) {
            redis.close();
        }
        database.close();
    }

    /** Writes queued request logs. For tests that read the database. */
    public void flush() {
        requestLog.flush();
    }

    /** Runs all background work that is due now, and returns when it is done. For tests with a stopped clock. */
    public void settle() {
        while (expiry.sweep()) {
            // Continue with the next batch.
        }
        dispatcher.settle();
    }

    /** The port that it listens on, after the start. */
    public int port() {
        return server.port();
    }

    /** The port of the management endpoints, after the start; -1 for none. */
    public int managementPort() {
        return server.managementPort();
    }

    /** The public URL, without a path. */
    String url() {
        return settings.url() == null ? address() : settings.url();
    }

    /** The URL of the address that it listens on. */
    String address() {
        return address(settings.host(), port());
    }

    /** The URL of the management endpoints. */
    String managementAddress() {
        return address(settings.management().host(), managementPort());
    }

    private static String address(String host, int port) {
        // A wildcard address is not an address to connect to.
        return "http://" + (host.equals("127.0.0.1") || host.equals("0.0.0.0") || host.equals("::") ? "localhost"
                : host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }

    Settings settings() {
        return settings;
    }
}
