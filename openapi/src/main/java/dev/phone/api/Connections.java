// SPDX-License-Identifier: Apache-2.0
package dev.phone.api;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The connections of clients, bounded in number, in the memory that their requests and responses hold, and in how long each may keep us
 * waiting. Server and mock each say what a connection of theirs is at, and how to cut it off.
 *
 * <p>When there is one too many, the one that has kept us waiting for the longest is closed, among those of the address that has the most. An
 * honest client is done in milliseconds, so that is hardly ever its own, and it is never turned away. How long we take ourselves is not
 * counted: while we work on a request, its connection stays.
 */
public final class Connections implements AutoCloseable {
    private static final System.Logger LOGGER = System.getLogger(Connections.class.getName());
    /** How long a connection may wait for its next request. */
    public static final Duration IDLE = Duration.ofSeconds(60);
    /** What a header field takes in memory, besides its bytes. */
    public static final int FIELD_BYTES = 200;
    /** How long a client that is sending a request may go on when we stop. */
    private static final Duration LAST_REQUEST = Duration.ofSeconds(5);
    private static final long LONGEST_PAUSE_MILLIS = 1_000;

    /** Who is awaited, and for what. Only while it is WORKING, it is us. */
    public enum State { IDLE, HEAD, BODY, WORKING, RESPONSE }

    private final ConnectionLimits limits;
    private final Set<Connection> all = ConcurrentHashMap.newKeySet();
    private final Map<String, Integer> perAddress = new ConcurrentHashMap<>();
    private final AtomicInteger count = new AtomicInteger();
    private final AtomicLong held = new AtomicLong();
    private final AtomicLong cutOff = new AtomicLong();
    private final Thread watch;
    private volatile boolean stopping;
    private volatile boolean closed;

    /** @param thread what looks after slow clients runs in */
    public Connections(ConnectionLimits limits, Thread.Builder thread) {
        this.limits = limits;
        this.watch = thread.unstarted(this::watch);
    }

    /** From now on, slow clients are cut off. */
    public void start() {
        watch.start();
    }

    /** Whether slow clients are still cut off. */
    public boolean isAlive() {
        return watch.isAlive();
    }

    /** From now on, whoever is sending a request has only so long to finish it. */
    public void stopping() {
        stopping = true;
        all.forEach(Connection::hurry);
    }

    /** Slow clients are cut off no more. Connections stay as they are. */
    @Override
    public void close() {
        closed = true;
        watch.interrupt();
    }

    public ConnectionLimits limits() {
        return limits;
    }

    /** How many there are. */
    public int count() {
        return count.get();
    }

    /** How many bytes of requests and responses are held. */
    public long held() {
        return held.get();
    }

    /** How many were cut off because they kept us waiting, or were one too many. */
    public long cutOff() {
        return cutOff.get();
    }

    /** One connection: who is at its other end, what it is at, and what it holds. Its monitor guards what it is at. */
    public abstract static class Connection {
        private final Connections connections;
        private final String address;
        private final boolean limited;
        private State state = State.IDLE;
        private long since = System.nanoTime();
        private long end = since + IDLE.toNanos();
        private long bytes;
        private boolean gone;

        /** @param limited whether the address may have no more than its share */
        protected Connection(Connections connections, String address, boolean limited) {
            this.connections = connections;
            this.address = address;
            this.limited = limited;
        }

        /**
         * Ends it while the monitor is held, so that we cannot begin to work for it meanwhile. Must not wait for anything. For what needs
         * no such care there is {@link #disconnect}.
         */
        protected void interrupt() {
        }

        /** Ends it. The monitor is not held. */
        protected void disconnect() {
        }

        /** Counts it. @return false when there are too many, and we work for all of them */
        protected final boolean opened() {
            return connections.opened(this);
        }

        /** Counts it no more. */
        protected final void closed() {
            connections.all.remove(this);
            synchronized (this) {
                forget();
            }
        }

        protected final ConnectionLimits limits() {
            return connections.limits;
        }

        /** What it is at. The monitor is held. */
        protected final State state() {
            return state;
        }

