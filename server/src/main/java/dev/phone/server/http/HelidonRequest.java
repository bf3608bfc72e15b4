// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.http;

import dev.phone.api.ApiError;
import dev.phone.api.Exchange;
import dev.phone.api.RequestTarget;
import dev.phone.api.Route;
import dev.phone.api.Router;
import dev.phone.api.Rules;
import io.helidon.http.HeaderNames;
import io.helidon.http.RequestException;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.ServerRequest;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A request of Helidon's, as the contract sees it. */
final class HelidonRequest implements Exchange {
    private final ServerRequest request;
    private final RequestTarget target;
    private final Router.Match<Route> match;
    private byte[] body;
    private boolean broken;
    private String applicationId;

    HelidonRequest(ServerRequest request, RequestTarget target, Router.Match<Route> match) {
        this.request = request;
        this.target = target;
        this.match = match;
    }

    @Override
    public String path(String name) {
        return match.value(name);
    }

    @Override
    public List<String> query(String name) {
        return target.query(name);
    }

    @Override
    public List<String> header(String name) {
        return request.headers().all(HeaderNames.create(name), List::of);
    }

    @Override
    public Map<String, String> allHeaders() {
        Map<String, String> headers = new TreeMap<>();
        request.headers().forEach(header -> {
            if (!header.headerName().equals(AmbiguousRequests.METHOD)) {
                headers.merge(header.headerName().lowerCase(), String.join(", ", header.allValues()), (a, b) -> a + ", " + b);
            }
        });
        return headers;
    }

    @Override
    public byte[] body() {
        if (body == null) {
            body = request.content().hasEntity() ? read() : new byte[0];
        }
        if (body.length > Rules.BODY_MAXIMUM) {
            throw ApiError.tooLarge();
        }
        return body;
    }

    private byte[] read() {
        ClientConnection.current().sendsBody();
        try {
            InputStream in = request.content().inputStream();
            // No more than we take and one, nor than is announced, so that the buffer is no larger than it must be.
            byte[] bytes = in.readNBytes((int) Math.min(request.headers().contentLength().orElse(Long.MAX_VALUE), Rules.BODY_MAXIMUM + 1));
            if (bytes.length > Rules.BODY_MAXIMUM) {
                // Its sender should hear why, and not just find the connection broken. Helidon ends this where a request becomes absurd.
                in.skip(Long.MAX_VALUE);
            } else {
                // A body counts as consumed when its end has been seen.
                in.read();
            }
            ClientConnection.current().waits();
            return bytes;
        } catch (WireConnections.EndOfStream e) {
            // Whoever said too much about the length of its body may still be listening.
            broken = true;
            throw ApiError.malformed();
        } catch (CloseConnectionException e) {
            throw e;
        } catch (UncheckedIOException | IOException e) {
            throw new CloseConnectionException("the client left while it was sending its body", e);
        } catch (RuntimeException e) {
            // Chunks that are none, for which Helidon has a handful of exceptions.
            broken = true;
            throw e instanceof RequestException refusal ? ErrorResponses.of(refusal.status()) : ApiError.malformed();
        }
    }

    /** Says whose credentials it came with, once they have been found to be good. */
    void isOf(String application) {
        applicationId = application;
    }

    /** The application whose credentials it came with; null when they were not good, or another's. */
    String applicationId() {
        return applicationId;
    }

    /** Whether it is unknown where on the connection the next request starts. */
    boolean isOutOfStep() {
        return broken || isLeftBehind(request);
    }

    /**
     * Whether a request has a body that its sender was never asked for. What follows on the connection may be that body, and must not be taken
     * for the next request. Any other body Helidon reads away after the response.
     */
    static boolean isLeftBehind(ServerRequest request) {
        return request.headers().contains(HeaderNames.EXPECT) && request.content().hasEntity() && !request.content().consumed();
    }
}
