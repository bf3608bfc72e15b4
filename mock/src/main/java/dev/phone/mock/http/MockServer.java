// SPDX-License-Identifier: Apache-2.0
package dev.phone.mock.http;

import dev.phone.mock.handler.Responder;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.HttpParser;
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

/**
 * The mock's HTTP server. It listens before WireMock is there, because WireMock takes longer to get ready than all the rest, and most requests
 * can be answered without it: see {@link ContractHandler}.
 */
public final class MockServer {
    private static final int HEAD_BYTES = 32 << 10;
    /** How long stopping waits for responses that are being written, in milliseconds. */
    private static final long STOP_TIMEOUT = 1_000;

    private final Server server = new Server();
    private final ServerConnector connector;

    static {
        // Header names go out as they were written, those of a user's stub, too. Jetty reads this once; WireMock sets it, but comes later.
        System.setProperty("org.eclipse.jetty.http.HttpGenerator.STRICT", "true");
    }

    /**
     * @param port 0 for any free one
     * @param needsWireMock whether WireMock must see every request
     * @param wireMock is asked when WireMock is needed, and may take its time
     */
    public MockServer(String host, int port, Responder contract, BooleanSupplier needsWireMock, Supplier<Handler> wireMock) {
        // Jetty warns when there are more acceptors than processors.
        connector = new ServerConnector(server, 1, -1, new WireConnectionFactory(configuration()));
        connector.setHost(host);
        connector.setPort(port);
        server.addConnector(connector);
        server.setStopTimeout(STOP_TIMEOUT);
        server.setErrorHandler(new Refusals(contract));
        server.setHandler(new ContractHandler(contract, needsWireMock, wireMock));
    }

    private static HttpConfiguration configuration() {
        HttpConfiguration configuration = new HttpConfiguration();
        configuration.setRequestHeaderSize(HEAD_BYTES);
        configuration.setResponseHeaderSize(HEAD_BYTES);
        configuration.setSendServerVersion(false);
        // What a target means is for the contract to say.
        configuration.setUriCompliance(UriCompliance.UNSAFE);
        // A client that is refused without a look at the body is to hear it before it sends one.
        configuration.setDelayDispatchUntilContent(false);
        // A whole URI may have another host than the Host field, which is then ignored (RFC 9112, section 3.2.2).
        configuration.setHttpCompliance(HttpCompliance.RFC7230.with("RFC9112", HttpCompliance.Violation.MISMATCHED_AUTHORITY));
        return configuration;
    }

    private static final class WireConnectionFactory extends HttpConnectionFactory {
        WireConnectionFactory(HttpConfiguration configuration) {
            super(configuration);
        }

        @Override
        public Connection newConnection(Connector connector, EndPoint endPoint) {
            HttpConnection connection = new HttpConnection(getHttpConfiguration(), connector, endPoint, isRecordHttpComplianceViolations()) {
                @Override
                protected HttpParser newHttpParser(HttpCompliance compliance) {
                    return new WireParser(newRequestHandler(), getHttpConfiguration().getRequestHeaderSize(), compliance);
                }

                @Override
                protected HttpChannelOverHttp newHttpChannel() {
                    return new WireChannel(this, connector, getHttpConfiguration());
                }
            };
            connection.setUseInputDirectByteBuffers(isUseInputDirectByteBuffers());
            connection.setUseOutputDirectByteBuffers(isUseOutputDirectByteBuffers());
            return configure(connection, connector, endPoint);
        }
    }

    /** Makes a handler part of the server, and starts it if the server has started. */
    public void add(Handler handler) throws Exception {
        handler.setServer(server);
        server.addManaged(handler);
    }

    /** @throws IllegalStateException if it cannot listen */
    public void start() {
        try {
            server.start();
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
    public void stop() {
        connector.getConnectedEndPoints().forEach(EndPoint::close);
        try {
            server.stop();
            server.join();
        } catch (TimeoutException e) {
            // Jetty has interrupted what took too long.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
