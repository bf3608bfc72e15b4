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

/** Adapts a request of Helidon. */
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
            // Read at most one byte more than allowed, and no more than announced, so that the buffer stays small.
            byte[] bytes = in.readNBytes((int) Math.min(request.headers().contentLength().orElse(Long.MAX_VALUE), Rules.BODY_MAXIMUM + 1));
            if (bytes.length > Rules.BODY_MAXIMUM) {
                // Discard the rest, so that the client gets the response instead of a broken connection. Helidon limits the size.
                in.skip(Long.MAX_VALUE);
            } else {
                // The body counts as consumed only after its end has been read.
                in.read();
            }
            ClientConnection.current().waits();
            return bytes;
        } catch (WireConnections.EndOfStream e) {
            // A client that announced a wrong length may still read the response.
            broken = true;
            throw ApiError.malformed();
        } catch (CloseConnectionException e) {
            throw e;
        } catch (UncheckedIOException | IOException e) {
            throw new CloseConnectionException("the client left while it was sending its body", e);
        } catch (RuntimeException e) {
            // Malformed chunks, for which Helidon throws several types of exceptions.
            broken = true;
            throw e instanceof RequestException refusal ? ErrorResponses.of(refusal.status()) : ApiError.malformed();
        }
    }

    /** Sets the application, after its credentials have been verified. */
    void isOf(String application) {
        applicationId = application;
    }

    /** The authenticated application; null if there is none. */
    String applicationId() {
        return applicationId;
    }

    /** Whether the start of the next request on the connection is unknown. */
    boolean isOutOfStep() {
        return broken || isLeftBehind(request);
    }

    /**
     * Whether a request announced a body with {@code Expect: 100-continue} that was never requested. The client may send it anyway, and it must not
     * be parsed as the next request. Helidon discards any other body after the response.
     */
    static boolean isLeftBehind(ServerRequest request) {
        return request.headers().contains(HeaderNames.EXPECT) && request.content().hasEntity() && !request.content().consumed();
    }
}
