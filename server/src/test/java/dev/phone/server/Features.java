// SPDX-License-Identifier: Apache-2.0
package dev.phone.server;

import dev.phone.api.ApplicationWithCredentials;
import dev.phone.api.Caller;
import dev.phone.api.ClaimNumberRequest;
import dev.phone.api.CreateApplicationRequest;
import dev.phone.api.CreateProjectRequest;
import dev.phone.api.ApplicationEnvironment;
import dev.phone.api.Message;
import dev.phone.api.OtpRequest;
import dev.phone.api.PageRequest;
import dev.phone.api.PhoneNumber;
import dev.phone.api.Project;
import dev.phone.api.SendOtpRequest;
import dev.phone.server.application.ApplicationEndpoint;
import dev.phone.server.application.ApplicationStore;
import dev.phone.server.log.OtpTotals;
import dev.phone.server.log.RequestLogs;
import dev.phone.server.number.Inbox;
import dev.phone.server.number.NumberEndpoint;
import dev.phone.server.number.NumberStore;
import dev.phone.server.otp.Expiry;
import dev.phone.server.otp.OtpEndpoint;
import dev.phone.server.otp.OtpStore;
import dev.phone.server.project.ProjectEndpoint;
import dev.phone.server.project.ProjectStore;
import dev.phone.server.sandbox.Bins;
import dev.phone.server.store.Database;
import dev.phone.server.store.Ids;
import dev.phone.server.store.Secrets;
import dev.phone.server.store.SignedCursors;
import dev.phone.server.webhook.DeliveryEndpoint;
import dev.phone.server.webhook.DeliveryStore;
import dev.phone.server.webhook.Destinations;
import dev.phone.server.webhook.Dispatcher;
import dev.phone.server.webhook.Events;
import dev.phone.server.webhook.LocalReceiver;
import dev.phone.server.webhook.WebhookEndpoint;
import dev.phone.server.webhook.WebhookStore;
import java.net.InetAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Every feature over one database, as {@code Phone} wires them but without HTTP, and short ways to what tests need. */
public final class Features implements AutoCloseable {
    private static final AtomicInteger COUNTER = new AtomicInteger();

    public final Database database;
    public final TestClock clock = new TestClock();
    public final SecureRandom random = new SecureRandom();
    public final Secrets secrets;
    public final Ids ids = new Ids(clock, random);

    public final ProjectStore projectStore;
    public final ApplicationStore applicationStore;
    public final NumberStore numberStore;
    public final OtpStore otpStore;
    public final Inbox inbox;
    public final RequestLogs logs;
    public final OtpTotals totals;
    public final Bins bins;
    public final WebhookStore webhookStore;
    public final DeliveryStore deliveryStore;

    public final ProjectEndpoint projects;
    public final ApplicationEndpoint applications;
    public final NumberEndpoint numbers;
    public final OtpEndpoint otp;
    public final Expiry expiry;
    public final WebhookEndpoint webhooks;
    public final DeliveryEndpoint deliveries;
    public final Dispatcher dispatcher;

    public Features(Database database) {
        this(database, Secrets.of(new byte[32]));
    }

    public Features(Database database, Secrets secrets) {
        this.database = database;
        this.secrets = secrets;
        projectStore = new ProjectStore(database);
        applicationStore = new ApplicationStore(database, secrets, clock);
        numberStore = new NumberStore(database);
        otpStore = new OtpStore(database, secrets);
        inbox = new Inbox(database, secrets);
        logs = new RequestLogs(database, clock, Duration.ofDays(30));
        totals = new OtpTotals(database, clock);
        bins = new Bins(database, ids, clock, 3, () -> "https://phone.example.com");
        webhookStore = new WebhookStore(database, secrets);
        deliveryStore = new DeliveryStore(database);
        Destinations destinations = new Destinations(true, null, InetAddress::getAllByName);
        dispatcher = dispatcher("node-1", destinations);
        Events events = new Events(database, webhookStore, deliveryStore, ids, clock, dispatcher::wake);
        webhooks = new WebhookEndpoint(database, webhookStore, events, applicationStore, destinations, ids, random, clock);
        deliveries = new DeliveryEndpoint(database, deliveryStore, webhookStore, events);
        projects = new ProjectEndpoint(database, projectStore, ids, clock);
        applications = new ApplicationEndpoint(database, applicationStore, projectStore, ids, random, clock);
        numbers = new NumberEndpoint(database, numberStore, inbox, ids, clock);
        otp = new OtpEndpoint(database, otpStore, inbox, events, ids, random, clock);
        expiry = new Expiry(database, otpStore, inbox, events, clock);
    }

    /** Another one of the same database. */
    public Dispatcher dispatcher(String node, Destinations destinations) {
        return dispatcher(node, destinations, 4_096);
    }

    /** @param all how many deliveries it makes at a time */
    public Dispatcher dispatcher(String node, Destinations destinations, int all) {
        return new Dispatcher(database, webhookStore, deliveryStore, destinations, LocalReceiver.NONE, node, clock, InstantSource.system(), random, 0, all);
    }

    /** Somebody new. */
    public Caller.User user() {
        return new Caller.User("user-" + COUNTER.incrementAndGet());
    }

    /** A number that nobody has and no test has used. */
    public String number() {
        int n = COUNTER.incrementAndGet();
        return "+999 700 %03d %03d".formatted(n / 1000, n % 1000);
    }

    public Project project(Caller.User user) {
        return projects.createProject(user, new CreateProjectRequest("Shop"));
    }

    public ApplicationWithCredentials application(Caller.User user, String projectId, ApplicationEnvironment environment) {
        return applications.createApplication(user, projectId, new CreateApplicationRequest("Checkout", environment));
    }

    /** A new application of a new user, as the caller that it is. */
    public Caller.Application caller(ApplicationEnvironment environment) {
        Caller.User user = user();
        return caller(application(user, project(user).id(), environment));
    }

    public static Caller.Application caller(ApplicationWithCredentials application) {
        return new Caller.Application(application.id(), application.projectId(), application.name(), application.clientId(),
                application.environment() == ApplicationEnvironment.TEST);
    }

    public OtpRequest send(Caller.Application caller, String number) {
        return otp.sendOtp(caller, new SendOtpRequest(PhoneNumber.of(number), null));
    }

    public OtpRequest get(Caller.Application caller, String id) {
        return otp.getOtp(caller, id);
    }

    public void claim(Caller.User user, String number) {
        numbers.claimNumber(user, new ClaimNumberRequest(PhoneNumber.of(number)));
    }

    public List<Message> messages(Caller.User user, String number) {
        return numbers.listMessages(user, PhoneNumber.of(number), new PageRequest(new SignedCursors(secrets), new String[0], 100, null)).items();
    }

    /** What a statement of the test's own says; for looking at rows that no endpoint shows. */
    public long count(String sql) {
        return database.execute().createGet(sql).execute().orElseThrow().column(1).get(Long.class);
    }

    @Override
    public void close() {
        dispatcher.stop();
        database.close();
    }
}
