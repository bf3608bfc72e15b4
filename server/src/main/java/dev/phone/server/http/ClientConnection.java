// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.http;

import dev.phone.api.Connections;
import io.helidon.webserver.CloseConnectionException;
import java.time.Duration;

/**
 * A connection in Helidon: one virtual thread, which is interrupted to close the connection.
 *
 * <p>Interrupting a virtual thread that reads or writes a socket closes the socket. The thread is interrupted only while it waits for its
 * client, because elsewhere an interrupt could close the file of the database.
 */
final class ClientConnection extends Connections.Connection {
    /** A client that reads a response more slowly than this is cut off after the time limit. */
    private static final int RESPONSE_BYTES_A_SECOND = 16 * 1_024;
    /** The maximum part of a body that is kept; the rest is discarded. */
    private static final int BODY_BYTES = 128 * 1_024;

    private static final ScopedValue<ClientConnection> CURRENT = ScopedValue.newInstance();

    private Thread thread;

    /** @param limited whether the limit per address applies */
    ClientConnection(Connections connections, String address, boolean limited) {
        super(connections, address, limited);
    }

    /** The connection that this thread serves. */
    static ClientConnection current() {
        return CURRENT.get();
    }

    /** Serves the connection in this thread. @throws CloseConnectionException if there are too many connections, and all are being worked on */
    void serve(Runnable service) {
        thread = Thread.currentThread();
        try {
            if (!opened()) {
                throw new CloseConnectionException("too many connections");
            }
            ScopedValue.where(CURRENT, this).run(service);
        } finally {
            closed();
        }
    }

    @Override
    protected void interrupt() {
        thread.interrupt();
    }

    /** This number of bytes of a request has been received. */
    void received(int number) {
        synchronized (this) {
            if (state() == Connections.State.IDLE) {
                next(Connections.State.HEAD, limits().patience());
            }
            if (state() == Connections.State.HEAD || bytes() < BODY_BYTES) {
                hold(number);
            }
        }
        makeRoom();
    }

    /** A line of the head has been received. */
    void receivedLine() {
        synchronized (this) {
            hold(Connections.FIELD_BYTES);
        }
        makeRoom();
    }

    /** The client is sending the head of a request. */
    synchronized void sendsHead() {
        if (state() != Connections.State.HEAD) {
            hold(-bytes());
            next(Connections.State.HEAD, limits().patience());
        }
    }

    /** The client is sending a body. */
    synchronized void sendsBody() {
        next(Connections.State.BODY, limits().patience());
    }

    /** The response has been sent, but not all of the body has been received. */
    synchronized void sendsRest() {
        hold(-bytes());
        enter(Connections.State.BODY, limits().patience());
    }

    /** The client waits for the server. @throws CloseConnectionException if the connection has just been cut off */
    synchronized void waits() {
        next(Connections.State.WORKING, Duration.ZERO);
    }

    /** The client reads a response. @param own the memory used only for this response, in bytes */
    void takesResponse(long length, long own) {
        synchronized (this) {
            hold(own - bytes());
            next(Connections.State.RESPONSE, limits().patience().plusSeconds(length / RESPONSE_BYTES_A_SECOND));
        }
        makeRoom();
    }

    /** The request is over. */
    synchronized void isIdle() {
        hold(-bytes());
        enter(Connections.State.IDLE, Connections.IDLE);
    }

    private void next(Connections.State state, Duration patience) {
        if (!enter(state, patience)) {
            throw new CloseConnectionException("the client took too long");
        }
    }
}
