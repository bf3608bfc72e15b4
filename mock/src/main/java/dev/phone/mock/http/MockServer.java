// SPDX-License-Identifier: Apache-2.0
package dev.phone.mock.http;

import dev.phone.api.ConnectionLimits;
import dev.phone.api.Connections;
import dev.phone.mock.handler.Responder;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.HttpParser;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpChannelOverHttp;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnection;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.VirtualThreads;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/**
 * The mock's HTTP server. It listens before WireMock is ready, because WireMock takes longer to start than everything else, and most requests do not
 * need it: see {@link ContractHandler}.
 */
public final class MockServer {
    private static final int HEAD_BYTES = 32 << 10;
    private static final int SOCKET_BYTES = 64 << 10;
    private static final int ACCEPT_QUEUE = 1_024;
    /** How long a stop waits for responses in progress, in milliseconds. */
    private static final long STOP_TIMEOUT = 1_000;

    private final Server server = new Server(threads());
    private final ServerConnector connector;
    private final Connections connections;
    private boolean stopped;

    static {
        // Keeps the case of header names, including those of stubs. Jetty reads this once, before WireMock sets it.
        System.setProperty("org.eclipse.jetty.http.HttpGenerator.STRICT", "true");
    }

    /**
     * @param port 0 for any free port
     * @param needsWireMock whether WireMock must see every request
     * @param wireMock called when WireMock is needed; may block
     * @param admin decides who may use the admin API
     * @param journal receives each request that was answered without WireMock; null for none
     */
    public MockServer(String host, int port, Responder contract, BooleanSupplier needsWireMock, Supplier<Handler> wireMock, AdminGuard admin,
            Consumer<ServedRequest> journal) {
        this(host, port, contract, needsWireMock, wireMock, admin, journal, ConnectionLimits.ofProcess());
    }

    MockServer(String host, int port, Responder contract, BooleanSupplier needsWireMock, Supplier<Handler> wireMock, AdminGuard admin,
            Consumer<ServedRequest> journal, ConnectionLimits limits) {
        connections = new Connections(limits, Thread.ofPlatform().daemon().name("mock-connections"));
        // Jetty logs a warning if there are more acceptors than processors.
        connector = new ServerConnector(server, 1, -1, new WireConnectionFactory(configuration(), connections));
        // Connections limits how long a client may take.
        connector.setIdleTimeout(0);
        connector.setAcceptQueueSize(ACCEPT_QUEUE);
        // Data in the socket's buffer counts as read by the client.
        connector.setAcceptedSendBufferSize(SOCKET_BYTES);
        connector.setAcceptedReceiveBufferSize(SOCKET_BYTES);
        connector.setHost(host);
        connector.setPort(port);
        server.addConnector(connector);
        server.setStopTimeout(STOP_TIMEOUT);
        server.setErrorHandler(new Refusals(contract));
        server.setHandler(new ContractHandler(contract, needsWireMock, wireMock, admin, journal));
    }

    /** Requests run in virtual threads, so that slow clients and delayed responses do not block threads that others need. */
    private static QueuedThreadPool threads() {
        QueuedThreadPool threads = new QueuedThreadPool();
        threads.setName("mock-http");
        // After a peak, release idle threads within seconds rather than one per minute.
        threads.setIdleTimeout(5_000);
        threads.setMaxEvictCount(100);
        threads.setVirtualThreadsExecutor(VirtualThreads.getDefaultVirtualThreadsExecutor());
        return threads;
    }

    private static HttpConfiguration configuration() {
        HttpConfiguration configuration = new HttpConfiguration();
        configuration.setRequestHeaderSize(HEAD_BYTES);
        configuration.setResponseHeaderSize(HEAD_BYTES);
        configuration.setSendServerVersion(false);
        // The contract decides about targets.
        configuration.setUriCompliance(UriCompliance.UNSAFE);
        // A client whose request is refused by its head should learn that before it sends the body.
        configuration.setDelayDispatchUntilContent(false);
        // An absolute URI may differ from the Host field, which is then ignored (RFC 9112, section 3.2.2).
        configuration.setHttpCompliance(HttpCompliance.RFC7230.with("RFC9112", HttpCompliance.Violation.MISMATCHED_AUTHORITY));
        return configuration;
    }

