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
import com.github.tomakehurst.wiremock.http.Response;
import com.github.tomakehurst.wiremock.stubbing.ServeEvent;
import com.github.tomakehurst.wiremock.stubbing.StubMapping;
import dev.phone.mock.answer.Answer;
import dev.phone.mock.answer.Call;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Where WireMock hands over: makes the response to what no stub of a user matches, see {@link ContractStores}. While a user has asked nothing
 * of WireMock, requests need not go through it: see {@link ExpressLane}.
 */
public final class Front implements ResponseTransformerV2, StubLifecycleListener, GlobalSettingsListener {
    /** What every answer has. */
    static final Map<String, String> ALWAYS = Map.of("cache-control", "no-store", "x-content-type-options", "nosniff",
            "access-control-allow-origin", "*", "access-control-expose-headers",
            "x-request-id, RateLimit, RateLimit-Policy, Retry-After, Idempotent-Replayed, WWW-Authenticate, Preference-Applied, x-mock-reason");
    private static final byte[] NOTHING = {};

    private final Function<Call, Answer> desk;
    private final Predicate<Call> known;
    private final Supplier<Preflight> preflight;
    private final Consumer<String> log;
    private final Set<UUID> userStubs = ConcurrentHashMap.newKeySet();
    private volatile boolean hasSettings;
    private volatile boolean isNeeded;

    /**
     * @param known whether there is an operation or a page for a request
     * @param log is told of each request; null when nobody listens
     */
    public Front(Function<Call, Answer> desk, Predicate<Call> known, Supplier<Preflight> preflight, Consumer<String> log) {
        this.desk = desk;
        this.known = known;
        this.preflight = preflight;
        this.log = log;
    }

    /** What a browser may send. */
    public record Preflight(String methods, String headers, String requestId) {
    }

    /** Whether the contract has an answer to a request, be it a refusal; what it knows nothing of is for WireMock to journal as unmatched. */
    boolean isKnown(Request request) {
        Call call = new WireMockCall(request);
        return isPreflight(call) || known.test(call);
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

    /** The answer to a request, whichever way it came. */
    Answer answer(Call call) {
        Answer answer = isPreflight(call) ? preflight() : desk.apply(call);
        if (log != null) {
            log.accept(call.method() + " " + call.path() + " → " + answer.status() + "  " + answer.reason());
        }
        return answer;
    }

    private static boolean isPreflight(Call call) {
        return call.method().equals("OPTIONS") && !call.header("origin").isEmpty()
                && !call.header("access-control-request-method").isEmpty();
    }

    private Answer preflight() {
        Preflight allowed = preflight.get();
        return new Answer(204, null, NOTHING, allowed.requestId, null, null, 0, "preflight", null, Map.of(
                "access-control-allow-methods", allowed.methods,
                "access-control-allow-headers", allowed.headers,
                // Two hours, the longest that a browser remembers.
                "access-control-max-age", "7200"), 0, null);
    }

    /** Tells the headers of an answer. */
    static void headers(Answer answer, BiConsumer<String, String> each) {
        ownHeaders(answer, each);
        ALWAYS.forEach(each);
    }

    /** Tells the headers of an answer but those that every answer has. */
    static void ownHeaders(Answer answer, BiConsumer<String, String> each) {
        if (answer.contentType() != null) {
            each.accept("content-type", answer.contentType());
        }
        each.accept("x-request-id", answer.requestId());
        if (answer.policy() != null) {
            each.accept("RateLimit-Policy", answer.policy());
        }
        if (answer.standing() != null) {
            each.accept("RateLimit", answer.standing());
        }
        if (answer.retryAfter() > 0) {
            each.accept("Retry-After", String.valueOf(answer.retryAfter()));
        }
        if (answer.applied() != null) {
            each.accept("Preference-Applied", answer.applied());
        }
        answer.more().forEach(each);
        each.accept("x-mock-reason", printable(answer.reason()));
    }

    /** A reason may quote what was sent, and that must not make header fields of its own. */
    private static String printable(String reason) {
        for (int i = 0; i < reason.length(); i++) {
            if (reason.charAt(i) < ' ' || reason.charAt(i) > '~') {
                return reason.replaceAll("[^ -~]", "?");
            }
        }
        return reason;
    }

    @Override
    public Response transform(Response response, ServeEvent event) {
        StubMapping stub = event.getStubMapping();
        if (stub != ContractStores.CONTRACT) {
            return byUser(response, stub);
        }
        Answer answer = answer(new WireMockCall(event.getRequest()));
        List<HttpHeader> headers = new ArrayList<>(12);
        headers(answer, (name, value) -> headers.add(new HttpHeader(name, value)));
        Response.Builder made = Response.response().status(answer.status()).headers(new HttpHeaders(headers)).body(answer.body())
                .incrementInitialDelay(response.getInitialDelay() + answer.delay());
        return (answer.fault() == null ? made : made.fault(fault(answer.fault()))).build();
    }

    private static Fault fault(Answer.Fault fault) {
        return switch (fault) {
            case RESET -> Fault.CONNECTION_RESET_BY_PEER;
            case EMPTY -> Fault.EMPTY_RESPONSE;
            case MALFORMED -> Fault.MALFORMED_RESPONSE_CHUNK;
            case GARBAGE -> Fault.RANDOM_DATA_THEN_CLOSE;
        };
    }

    /** What a user's stub answers goes out as it is, with what every answer has. */
    private static Response byUser(Response response, StubMapping stub) {
        if (!response.wasConfigured() || stub == null) {
            return response;
        }
        List<HttpHeader> headers = new ArrayList<>(response.getHeaders().all());
        // One that was recorded from another mock has a reason already.
        headers.removeIf(header -> header.keyEquals("x-mock-reason"));
        headers.add(new HttpHeader("x-mock-reason", printable("stub=" + (stub.getName() != null ? stub.getName() : stub.getId()))));
        ALWAYS.forEach((name, value) -> {
            if (!response.getHeaders().getHeader(name).isPresent()) {
                headers.add(new HttpHeader(name, value));
            }
        });
        return Response.Builder.like(response).headers(new HttpHeaders(headers)).build();
    }
}
