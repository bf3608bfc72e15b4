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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;

/**
 * The server, put together. This is the only place that knows which part is given to which: everything else asks for what it needs in its
 * constructor, time and randomness included.
 */
public final class Phone {
    private static final System.Logger LOGGER = System.getLogger(Phone.class.getName());
    private static final Duration SWEEP_PAUSE = Duration.ofSeconds(30);
    /** Webhooks are told of an expiry when it is written down. */
    private static final Duration EXPIRY_PAUSE = Duration.ofSeconds(1);

    private final Settings settings;
    private final Database database;
    /** Null when limits are counted by this node alone. */
    private final RedisRateLimits redis;
    private final RequestLogWriter requestLog;
    private final Expiry expiry;
    private final List<Sweep> sweeps;
    private final Dispatcher dispatcher;
    private final HttpServer server;
    private volatile boolean stopping;

    /**
     * Opens the database, and fills it with the demo world if it should hold that.
     *
     * @throws InvalidSetting when the configuration makes no sense
     * @throws IllegalStateException when the database cannot be used; the message says why
     */
    public Phone(Config config, Clock clock, SecureRandom random) {
        this(config, clock, clock, random);
    }

    /** @param machine the time that others have, too, where {@code clock} is one for tests: receivers of webhooks compare it with their own */
    public Phone(Config config, Clock clock, InstantSource machine, SecureRandom random) {
        settings = Settings.of(config, random);
        refuseTakenAddress("phone.host and phone.port", settings.host(), settings.port());
        HttpServer.Management management = settings.management();
        if (management != null) {
            refuseTakenAddress("phone.management.host and phone.management.port", management.host(), management.port());
        }
        // While the database gets ready, so does all that needs it only to answer.
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
                settings.webhooks().jitter(), (int) Math.min(Dispatcher.ALL, ConnectionLimits.files() / 4));
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
        // Rows are bounded for the sake of memory, so that cannot wait.
        sweeps = List.of(new Sweep(EXPIRY_PAUSE, List.of(expiry::sweep, retention::sweepRows)),
                new Sweep(SWEEP_PAUSE, List.of(idempotency::sweep, bins::sweep, logs::sweep, totals::sweep, webhooks::reseal, retention::sweepOld)));
    }

    /** A webhook may lead to an echo bin of ours. */
    private static LocalReceiver receiver(Bins bins) {
        return (url, headers, body) -> bins.idOf(url.toString()).map(id -> {
            // What the bin shows is what would have been sent.
            Map<String, String> sent = new TreeMap<>(headers);
            sent.put("host", url.getAuthority());
            sent.put("content-length", Integer.toString(body.getBytes(StandardCharsets.UTF_8).length));
            try (JsonReader event = Json.createReader(new StringReader(body))) {
                return OptionalInt.of(bins.deliver(id, sent, event.readValue()).isPresent() ? 200 : 404);
            }
        }).orElse(OptionalInt.empty());
    }

    /** Helidon would log a stack trace when the port is taken, and carry on without it. */
    private static void refuseTakenAddress(String keys, String host, int port) {
        try (ServerSocket probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(new InetSocketAddress(host, port));
        } catch (IOException e) {
            throw new InvalidSetting(keys, host + ":" + port, "an address that is free to listen at (" + e.getMessage() + ")");
        }
    }

    /**
     * Listens.
     *
     * @throws IllegalStateException when it cannot
     */
    public Phone start() {
        if (!settings.limited()) {
            LOGGER.log(System.Logger.Level.WARNING, "ALL RATE LIMITS ARE OFF (phone.limits.enabled): anyone may try as many codes as they like");
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

    /** What has ended that must not while this runs, so that the process must be started anew; empty when nothing has. Not for before the start. */
    public Optional<String> failure() {
        if (stopping) {
            return Optional.empty();
        }
        if (database.hasClosedItself()) {
            return Optional.of("the database has closed itself");
        }
        if (!requestLog.isAlive()) {
            return Optional.of("nobody writes request logs any more");
        }
        if (!dispatcher.isAlive()) {
            return Optional.of("nobody sends webhooks any more");
        }
        return sweeps.stream().allMatch(Sweep::isAlive) ? server.failure() : Optional.of("nobody deletes what is over any more");
    }

    /** Lets requests in flight finish, and returns when nothing of the server is left. */
    public void stop() {
        stopping = true;
        server.stop();
        sweeps.forEach(Sweep::stop);
        dispatcher.stop();
        requestLog.stop();
        if (redis != null) {
            redis.close();
        }
        database.close();
    }

    /** Writes what requests have left to be written, for whoever looks into the database. */
    public void flush() {
        requestLog.flush();
    }

    /** Does what is due at this moment of the clock, and returns when it is done. For tests, whose clock stands still. */
    public void settle() {
        while (expiry.sweep()) {
            // The next batch.
        }
        dispatcher.settle();
    }

    /** Where it listens, once it is started. */
    public int port() {
        return server.port();
    }

    /** Where the management endpoints are, once it is started; -1 when there are none. */
    public int managementPort() {
        return server.managementPort();
    }

    /** Where others reach it, without a path. */
    String url() {
        return settings.url() == null ? address() : settings.url();
    }

    /** Where it listens, as a URL. */
    String address() {
        return address(settings.host(), port());
    }

    /** Where the management endpoints are, as a URL. */
    String managementAddress() {
        return address(settings.management().host(), managementPort());
    }

    private static String address(String host, int port) {
        // What listens everywhere cannot be asked everywhere.
        return "http://" + (host.equals("127.0.0.1") || host.equals("0.0.0.0") || host.equals("::") ? "localhost"
                : host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }

    Settings settings() {
        return settings;
    }
}