    private static final class WireConnectionFactory extends HttpConnectionFactory {
        private final Connections connections;

        WireConnectionFactory(HttpConfiguration configuration, Connections connections) {
            super(configuration);
            this.connections = connections;
        }

        @Override
        public Connection newConnection(Connector connector, EndPoint endPoint) {
            ClientConnection client = new ClientConnection(connections, endPoint);
            HttpConnection connection = new HttpConnection(getHttpConfiguration(), connector, endPoint, isRecordHttpComplianceViolations()) {
                private boolean isLengthKnown;

                @Override
                protected HttpParser newHttpParser(HttpCompliance compliance) {
                    return new WireParser(newRequestHandler(), getHttpConfiguration().getRequestHeaderSize(), compliance, client);
                }

                @Override
                protected HttpChannelOverHttp newHttpChannel() {
                    return new WireChannel(this, connector, getHttpConfiguration(), client);
                }

                @Override
                public void onOpen() {
                    client.hasOpened();
                    super.onOpen();
                }

                @Override
                public void onClose(Throwable cause) {
                    client.hasClosed();
                    super.onClose(cause);
                }

                @Override
                public void send(MetaData.Request request, MetaData.Response response, ByteBuffer content, boolean last, Callback callback) {
                    int length = content == null ? 0 : content.remaining();
                    if (response == null && isLengthKnown) {
                        client.takesMore(length);
                    } else if (response == null || response.getStatus() >= HttpStatus.OK_200) {
                        // If the length is unknown, the delay may be ours.
                        isLengthKnown = response != null && response.getContentLength() >= 0;
                        client.takesResponse(length);
                    }
                    super.send(request, response, content, last, callback);
                }

                @Override
                public void onCompleted() {
                    client.isIdle();
                    super.onCompleted();
                }
            };
            connection.setUseInputDirectByteBuffers(isUseInputDirectByteBuffers());
            connection.setUseOutputDirectByteBuffers(isUseOutputDirectByteBuffers());
            return configure(connection, connector, endPoint);
        }
    }

    /** The number of connections, their maximum, those cut off, and their memory, for the admin API. */
    public JsonObject connectionsHeld() {
        return Json.createObjectBuilder().add("open", connections.count()).add("most", connections.limits().most())
                .add("mostPerAddress", connections.limits().perAddress()).add("bytes", connections.held())
                .add("mostBytes", connections.limits().bytes()).add("cutOff", connections.cutOff()).build();
    }

    Connections connections() {
        return connections;
    }

    /** Adds a handler to the server, and starts it if the server has started. */
    public synchronized void add(Handler handler) throws Exception {
        if (stopped) {
            throw new IllegalStateException("the mock has been stopped");
        }
        handler.setServer(server);
        server.addManaged(handler);
    }

    /** @throws IllegalStateException if it cannot listen */
    public void start() {
        try {
            server.start();
            connections.start();
        } catch (Exception e) {
            Throwable cause = e;
            while (cause.getCause() != null) {
                cause = cause.getCause();
            }
            throw new IllegalStateException("cannot listen at " + connector.getHost() + ":" + connector.getPort() + ": "
                    + (cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage()), e);
        }
    }

    public boolean isRunning() {
        return server.isRunning();
    }

    public int port() {
        return connector.getLocalPort();
    }

    /** Closes all connections. */
    public synchronized void stop() {
        stopped = true;
        connections.close();
        connector.getConnectedEndPoints().forEach(EndPoint::close);
        try {
            server.stop();
            server.join();
        } catch (TimeoutException e) {
            // Jetty has interrupted requests that took too long.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
