// SPDX-License-Identifier: Apache-2.0
package dev.phone.api;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToLongFunction;

/**
 * Client connections, bounded in number, in the memory of their requests and responses, and in how long each may keep the server waiting. The server
 * and the mock report the state of their connections, and implement how to close them.
 *
 * <p>When there is one connection too many, the address with the most connections is selected, and of its connections the one that has kept the
 * server waiting longest is closed. When there is too little memory, it is the address that uses most of it, and of its connections the one with the
 * greatest product of memory and time. Honest clients finish in milliseconds, so they are rarely affected. The time that the server itself takes
 * does not count: a connection is never closed while its request is being handled.
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
    private final Map<String, Address> addresses = new ConcurrentHashMap<>();
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

    /** What the connections of an address use. An address without connections is not kept. */
    private record Address(AtomicInteger connections, AtomicLong bytes) {
    }

    /** A connection with its address, state and memory. Its monitor guards its state. */
    public abstract static class Connection {
        private final Connections connections;
        private final String name;
        private final boolean limited;
        /** Null before the connection is counted, and after. */
        private Address address;
        private State state = State.IDLE;
        private long since = System.nanoTime();
        private long end = since + IDLE.toNanos();
        private long bytes;

        /** @param address the client's address @param limited whether the limit per address applies */
        protected Connection(Connections connections, String address, boolean limited) {
            this.connections = connections;
            this.name = address;
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
            if (address == null) {
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
            if (address != null) {
                bytes += more;
                address.bytes.addAndGet(more);
                connections.held.addAndGet(more);
            }
        }

        /** Closes connections, possibly this one, until the memory is within its limit. The monitor must not be held. */
        protected final void makeRoom() {
            while (connections.held.get() > connections.limits.bytes() && connections.cutOffOne(address -> address.bytes.get(), Connection::used)) {
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

        /** @return the number of connections of its address */
        private synchronized int count() {
            connections.count.incrementAndGet();
            address = connections.addresses.compute(name, (key, known) -> {
                Address counted = known == null ? new Address(new AtomicInteger(), new AtomicLong()) : known;
                counted.connections.incrementAndGet();
                return counted;
            });
            return address.connections.get();
        }

        private void forget() {
            if (address != null) {
                hold(-bytes);
                address = null;
                connections.count.decrementAndGet();
                connections.addresses.computeIfPresent(name, (key, known) -> known.connections.decrementAndGet() == 0 ? null : known);
            }
        }

        private boolean isAwaited() {
            return address != null && state != State.WORKING;
        }

        /** How long the server has waited for the client, in nanoseconds; 0 if it does not wait. */
        private synchronized long waited(long now) {
            return isAwaited() ? Math.max(1, now - since) : 0;
        }

        /** The memory it uses, multiplied by how long the server has waited for the client; 0 if either is 0. */
        private synchronized long used(long now) {
            return bytes * Math.ceilDiv(waited(now), 1_000);
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

    /** What counts when a connection has to be closed. */
    private interface Measure {
        /** @return 0 if closing the connection would not help, or it must not be closed */
        long of(Connection connection, long now);
    }

    private boolean opened(Connection connection) {
        all.add(connection);
        int ofAddress = connection.count();
        return (!connection.limited || ofAddress <= limits.perAddress() || cutOffMost(connection.name, Connection::waited))
                && (count.get() <= limits.most() || cutOffOne(address -> address.connections.get(), Connection::waited));
    }

    /** @return whether a connection was closed */
    private boolean cutOffOne(ToLongFunction<Address> ofAddress, Measure ofConnection) {
        String crowd = null;
        long most = 0;
        for (Map.Entry<String, Address> address : addresses.entrySet()) {
            long of = ofAddress.applyAsLong(address.getValue());
            if (of > most) {
                crowd = address.getKey();
                most = of;
            }
        }
        return crowd != null && cutOffMost(crowd, ofConnection) || cutOffMost(null, ofConnection);
    }

    /** @param address null for any. @return whether a connection was closed */
    private boolean cutOffMost(String address, Measure measure) {
        while (true) {
            long now = System.nanoTime();
            Connection worst = null;
            long most = 0;
            for (Connection connection : all) {
                if (address == null || address.equals(connection.name)) {
                    long of = measure.of(connection, now);
                    if (of > most) {
                        worst = connection;
                        most = of;
                    }
                }
            }
            if (worst == null) {
                return false;
            }
            if (worst.cutOff()) {
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
