// SPDX-License-Identifier: Apache-2.0
package dev.phone.mock.wiremock;

import com.github.tomakehurst.wiremock.common.FileSource;
import com.github.tomakehurst.wiremock.extension.GlobalSettingsListener;
import com.github.tomakehurst.wiremock.extension.ResponseTransformerV2;
import com.github.tomakehurst.wiremock.extension.StubLifecycleListener;
import com.github.tomakehurst.wiremock.global.GlobalSettings;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.http.HttpHeader;
import com.github.tomakehurst.wiremock.http.HttpHeaders;
import com.github.tomakehurst.wiremock.http.Request;
import com.github.tomakehurst.wiremock.store.Stores;
import com.github.tomakehurst.wiremock.stubbing.ServeEvent;
import com.github.tomakehurst.wiremock.stubbing.StubMapping;
import dev.phone.mock.handler.Responder;
import dev.phone.mock.handler.Response;
import dev.phone.mock.http.ServedRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A catch-all stub of lowest priority, whose response comes from the contract; see {@link ContractStores}. It also tracks whether a feature of
 * WireMock is in use, so that requests must go through it.
 */
public final class ContractStub implements ResponseTransformerV2, StubLifecycleListener, GlobalSettingsListener {
    private final Responder contract;
    private final BoundedJournal journal;
    private final Set<UUID> userStubs = ConcurrentHashMap.newKeySet();
    private volatile boolean hasSettings;
    private volatile boolean isWatched;

    /** @param journalEntries the maximum number of requests in the journal */
    public ContractStub(Responder contract, int journalEntries) {
        this.contract = contract;
        journal = new BoundedJournal(journalEntries, Runtime.getRuntime().maxMemory() / 8, this::isKnown, () -> !userStubs.isEmpty());
    }

    private boolean isKnown(Request request) {
        return contract.knows(new WireMockRequest(request));
    }

    /** WireMock's stores with this stub. @param root the folder of WireMock's files */
    public Stores stores(FileSource root) {
        // WireMock journals requests without a route as unmatched.
        return new ContractStores(root, this::isKnown, journal);
    }

    /** Adds a request that was answered without WireMock to its journal. */
    public void served(ServedRequest request) {
        journal.add(request);
    }

    /** Sends all further requests through WireMock, because it may have listeners. */
    public void watch() {
        isWatched = true;
    }

    /** Whether WireMock must see every request. */
    public boolean isNeeded() {
        return isWatched || hasSettings || !userStubs.isEmpty();
    }

    @Override
    public void afterStubCreated(StubMapping stub) {
        userStubs.add(stub.getId());
    }

    @Override
    public void afterStubRemoved(StubMapping stub) {
        userStubs.remove(stub.getId());
    }

    @Override
    public void afterStubsReset() {
        userStubs.clear();
    }

    @Override
    public void afterGlobalSettingsUpdated(GlobalSettings before, GlobalSettings now) {
        hasSettings = now.getFixedDelay() != null || now.getDelayDistribution() != null;
    }

    @Override
    public String getName() {
        return "phone";
    }

    @Override
    public com.github.tomakehurst.wiremock.http.Response transform(com.github.tomakehurst.wiremock.http.Response response, ServeEvent event) {
        StubMapping stub = event.getStubMapping();
        if (stub != ContractStores.CONTRACT) {
            return byUser(response, stub);
        }
        Response ours = contract.handle(new WireMockRequest(event.getRequest()));
        List<HttpHeader> headers = new ArrayList<>(12);
        ours.headers().forEach(header -> headers.add(new HttpHeader(header.name(), header.value())));
        Response.ALWAYS.forEach((name, value) -> {
            if (!ours.has(name)) {
                headers.add(new HttpHeader(name, value));
            }
        });
        var made = com.github.tomakehurst.wiremock.http.Response.response().status(ours.status()).headers(new HttpHeaders(headers))
                .body(ours.body()).incrementInitialDelay(response.getInitialDelay() + ours.delay());
        return (ours.fault() == null ? made : made.fault(fault(ours.fault()))).build();
    }

    private static Fault fault(Response.Fault fault) {
        return switch (fault) {
            case RESET -> Fault.CONNECTION_RESET_BY_PEER;
            case EMPTY -> Fault.EMPTY_RESPONSE;
            case MALFORMED -> Fault.MALFORMED_RESPONSE_CHUNK;
            case GARBAGE -> Fault.RANDOM_DATA_THEN_CLOSE;
        };
    }

    /** The response of a user's stub, unchanged except for the default headers. */
    private static com.github.tomakehurst.wiremock.http.Response byUser(com.github.tomakehurst.wiremock.http.Response response, StubMapping stub) {
        if (!response.wasConfigured() || stub == null) {
            return response;
        }
        List<HttpHeader> headers = new ArrayList<>(response.getHeaders().all());
        // A stub recorded from another mock already has a reason.
        headers.removeIf(header -> header.keyEquals("x-mock-reason"));
        headers.add(new HttpHeader("x-mock-reason", Response.printable("stub=" + (stub.getName() != null ? stub.getName() : stub.getId()))));
        Response.ALWAYS.forEach((name, value) -> {
            if (!response.getHeaders().getHeader(name).isPresent()) {
                headers.add(new HttpHeader(name, value));
            }
        });
        return com.github.tomakehurst.wiremock.http.Response.Builder.like(response).headers(new HttpHeaders(headers)).build();
    }
}
