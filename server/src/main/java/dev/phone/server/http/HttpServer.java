// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.http;

import dev.phone.api.ConnectionLimits;
import dev.phone.api.Connections;
import dev.phone.api.RequestHead;
import io.helidon.common.socket.SocketOptions;
import io.helidon.health.HealthCheckResponse;
import io.helidon.health.HealthCheckType;
import io.helidon.http.encoding.ContentEncodingContext;
import io.helidon.webserver.ListenerConfig;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.WebServerConfig;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http1.Http1Config;
import io.helidon.webserver.http1.Http1ConnectionSelector;
import io.helidon.webserver.observe.ObserveFeature;
import io.helidon.webserver.observe.health.HealthObserver;
import io.helidon.webserver.observe.health.HealthObserverConfig;
import io.helidon.webserver.observe.metrics.MetricsObserver;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** Helidon's server, with the api in front of the pages; and {@code /health} and {@code /metrics} at a port of their own. */
public final class HttpServer {
    /** How long requests in flight may take to finish after we were told to stop. */
    private static final Duration GRACE = Duration.ofSeconds(20);
    /** What a connection may have in the kernel on either side, so that who does not read costs no more. */
    private static final int SOCKET_BYTES = 64 * 1_024;
    /** Connections that are accepted, and not counted yet. */
    private static final int ACCEPTED = 64;

    private static final int PROBE_MILLIS = 1_000;
    private static final String MANAGEMENT = "management";
    private static final int MANAGEMENT_CONNECTIONS = 100;

    private final String host;
    private final HttpApi api;
    private final Connections connections;
    private final WebServer server;

    /**
     * Where operators look. Not for the public: it says how much the server has to do, and with whom.
     *
     * @param port 0 for any that is free
     */
    public record Management(String host, int port) {
    }

    /**
     * What is asked at {@code /health}.
     *
     * @param alive whether the process is whole; if not, it must be started anew
     * @param ready whether requests can be served
     * @param limitsShared whether nodes that should share their rate limits do; null when they should not
     */
    public record Health(BooleanSupplier alive, BooleanSupplier ready, BooleanSupplier limitsShared) {
    }

    /**
     * @param url at which others reach it; null for the host that a request names
     * @param limits how many connections there may be, and for how long
     * @param management null for none
     * @param logged whether there is a line in the log for each request
     */
    public HttpServer(String host, int port, String url, HttpApi api, ConnectionLimits limits, Management management, Health health,
            boolean logged) {
        this.host = host;
        this.api = api;
        connections = new Connections(limits, Thread.ofVirtual().name("connections"));
        HttpRouting.Builder routing = HttpRouting.builder().register(new DocsService(url)).register(new HealthService(health));
        api.install(routing);
        WebServerConfig.Builder builder = WebServer.builder()
                .host(host)
                .port(port)
                .shutdownHook(false)
                .shutdownGracePeriod(GRACE)
                .idleConnectionTimeout(Connections.IDLE)
                .idleConnectionPeriod(Connections.IDLE.dividedBy(6))
                // The last bound, should one that was cut off be slow to go: until then nobody else is accepted.
                .maxTcpConnections(limits.most() + limits.most() / 8 + ACCEPTED)
                .maxPayloadSize(RequestHead.ABSURD_BODY_BYTES)
                .connectionOptions(SocketOptions.builder().tcpNoDelay(true)
                        .socketSendBufferSize(SOCKET_BYTES).socketReceiveBufferSize(SOCKET_BYTES).build())
                .contentEncoding(ContentEncodingContext.builder().contentEncodingsDiscoverServices(false).build())
                .protocolsDiscoverServices(false)
                .addConnectionSelector(new WireConnections(Http1ConnectionSelector.builder().config(http1()).build(), connections,
                        api.addresses()))
                .directHandlers(api.directHandlers())
                .featuresDiscoverServices(false)
                .routing(routing);
        if (logged) {
            builder.addFeature(AccessLog.of(api));
        }
        if (management != null) {
            builder.putSocket(MANAGEMENT, ListenerConfig.builder()
                            .name(MANAGEMENT)
                            .host(management.host)
                            .port(management.port)
                            .shutdownGracePeriod(Duration.ZERO)
                            .maxTcpConnections(MANAGEMENT_CONNECTIONS)
                            .maxPayloadSize(0)
                            .build())
                    .addFeature(ObserveFeature.builder()
                            .sockets(List.of(MANAGEMENT))
                            .endpoint("/")
                            .observersDiscoverServices(false)
                            .addObserver(observer(health))
                            .addObserver(MetricsObserver.create())
                            .build());
        }
        server = builder.build();
    }

    @SuppressWarnings("removal") // Both are on unless they are switched off here.
    private static Http1Config http1() {
        return Http1Config.builder()
                // What is received and sent is not logged: secrets are among it.
                .receiveLog(false)
                .sendLog(false)
                .validateRequestHeaders(false)
                .validatePath(false)
                .validatePrologue(false)
                .addReceiveListener(new AmbiguousRequests())
                .build();
    }

    private static HealthObserver observer(Health health) {
        HealthObserverConfig.Builder observer = HealthObserver.builder()
                .details(true)
                .useSystemServices(false)
                .addCheck(() -> HealthCheckResponse.builder().status(health.alive.getAsBoolean()).build(), HealthCheckType.LIVENESS, "process")
                .addCheck(() -> HealthCheckResponse.builder().status(health.ready.getAsBoolean()).build(), HealthCheckType.READINESS, "database");
        if (health.limitsShared != null) {
            // It is up either way: this node goes on without Redis.
            observer.addCheck(() -> HealthCheckResponse.builder().status(true)
                    .detail("state", health.limitsShared.getAsBoolean() ? "shared" : "degraded").build(), HealthCheckType.READINESS, "rate-limits");
        }
        return observer.build();
    }

    /** @return whether it listens; if not, Helidon has logged why */
    public boolean start() {
        connections.start();
        return server.start().isRunning();
    }

    /** The port that it listens on; -1 when it does not. */
    public int port() {
        return server.port();
    }

    /** The port of the management endpoints; -1 when there are none. */
    public int managementPort() {
        return server.port(MANAGEMENT);
    }

    /**
     * What has ended that must not while this listens: requests would be refused, or connections held, for ever. Empty when nothing has. Helidon
     * ends its listener for good when a connection cannot be accepted, and says nothing of it but in its log.
     */
    public Optional<String> failure() {
        if (OutOfMemory.isSeen()) {
            return Optional.of("the heap is full");
        }
        if (!connections.isAlive()) {
            return Optional.of("nobody cuts off slow clients any more");
        }
        return isRefused() ? Optional.of("the listener has ended") : Optional.empty();
    }

    /** Whether the operating system knows of nobody who listens. That no connection comes about for another reason does not mean that. */
    private boolean isRefused() {
        try (Socket probe = new Socket()) {
            InetAddress address = InetAddress.getByName(host);
            probe.connect(new InetSocketAddress(address.isAnyLocalAddress() ? InetAddress.getLoopbackAddress() : address, port()), PROBE_MILLIS);
            return false;
        } catch (ConnectException e) {
            // It may also have been reset, when too many wait to be accepted.
            return e.getMessage().contains("refused");
        } catch (IOException e) {
            return false;
        }
    }

    /** Accepts no more, lets requests in flight finish, and returns when they have. */
    public void stop() {
        api.stopping();
        connections.stopping();
        server.stop();
        connections.close();
    }
}
