// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.http;

import dev.phone.api.Connections;
import io.helidon.webserver.CloseConnectionException;
import java.time.Duration;

/**
 * A connection as Helidon has it: one virtual thread, which is interrupted to cut it off.
 *
 * <p>Interrupting a virtual thread that reads or writes a socket closes the socket. A thread is only interrupted while it waits for its
 * client: elsewhere an interrupt might close the file of the database.
 */
final class ClientConnection extends Connections.Connection {
    /** A client that takes a response slower than this is cut off, once its patience is over. */
    private static final int RESPONSE_BYTES_A_SECOND = 16 * 1_024;
    /** No more of a body is kept; the rest is read away. */
    private static final int BODY_BYTES = 128 * 1_024;

    private static final ScopedValue<ClientConnection> CURRENT = ScopedValue.newInstance();

    private Thread thread;

    /** @param limited whether the address has a limit of its own */
    ClientConnection(Connections connections, String address, boolean limited) {
        super(connections, address, limited);
    }

    /** The connection that this thread serves. */
    static ClientConnection current() {
        return CURRENT.get();
    }

    /** Serves it, in this thread. @throws CloseConnectionException when there are too many, and we work for all of them */
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

    /** So many bytes of a request have come. */
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

    /** A line of the head has come. */
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

    /** The client waits for us. @throws CloseConnectionException when it has just been cut off */
    synchronized void waits() {
        next(Connections.State.WORKING, Duration.ZERO);
    }

    /** The client takes a response. @param own how many bytes are in memory for this response alone */
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
