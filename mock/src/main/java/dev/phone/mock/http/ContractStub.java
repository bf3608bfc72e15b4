// SPDX-License-Identifier: Apache-2.0
package dev.phone.mock.http;

import com.github.tomakehurst.wiremock.extension.GlobalSettingsListener;
import com.github.tomakehurst.wiremock.extension.ResponseTransformerV2;
import com.github.tomakehurst.wiremock.extension.StubLifecycleListener;
import com.github.tomakehurst.wiremock.global.GlobalSettings;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.http.HttpHeader;
import com.github.tomakehurst.wiremock.http.HttpHeaders;
import com.github.tomakehurst.wiremock.http.Request;
import com.github.tomakehurst.wiremock.stubbing.ServeEvent;
import com.github.tomakehurst.wiremock.stubbing.StubMapping;
import dev.phone.mock.handler.HttpRequest;
import dev.phone.mock.handler.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Where WireMock hands over: makes the response to what no stub of a user matches, see {@link ContractStores}. While a user has asked nothing
 * of WireMock, requests need not go through it: see {@link ContractHandler}.
 */
public final class ContractStub implements ResponseTransformerV2, StubLifecycleListener, GlobalSettingsListener {
    /** What every answer has. */
    static final Map<String, String> ALWAYS = Map.of("cache-control", "no-store", "x-content-type-options", "nosniff",
            "access-control-allow-origin", "*", "access-control-expose-headers",
            "x-request-id, RateLimit, RateLimit-Policy, Retry-After, Idempotent-Replayed, WWW-Authenticate, Preference-Applied, x-mock-reason");

    private final Function<HttpRequest, Response> handler;
    private final Predicate<HttpRequest> known;
    private final Consumer<String> log;
    private final Set<UUID> userStubs = ConcurrentHashMap.newKeySet();
    private volatile boolean hasSettings;
    private volatile boolean isNeeded;

    /**
     * @param known whether there is an operation or a page for a request
     * @param log is told of each request; null when nobody listens
     */
    public ContractStub(Function<HttpRequest, Response> handler, Predicate<HttpRequest> known, Consumer<String> log) {
        this.handler = handler;
        this.known = known;
        this.log = log;
    }

    /** Whether the contract has a response to a request, be it a refusal; what it knows nothing of is for WireMock to journal as unmatched. */
    boolean isKnown(Request request) {
        return known.test(new WireMockRequest(request));
    }

    /** From now on every request goes through WireMock, because someone watches it. */
    public void needWireMock() {
        isNeeded = true;
    }

    /** Whether WireMock has anything to say about requests. */
    boolean isBypassable() {
        return !isNeeded && !hasSettings && userStubs.isEmpty();
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

    /** The response to a request, whichever way it came. */
    Response handle(HttpRequest request) {
        Response response = handler.apply(request);
        if (log != null) {
            log.accept(request.method() + " " + request.path() + " → " + response.status() + "  " + response.reason());
        }
        return response;
    }

    @Override
    public com.github.tomakehurst.wiremock.http.Response transform(com.github.tomakehurst.wiremock.http.Response response, ServeEvent event) {
        StubMapping stub = event.getStubMapping();
        if (stub != ContractStores.CONTRACT) {
            return byUser(response, stub);
        }
        Response ours = handle(new WireMockRequest(event.getRequest()));
        List<HttpHeader> headers = new ArrayList<>(12);
        ours.headers().forEach(header -> headers.add(new HttpHeader(header.name(), header.value())));
        ALWAYS.forEach((name, value) -> headers.add(new HttpHeader(name, value)));
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

    /** What a user's stub answers goes out as it is, with what every answer has. */
    private static com.github.tomakehurst.wiremock.http.Response byUser(com.github.tomakehurst.wiremock.http.Response response, StubMapping stub) {
        if (!response.wasConfigured() || stub == null) {
            return response;
        }
        List<HttpHeader> headers = new ArrayList<>(response.getHeaders().all());
        // One that was recorded from another mock has a reason already.
        headers.removeIf(header -> header.keyEquals("x-mock-reason"));
        headers.add(new HttpHeader("x-mock-reason", Response.printable("stub=" + (stub.getName() != null ? stub.getName() : stub.getId()))));
        ALWAYS.forEach((name, value) -> {
            if (!response.getHeaders().getHeader(name).isPresent()) {
                headers.add(new HttpHeader(name, value));
            }
        });
        return com.github.tomakehurst.wiremock.http.Response.Builder.like(response).headers(new HttpHeaders(headers)).build();
    }
}
