// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.webhook;

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
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Sends deliveries when they are due. Any number of nodes may share the work: each claims what no other has, and what a node that died has
 * claimed is due again when its claim is over.
 *
 * <p>Every webhook has a lane of its own, with so many deliveries on their way at most. An endpoint that is slow or dead fills its own lane, and
 * is waited for by nobody else.
 */
public final class Dispatcher {
    private static final System.Logger LOG = System.getLogger(Dispatcher.class.getName());
    /** On their way to one webhook at the same time. */
    static final int LANE = 8;
    /** On their way altogether: sockets of this process. More than this many webhooks that hang would be needed before others wait. */
    public static final int ALL = 4_096;
    /** What is written down by a transaction that is committed on this node is sent at once; the rest is found within this time. */
    private static final Duration PAUSE = Duration.ofSeconds(1);
    /** Longer than an attempt can take. */
    static final Duration LEASE = Duration.ofSeconds(60);
    /** Transactions at the same time, so that requests find connections to the database. */
    private static final int TRANSACTIONS = 4;
    /** How long an orderly stop waits for attempts that are under way. */
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
    private final Semaphore free;
    // Stopping does not interrupt: an interrupt in the middle of a statement would close the database's file or socket.
    private final Thread poller = Thread.ofVirtual().name("webhooks").unstarted(this::poll);
    // All below is guarded by this.
    private final Map<String, Lane> lanes = new HashMap<>();
    private boolean stopping;

    /** What is under way to one webhook. */
    private static final class Lane {
        final Set<String> sending = new HashSet<>();
        boolean claiming;
        /** Whether there may be more than was claimed. */
        boolean more;
    }

    /**
     * @param node a name that no other node has, nor has had
     * @param jitter by how many percent the pause before a retry may be longer than the schedule says
     * @param all how many may be on their way at the same time, to all webhooks together
     */
    public Dispatcher(Database database, WebhookStore webhooks, DeliveryStore deliveries, Destinations destinations, LocalReceiver receiver,
            String node, Clock clock, InstantSource machine, SecureRandom random, int jitter, int all) {
        this.database = database;
        this.webhooks = webhooks;
        this.deliveries = deliveries;
        this.sender = new Sender(destinations, receiver, machine, all);
        this.free = new Semaphore(all);
        this.metrics = new DeliveryMetrics();
        this.node = node;
        this.clock = clock;
        this.random = random;
        this.jitter = jitter;
    }

    /** Once. */
    public void start() {
        poller.start();
    }

    /** Whether it goes on. */
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
                    LOG.log(System.Logger.Level.WARNING, "Deliveries that are due cannot be read; it is tried again in " + PAUSE, e);
                }
                pause();
            }
        } catch (InterruptedException e) {
            // It means stop.
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

    /** There may be something due for these webhooks. */
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
        int room;
        synchronized (this) {
            lane.more = false;
            room = LANE - lane.sending.size();
        }
        WebhookStore.Target target = null;
        List<DeliveryStore.Claimed> claimed = List.of();
        try {
            Instant now = clock.instant();
            transactions.acquireUninterruptibly();
            try {
                record Work(WebhookStore.Target target, List<DeliveryStore.Claimed> claimed) {
                }
                Optional<Work> work = database.transaction(tx -> webhooks.target(tx, webhookId, now)
                        .map(found -> new Work(found, deliveries.claim(tx, webhookId, node, now, now.plus(LEASE), room))));
                if (work.isPresent()) {
                    target = work.get().target;
                    claimed = work.get().claimed;
                }
            } finally {
                transactions.release();
            }
        } catch (RuntimeException | Error e) {
            LOG.log(System.Logger.Level.WARNING, "Deliveries of " + webhookId + " cannot be claimed; it is tried again in " + PAUSE, e);
        }
        synchronized (this) {
            lane.claiming = false;
            lane.more |= claimed.size() == room;
            for (DeliveryStore.Claimed delivery : claimed) {
                // It may be ours already, and its claim have run out before the attempt was over.
                if (lane.sending.add(delivery.id())) {
                    WebhookStore.Target to = target;
                    metrics.inFlight(1);
                    threads.execute(() -> send(lane, to, delivery));
                }
            }
            goOn(webhookId, lane);
        }
    }

    private void send(Lane lane, WebhookStore.Target target, DeliveryStore.Claimed delivery) {
        try {
            Instant at = clock.instant();
            free.acquireUninterruptibly();
            WebhookAttempt attempt;
            try {
                attempt = sender.send(target, delivery.eventId(), delivery.payload());
            } catch (RuntimeException | Error e) {
                // Taken down as a failure: it would be tried forever otherwise.
                LOG.log(System.Logger.Level.WARNING, "The delivery " + delivery.id() + " cannot be sent", e);
                attempt = WebhookAttempt.interrupted(0);
            } finally {
                free.release();
            }
            write(target, delivery, attempt, at);
        } catch (RuntimeException | Error e) {
            LOG.log(System.Logger.Level.WARNING, "How the delivery " + delivery.id() + " went cannot be written down; it is sent again in " + LEASE, e);
        } finally {
            synchronized (this) {
                metrics.inFlight(-1);
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
                // The webhook before the delivery, as everyone locks them.
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

    /** Sends what is due at this moment of the clock, and returns when that is done. For tests, whose clock stands still. */
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

    /** Begins nothing more, and returns when what is under way has come to its end, or is broken off; that is sent again by whoever comes next. */
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
