// SPDX-License-Identifier: Apache-2.0
package dev.phone.mock.http;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import com.github.tomakehurst.wiremock.http.AdminRequestHandler;
import com.github.tomakehurst.wiremock.http.HttpResponder;
import com.github.tomakehurst.wiremock.http.HttpServer;
import com.github.tomakehurst.wiremock.http.Request;
import com.github.tomakehurst.wiremock.http.RequestHandler;
import com.github.tomakehurst.wiremock.http.StubRequestHandler;
import com.github.tomakehurst.wiremock.stubbing.ServeEvent;
import com.github.tomakehurst.wiremock.verification.RequestJournalDisabledException;
import dev.phone.api.ApiError;
import dev.phone.mock.handler.Response;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.BiFunction;
import java.util.function.Consumer;

/**
 * A server that listens before the WireMock behind it is there, because WireMock takes longer to get ready than all the rest, and most of
 * what a mock is asked it can answer without: see {@link ContractHandler}. Whoever needs WireMock waits for it.
 */
public final class LazyWireMock {
    private final HttpServer server;
    private final boolean hasJournal;
    private final FutureTask<WireMockServer> making;
    private RequestHandler admin;
    private RequestHandler stubs;

    /** @param refusals answers what never reaches a stub */
    public LazyWireMock(WireMockConfiguration configuration, ContractStub stub, BiFunction<ApiError, String, Response> refusals) {
        configuration.withStores(new ContractStores(configuration.filesRoot(), stub::isKnown));
        hasJournal = !configuration.requestJournalDisabled();
        server = MockServer.create(configuration, new LateAdmin(), new LateStubs(), stub, refusals);
        configuration.httpServerFactory((options, realAdmin, realStubs) -> {
            admin = realAdmin;
            stubs = realStubs;
            return server;
        });
        making = new FutureTask<>(() -> new WireMockServer(configuration));
    }

    public HttpServer server() {
        return server;
    }

    /** Begins to make WireMock. @param failed is told when that does not work, besides all who need it */
    public void make(Consumer<RuntimeException> failed) {
        Thread.ofPlatform().daemon().name("mock-wiremock").start(() -> {
            try {
                get();
            } catch (RuntimeException e) {
                failed.accept(e);
            }
        });
    }

    /** WireMock, as soon as it is made; who comes first makes it. */
    public WireMockServer get() {
        making.run();
        try {
            return making.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException known ? known : new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private final class LateAdmin extends AdminRequestHandler {
        LateAdmin() {
            super(null, null, null, null, false, List.of(), List.of(), null);
        }

        @Override
        public void handle(Request request, HttpResponder responder, ServeEvent event) {
            if (!hasJournal && request.getAbsoluteUrl().contains("/__admin/recordings/start")) {
                // WireMock would find out too late, and leave the stub that forwards everything.
                throw new RequestJournalDisabledException();
            }
            get();
            admin.handle(request, responder, event);
        }
    }

    private final class LateStubs extends StubRequestHandler {
        LateStubs() {
            super(null, null, null, null, null, null, List.of(), List.of(), true, null, null);
        }

        @Override
        public void handle(Request request, HttpResponder responder, ServeEvent event) {
            get();
            stubs.handle(request, responder, event);
        }
    }
}
