// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.webhook;

import dev.phone.api.ConnectionLimits;
import dev.phone.api.WebhookAttempt;
import dev.phone.server.store.Database;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Sends due deliveries. Any number of nodes may share the work: each claims unclaimed deliveries, and the claims of a node that has died
 * expire.
 *
 * <p>Every webhook has its own lane with a maximum number of concurrent deliveries, and all webhooks of a user together have a share of what this
 * node can send. So a slow or dead endpoint delays no other webhook, and no user's endpoints delay those of others. Deliveries are claimed only
 * when they can be sent at once, because each takes memory.
 */
public final class Dispatcher {
    private static final System.Logger LOG = System.getLogger(Dispatcher.class.getName());
    /** The maximum number of concurrent deliveries to one webhook. */
    static final int LANE = 8;
    /** A user may have one in so many of the concurrent deliveries that other users leave. So several of them together leave something, too. */
    private static final int SHARES = 4;
    private static final int MOST = 4_096;
    /** What an attempt may take of the heap: its payload, buffers and thread. */
    private static final int ATTEMPT_BYTES = 512 * 1_024;
    /** The polling interval. Deliveries of this node's own transactions are sent at once; others are found by polling. */
    private static final Duration PAUSE = Duration.ofSeconds(1);
    /** The duration of a claim, longer than an attempt can take. */
    static final Duration LEASE = Duration.ofSeconds(60);
    /** The maximum number of concurrent transactions, so that connections to the database are left for requests. */
    private static final int TRANSACTIONS = 4;
    /** How long a graceful stop waits for attempts in progress. */
    private static final Duration GRACE = Duration.ofSeconds(20);

    private final Database database;
    private final WebhookStore webhooks;
    private final DeliveryStore deliveries;
    private final Sender sender;
    private final DeliveryMetrics metrics;
    private final String node;
    private final Clock clock;
    private final SecureRandom random;
    private final int jitter;

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Semaphore transactions = new Semaphore(TRANSACTIONS);
    // Stopping does not interrupt: an interrupt in the middle of a statement would close the database's file or socket.
    private final Thread poller = Thread.ofVirtual().name("webhooks").unstarted(this::poll);
    private final int all;
    // Everything below is guarded by this.
    private final Map<String, Lane> lanes = new HashMap<>();
    private final Map<String, Integer> sendingOf = new HashMap<>();
    private int sending;
    private boolean stopping;

    /** The deliveries in progress for one webhook. */
    private static final class Lane {
        final Set<String> sending = new HashSet<>();
        boolean claiming;
        /** Whether there may be more due deliveries than were claimed. */
        boolean more;
    }

    /**
     * @param node a unique name that no other node has ever had
     * @param jitter the maximum percentage by which the pause before a retry may exceed the schedule's
     * @param all the maximum number of concurrent deliveries to all webhooks
     */
    public Dispatcher(Database database, WebhookStore webhooks, DeliveryStore deliveries, Destinations destinations, LocalReceiver receiver,
            String node, Clock clock, InstantSource machine, SecureRandom random, int jitter, int all) {
        this.database = database;
        this.webhooks = webhooks;
        this.deliveries = deliveries;
        this.sender = new Sender(destinations, receiver, machine, all);
        this.all = all;
        this.metrics = new DeliveryMetrics();
        this.node = node;
        this.clock = clock;
        this.random = random;
        this.jitter = jitter;
    }

    /** How many deliveries this process can make at a time: each takes a socket and memory. */
    public static int most() {
        return (int) Math.max(SHARES, Math.min(MOST, Math.min(ConnectionLimits.files() / 4, Runtime.getRuntime().maxMemory() / ATTEMPT_BYTES)));
    }

    /** Starts the thread. Call it once. */
    public void start() {
        poller.start();
    }

    /** Whether the thread is running. */
    public boolean isAlive() {
        return poller.isAlive();
    }

    private void poll() {
        try {
            for (int round = 0; !isStopping(); round++) {
                try {
                    wake(webhooks.listDue(clock.instant()));
                    if (round % 10 == 0) {
                        Instant now = clock.instant();
                        metrics.backlog(deliveries.backlog(now), now);
                    }
                } catch (OutOfMemoryError e) {
                    throw e;
                } catch (RuntimeException | Error e) {
                    LOG.log(System.Logger.Level.WARNING, "Due deliveries cannot be read; retrying in " + PAUSE, e);
                }
                pause();
            }
        } catch (InterruptedException e) {
            // Interrupted to stop.
        }
    }

    private synchronized boolean isStopping() {
        return stopping;
    }

