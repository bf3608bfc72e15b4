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

/** The sessions, one for each x-mock-session and one for all who send none; each is made when it is first asked for. */
public final class Sessions implements AutoCloseable {
    /** The session that has not been used for the longest time gives way. */
    private static final int MOST = 1_000;
    /** A session that nobody uses for so long gives way, too, by the time of the machine. */
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
     * @param mostBytes about how much memory all sessions may take together
     * @param onOpen is given each new session
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

    /** Opens the session if there is none of this name yet. @param name null for the common one */
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
                // Whoever uses it holds the monitor of the session, so it need not be thread-safe.
                RandomGenerator random = randomSeed == null ? new SplittableRandom() : new SplittableRandom(randomSeed ^ name.hashCode());
                session = new Session(name, clock, random, limits.apply(ofAddresses), randomSeed == null ? null : demo.now(),
                        bytes);
                synchronized (session) {
                    demo.fill(session, base.get());
                    session.seeded();
                    onOpen.accept(session);
                }
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

    /**
     * Forgets what has not been used for the longest time, when all sessions together hold too much: other sessions first, and then the oldest
     * things in the common one. Whoever calls holds no session's monitor.
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

    /** Never the common session, nor the one that was used last. */
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

    /** What is held, what may be, and how many sessions gave way, for a person to look at. */
    public JsonObject describe() {
        synchronized (sessions) {
            return Json.object().add("sessions", sessions.size()).add("mostSessions", MOST).add("bytes", bytes.get()).add("mostBytes", mostBytes)
                    .add("sessionsForgotten", forgotten.get()).build();
        }
    }

    /** Begins a session anew. The demo world in it is of this moment, not of that of the next request. */
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

    /** Forgets all sessions, and begins the common one anew. */
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

    /** Lets happen what falls due while nobody asks. */
    private void tick() {
        while (running) {
            try {
                Thread.sleep(REST);
                catchUp();
                forgetUnused();
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException | StackOverflowError e) {
                System.getLogger(Sessions.class.getName()).log(System.Logger.Level.ERROR, "What fell due failed", e);
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