        /** How many bytes it holds. The monitor is held. */
        protected final long bytes() {
            return bytes;
        }

        /** It is at something else, and has so long for it. The monitor is held. @return false when it has just been cut off */
        protected final boolean enter(State next, Duration patience) {
            if (gone) {
                return false;
            }
            state = next;
            since = System.nanoTime();
            boolean hurried = connections.stopping && isSending() && patience.compareTo(LAST_REQUEST) > 0;
            end = since + (hurried ? LAST_REQUEST : patience).toNanos();
            return true;
        }

        /** It has longer for what it is at. The monitor is held. */
        protected final void extend(Duration patience) {
            end += patience.toNanos();
        }

        /** It holds more bytes, or fewer. The monitor is held; {@link #makeRoom} follows when it is not any more. */
        protected final void hold(long more) {
            if (!gone) {
                bytes += more;
                connections.held.addAndGet(more);
            }
        }

        /** Cuts off others, or this one, until no more is held than may be. The monitor is not held. */
        protected final void makeRoom() {
            while (connections.held.get() > connections.limits.bytes() && connections.cutOffLongestAwaited(null, 1)) {
                // The next one.
            }
        }

        /** @return false when we work for it, or it has gone */
        private boolean cutOff() {
            return cutOff(false, 0);
        }

        private boolean cutOff(boolean onlyIfLate, long now) {
            synchronized (this) {
                if (!isAwaited() || onlyIfLate && now - end <= 0) {
                    return false;
                }
                forget();
                interrupt();
            }
            connections.cutOff.incrementAndGet();
            disconnect();
            return true;
        }

        private void forget() {
            if (!gone) {
                hold(-bytes);
                gone = true;
                connections.count.decrementAndGet();
                connections.perAddress.computeIfPresent(address, (key, number) -> number == 1 ? null : number - 1);
            }
        }

        private synchronized boolean isAwaited() {
            return !gone && state != State.WORKING;
        }

        private synchronized boolean holds(int least) {
            return bytes >= least;
        }

        private synchronized long since() {
            return since;
        }

        private boolean isSending() {
            return state == State.HEAD || state == State.BODY;
        }

        private synchronized void hurry() {
            if (isSending()) {
                end = Math.min(end, System.nanoTime() + LAST_REQUEST.toNanos());
            }
        }
    }

    private boolean opened(Connection connection) {
        all.add(connection);
        count.incrementAndGet();
        int ofAddress = perAddress.merge(connection.address, 1, Integer::sum);
        return (!connection.limited || ofAddress <= limits.perAddress() || cutOffLongestAwaited(connection.address, 0))
                && (count.get() <= limits.most() || cutOffOne());
    }

    /** @return whether there was one */
    private boolean cutOffOne() {
        String crowd = Collections.max(perAddress.entrySet(), Map.Entry.comparingByValue()).getKey();
        return cutOffLongestAwaited(crowd, 0) || cutOffLongestAwaited(null, 0);
    }

    /** @param address null for any. @return whether there was one */
    private boolean cutOffLongestAwaited(String address, int leastBytes) {
        while (true) {
            Connection longest = null;
            long since = 0;
            for (Connection connection : all) {
                if ((address == null || address.equals(connection.address)) && connection.isAwaited() && connection.holds(leastBytes)
                        && (longest == null || connection.since() - since < 0)) {
                    longest = connection;
                    since = connection.since();
                }
            }
            if (longest == null) {
                return false;
            }
            if (longest.cutOff()) {
                return true;
            }
        }
    }

    private void watch() {
        long pause = Math.clamp(limits.patience().toMillis() / 10, 1, LONGEST_PAUSE_MILLIS);
        while (!closed) {
            try {
                Thread.sleep(pause);
                long now = System.nanoTime();
                all.forEach(connection -> connection.cutOff(true, now));
            } catch (InterruptedException e) {
                return;
            } catch (OutOfMemoryError e) {
                throw e;
            } catch (RuntimeException | Error e) {
                LOGGER.log(Level.WARNING, "Slow clients could not be cut off; it is tried again", e);
            }
        }
    }
}
