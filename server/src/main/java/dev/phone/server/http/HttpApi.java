// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.http;

import dev.phone.api.ApiError;
import dev.phone.api.ApplicationOperation;
import dev.phone.api.Caller;
import dev.phone.api.Cors;
import dev.phone.api.Input;
import dev.phone.api.Operation;
import dev.phone.api.RequestLog;
import dev.phone.api.RequestTarget;
import dev.phone.api.Response;
import dev.phone.api.Route;
import dev.phone.api.Router;
import dev.phone.server.auth.Authentication;
import dev.phone.server.idempotency.IdempotentRequests;
import dev.phone.server.limits.RateLimits;
import io.helidon.common.uri.UriPath;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.HttpPrologue;
import io.helidon.http.NotFoundException;
import io.helidon.http.Status;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.DirectHandlers;
import io.helidon.webserver.http.Filter;
import io.helidon.webserver.http.FilterChain;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * Handles a request: route, limit of the address, credentials, limit of the operation, input, implementation, response. The order determines
 * which error is returned if several apply; it is the contract's order.
 *
 * <p>It is a filter before all of Helidon's routes, because paths under {@code /v1} are routed by {@link Router}. Unknown paths and unknown
 * methods are a 404: the closed set of errors has no 405, so HEAD and OPTIONS are a 404, too.
 */
