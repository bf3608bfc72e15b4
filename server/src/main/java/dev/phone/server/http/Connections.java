// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.http;

import io.helidon.webserver.CloseConnectionException;
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
 * waiting.
 *
 * <p>When there is one too many, the one that has kept us waiting for the longest is closed, among those of the address that has the most. An
 * honest client is done in milliseconds, so that is hardly ever its own, and it is never turned away. How long we take ourselves is not
 * counted: while we work on a request, its connection stays.
 *
 * <p>Interrupting a virtual thread that reads or writes a socket closes the socket. A thread is only interrupted while it waits for its
 * client: elsewhere an interrupt might close the file of the database.
 */
final class Connections implements AutoCloseable {
    private static final System.Logger LOGGER = System.getLogger(Connections.class.getName());
    /** How long a connection may wait for its next request. */
    static final Duration IDLE = Duration.ofSeconds(60);
    /** How long a client that is sending a request may go on when we stop. */
    private static final Duration LAST_REQUEST = Duration.ofSeconds(5);
    /** A client that takes a response slower than this is cut off, once its patience is over. */
    private static final int RESPONSE_BYTES_A_SECOND = 16 * 1_024;
    /** What a header field takes in Helidon's memory, besides its bytes. */
    private static final int FIELD_BYTES = 200;
    /** No more of a body is kept; the rest is read away. */
    private static final int BODY_BYTES = 128 * 1_024;

    private static final ScopedValue<Connection> CURRENT = ScopedValue.newInstance();

    /** Who is awaited, and for what. Only while it is WORKING, it is us. */
    private enum State { IDLE, HEAD, BODY, WORKING, RESPONSE }

    private final ConnectionLimits limits;
    private final Set<Connection> all = ConcurrentHashMap.newKeySet();
    private final Map<String, Integer> perAddress = new ConcurrentHashMap<>();
    private final AtomicInteger count = new AtomicInteger();
    private final AtomicLong held = new AtomicLong();
    private final Thread watch = Thread.ofVirtual().name("connections").unstarted(this::watch);
    private volatile boolean stopping;
    private volatile boolean closed;

    Connections(ConnectionLimits limits) {
        this.limits = limits;
    }

    void start() {
        watch.start();
    }

    /** Whether slow clients are still cut off. */
    boolean isAlive() {
        return watch.isAlive();
    }

    /** The connection that this thread serves. */
    static Connection current() {
        return CURRENT.get();
    }

    /** @param limited whether the address has a limit of its own */
    Connection of(String address, boolean limited) {
        return new Connection(address, limited);
    }

    /** One connection, and what it is at. */
    final class Connection {
        private final String address;
        private final boolean limited;
        // All below is guarded by this.
        private Thread thread;
        private State state = State.IDLE;
        private long since = System.nanoTime();
        private long end = since + IDLE.toNanos();
        private long bytes;
        private boolean gone;

        private Connection(String address, boolean limited) {
            this.address = address;
            this.limited = limited;
        }

        /** Serves it, in this thread. @throws CloseConnectionException when there are too many, and we work for all of them */
        void serve(Runnable service) {
            thread = Thread.currentThread();
            all.add(this);
            count.incrementAndGet();
            int ofAddress = perAddress.merge(address, 1, Integer::sum);
            try {
                if (limited && ofAddress > limits.perAddress() && !cutOffOneOf(address) || count.get() > limits.most() && !cutOffOne()) {
                    throw new CloseConnectionException("too many connections");
                }
                ScopedValue.where(CURRENT, this).run(service);
            } finally {
                all.remove(this);
                synchronized (this) {
                    leave();
                }
            }
        }

        /** So many bytes of a request have come. */
        void received(int number) {
            synchronized (this) {
                if (state == State.IDLE) {
                    enter(State.HEAD, limits.patience());
                }
                if (state == State.HEAD || bytes < BODY_BYTES) {
                    hold(number);
                }
            }
            makeRoom();
        }

        /** A line of the head has come. */
        void receivedLine() {
            synchronized (this) {
                hold(FIELD_BYTES);
            }
            makeRoom();
        }

