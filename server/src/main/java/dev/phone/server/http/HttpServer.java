// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.http;

import dev.phone.api.RequestHead;
import io.helidon.common.socket.SocketOptions;
import io.helidon.health.HealthCheckResponse;
import io.helidon.health.HealthCheckType;
import io.helidon.http.encoding.ContentEncodingContext;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http1.Http1Config;
import io.helidon.webserver.http1.Http1ConnectionSelector;
import io.helidon.webserver.observe.ObserveFeature;
import io.helidon.webserver.observe.health.HealthObserver;
import io.helidon.webserver.observe.health.HealthObserverConfig;
import io.helidon.webserver.observe.metrics.MetricsObserver;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Helidon's server, with the api in front of the pages, {@code /health} and {@code /metrics}. */
public final class HttpServer {
    /** How long requests in flight may take to finish after we were told to stop. */
    private static final Duration GRACE = Duration.ofSeconds(20);
    /** How long a connection may wait for its next request. */
    private static final Duration IDLE = Duration.ofSeconds(60);

    private final HttpApi api;
    private final WebServer server;

    /**
     * @param ready whether requests can be served; asked at {@code /health/ready}
     * @param url at which others reach it; null for the host that a request names
     * @param limitsShared whether nodes that should share their rate limits do; null when they should not
     */
    public HttpServer(String host, int port, String url, HttpApi api, BooleanSupplier ready, BooleanSupplier limitsShared) {
        this.api = api;
        HttpRouting.Builder routing = HttpRouting.builder().register(new DocsService(url));
        api.install(routing);
        server = WebServer.builder()
                .host(host)
                .port(port)
                .shutdownHook(false)
                .shutdownGracePeriod(GRACE)
                .idleConnectionTimeout(IDLE)
                .idleConnectionPeriod(IDLE.dividedBy(6))
                .maxPayloadSize(RequestHead.ABSURD_BODY_BYTES)
                .connectionOptions(SocketOptions.builder().tcpNoDelay(true).build())
                .contentEncoding(ContentEncodingContext.builder().contentEncodingsDiscoverServices(false).build())
                .protocolsDiscoverServices(false)
                .addConnectionSelector(new WireConnections(Http1ConnectionSelector.builder().config(http1(api)).build()))
                .directHandlers(api.directHandlers())
                .featuresDiscoverServices(false)
                .addFeature(ObserveFeature.builder()
                        .endpoint("/")
                        .observersDiscoverServices(false)
                        .addObserver(health(ready, limitsShared))
                        .addObserver(MetricsObserver.create())
                        .build())
                .routing(routing)
                .build();
    }

    @SuppressWarnings("removal") // Both are on unless they are switched off here.
    private static Http1Config http1(HttpApi api) {
        return Http1Config.builder()
                // What is received and sent is not logged: secrets are among it.
                .receiveLog(false)
                .sendLog(false)
                .validateRequestHeaders(false)
                .validatePath(false)
                .validatePrologue(false)
                .addReceiveListener(new AmbiguousRequests(api.slowClients()))
                .build();
    }

    private static HealthObserver health(BooleanSupplier ready, BooleanSupplier limitsShared) {
        HealthObserverConfig.Builder health = HealthObserver.builder()
                .details(true)
                .useSystemServices(false)
                .addCheck(() -> HealthCheckResponse.builder().status(ready.getAsBoolean()).build(), HealthCheckType.READINESS, "database");
        if (limitsShared != null) {
            // It is up either way: this node goes on without Redis.
            health.addCheck(() -> HealthCheckResponse.builder().status(true)
                    .detail("state", limitsShared.getAsBoolean() ? "shared" : "degraded").build(), HealthCheckType.READINESS, "rate-limits");
        }
        return health.build();
    }

    /** @return whether it listens; if not, Helidon has logged why */
    public boolean start() {
        api.slowClients().start();
        return server.start().isRunning();
    }

    /** The port that it listens on; -1 when it does not. */
    public int port() {
        return server.port();
    }

    /** Accepts no more, lets requests in flight finish, and returns when they have. */
    public void stop() {
        api.stopping();
        server.stop();
        api.slowClients().close();
    }
}
