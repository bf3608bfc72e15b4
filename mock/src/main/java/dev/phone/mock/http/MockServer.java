// SPDX-License-Identifier: Apache-2.0
package dev.phone.mock.http;

import static jakarta.servlet.RequestDispatcher.ERROR_EXCEPTION;

import com.github.tomakehurst.wiremock.common.Errors;
import com.github.tomakehurst.wiremock.common.JettySettings;
import com.github.tomakehurst.wiremock.common.Json;
import com.github.tomakehurst.wiremock.core.Options;
import com.github.tomakehurst.wiremock.http.AdminRequestHandler;
import com.github.tomakehurst.wiremock.http.StubRequestHandler;
import com.github.tomakehurst.wiremock.jetty11.Jetty11HttpServer;
import com.github.tomakehurst.wiremock.verification.RequestJournalDisabledException;
import dev.phone.api.ApiError;
import dev.phone.mock.handler.Response;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.BiFunction;
import org.eclipse.jetty.http.BadMessageException;
import org.eclipse.jetty.http.DateGenerator;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpParser;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.NetworkTrafficListener;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpChannelOverHttp;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnection;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.servlet.ServletContextHandler;

/** WireMock's server, whose own errors look like the contract's: what is no HTTP at all is a 422, as on the server. */
final class MockServer extends Jetty11HttpServer {
    /** Answers what never reaches a stub. Static because Jetty asks for its parts while the constructor of its parent is still running. */
    private static final ScopedValue<BiFunction<ApiError, String, Response>> REFUSALS = ScopedValue.newInstance();
    private static final ScopedValue<ContractStub> STUB = ScopedValue.newInstance();

    private MockServer(Options options, AdminRequestHandler admin, StubRequestHandler stubs) {
        super(options, admin, stubs);
    }

    static MockServer create(Options options, AdminRequestHandler admin, StubRequestHandler stubs,
            ContractStub stub, BiFunction<ApiError, String, Response> refusals) {
        return ScopedValue.where(REFUSALS, refusals).where(STUB, stub).call(() -> new MockServer(options, admin, stubs));
    }

    @Override
    public Handler[] extensionHandlers() {
        return new Handler[] {new ContractHandler(STUB.get())};
    }

    @Override
    protected Server createServer(Options options) {
        Server server = super.createServer(options);
        server.setErrorHandler(new Refusals(REFUSALS.get(), STUB.get()));
        return server;
    }

    @Override
    protected ServerConnector createHttpConnector(String address, int port, JettySettings settings, NetworkTrafficListener listener) {
        ServerConnector connector = super.createHttpConnector(address, port, settings, listener);
        HttpConfiguration configuration = connector.getConnectionFactory(HttpConnectionFactory.class).getHttpConfiguration();
        // Who is refused without a look at the body is to hear it before sending one.
        configuration.setDelayDispatchUntilContent(false);
        // A whole URI may have another host than the Host field, which is then ignored (RFC 9112, section 3.2.2).
        configuration.setHttpCompliance(HttpCompliance.RFC7230.with("RFC9112", HttpCompliance.Violation.MISMATCHED_AUTHORITY));
        configuration.setSendDateHeader(true);
        connector.addConnectionFactory(new HttpConnectionFactory(configuration) {
            @Override
            public Connection newConnection(Connector from, EndPoint endPoint) {
                HttpConnection connection = new HttpConnection(getHttpConfiguration(), from, endPoint, isRecordHttpComplianceViolations()) {
                    @Override
                    protected HttpParser newHttpParser(HttpCompliance compliance) {
                        return new WireParser(newRequestHandler(), getHttpConfiguration().getRequestHeaderSize(), compliance);
                    }

                    @Override
                    protected HttpChannelOverHttp newHttpChannel() {
                        return new WireChannel(this, from, getHttpConfiguration());
                    }
                };
                connection.setUseInputDirectByteBuffers(isUseInputDirectByteBuffers());
                connection.setUseOutputDirectByteBuffers(isUseOutputDirectByteBuffers());
                return configure(connection, from, endPoint);
            }
        });
        return connector;
    }

    @Override
    protected void decorateMockServiceContextAfterConfig(ServletContextHandler context) {
        context.setErrorHandler(new Refusals(REFUSALS.get(), STUB.get()));
    }

    private static final class Refusals extends ErrorHandler {
        private final BiFunction<ApiError, String, Response> refusals;
        private final ContractStub stub;

        Refusals(BiFunction<ApiError, String, Response> refusals, ContractStub stub) {
            this.refusals = refusals;
            this.stub = stub;
        }

        @Override
        public ByteBuffer badMessageError(int status, String reason, HttpFields.Mutable fields) {
            boolean tooLarge = WireChannel.isTooLarge(reason);
            Response answer = refusals.apply(tooLarge ? ApiError.tooLarge() : ApiError.malformed(),
                    "rule=" + (tooLarge ? "size" : "http") + " (" + reason + ")");
            answer.headers().forEach(header -> fields.put(header.name(), header.value()));
            ContractStub.ALWAYS.forEach(fields::put);
            fields.put(HttpHeader.DATE, DateGenerator.formatDate(System.currentTimeMillis()));
            return ByteBuffer.wrap(answer.body());
        }

        @Override
        public boolean errorPageForMethod(String method) {
            return true;
        }

        @Override
        public void handle(String target, Request base, HttpServletRequest request, HttpServletResponse response) throws IOException {
            base.setHandled(true);
            if (WireChannel.of(base).target().startsWith("/__admin")) {
                admin(request.getAttribute(ERROR_EXCEPTION), response);
                return;
            }
            // What nobody has an answer to, WireMock has journalled as unmatched.
            Response answer = response.getStatus() == 404 ? stub.handle(new JettyRequest(base))
                    : refusals.apply(error(request, response.getStatus()), "rule=http (" + response.getStatus() + ")");
            response.setStatus(answer.status());
            answer.headers().forEach(header -> response.setHeader(header.name(), header.value()));
            ContractStub.ALWAYS.forEach(response::setHeader);
            response.getOutputStream().write(answer.body());
        }

        /** Refuses in the shape that clients of WireMock's admin API read. */
        private static void admin(Object thrown, HttpServletResponse response) throws IOException {
            Errors errors;
            if (has(thrown, RequestJournalDisabledException.class)) {
                response.setStatus(403);
                errors = Errors.notPermitted("There is no journal of requests: start the mock with --journal");
            } else if (thrown == null) {
                errors = Errors.single(response.getStatus(), response.getStatus() == 404 ? "Not found" : "Not acceptable");
            } else {
                errors = Errors.single(response.getStatus(), String.valueOf(thrown));
            }
            response.setContentType("application/json");
            response.getOutputStream().write(Json.write(errors).getBytes(StandardCharsets.UTF_8));
        }

        private static ApiError error(HttpServletRequest request, int status) {
            Object thrown = request.getAttribute(ERROR_EXCEPTION);
            // The last two are bodies that could not be read to their end.
            return status < 500 || has(thrown, BadMessageException.class) || has(thrown, IOException.class) ? ApiError.malformed()
                    : ApiError.internal("status " + status, null);
        }

        private static boolean has(Object thrown, Class<? extends Throwable> type) {
            for (Throwable cause = thrown instanceof Throwable t ? t : null; cause != null; cause = cause.getCause()) {
                if (type.isInstance(cause)) {
                    return true;
                }
            }
            return false;
        }
    }
}