        /** The client is sending the head of a request. */
        synchronized void sendsHead() {
            if (state != State.HEAD) {
                hold(-bytes);
                enter(State.HEAD, limits.patience());
            }
        }

        /** The client is sending a body. */
        synchronized void sendsBody() {
            enter(State.BODY, limits.patience());
        }

        /** The client waits for us. @throws CloseConnectionException when it has just been cut off */
        synchronized void waits() {
            enter(State.WORKING, Duration.ZERO);
        }

        /** The client takes a response. @param own how many bytes are in memory for this response alone */
        void takesResponse(long length, long own) {
            synchronized (this) {
                hold(own - bytes);
                enter(State.RESPONSE, limits.patience().plusSeconds(length / RESPONSE_BYTES_A_SECOND));
            }
            makeRoom();
        }

        /** The request is over. */
        synchronized void isIdle() {
            if (!gone) {
                hold(-bytes);
                enter(State.IDLE, IDLE);
            }
        }

        private void enter(State next, Duration patience) {
            if (gone) {
                throw new CloseConnectionException("the client took too long");
            }
            state = next;
            since = System.nanoTime();
            boolean hurried = stopping && (next == State.HEAD || next == State.BODY) && patience.compareTo(LAST_REQUEST) > 0;
            end = since + (hurried ? LAST_REQUEST : patience).toNanos();
        }

        private void hold(long more) {
            if (!gone) {
                bytes += more;
                held.addAndGet(more);
            }
        }

        private void leave() {
            if (!gone) {
                hold(-bytes);
                gone = true;
                count.decrementAndGet();
                perAddress.computeIfPresent(address, (key, number) -> number == 1 ? null : number - 1);
            }
        }

        private synchronized boolean isAwaited() {
            return !gone && state != State.WORKING;
        }

        private synchronized long since() {
            return since;
        }

        private synchronized long bytes() {
            return bytes;
        }

        /** @return false when it is too late, because we work for it or it has gone */
        private synchronized boolean cutOff() {
            if (!isAwaited()) {
                return false;
            }
            leave();
            thread.interrupt();
            return true;
        }

        private synchronized void check(long now) {
            if (now - end > 0) {
                cutOff();
            }
        }

        private synchronized void hurry() {
            if (state == State.HEAD || state == State.BODY) {
                end = Math.min(end, System.nanoTime() + LAST_REQUEST.toNanos());
            }
        }
    }

    /** @return whether there was one */
    private boolean cutOffOne() {
        String crowd = Collections.max(perAddress.entrySet(), Map.Entry.comparingByValue()).getKey();
        return cutOffOneOf(crowd) || cutOffOneOf(null);
    }

    /** @param address null for any */
    private boolean cutOffOneOf(String address) {
        return cutOffLongestAwaited(address, 0);
    }

    private void makeRoom() {
        while (held.get() > limits.bytes() && cutOffLongestAwaited(null, 1)) {
            // The next one.
        }
    }

    private boolean cutOffLongestAwaited(String address, int leastBytes) {
        while (true) {
            Connection longest = null;
            long since = 0;
            for (Connection connection : all) {
                if ((address == null || address.equals(connection.address)) && connection.isAwaited() && connection.bytes() >= leastBytes
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
        long pause = Math.min(1_000, limits.patience().dividedBy(10).toMillis());
        while (!closed) {
            try {
                Thread.sleep(pause);
                long now = System.nanoTime();
                all.forEach(connection -> connection.check(now));
            } catch (InterruptedException e) {
                return;
            } catch (OutOfMemoryError e) {
                throw e;
            } catch (RuntimeException | Error e) {
                LOGGER.log(Level.WARNING, "Slow clients could not be cut off; it is tried again", e);
            }
        }
    }

    /** Whoever is sending a request has only so long to finish. */
    void stopping() {
        stopping = true;
        all.forEach(Connection::hurry);
    }

    @Override
    public void close() {
        closed = true;
        watch.interrupt();
    }
}
