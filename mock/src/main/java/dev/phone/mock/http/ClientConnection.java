// SPDX-License-Identifier: Apache-2.0
package dev.phone.mock.http;

import dev.phone.api.Connections;
import dev.phone.api.RequestHead;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.eclipse.jetty.io.EndPoint;

/** A connection as Jetty has it: an end point, which is closed to cut it off. */
final class ClientConnection extends Connections.Connection {
    /** A client that takes a response slower than this is cut off, once its patience is over. */
    private static final int RESPONSE_BYTES_A_SECOND = 64 * 1_024;
    /** What Jetty holds for a response until it is taken. */
    private static final int RESPONSE_BYTES = 64 * 1_024;

    private final EndPoint endPoint;

    ClientConnection(Connections connections, EndPoint endPoint) {
        super(connections, endPoint.getRemoteSocketAddress() instanceof InetSocketAddress peer ? peer.getAddress().getHostAddress() : "", true);
        this.endPoint = endPoint;
    }

    /** Jetty's own locks may be waited for here. */
    @Override
    protected void disconnect() {
        endPoint.close();
    }

    void hasOpened() {
        // Where there are too many and we work for all of them, this one stays all the same: a test is told more by an answer than by none.
        opened();
    }

    void hasClosed() {
        closed();
    }

    /** So much of the head of a request has come. */
    void receivedHead(int number, int lines) {
        synchronized (this) {
            if (state() == Connections.State.IDLE) {
                enter(Connections.State.HEAD, limits().patience());
            }
            hold(number + (long) lines * Connections.FIELD_BYTES);
        }
        makeRoom();
    }

    /** The head is complete. @param bodyFollows whether there is a body, or only we are awaited */
    synchronized void sentHead(boolean bodyFollows) {
        enter(bodyFollows ? Connections.State.BODY : Connections.State.WORKING, limits().patience());
    }

    /** So much of a body has come. */
    void receivedBody(int number) {
        synchronized (this) {
            if (state() == Connections.State.BODY && bytes() < RequestHead.ABSURD_BODY_BYTES) {
                hold(number);
            }
        }
        makeRoom();
    }

    /** The request is complete, so the client waits for us. */
    synchronized void waits() {
        if (state() == Connections.State.BODY) {
            enter(Connections.State.WORKING, Duration.ZERO);
        }
    }

    /** A response begins. @param length of its first part */
    void takesResponse(int length) {
        synchronized (this) {
            hold(RESPONSE_BYTES - bytes());
            enter(Connections.State.RESPONSE, limits().patience().plus(time(length)));
        }
        makeRoom();
    }

    /** A response goes on, since the client has taken the part before. @param length of the next part */
    synchronized void takesMore(int length) {
        extend(time(length));
    }

    /** The request is over. */
    synchronized void isIdle() {
        hold(-bytes());
        enter(Connections.State.IDLE, Connections.IDLE);
    }

    private static Duration time(int length) {
        return Duration.ofMillis(length * 1_000L / RESPONSE_BYTES_A_SECOND);
    }
}
