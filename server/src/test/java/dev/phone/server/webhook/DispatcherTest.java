// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.webhook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.phone.api.Caller;
import dev.phone.api.CreateWebhookRequest;
import dev.phone.api.Delivery;
import dev.phone.api.DeliveryStatus;
import dev.phone.api.ApplicationEnvironment;
import dev.phone.api.EventType;
import dev.phone.api.OtpRequestReference;
import dev.phone.api.Rules;
import dev.phone.api.SettableWebhookStatus;
import dev.phone.api.SubscribableEvent;
import dev.phone.api.UpdateWebhookRequest;
import dev.phone.api.WebhookAttempt;
import dev.phone.api.WebhookWithSecret;
import dev.phone.server.Features;
import dev.phone.server.store.Database;
import dev.phone.server.store.Secrets;
import dev.phone.server.store.TestDatabase;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** That every event is sent once it is committed, whatever other receivers and other nodes do. */
abstract class DispatcherTest {
    private static final int SECONDS = 30;

    private final TestDatabase kind;
    private final Features phone;
    private final Caller.User user;
    private final Caller.Application caller;

    DispatcherTest(TestDatabase kind) {
        this.kind = kind;
        phone = new Features(kind.open());
        user = phone.user();
        caller = Features.caller(phone.application(user, phone.project(user).id(), ApplicationEnvironment.LIVE));
    }

    @AfterEach
    void close() {
        phone.close();
    }

    private WebhookWithSecret webhook(String url, SubscribableEvent... events) {
        return phone.webhooks.createWebhook(user, caller.id(), new CreateWebhookRequest(url, List.of(events)));
    }

    private Delivery delivery(String id) {
        return phone.deliveries.getDelivery(user, id);
    }

    private long deliveries() {
        return phone.count("SELECT COUNT(*) FROM delivery");
    }

    private Instant now() {
        return phone.clock.instant();
    }

    private List<DeliveryStore.Claimed> claim(Database database, String webhookId, String node) {
        return database.transaction(tx -> phone.deliveryStore.claim(tx, webhookId, node, now(), now().plus(Dispatcher.LEASE), Dispatcher.LANE));
    }

    /** A test event that another node claims before this one can. */
    private String claimedByAnother(WebhookWithSecret webhook, List<DeliveryStore.Claimed> claimed) {
        return phone.database.transaction(tx -> {
            String id = phone.webhooks.testWebhook(user, webhook.id()).id();
            claimed.addAll(phone.deliveryStore.claim(tx, webhook.id(), "dead", now(), now().plus(Dispatcher.LEASE), Dispatcher.LANE));
            return id;
        });
    }

    private void finish(DeliveryStore.Claimed claimed, String node, WebhookAttempt attempt) {
        phone.database.transaction(tx -> {
            phone.deliveryStore.finish(tx, claimed, node, attempt, now(), null);
            return null;
        });
    }

    @Test
    void anEventIsThereOnceTheChangeIs() throws Exception {
        try (TestReceiver receiver = new TestReceiver(204)) {
            webhook(receiver.url(), SubscribableEvent.OTP_SENT, SubscribableEvent.OTP_CANCELLED);
            webhook(receiver.url(), SubscribableEvent.OTP_CANCELLED);
            WebhookWithSecret paused = webhook(receiver.url(), SubscribableEvent.OTP_SENT);
            phone.webhooks.updateWebhook(user, paused.id(), new UpdateWebhookRequest(null, null, SettableWebhookStatus.PAUSED));
            assertThrows(IllegalStateException.class, () -> phone.database.transaction(tx -> {
                phone.send(caller, phone.number());
                throw new IllegalStateException("on purpose");
            }));
            assertEquals(0, deliveries());
            String otp = phone.send(caller, phone.number()).id();
            assertEquals(1, deliveries());
            assertTrue(receiver.next().body().contains(otp));
            phone.otp.cancelOtp(caller, new OtpRequestReference(otp));
            assertEquals(3, deliveries());
            receiver.next();
            receiver.next();
            phone.dispatcher.settle();
            assertEquals(0, receiver.waiting(), "what was rolled back is not sent");
        }
    }

    @Test
    void onlyTheLastAttemptsAreKept() throws Exception {
        try (TestReceiver receiver = new TestReceiver(204)) {
            String id = phone.webhooks.testWebhook(user, webhook(receiver.url(), SubscribableEvent.OTP_SENT).id()).id();
            phone.dispatcher.settle();
            Instant first = delivery(id).attempts().getFirst().at();
            for (int i = 0; i < WebhookAttempt.KEPT; i++) {
                phone.clock.advance(Duration.ofSeconds(1));
                phone.deliveries.redeliver(user, id);
                phone.dispatcher.settle();
            }
            assertEquals(WebhookAttempt.KEPT, delivery(id).attempts().size());
            assertEquals(first.plusSeconds(1), delivery(id).attempts().getFirst().at());
        }
    }

