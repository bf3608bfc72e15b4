// SPDX-License-Identifier: Apache-2.0
package dev.phone.mock.state;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** The sessions, one for each x-mock-session and one for all who send none; each is made when it is first asked for. */
public final class Sessions implements AutoCloseable {
    /** The session that has not been used for the longest time gives way. */
    private static final int MOST = 1_000;
    private static final Duration REST = Duration.ofMillis(200);

    private final MockClock clock;
    private final Supplier<Limits> limits;
    private final DemoData demo;
    private final Supplier<String> base;
    private final Long randomSeed;
    private final Consumer<Session> onOpen;
    private final Map<String, Session> sessions = new LinkedHashMap<>(16, 0.75f, true);
    private final Thread ticker;
    private volatile Session common;
    private volatile boolean running = true;

    /** @param randomSeed null for real randomness. @param onOpen is given each new session */
    public Sessions(MockClock clock, Supplier<Limits> limits, DemoData demo, Supplier<String> base, Long randomSeed, Consumer<Session> onOpen) {
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
                session = new Session(name, clock, random, limits.get(), randomSeed == null ? null : demo.now());
                synchronized (session) {
                    demo.fill(session, base.get());
                    session.seeded();
                    onOpen.accept(session);
                }
                sessions.put(name, session);
                if (name.isEmpty()) {
                    common = session;
                } else if (sessions.size() > MOST) {
                    sessions.keySet().stream().filter(other -> !other.isEmpty()).findFirst().ifPresent(this::forget);
                }
            }
            return session;
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
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
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