public final class HttpApi implements Filter {
    private static final System.Logger LOGGER = System.getLogger(HttpApi.class.getName());
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9._~/-]*");
    private static final HeaderName RATE_LIMIT = HeaderNames.create("RateLimit");
    private static final HeaderName RATE_LIMIT_POLICY = HeaderNames.create("RateLimit-Policy");
    private static final HeaderName FORWARDED_FOR = HeaderNames.create("X-Forwarded-For");

    /** The ID of the request that is being handled, for log lines. */
    public static final ScopedValue<String> REQUEST_ID = ScopedValue.newInstance();

    private final Router<Route> router = new Router<>();
    private final Cors cors;
    private final ClientAddress addresses;
    private final Authentication authentication;
    private final RateLimits limits;
    private final IdempotentRequests idempotency;
    private final Supplier<String> requestIds;
    private final Consumer<RequestLog> log;
    private final InstantSource clock;
    private final RequestMetrics metrics = new RequestMetrics();
    private volatile boolean stopping;

    /**
     * @param requestIds generates an ID for each request; IDs sent by clients are ignored
     * @param log receives every request of an application, before the response is sent; must not block
     */
    public HttpApi(List<Route> routes, ClientAddress addresses, Authentication authentication, RateLimits limits, IdempotentRequests idempotency,
            Supplier<String> requestIds, Consumer<RequestLog> log, InstantSource clock) {
        routes.forEach(route -> router.add(route.operation(), route));
        this.cors = Cors.of(routes.stream().map(Route::operation).toList());
        this.addresses = addresses;
        this.authentication = authentication;
        this.limits = limits;
        this.idempotency = idempotency;
        this.requestIds = requestIds;
        this.log = log;
        this.clock = clock;
    }

    /** Installs the API before all other routes and after the access log, and replaces Helidon's error responses. */
    void install(HttpRouting.Builder routing) {
        routing.addFeature(builder -> builder.addFilter(this)).error(Throwable.class, (request, response, thrown) -> {
            String id = requestIds.get();
            HelidonResponse answer = HelidonResponse.of(thrown instanceof NotFoundException
                    ? ApiError.noSuchRoute(method(request), target(request.prologue()).path())
                    : ErrorResponses.of(thrown, null, id));
            send(request, response, answer, id, false);
        });
    }

    ClientAddress addresses() {
        return addresses;
    }

    DirectHandlers directHandlers() {
        return ErrorResponses.directHandlers(requestIds);
    }

    /** Closes each connection after its next response. */
    void stopping() {
        stopping = true;
    }

    @Override
    public void filter(FilterChain chain, RoutingRequest request, RoutingResponse response) {
        String id = requestIds.get();
        ScopedValue.where(REQUEST_ID, id).run(() -> filter(chain, request, response, id));
    }

    private void filter(FilterChain chain, RoutingRequest request, RoutingResponse response, String id) {
        try {
            String method = method(request);
            RequestTarget target = target(request.prologue());
            if (Cors.isPreflight(method, request.headers().contains(HeaderNames.ORIGIN), request.headers().contains(HeaderNames.ACCESS_CONTROL_REQUEST_METHOD))) {
                HelidonResponse.common(response.headers(), id);
                HelidonResponse.preflight(response.headers(), cors);
                response.status(Status.NO_CONTENT_204);
                send(request, response, new byte[0], false);
            } else if (isApi(method, target.path())) {
                ClientConnection.current().waits();
                handle(request, response, id, method, target);
            } else if (isPage(request, method, target)) {
                HelidonResponse.common(response.headers(), id);
                chain.proceed();
            } else {
                send(request, response, HelidonResponse.of(ApiError.noSuchRoute(method, target.path())), id, false);
            }
        } finally {
            if (request.content().consumed()) {
                ClientConnection.current().isIdle();
            } else {
                // Helidon discards the rest of the body.
                ClientConnection.current().sendsRest();
            }
        }
        if (stopping || asksToClose(request) || HelidonRequest.isLeftBehind(request)) {
            throw new CloseConnectionException("this was the last response on the connection");
        }
    }

    /** Whether a request is for the API. A path with an encoded {@code /v1/} does not count: it is a 404 in either case. */
    private boolean isApi(String method, String path) {
        return path.startsWith("/v1/") || path.indexOf('%') >= 0 && router.match(method, path) != null;
    }

    /**
     * Whether Helidon may serve a page. Helidon routes by decoded and normalised paths and ignores the case of methods; we require both exactly as
     * documented.
     */
    private static boolean isPage(RoutingRequest request, String method, RequestTarget target) {
        HttpPrologue prologue = request.prologue();
        if (!method.equals(prologue.method().text()) || !PLAIN.matcher(target.path()).matches()) {
            return false;
        }
        UriPath path = UriPath.create(target.path());
        if (!path.path().equals(target.path())) {
            return false;
        }
        if (!target.path().equals(prologue.uriPath().rawPath())) {
            // The target was an absolute URI.
            request.prologue(HttpPrologue.create(prologue.rawProtocol(), prologue.protocol(), prologue.protocolVersion(), prologue.method(), path,
                    prologue.query(), prologue.fragment()));
        }
        return true;
    }

    /** Handles a request for the API. */
    private void handle(RoutingRequest request, RoutingResponse response, String id, String method, RequestTarget target) {
        long start = System.nanoTime();
        Instant now = clock.instant();
        String path = target.path();
        Router.Match<Route> match = router.match(method, path);
        HelidonRequest exchange = new HelidonRequest(request, target, match);
        Operation operation = match == null ? null : match.target().operation();
        RateLimits.Usage usage = match == null ? null : limits.usage(operation);
        HelidonResponse answer;
        ApiError error = null;
        try {
            if (match == null) {
                throw ApiError.noSuchRoute(method, path);
            }
            answer = HelidonResponse.of(answer(match.target(), request, path, exchange, usage));
        } catch (CloseConnectionException e) {
            throw e;
        } catch (Throwable thrown) {
            if (usage != null && thrown instanceof ApiError refusal && refusal.retryAfter() != null) {
                usage.exhaust(refusal.retryAfter());
            }
            error = ErrorResponses.of(thrown, operation, id);
            answer = HelidonResponse.of(error, operation);
        }
        if (usage != null) {
            response.headers().set(RATE_LIMIT_POLICY, usage.policy());
            if (usage.header() != null) {
                response.headers().set(RATE_LIMIT, usage.header());
            }
        }
        metrics.count(operation, answer.status(), start);
        if (exchange.applicationId() != null && usage.admitted()) {
            log.accept(new RequestLog(id, exchange.applicationId(), ApplicationOperation.of(operation.id()), operation.method(), operation.path(),
                    answer.status(), error == null ? null : error.code().text(), (int) Duration.ofNanos(System.nanoTime() - start).toMillis(), now));
        }
        LOGGER.log(Level.DEBUG, "{0} {1} {2} {3}", id, method, operation == null ? path : operation.id(), answer.status());
        send(request, response, answer, id, exchange.isOutOfStep());
    }

    private Response answer(Route route, ServerRequest request, String path, HelidonRequest exchange, RateLimits.Usage usage) {
        Operation operation = route.operation();
        String address = address(request);
        usage.check(address);
        Authentication.Authenticated authenticated;
        try {
            authenticated = authentication.authenticate(operation.auth(), exchange);
        } catch (ApiError refused) {
            usage.count(address, false, null);
            throw refused;
        }
        Caller caller = authenticated.caller();
        if (caller instanceof Caller.Application application) {
            exchange.isOf(application.id());
        }
        usage.count(address, !authenticated.suspended(), caller instanceof Caller.Application application ? application.clientId() : null);
        if (authenticated.suspended()) {
            throw ApiError.suspended();
        }
        Input input = Input.read(operation, exchange);
        String key = operation.idempotent() ? input.text(Operation.IDEMPOTENCY_KEY) : null;
        return key == null ? route.handler().handle(caller, input)
                : idempotency.run(operation, scope(caller, address), key, path, input.body(),
                        () -> route.handler().handle(caller, input));
    }

    /** The rate-limit key of the client's address. */
    String address(ServerRequest request) {
        return addresses.of(((InetSocketAddress) request.remotePeer().address()).getAddress(), request.headers().all(FORWARDED_FOR, List::of));
    }

    /** The operation of a request; null if there is none. */
    Operation operation(ServerRequest request) {
        Router.Match<Route> match = router.match(method(request), target(request.prologue()).path());
        return match == null ? null : match.target().operation();
    }

    /** The scope of an Idempotency-Key. */
    private static String scope(Caller caller, String address) {
        return switch (caller) {
            case Caller.User user -> user.id();
            case Caller.Application application -> application.id();
            case Caller.Anonymous anyone -> address;
        };
    }

    private void send(ServerRequest request, ServerResponse response, HelidonResponse answer, String id, boolean last) {
        response.status(Status.create(answer.status()));
        answer.headers(response.headers(), id);
        send(request, response, answer.body(), last);
    }

    /** @param last whether no further request can be read from the connection */
    private void send(ServerRequest request, ServerResponse response, byte[] body, boolean last) {
        if (last || HelidonRequest.isLeftBehind(request) || stopping || asksToClose(request)) {
            response.header(HeaderValues.CONNECTION_CLOSE);
        }
        ClientConnection.current().takesResponse(body.length, body.length);
        if (method(request).equals("HEAD")) {
            response.headers().contentLength(body.length);
            response.send(new byte[0]);
        } else if (body.length <= Pieces.BYTES) {
            response.send(body);
        } else {
            Pieces.send(response, body);
        }
        if (last) {
            throw new CloseConnectionException("the connection is out of step");
        }
    }

    /** The method as it was sent. */
    private static String method(ServerRequest request) {
        return request.headers().contains(AmbiguousRequests.METHOD) ? request.headers().get(AmbiguousRequests.METHOD).get() : request.prologue().method().text();
    }

    private static RequestTarget target(HttpPrologue prologue) {
        String path = prologue.uriPath().rawPath();
        String query = prologue.query().rawValue();
        return RequestTarget.of(query == null || query.isEmpty() ? path : path + '?' + query);
    }

    private static boolean asksToClose(ServerRequest request) {
        for (String value : request.headers().all(HeaderNames.CONNECTION, List::of)) {
            for (String option : value.split(",")) {
                if (option.strip().equalsIgnoreCase("close")) {
                    return true;
                }
            }
        }
        return false;
    }
}