    /**
     * Endpoints of one user that do not answer hold a quarter of the deliveries that a node can make at a time. Deliveries beyond that are not claimed,
     * so the next user's are sent.
     */
    @Test
    void nobodysEndpointsDelayThoseOfOthers() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        phone.dispatcher.stop();
        Dispatcher node = phone.dispatcher("node-2", new Destinations(true, null, InetAddress::getAllByName), 16);
        try (TestReceiver hanging = new TestReceiver((request, out) -> end.await()); TestReceiver fine = new TestReceiver(204)) {
            for (int i = 0; i < 3; i++) {
                WebhookWithSecret webhook = webhook(hanging.url(), SubscribableEvent.OTP_SENT);
                for (int j = 0; j < 5; j++) {
                    phone.webhooks.testWebhook(user, webhook.id());
                }
            }
            node.wake(phone.webhookStore.listDue(now()));
            for (int i = 0; i < 4; i++) {
                hanging.next();
            }
            Caller.User other = phone.user();
            String application = phone.application(other, phone.project(other).id(), ApplicationEnvironment.TEST).id();
            String webhook = phone.webhooks.createWebhook(other, application, new CreateWebhookRequest(fine.url(), List.of(SubscribableEvent.OTP_SENT))).id();
            phone.webhooks.testWebhook(other, webhook);
            node.wake(phone.webhookStore.listDue(now()));
            fine.next();
            assertEquals(4, phone.count("SELECT COUNT(*) FROM delivery WHERE claimed_by IS NOT NULL AND webhook_id <> '" + webhook + "'"));
            end.countDown();
            node.settle();
            assertEquals(0, phone.webhookStore.listDue(now()).size(), "the others have had their turn");
        } finally {
            end.countDown();
            node.stop();
        }
    }

    @Test
    void secretsAreSealed() {
        WebhookWithSecret webhook = webhook("https://hooks.phone.dev/", SubscribableEvent.OTP_SENT);
        byte[] first = sealed(webhook.id(), "sealed_secret");
        WebhookWithSecret rotated = phone.webhooks.rotateWebhookSecret(user, webhook.id());
        assertEquals(List.of(webhook.secret(), rotated.secret()), List.of(open(webhook.id(), sealed(webhook.id(), "old_sealed_secret")),
                open(webhook.id(), sealed(webhook.id(), "sealed_secret"))));
        assertFalse(new String(first, StandardCharsets.ISO_8859_1).contains(webhook.secret().substring(6)));
        assertThrows(IllegalStateException.class, () -> open("whk_other", first), "it opens nowhere else");
    }

    private byte[] sealed(String id, String column) {
        return phone.database.execute().createGet("SELECT " + column + " FROM webhook WHERE id = :id").addParam("id", id).execute().orElseThrow()
                .column(1).get(byte[].class);
    }

    private String open(String id, byte[] sealed) {
        return new String(phone.secrets.open(Secrets.Purpose.WEBHOOK_SECRET, sealed, id.getBytes(StandardCharsets.US_ASCII)),
                StandardCharsets.US_ASCII);
    }

    @Test
    void aClaimOutlivesAnAttempt() {
        assertTrue(Dispatcher.LEASE.compareTo(Rules.WEBHOOKS_TIMEOUT.multipliedBy(2)) >= 0, "what is written down about it takes its time, too");
    }

    @Test
    void whatANodeDiedOnIsSentByAnother() throws Exception {
        try (TestReceiver receiver = new TestReceiver(204)) {
            WebhookWithSecret webhook = webhook(receiver.url(), SubscribableEvent.OTP_SENT);
            List<DeliveryStore.Claimed> claimed = new ArrayList<>();
            String id = claimedByAnother(webhook, claimed);
            phone.clock.advance(Dispatcher.LEASE.minusMillis(1));
            phone.dispatcher.settle();
            assertEquals(DeliveryStatus.PENDING, delivery(id).status());
            assertEquals(0, receiver.waiting());
            phone.clock.advance(Duration.ofMillis(1));
            phone.dispatcher.settle();
            assertEquals(DeliveryStatus.DELIVERED, delivery(id).status());
            assertNotNull(receiver.next());
            // It was not dead after all, but late: what it has to say does not count any more.
            finish(claimed.getFirst(), "dead", WebhookAttempt.notConnected(1));
            assertEquals(DeliveryStatus.DELIVERED, delivery(id).status());
            assertEquals(1, delivery(id).attempts().size());
        }
    }

    @Test
    void whatIsAskedForAgainMeanwhileIsSentAgain() throws Exception {
        try (TestReceiver receiver = new TestReceiver(204)) {
            WebhookWithSecret webhook = webhook(receiver.url(), SubscribableEvent.OTP_SENT);
            List<DeliveryStore.Claimed> claimed = new ArrayList<>();
            String id = claimedByAnother(webhook, claimed);
            phone.deliveries.redeliver(user, id);
            phone.dispatcher.settle();
            assertEquals(0, receiver.waiting(), "the one that is at it comes first");
            finish(claimed.getFirst(), "dead", WebhookAttempt.answered(200, 1, null, now()));
            assertEquals(DeliveryStatus.PENDING, delivery(id).status());
            assertEquals(1, delivery(id).attempts().size());
            phone.dispatcher.settle();
            assertEquals(DeliveryStatus.DELIVERED, delivery(id).status());
            assertEquals(2, delivery(id).attempts().size());
            assertEquals(1, receiver.waiting());
        }
    }

    @Test
    void whatIsDeletedMeanwhileIsNoFailure() {
        WebhookWithSecret webhook = webhook("https://hooks.phone.dev/", SubscribableEvent.OTP_SENT);
        List<DeliveryStore.Claimed> claimed = new ArrayList<>();
        claimedByAnother(webhook, claimed);
        phone.webhooks.deleteWebhook(user, webhook.id());
        finish(claimed.getFirst(), "dead", WebhookAttempt.notConnected(1));
        assertEquals(0, deliveries());
    }

    @Test
    void aSlowReceiverFillsItsOwnLaneOnly() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        AtomicInteger atOnce = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        TestReceiver.Answer slow = (request, out) -> {
            most.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
            release.await(SECONDS, TimeUnit.SECONDS);
            atOnce.decrementAndGet();
            out.write("HTTP/1.1 204 X\r\nconnection: close\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        };
        try (TestReceiver hanging = new TestReceiver(slow); TestReceiver quick = new TestReceiver(204)) {
            WebhookWithSecret hangs = webhook(hanging.url(), SubscribableEvent.OTP_FAILED);
            for (int i = 0; i < 4 * Dispatcher.LANE; i++) {
                phone.webhooks.testWebhook(user, hangs.id());
            }
            for (int i = 0; i < Dispatcher.LANE; i++) {
                hanging.next();
            }
            WebhookWithSecret other = webhook(quick.url(), SubscribableEvent.OTP_FAILED);
            for (int i = 0; i < 2 * Dispatcher.LANE; i++) {
                phone.webhooks.testWebhook(user, other.id());
                quick.next();
            }
            assertEquals(0, hanging.waiting(), "the lane is full");
            release.countDown();
            phone.dispatcher.settle();
            assertEquals(Dispatcher.LANE, most.get());
            assertEquals(4L * Dispatcher.LANE, phone.count("SELECT COUNT(*) FROM delivery WHERE status = 'delivered' AND webhook_id = '" + hangs.id() + "'"));
        }
    }

    @Test
    void nodesShareTheWork() throws Exception {
        Dispatcher other = phone.dispatcher("node-2", new Destinations(true, null, InetAddress::getAllByName));
        try (TestReceiver receiver = new TestReceiver(204)) {
            WebhookWithSecret webhook = webhook(receiver.url(), SubscribableEvent.OTP_FAILED);
            phone.database.transaction(tx -> {
                for (int i = 0; i < 200; i++) {
                    phone.webhooks.testWebhook(user, webhook.id());
                }
                return null;
            });
            other.settle();
            phone.dispatcher.settle();
            assertEquals(200, phone.count("SELECT COUNT(*) FROM delivery WHERE status = 'delivered'"));
            assertEquals(200, receiver.count().size());
            assertTrue(receiver.count().values().stream().allMatch(count -> count.get() == 1), () -> "some came twice: " + receiver.count());
        } finally {
            other.stop();
        }
    }

    @Test
    void whatOneNodeIsClaimingNoOtherWaitsForOrGets() throws Exception {
        assertEquals(0, claimedTwice(UnaryOperator.identity()));
        assertTrue(claimedTwice(statements -> {
            statements.computeIfPresent("delivery.lock-due", (name, statement) -> statement.replace("FOR UPDATE SKIP LOCKED", ""));
            return statements;
        }) > 0, "without the guard it is claimed twice, or the test shows nothing");
    }

    /** How many deliveries a node gets that another one is just claiming. */
    private int claimedTwice(UnaryOperator<Map<String, String>> statements) throws Exception {
        try (Features own = new Features(kind.open(statements))) {
            Caller.User somebody = own.user();
            String application = own.application(somebody, own.project(somebody).id(), ApplicationEnvironment.LIVE).id();
            WebhookWithSecret webhook = own.webhooks.createWebhook(somebody, application, new CreateWebhookRequest("https://hooks.phone.dev/",
                    List.of(SubscribableEvent.OTP_SENT)));
            // Nobody is told of this one.
            own.database.transaction(tx -> {
                own.deliveryStore.insert(tx, new Delivery(own.ids.next("dlv"), webhook.id(), own.ids.next("evt"), EventType.OTP_SENT,
                        DeliveryStatus.PENDING, List.of(), own.clock.instant(), own.clock.instant()), "{}");
                return null;
            });
            List<DeliveryStore.Claimed> second = Collections.synchronizedList(new ArrayList<>());
            Thread[] other = new Thread[1];
            own.database.transaction(tx -> {
                Instant now = own.clock.instant();
                assertEquals(1, own.deliveryStore.claim(tx, webhook.id(), "one", now, now.plus(Dispatcher.LEASE), 8).size());
                other[0] = Thread.ofVirtual().start(() -> own.database.transaction(inner ->
                        second.addAll(own.deliveryStore.claim(inner, webhook.id(), "two", now, now.plus(Dispatcher.LEASE), 8))));
                try {
                    other[0].join(Duration.ofSeconds(2));
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
                return null;
            });
            other[0].join();
            return second.size();
        }
    }

    @Test
    void anEventIsNotWrittenForAWebhookThatIsBeingDeleted() throws Exception {
        WebhookWithSecret webhook = webhook("https://hooks.phone.dev/", SubscribableEvent.OTP_SENT);
        Thread[] deletion = new Thread[1];
        phone.database.transaction(tx -> {
            phone.send(caller, phone.number());
            deletion[0] = Thread.ofVirtual().start(() -> phone.webhooks.deleteWebhook(user, webhook.id()));
            try {
                assertFalse(deletion[0].join(Duration.ofMillis(300)), "the deletion waits");
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            return null;
        });
        deletion[0].join();
        assertEquals(0, deliveries());
        phone.send(caller, phone.number());
        assertEquals(0, deliveries());
    }

    @Test
    void stoppingWaitsForWhatIsUnderWay() throws Exception {
        CountDownLatch arrived = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        Dispatcher other = phone.dispatcher("node-2", new Destinations(true, null, InetAddress::getAllByName));
        try (TestReceiver receiver = new TestReceiver((request, out) -> {
            arrived.countDown();
            release.await(SECONDS, TimeUnit.SECONDS);
            out.write("HTTP/1.1 204 X\r\nconnection: close\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        })) {
            WebhookWithSecret webhook = webhook(receiver.url(), SubscribableEvent.OTP_SENT);
            String id = phone.database.transaction(tx -> {
                Delivery delivery = new Delivery(phone.ids.next("dlv"), webhook.id(), phone.ids.next("evt"), EventType.OTP_SENT,
                        DeliveryStatus.PENDING, List.of(), now(), now());
                phone.deliveryStore.insert(tx, delivery, "{}");
                return delivery.id();
            });
            other.start();
            assertTrue(arrived.await(SECONDS, TimeUnit.SECONDS), "the poller finds what nobody has told of");
            Thread stop = Thread.ofVirtual().start(other::stop);
            assertFalse(stop.join(Duration.ofMillis(300)), "it waits");
            release.countDown();
            stop.join();
            assertEquals(DeliveryStatus.DELIVERED, delivery(id).status());
        }
    }

    @Test
    void aTransactionThatFailsAfterwardsTellsNobody() {
        webhook("https://hooks.phone.dev/", SubscribableEvent.OTP_SENT);
        List<String> told = new ArrayList<>();
        assertThrows(IllegalStateException.class, () -> phone.database.transaction(tx -> {
            phone.database.afterCommit(() -> told.add("rolled back"));
            throw new IllegalStateException("on purpose");
        }));
        phone.database.transaction(tx -> {
            phone.database.transaction(inner -> {
                phone.database.afterCommit(() -> told.add("committed"));
                return null;
            });
            assertEquals(List.of(), told);
            return null;
        });
        assertEquals(List.of("committed"), told);
    }
}
