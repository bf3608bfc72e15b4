// SPDX-License-Identifier: Apache-2.0
package dev.phone.mock.state;

import jakarta.json.JsonObject;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** The sessions: one for each value of x-mock-session, and a default one for requests without it. Each is created on first use. */
public final class Sessions implements AutoCloseable {
    /** Beyond this number, the least recently used session is dropped. */
    private static final int MOST = 1_000;
    /** A session that is unused for this long, by the machine's clock, is dropped. */
    private static final Duration UNUSED = Duration.ofHours(24);
    private static final Duration REST = Duration.ofMillis(200);

    private final MockClock clock;
    private final Function<Limits.Windows, Limits> limits;
    private final Limits.Windows ofAddresses = new Limits.Windows();
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicLong forgotten = new AtomicLong();
    private final DemoData demo;
    private final Supplier<String> base;
    private final Long randomSeed;
    private final long mostBytes;
    private final Consumer<Session> onOpen;
    private final SequencedMap<String, Session> sessions = new LinkedHashMap<>(16, 0.75f, true);
    private final Thread ticker;
    private volatile Session common;
    private volatile boolean running = true;

    /**
     * @param randomSeed null for real randomness
     * @param mostBytes the approximate maximum memory of all sessions together, in bytes
     * @param onOpen receives each new session
     */
    public Sessions(MockClock clock, Function<Limits.Windows, Limits> limits, DemoData demo, Supplier<String> base, Long randomSeed, long mostBytes,
            Consumer<Session> onOpen) {
        this.mostBytes = mostBytes;
        this.clock = clock;
        this.limits = limits;
        this.demo = demo;
        this.base = base;
        this.randomSeed = randomSeed;
        this.onOpen = onOpen;
        clock.onChange(this::catchUp);
        ticker = Thread.ofVirtual().name("mock-clock").start(this::tick);
    }

    /** Returns a session, and creates it if it does not exist. @param name null for the default session */
    public Session get(String name) {
        if (name == null || name.isEmpty()) {
            Session session = common;
            return session != null ? session : open("");
        }
        return open(name);
    }

    private Session open(String name) {
        synchronized (sessions) {
            Session session = sessions.get(name);
            if (session == null) {
                session = make(name, bytes);
                sessions.put(name, session);
                if (name.isEmpty()) {
                    common = session;
                } else if (sessions.size() > MOST) {
                    forgetLeastUsed();
                    forgotten.incrementAndGet();
                }
            }
            session.use();
            return session;
        }
    }

    /** A session to look at: if it does not exist, one as it would be created, which is not kept. @param name empty for the default session */
    public Session look(String name) {
        synchronized (sessions) {
            Session session = sessions.get(name);
            return session != null ? session : make(name, new AtomicLong());
        }
    }

    /** @param counter counts its memory */
    private Session make(String name, AtomicLong counter) {
        // It is used only with the session's monitor held, so it need not be thread-safe.
        RandomGenerator random = randomSeed == null ? new SplittableRandom() : new SplittableRandom(randomSeed ^ name.hashCode());
        Session session = new Session(name, clock, random, limits.apply(ofAddresses), randomSeed == null ? null : demo.now(), counter);
        synchronized (session) {
            demo.fill(session, base.get());
            session.seeded();
            onOpen.accept(session);
        }
        return session;
    }

    /**
     * If all sessions together use too much memory, drops the least recently used sessions, and then the oldest resources of the default session. The
     * caller must not hold a session's monitor.
     */
    public void makeRoom() {
        if (bytes.get() <= mostBytes) {
            return;
        }
        synchronized (sessions) {
            while (bytes.get() > mostBytes && sessions.size() > 1 && forgetLeastUsed()) {
                forgotten.incrementAndGet();
            }
            for (Session left : bytes.get() > mostBytes ? List.copyOf(sessions.values()) : List.<Session>of()) {
                synchronized (left) {
                    left.shrink(mostBytes / 2 / sessions.size());
                }
            }
        }
    }

    /** Never drops the default session or the most recently used one. */
    private boolean forgetLeastUsed() {
        String last = sessions.lastEntry().getKey();
        Optional<String> first = sessions.keySet().stream().filter(name -> !name.isEmpty() && !name.equals(last)).findFirst();
        first.ifPresent(this::forget);
        return first.isPresent();
    }

    private void forgetUnused() {
        synchronized (sessions) {
            long now = System.nanoTime();
            List<String> unused = sessions.values().stream().filter(session -> now - session.used() > UNUSED.toNanos()).map(Session::name)
                    .filter(name -> !name.isEmpty()).toList();
            unused.forEach(this::forget);
            forgotten.addAndGet(unused.size());
        }
    }

    /** The memory used, its maximum, and the number of dropped sessions, for the admin API. */
    public JsonObject describe() {
        synchronized (sessions) {
            return Json.object().add("sessions", sessions.size()).add("mostSessions", MOST).add("bytes", bytes.get()).add("mostBytes", mostBytes)
                    .add("sessionsForgotten", forgotten.get()).build();
        }
    }

    /** Resets a session. Its demo world starts at the current time, not at the time of the next request. */
    public void reset(String name) {
        forget(name);
        get(name);
    }

    private void forget(String name) {
        synchronized (sessions) {
            Session session = sessions.remove(name);
            if (name.isEmpty()) {
                common = null;
            }
            if (session != null) {
                synchronized (session) {
                    session.close();
                }
            }
        }
    }

    /** Drops all sessions and resets the default one. */
    public void reset() {
        names().forEach(this::forget);
        ofAddresses.clear();
        get(null);
    }

    public List<String> names() {
        synchronized (sessions) {
            return List.copyOf(new TreeSet<>(sessions.keySet()));
        }
    }

    private void catchUp() {
        List<Session> all;
        synchronized (sessions) {
            all = List.copyOf(sessions.values());
        }
        for (Session session : all) {
            synchronized (session) {
                session.catchUp();
            }
        }
    }

    /** Runs tasks that become due while there are no requests. */
    private void tick() {
        while (running) {
            try {
                Thread.sleep(REST);
                catchUp();
                forgetUnused();
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException | StackOverflowError e) {
                System.getLogger(Sessions.class.getName()).log(System.Logger.Level.ERROR, "A scheduled task failed", e);
            }
        }
    }

    @Override
    public void close() {
        running = false;
        ticker.interrupt();
        reset();
    }
}
