// SPDX-License-Identifier: Apache-2.0
package dev.phone.mock.wiremock;

import com.github.tomakehurst.wiremock.core.Options;
import com.github.tomakehurst.wiremock.http.AdminRequestHandler;
import com.github.tomakehurst.wiremock.http.StubRequestHandler;
import com.github.tomakehurst.wiremock.jetty11.Jetty11HttpServer;
import dev.phone.mock.http.MockServer;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.servlet.FilterHolder;
import org.eclipse.jetty.servlet.FilterMapping;
import org.eclipse.jetty.servlet.ServletContextHandler;

/** WireMock's server, which never listens: its handlers get requests from our server. */
final class WireMockHandlers extends Jetty11HttpServer {
    private final MockServer server;

    WireMockHandlers(Options options, AdminRequestHandler admin, StubRequestHandler stubs, MockServer server) {
        super(options, admin, stubs);
        this.server = server;
    }

    Handler handler() {
        return jettyServer.getHandler();
    }

    @Override
    protected void decorateAdminServiceContextAfterConfig(ServletContextHandler context) {
        context.setErrorHandler(new AdminErrors());
        // By default, WireMock lets web pages of any origin use its admin API.
        context.getServletHandler().setFilterMappings(new FilterMapping[0]);
        context.getServletHandler().setFilters(new FilterHolder[0]);
    }

    @Override
    protected void decorateMockServiceContextAfterConfig(ServletContextHandler context) {
        // Use our server's error handler: the contract answers requests that no stub matches.
        context.setErrorHandler(null);
    }

    @Override
    public void start() {
        if (!server.isRunning()) {
            server.start();
        }
    }

    @Override
    public void stop() {
        server.stop();
    }

    @Override
    public boolean isRunning() {
        return server.isRunning();
    }

    @Override
    public int port() {
        return server.port();
    }
}
