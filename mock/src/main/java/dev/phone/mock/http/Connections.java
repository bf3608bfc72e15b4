// SPDX-License-Identifier: Apache-2.0
package dev.phone.mock.http;

import dev.phone.api.RequestHead;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.jetty.io.EndPoint;

/**
 * The connections of clients, bounded in number, in the memory that their requests and responses hold, and in how long each may keep us
 * waiting.
 *
 * <p>When there is one too many, the one that has kept us waiting for the longest is closed, among those of the address that has the most. An
 * honest client is done in milliseconds, so that is hardly ever its own, and it is never turned away. How long we take ourselves is not
 * counted.
 */
final class Connections {
    private static final System.Logger LOGGER = System.getLogger(Connections.class.getName());
    /** How long a connection may wait for its next request. */
    private static final Duration IDLE = Duration.ofSeconds(60);
    /** A client that takes a response slower than this is cut off, once its patience is over. */
    private static final int RESPONSE_BYTES_A_SECOND = 64 * 1_024;
    /** What a header field takes in memory, besides its bytes. */
    private static final int FIELD_BYTES = 200;
    /** What Jetty holds for a response until it is taken. */
    private static final int RESPONSE_BYTES = 64 * 1_024;

    /** Who is awaited, and for what. Only while it is WORKING, it is us. */
    private enum State { IDLE, HEAD, BODY, WORKING, RESPONSE }

    private final ConnectionLimits limits;
    private final Set<Client> all = ConcurrentHashMap.newKeySet();
    private final Map<String, Integer> perAddress = new ConcurrentHashMap<>();
    private final AtomicInteger count = new AtomicInteger();
    private final AtomicLong held = new AtomicLong();
    private final AtomicLong cutOff = new AtomicLong();
    private volatile boolean running;

    Connections(ConnectionLimits limits) {
        this.limits = limits;
    }

    void start() {
        running = true;
        Thread.ofPlatform().daemon().name("mock-connections").start(this::watch);
    }

    void stop() {
        running = false;
    }

    int count() {
        return count.get();
    }

    /** How many bytes of requests and responses are held. */
    long held() {
        return held.get();
    }

    ConnectionLimits limits() {
        return limits;
    }

    /** How many were closed because they kept us waiting, or were one too many. */
    long cutOff() {
        return cutOff.get();
    }

    /** A connection that is about to be opened. */
    Client client(EndPoint endPoint) {
        return new Client(endPoint);
    }

    /** The client at the other end of a connection, and what it is at. */
    final class Client {
        private final EndPoint endPoint;
        private final String address;
        // All below is guarded by this.
        private State state = State.IDLE;
        private long since = System.nanoTime();
        private long end = since + IDLE.toNanos();
        private long bytes;
        private boolean gone;

        private Client(EndPoint endPoint) {
            this.endPoint = endPoint;
            this.address = endPoint.getRemoteSocketAddress() instanceof InetSocketAddress peer ? peer.getAddress().getHostAddress() : "";
        }

        void opened() {
            all.add(this);
            int ofAddress = perAddress.merge(address, 1, Integer::sum);
            if (count.incrementAndGet() > limits.most()) {
                cutOffLongestAwaited(Collections.max(perAddress.entrySet(), Map.Entry.comparingByValue()).getKey(), 0);
            } else if (ofAddress > limits.perAddress()) {
                cutOffLongestAwaited(address, 0);
            }
        }

        void closed() {
            synchronized (this) {
                leave();
            }
            all.remove(this);
        }

        /** So much of the head of a request has come. */
        void receivedHead(int number, int lines) {
            synchronized (this) {
                if (state == State.IDLE) {
                    enter(State.HEAD, limits.patience());
                }
                hold(number + (long) lines * FIELD_BYTES);
            }
            makeRoom();
        }

        /** The head is complete. @param bodyFollows whether there is a body, or only we are awaited */
        synchronized void sentHead(boolean bodyFollows) {
            enter(bodyFollows ? State.BODY : State.WORKING, limits.patience());
        }

        /** So much of a body has come. */
        void receivedBody(int number) {
            synchronized (this) {
                if (state == State.BODY && bytes < RequestHead.ABSURD_BODY_BYTES) {
                    hold(number);
                }
            }
            makeRoom();
        }

        /** The request is complete, so the client waits for us. */
        synchronized void waits() {
            if (state == State.BODY) {
                enter(State.WORKING, Duration.ZERO);
            }
        }

        /** A response begins. @param length of its first part */
        void takesResponse(int length) {
            synchronized (this) {
                hold(RESPONSE_BYTES - bytes);
                enter(State.RESPONSE, limits.patience().plus(time(length)));
            }
            makeRoom();
        }

        /** A response goes on, since the client has taken the part before. @param length of the next part */
        synchronized void takesMore(int length) {
            end += time(length).toNanos();
        }

        /** The request is over. */
        synchronized void isIdle() {
            hold(-bytes);
            enter(State.IDLE, IDLE);
        }

        private void enter(State next, Duration patience) {
            state = next;
            since = System.nanoTime();
            end = since + patience.toNanos();
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

        private synchronized boolean isLate(long now) {
            return state != State.WORKING && now - end > 0;
        }

        /** @return false when it is too late, because we work for it or it has gone */
        private boolean cutOff() {
            synchronized (this) {
                if (!isAwaited()) {
                    return false;
                }
                leave();
            }
            cutOff.incrementAndGet();
            endPoint.close();
            return true;
        }
    }

    private static Duration time(int length) {
        return Duration.ofMillis(length * 1_000L / RESPONSE_BYTES_A_SECOND);
    }

    private void makeRoom() {
        while (held.get() > limits.bytes() && cutOffLongestAwaited(null, 1)) {
            // The next one.
        }
    }

    /** @param address null for any. @return whether there was one */
    private boolean cutOffLongestAwaited(String address, int leastBytes) {
        while (true) {
            Client longest = null;
            for (Client client : all) {
                if ((address == null || address.equals(client.address)) && client.isAwaited() && client.bytes >= leastBytes
                        && (longest == null || client.since - longest.since < 0)) {
                    longest = client;
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
        long pause = Math.clamp(limits.patience().toMillis() / 10, 1, 1_000);
        while (running) {
            try {
                Thread.sleep(pause);
                long now = System.nanoTime();
                all.stream().filter(client -> client.isLate(now)).forEach(Client::cutOff);
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                LOGGER.log(Level.WARNING, "Slow clients could not be cut off; it is tried again", e);
            }
        }
    }
}
