// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.http;

import dev.phone.api.Connections;
import io.helidon.common.buffers.BufferData;
import io.helidon.common.buffers.DataReader;
import io.helidon.common.buffers.DataWriter;
import io.helidon.common.concurrency.limits.FixedLimit;
import io.helidon.common.concurrency.limits.Limit;
import io.helidon.common.socket.HelidonSocket;
import io.helidon.common.socket.PeerInfo;
import io.helidon.common.task.InterruptableTask;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.ListenerContext;
import io.helidon.webserver.ProxyProtocolData;
import io.helidon.webserver.Router;
import io.helidon.webserver.ServerConnectionException;
import io.helidon.webserver.http1.Http1ConnectionSelector;
import io.helidon.webserver.spi.ServerConnection;
import io.helidon.webserver.spi.ServerConnectionSelector;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Semaphore;

/** Helidon's HTTP/1.1 connections, reading with a {@link WireReader} and counted by {@link Connections}. */
record WireConnections(Http1ConnectionSelector http1, Connections connections, ClientAddress addresses) implements ServerConnectionSelector {

    @Override
    public int bytesToIdentifyConnection() {
        return http1.bytesToIdentifyConnection();
    }

    @Override
    public Support supports(BufferData data) {
        return http1.supports(data);
    }

    @Override
    public Set<String> supportedApplicationProtocols() {
        return http1.supportedApplicationProtocols();
    }

    @Override
    public ServerConnection connection(ConnectionContext context) {
        HelidonSocket socket = context.serverSocket();
        InetAddress peer = ((InetSocketAddress) context.remotePeer().address()).getAddress();
        ClientConnection connection = new ClientConnection(connections, ClientAddress.key(peer), !addresses.isProxy(peer));
        return new Counted(http1.connection(new Context(context, new WireReader(connection, () -> {
            try {
                byte[] bytes = socket.get();
                if (bytes == null) {
                    throw new EndOfStream();
                }
                connection.received(bytes.length);
                return bytes;
            } catch (UncheckedIOException e) {
                throw new ServerConnectionException("the connection broke", e);
            }
        }))), connection);
    }

    /** A counted connection. When Helidon stops, it asks whether the connection may be interrupted. */
    private record Counted(ServerConnection http1, ClientConnection connection) implements ServerConnection, InterruptableTask<Void> {
        @Override
        public void handle(Limit limit) {
            connection.serve(() -> {
                try {
                    http1.handle(limit);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
        }

        @Override
        @SuppressWarnings("removal")
        public void handle(Semaphore requests) {
            handle(FixedLimit.create(requests));
        }

        @Override
        public Duration idleTime() {
            return http1.idleTime();
        }

        @Override
        public void close(boolean interrupt) {
            http1.close(interrupt);
        }

        @Override
        public boolean canInterrupt() {
            return ((InterruptableTask<?>) http1).canInterrupt();
        }
    }

    /** The client has ended its stream within a request. It may still read a response. */
    static final class EndOfStream extends CloseConnectionException {
        private static final long serialVersionUID = 1;

        EndOfStream() {
            super("the client has ended the connection");
        }
    }

    private record Context(ConnectionContext context, DataReader dataReader) implements ConnectionContext {
        @Override
        public ListenerContext listenerContext() {
            return context.listenerContext();
        }

        @Override
        public ExecutorService executor() {
            return context.executor();
        }

        @Override
        public DataWriter dataWriter() {
            return context.dataWriter();
        }

        @Override
        public Router router() {
            return context.router();
        }

        @Override
        public Optional<ProxyProtocolData> proxyProtocolData() {
            return context.proxyProtocolData();
        }

        @Override
        public HelidonSocket serverSocket() {
            return context.serverSocket();
        }

        @Override
        public PeerInfo remotePeer() {
            return context.remotePeer();
        }

        @Override
        public PeerInfo localPeer() {
            return context.localPeer();
        }

        @Override
        public boolean isSecure() {
            return context.isSecure();
        }

        @Override
        public String socketId() {
            return context.socketId();
        }

        @Override
        public String childSocketId() {
            return context.childSocketId();
        }
    }
}
