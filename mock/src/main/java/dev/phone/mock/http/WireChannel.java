// SPDX-License-Identifier: Apache-2.0
package dev.phone.mock.http;

import dev.phone.api.RequestHead;
import dev.phone.api.RequestTarget;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.eclipse.jetty.http.BadMessageException;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpChannelOverHttp;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnection;
import org.eclipse.jetty.server.Request;

/**
 * Applies the server's rules where Jetty has others: HTTP/1.1 only, {@link RequestHead}. It also keeps the target as it was sent,
 * because Jetty refuses some targets that we answer.
 */
final class WireChannel extends HttpChannelOverHttp {
    private static final String TOO_LARGE = "too large";
    /** Java's replacement for bytes that are not UTF-8. */
    private static final char REPLACEMENT = '\ufffd';

    private final ClientConnection client;
    private final List<String> hosts = new ArrayList<>(1);
    private final List<String> lengths = new ArrayList<>(1);
    private final List<String> encodings = new ArrayList<>(1);
    private final List<HttpField> expectations = new ArrayList<>(1);
    private String method;
    private String target;
    private boolean onlyOurs;

    WireChannel(HttpConnection connection, Connector connector, HttpConfiguration configuration, ClientConnection client) {
        super(connection, connector, configuration, connection.getEndPoint(), connection);
        this.client = client;
    }

    static WireChannel of(Request request) {
        return (WireChannel) request.getHttpChannel();
    }

    /** The target as it was sent. */
    String target() {
        return target;
    }

    /** Whether WireMock must not handle the request, because it would not get the original method or target. */
    boolean isOnlyOurs() {
        return onlyOurs;
    }

    /** Whether a message is bad because its announced body is far too large. */
    static boolean isTooLarge(String reason) {
        return TOO_LARGE.equals(reason);
    }

    @Override
    public void startRequest(String method, String uri, HttpVersion version) {
        hosts.clear();
        lengths.clear();
        encodings.clear();
        expectations.clear();
        this.method = method;
        target = uri;
        onlyOurs = !isReadable(method, uri) || !method.equals(method.toUpperCase(Locale.ROOT));
        // Jetty confuses some methods and refuses some targets, so it gets replacements for them. It must know a HEAD, whose response has no body.
        super.startRequest(onlyOurs && !method.equals("HEAD") ? "GET" : method, onlyOurs ? "/" : uri, version);
    }

    /** As it was sent. */
    String method() {
        return method;
    }

    private static boolean isReadable(String method, String uri) {
        if (uri.startsWith("/") && uri.indexOf('%') < 0 && !uri.contains("/.")) {
            return true;
        }
        if (!RequestTarget.hasPath(uri)) {
            // Jetty would treat it as a path, or refuse it.
            return false;
        }
        try {
            HttpURI parsed = HttpURI.from(method, uri);
            String path = parsed.getDecodedPath();
            // Jetty refuses a query that is not UTF-8 when WireMock reads it.
            return path != null && path.startsWith("/")
                    && (parsed.getQuery() == null || URLDecoder.decode(parsed.getQuery(), StandardCharsets.UTF_8).indexOf(REPLACEMENT) < 0);
        } catch (RuntimeException e) {
            return false;
        }
    }

    @Override
    public void parsedHeader(HttpField field) {
        HttpHeader header = field.getHeader();
        if (header == HttpHeader.HOST) {
            hosts.add(text(field));
        } else if (header == HttpHeader.CONTENT_LENGTH) {
            lengths.add(text(field));
        } else if (header == HttpHeader.TRANSFER_ENCODING) {
            encodings.add(text(field));
        } else if (header == HttpHeader.EXPECT && "100-continue".equalsIgnoreCase(field.getValue())) {
            expectations.add(field);
            return;
        } else if (header == HttpHeader.EXPECT || header == HttpHeader.UPGRADE) {
            // Jetty would refuse it before our checks.
            super.parsedHeader(unknown(field));
            return;
        }
        super.parsedHeader(field);
    }

    /** The field as one that means nothing to Jetty. */
    private static HttpField unknown(HttpField field) {
        return new HttpField((HttpHeader) null, field.getName(), field.getValue());
    }

    private static String text(HttpField field) {
        return field.getValue() == null ? "" : field.getValue();
    }

    @Override
    public boolean headerComplete() {
        String problem = RequestHead.problem(target, hosts, lengths, encodings);
        if (problem != null) {
            throw new BadMessageException(problem);
        }
        if (!lengths.isEmpty() && Long.parseLong(lengths.getFirst()) > RequestHead.ABSURD_BODY_BYTES) {
            throw new BadMessageException(HttpStatus.PAYLOAD_TOO_LARGE_413);
        }
        boolean bodyFollows = !lengths.isEmpty() && Long.parseLong(lengths.getFirst()) > 0 || !encodings.isEmpty();
        // Jetty would wait for a body that does not follow, and close the connection.
        expectations.forEach(field -> super.parsedHeader(bodyFollows ? field : unknown(field)));
        client.sentHead(bodyFollows);
        return super.headerComplete();
    }

    @Override
    public boolean content(ByteBuffer buffer) {
        client.receivedBody(buffer.remaining());
        return super.content(buffer);
    }

    @Override
    public boolean contentComplete() {
        client.waits();
        return super.contentComplete();
    }

    @Override
    public void badMessage(BadMessageException failure) {
        String reason = failure.getCode() == HttpStatus.PAYLOAD_TOO_LARGE_413 ? TOO_LARGE : failure.getReason();
        super.badMessage(new BadMessageException(HttpStatus.UNPROCESSABLE_ENTITY_422, reason, failure));
    }
}
