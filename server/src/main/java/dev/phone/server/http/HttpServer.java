// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.http;

import dev.phone.api.ConnectionLimits;
import dev.phone.api.Connections;
import dev.phone.api.RequestHead;
import io.helidon.common.socket.SocketOptions;
import io.helidon.health.HealthCheckResponse;
import io.helidon.health.HealthCheckType;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.http.encoding.ContentEncodingContext;
import io.helidon.webserver.ListenerConfig;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.WebServerConfig;
import io.helidon.webserver.http.FilterChain;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;
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
import java.util.regex.Pattern;

/** The Helidon server, with the API before the pages, and {@code /health} and {@code /metrics} on a separate port. */
public final class HttpServer {
    /** How long requests in flight may take to finish when the server stops. */
    private static final Duration GRACE = Duration.ofSeconds(20);
    /** The socket buffer size in each direction, which bounds the cost of a client that does not read. */
    private static final int SOCKET_BYTES = 64 * 1_024;
    /** Connections that have been accepted but are not counted yet. */
    private static final int ACCEPTED = 64;

    private static final int PROBE_MILLIS = 1_000;
    private static final String MANAGEMENT = "management";
    /** The hosts that no name server answers for. */
    private static final Pattern LOCAL = Pattern.compile("(?i)(localhost|127\\.[0-9.]+|\\[::1])(:[0-9]+)?");
    private static final ConnectionLimits MANAGEMENT_LIMITS = new ConnectionLimits(100, 100, 4 << 20, Duration.ofSeconds(10));

    private final String host;
    private final HttpApi api;
    private final Connections connections;
    private final Connections managementConnections;
    private final WebServer server;

    /**
     * The listener for operators. Not public, because it reveals the load and the clients of the server.
     *
     * @param port 0 for any free port
     */
    public record Management(String host, int port) {
    }

    /**
     * The health checks.
     *
     * @param alive whether the process works; if not, it must be restarted
     * @param ready whether requests can be served
     * @param limitsShared whether limits are currently shared; null if they are not configured to be
     */
    public record Health(BooleanSupplier alive, BooleanSupplier ready, BooleanSupplier limitsShared) {
    }

    /**
     * @param url the public URL; null for the host named by each request
     * @param limits the limits on connections
     * @param management null for none
     * @param logged whether to write an access log
     */
    public HttpServer(String host, int port, String url, HttpApi api, ConnectionLimits limits, Management management, Health health,
            boolean logged) {
        this.host = host;
        this.api = api;
        connections = new Connections(limits, Thread.ofVirtual().name("connections"));
        managementConnections = new Connections(MANAGEMENT_LIMITS, Thread.ofVirtual().name("management-connections"));
        HttpRouting.Builder routing = HttpRouting.builder().register(new DocsService(url)).register(new HealthService(health));
        api.install(routing);
        WebServerConfig.Builder builder = WebServer.builder()
                .host(host)
                .port(port)
                .shutdownHook(false)
                .shutdownGracePeriod(GRACE)
                .idleConnectionTimeout(Connections.IDLE)
                .idleConnectionPeriod(Connections.IDLE.dividedBy(6))
                // A last bound, in case connections that were cut off close slowly; at this bound no more are accepted.
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
                            .maxTcpConnections(2 * MANAGEMENT_LIMITS.most())
                            .protocolsDiscoverServices(false)
                            .addConnectionSelector(new WireConnections(Http1ConnectionSelector.builder().config(http1()).build(),
                                    managementConnections, api.addresses()))
                            .routing(HttpRouting.builder().addFilter(HttpServer::manage))
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
                // Do not log traffic, which contains secrets.
                .receiveLog(false)
                .sendLog(false)
                .validateRequestHeaders(false)
                .validatePath(false)
                .validatePrologue(false)
                .addReceiveListener(new AmbiguousRequests())
                .build();
    }

    /** Keeps a connection from being closed while its request is being handled, and refuses web pages. */
    private static void manage(FilterChain chain, RoutingRequest request, RoutingResponse response) {
        ClientConnection.current().waits();
        try {
            if (isFromPage(request)) {
                response.status(Status.FORBIDDEN_403).send("The management endpoints do not answer web pages, and on the loopback address only"
                        + " requests for localhost. Use phone.management.host to listen on another address.\n");
            } else {
                chain.proceed();
            }
        } finally {
            ClientConnection.current().isIdle();
        }
    }

    /** Whether a web page in an operator's browser may have sent the request: from another origin, or by DNS rebinding. */
    private static boolean isFromPage(RoutingRequest request) {
        return request.headers().contains(HeaderNames.ORIGIN)
                || ((InetSocketAddress) request.localPeer().address()).getAddress().isLoopbackAddress()
                && !LOCAL.matcher(request.headers().get(HeaderNames.HOST).get()).matches();
    }

    private static HealthObserver observer(Health health) {
        HealthObserverConfig.Builder observer = HealthObserver.builder()
                .details(true)
                .useSystemServices(false)
                .addCheck(() -> HealthCheckResponse.builder().status(health.alive.getAsBoolean()).build(), HealthCheckType.LIVENESS, "process")
                .addCheck(() -> HealthCheckResponse.builder().status(health.ready.getAsBoolean()).build(), HealthCheckType.READINESS, "database");
        if (health.limitsShared != null) {
            // UP in either case, because this node works without Redis.
            observer.addCheck(() -> HealthCheckResponse.builder().status(true)
                    .detail("state", health.limitsShared.getAsBoolean() ? "shared" : "degraded").build(), HealthCheckType.READINESS, "rate-limits");
        }
        return observer.build();
    }

    /** @return whether it is listening; if not, Helidon has logged why */
    public boolean start() {
        connections.start();
        managementConnections.start();
        return server.start().isRunning();
    }

    /** The port that it listens on; -1 if it does not. */
    public int port() {
        return server.port();
    }

    /** The port of the management endpoints; -1 for none. */
    public int managementPort() {
        return server.port(MANAGEMENT);
    }

    /**
     * The essential part that has failed, so that requests would be refused or connections held forever; empty if all are running. Helidon stops its
     * listener permanently if a connection cannot be accepted, and only logs it.
     */
    public Optional<String> failure() {
        if (OutOfMemory.isSeen()) {
            return Optional.of("the heap is exhausted");
        }
        if (!connections.isAlive()) {
            return Optional.of("the thread that closes slow connections has ended");
        }
        return isRefused() ? Optional.of("the listener has ended") : Optional.empty();
    }

    /** Whether the operating system refuses a connection because no one listens, as opposed to other failures. */
    private boolean isRefused() {
        try (Socket probe = new Socket()) {
            InetAddress address = InetAddress.getByName(host);
            probe.connect(new InetSocketAddress(address.isAnyLocalAddress() ? InetAddress.getLoopbackAddress() : address, port()), PROBE_MILLIS);
            return false;
        } catch (ConnectException e) {
            // It may also have been reset because too many are waiting to be accepted.
            return e.getMessage().contains("refused");
        } catch (IOException e) {
            return false;
        }
    }

    /** Stops accepting, finishes the requests in flight, and returns when they have finished. */
    public void stop() {
        api.stopping();
        connections.stopping();
        server.stop();
        connections.close();
        managementConnections.close();
    }
}