    private synchronized void pause() throws InterruptedException {
        long end = System.nanoTime() + PAUSE.toNanos();
        for (long left = PAUSE.toNanos(); left > 0 && !stopping; left = end - System.nanoTime()) {
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
    }

    /** Checks these webhooks for due deliveries. */
    public synchronized void wake(Collection<String> webhookIds) {
        webhookIds.forEach(this::claimFor);
    }

    /** With the monitor held. */
    private void claimFor(String webhookId) {
        if (stopping) {
            return;
        }
        Lane lane = lanes.computeIfAbsent(webhookId, id -> new Lane());
        lane.more = true;
        if (!lane.claiming && lane.sending.size() < LANE) {
            lane.claiming = true;
            threads.execute(() -> claim(webhookId, lane));
        }
    }

    private void claim(String webhookId, Lane lane) {
        synchronized (this) {
            lane.more = false;
        }
        WebhookStore.Target target = null;
        List<DeliveryStore.Claimed> claimed = List.of();
        int room = 0;
        try {
            Instant now = clock.instant();
            transactions.acquireUninterruptibly();
            try {
                target = webhooks.target(webhookId, now).orElse(null);
                if (target != null) {
                    room = reserve(target.owner(), lane);
                    int most = room;
                    claimed = most == 0 ? List.of() : database.transaction(tx -> deliveries.claim(tx, webhookId, node, now, now.plus(LEASE), most));
                }
            } finally {
                transactions.release();
            }
        } catch (RuntimeException | Error e) {
            LOG.log(System.Logger.Level.WARNING, "Deliveries of " + webhookId + " cannot be claimed; retrying in " + PAUSE, e);
        }
        synchronized (this) {
            lane.claiming = false;
            // Without room, the next poll tries again.
            lane.more |= room > 0 && claimed.size() == room;
            int started = 0;
            for (DeliveryStore.Claimed delivery : claimed) {
                // This node may already be sending it, if its claim expired before the attempt ended.
                if (lane.sending.add(delivery.id())) {
                    started++;
                    WebhookStore.Target to = target;
                    metrics.inFlight(1);
                    threads.execute(() -> send(lane, to, delivery));
                }
            }
            if (target != null) {
                release(target.owner(), room - started);
            }
            goOn(webhookId, lane);
        }
    }

    /** Reserves what can be sent at once: by this node, for this user, and to this webhook. */
    private synchronized int reserve(String owner, Lane lane) {
        int own = sendingOf.getOrDefault(owner, 0);
        int room = Math.max(0, Math.min(LANE - lane.sending.size(), (all - sending + own) / SHARES - own));
        release(owner, -room);
        return room;
    }

    /** With the monitor held. */
    private void release(String owner, int number) {
        sending -= number;
        if (number != 0 && sendingOf.merge(owner, -number, Integer::sum) == 0) {
            sendingOf.remove(owner);
        }
    }

    private void send(Lane lane, WebhookStore.Target target, DeliveryStore.Claimed delivery) {
        try {
            Instant at = clock.instant();
            WebhookAttempt attempt;
            try {
                attempt = sender.send(target, delivery.eventId(), delivery.payload());
            } catch (RuntimeException | Error e) {
                // Recorded as a failure, because otherwise it would be retried forever.
                LOG.log(System.Logger.Level.WARNING, "The delivery " + delivery.id() + " cannot be sent", e);
                attempt = WebhookAttempt.interrupted(0);
            }
            write(target, delivery, attempt, at);
        } catch (RuntimeException | Error e) {
            LOG.log(System.Logger.Level.WARNING, "The result of the delivery " + delivery.id() + " cannot be stored; it will be sent again in " + LEASE, e);
        } finally {
            synchronized (this) {
                metrics.inFlight(-1);
                release(target.owner(), 1);
                lane.sending.remove(delivery.id());
                goOn(target.webhookId(), lane);
            }
        }
    }

    private void write(WebhookStore.Target target, DeliveryStore.Claimed delivery, WebhookAttempt attempt, Instant at) {
        Instant now = clock.instant();
        Duration pause = attempt.pause(delivery.tries() + 1);
        Instant next = pause == null ? null : now.plus(pause).plusMillis(jitter == 0 ? 0 : random.nextLong(pause.toMillis() * jitter / 100 + 1));
        transactions.acquireUninterruptibly();
        try {
            database.transaction(tx -> {
                // Lock order: the webhook before the delivery.
                webhooks.tried(tx, target, attempt, now);
                deliveries.finish(tx, delivery, node, attempt, at, next);
                return null;
            });
        } finally {
            transactions.release();
        }
        metrics.count(attempt, next == null);
    }

    /** With the monitor held. */
    private void goOn(String webhookId, Lane lane) {
        if (lane.more && !stopping) {
            claimFor(webhookId);
        } else if (lane.sending.isEmpty() && !lane.claiming) {
            lanes.remove(webhookId, lane);
        }
        notifyAll();
    }

    /** Sends all deliveries that are due now, and returns when they are done. For tests with a stopped clock. */
    public void settle() {
        List<String> due = webhooks.listDue(clock.instant());
        while (true) {
            wake(due);
            synchronized (this) {
                try {
                    while (!lanes.isEmpty()) {
                        wait();
                    }
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return;
                }
            }
            due = webhooks.listDue(clock.instant());
            if (due.isEmpty()) {
                return;
            }
        }
    }

    /** Starts no new attempts, and returns when those in progress have ended or were cut off; the latter will be sent again later. */
    public void stop() {
        long end = System.nanoTime() + GRACE.toNanos();
        synchronized (this) {
            stopping = true;
            notifyAll();
            try {
                for (long left = GRACE.toNanos(); !lanes.isEmpty() && left > 0; left = end - System.nanoTime()) {
                    TimeUnit.NANOSECONDS.timedWait(this, left);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        sender.close();
        threads.close();
        try {
            poller.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
