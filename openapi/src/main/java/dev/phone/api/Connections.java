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
 * Client connections, bounded in number, in the memory of their requests and responses, and in how long each may keep the server waiting. The server
 * and the mock report the state of their connections, and implement how to close them.
 *
 * <p>When there is one connection too many, the address with the most connections is selected, and of its connections the one that has kept the
 * server waiting longest is closed. Honest clients finish in milliseconds, so they are rarely affected. The time that the server itself takes does
 * not count: a connection is never closed while its request is being handled.
 */
public final class Connections implements AutoCloseable {
    private static final System.Logger LOGGER = System.getLogger(Connections.class.getName());
    /** How long a connection may be idle. */
    public static final Duration IDLE = Duration.ofSeconds(60);
    /** The memory overhead of a header field, in bytes. */
    public static final int FIELD_BYTES = 200;
    /** The time that a client has to finish sending its request when the server stops. */
    private static final Duration LAST_REQUEST = Duration.ofSeconds(5);
    private static final long LONGEST_PAUSE_MILLIS = 1_000;

    /** What the connection is waiting for. In all states except WORKING it is waiting for the client. */
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

    /** @param thread builds the thread that closes slow connections */
    public Connections(ConnectionLimits limits, Thread.Builder thread) {
        this.limits = limits;
        this.watch = thread.unstarted(this::watch);
    }

    /** Starts closing slow connections. */
    public void start() {
        watch.start();
    }

    /** Whether the thread that closes slow connections is alive. */
    public boolean isAlive() {
        return watch.isAlive();
    }

    /** Gives clients that are sending a request only 5 more seconds, because the server is stopping. */
    public void stopping() {
        stopping = true;
        all.forEach(Connection::hurry);
    }

    /** Stops closing slow connections. Open connections stay open. */
    @Override
    public void close() {
        closed = true;
        watch.interrupt();
    }

    public ConnectionLimits limits() {
        return limits;
    }

    /** The number of open connections. */
    public int count() {
        return count.get();
    }

    /** The memory used by requests and responses, in bytes. */
    public long held() {
        return held.get();
    }

    /** The number of connections that were closed because they were slow or too many. */
    public long cutOff() {
        return cutOff.get();
    }

    /** A connection with its address, state and memory. Its monitor guards its state. */
    public abstract static class Connection {
        private final Connections connections;
        private final String address;
        private final boolean limited;
        private State state = State.IDLE;
        private long since = System.nanoTime();
        private long end = since + IDLE.toNanos();
        private long bytes;
        private boolean gone;

        /** @param limited whether the limit per address applies */
        protected Connection(Connections connections, String address, boolean limited) {
            this.connections = connections;
            this.address = address;
            this.limited = limited;
        }

        /**
         * Closes the connection while the monitor is held, so that no work on a request can begin meanwhile. Must not block; anything that may block
         * belongs into {@link #disconnect}.
         */
        protected void interrupt() {
        }

        /** Closes the connection. The monitor is not held. */
        protected void disconnect() {
        }

        /** Counts this connection. @return false if there are too many and all of them are being worked on */
        protected final boolean opened() {
            return connections.opened(this);
        }

        /** Stops counting this connection. */
        protected final void closed() {
            connections.all.remove(this);
            synchronized (this) {
                forget();
            }
        }

        protected final ConnectionLimits limits() {
            return connections.limits;
        }

        /** The state. The monitor must be held. */
        protected final State state() {
            return state;
        }

        /** The memory it uses, in bytes. The monitor must be held. */
        protected final long bytes() {
            return bytes;
        }

        /** Enters a state, with a time limit. The monitor must be held. @return false if the connection has just been closed */
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

        /** Extends the time limit of the current state. The monitor must be held. */
        protected final void extend(Duration patience) {
            end += patience.toNanos();
        }

        /** Adds to the memory it uses; may be negative. The monitor must be held; call {@link #makeRoom} after releasing it. */
        protected final void hold(long more) {
            if (!gone) {
                bytes += more;
                connections.held.addAndGet(more);
            }
        }

        /** Closes connections, possibly this one, until the memory is within its limit. The monitor must not be held. */
        protected final void makeRoom() {
            while (connections.held.get() > connections.limits.bytes() && connections.cutOffLongestAwaited(null, 1)) {
                // Close the next one.
            }
        }

        /** @return false if its request is being handled, or it is already closed */
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

    /** @return whether a connection was closed */
    private boolean cutOffOne() {
        String crowd = Collections.max(perAddress.entrySet(), Map.Entry.comparingByValue()).getKey();
        return cutOffLongestAwaited(crowd, 0) || cutOffLongestAwaited(null, 0);
    }

    /** @param address null for any. @return whether a connection was closed */
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
                LOGGER.log(Level.WARNING, "Closing slow connections failed and will be retried", e);
            }
        }
    }
}
