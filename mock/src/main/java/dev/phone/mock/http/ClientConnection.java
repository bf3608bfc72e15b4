// SPDX-License-Identifier: Apache-2.0
package dev.phone.mock.http;

import dev.phone.api.Connections;
import dev.phone.api.RequestHead;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.eclipse.jetty.io.EndPoint;

/** A connection in Jetty: an end point, which is closed to cut off the client. */
final class ClientConnection extends Connections.Connection {
    /** A client that reads a response more slowly than this is cut off after the time limit. */
    private static final int RESPONSE_BYTES_A_SECOND = 64 * 1_024;
    /** The bytes of a response that Jetty buffers until the client reads them. */
    private static final int RESPONSE_BYTES = 64 * 1_024;

    private final EndPoint endPoint;

    ClientConnection(Connections connections, EndPoint endPoint) {
        super(connections, endPoint.getRemoteSocketAddress() instanceof InetSocketAddress peer ? peer.getAddress().getHostAddress() : "", true);
        this.endPoint = endPoint;
    }

    /** May wait for Jetty's own locks. */
    @Override
    protected void disconnect() {
        endPoint.close();
    }

    void hasOpened() {
        // If there are too many and all are being worked on, this one stays nevertheless: a test learns more from a response than from none.
        opened();
    }

    void hasClosed() {
        closed();
    }

    /** This part of the head of a request has been received. */
    void receivedHead(int number, int lines) {
        synchronized (this) {
            if (state() == Connections.State.IDLE) {
                enter(Connections.State.HEAD, limits().patience());
            }
            hold(number + (long) lines * Connections.FIELD_BYTES);
        }
        makeRoom();
    }

    /** The head is complete. @param bodyFollows whether there is a body; if not, the client waits for the response */
    synchronized void sentHead(boolean bodyFollows) {
        enter(bodyFollows ? Connections.State.BODY : Connections.State.WORKING, limits().patience());
    }

    /** This number of bytes of a body has been received. */
    void receivedBody(int number) {
        synchronized (this) {
            if (state() == Connections.State.BODY && bytes() < RequestHead.ABSURD_BODY_BYTES) {
                hold(number);
            }
        }
        makeRoom();
    }

    /** The request is complete, and the client waits for the response. */
    synchronized void waits() {
        if (state() == Connections.State.BODY) {
            enter(Connections.State.WORKING, Duration.ZERO);
        }
    }

    /** A response begins. @param length the length of its first part, in bytes */
    void takesResponse(int length) {
        synchronized (this) {
            hold(RESPONSE_BYTES - bytes());
            enter(Connections.State.RESPONSE, limits().patience().plus(time(length)));
        }
        makeRoom();
    }

    /** The response continues after the client has read the previous part. @param length the length of the next part, in bytes */
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
