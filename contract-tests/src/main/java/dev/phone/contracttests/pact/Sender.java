// SPDX-License-Identifier: Apache-2.0
package dev.phone.contracttests.pact;

import au.com.dius.pact.core.model.ContentType;
import au.com.dius.pact.core.model.IRequest;
import au.com.dius.pact.core.model.OptionalBody;
import au.com.dius.pact.core.model.Response;
import dev.phone.contracttests.target.Target;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Sends the requests of pacts, and converts the responses to pact-jvm's. */
public final class Sender {
    /** Headers that the HTTP client writes itself. */
    private static final Set<String> NOT_OURS = Set.of("host", "connection", "content-length", "expect", "upgrade", "transfer-encoding");
    /** Headers whose single value may contain commas. */
    private static final Set<String> SINGLE = Set.of("www-authenticate", "date", "last-modified", "expires", "retry-after");

    /** Sends a request over the network. */
    @FunctionalInterface
    public interface Transport {
        HttpResponse<byte[]> send(HttpRequest request) throws IOException, InterruptedException;

        /** Sends by HTTP/1.1, without delay. */
        static Transport direct() {
            HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(Duration.ofSeconds(10)).build();
            return request -> client.send(request, HttpResponse.BodyHandlers.ofByteArray());
        }
    }

    private final Transport transport;

    Sender(Transport transport) {
        this.transport = transport;
    }

    Response send(Target target, IRequest request) {
        HttpRequest.Builder builder;
        try {
            builder = HttpRequest.newBuilder(URI.create(target.url() + path(request))).timeout(Duration.ofSeconds(30))
                    .method(request.getMethod(), request.getBody().isPresent() ? HttpRequest.BodyPublishers.ofByteArray(request.getBody().unwrap())
                            : HttpRequest.BodyPublishers.noBody());
            headers(request).forEach((name, values) ->
                    builder.header(name, target.header(name, values)));
        } catch (IllegalArgumentException e) {
            throw new PactProblem("the request cannot be sent: " + e.getMessage());
        }
        try {
            return response(transport.send(builder.build()));
        } catch (IOException e) {
            throw new PactProblem("no answer from the " + target.name() + " to " + request.getMethod() + " " + request.getPath() + ": " + e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PactProblem("interrupted");
        }
    }

    /** The path of a pact, unchanged except for characters that must not be in a request line: some libraries encode them, some do not. */
    static String path(IRequest request) {
        StringBuilder target = new StringBuilder();
        for (char c : request.getPath().toCharArray()) {
            target.append(c > ' ' && c < 127 && "\"<>\\^`{|}?#".indexOf(c) < 0 ? String.valueOf(c) : encode(String.valueOf(c)));
        }
        char separator = '?';
        for (Map.Entry<String, List<String>> parameter : request.getQuery().entrySet()) {
            for (String value : parameter.getValue()) {
                target.append(separator).append(encode(parameter.getKey())).append(value == null ? "" : "=" + encode(value));
                separator = '&';
            }
        }
        return target.toString();
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** By lower-case name. Pacts of pact-js have some headers twice, in different case. */
    private static Map<String, String> headers(IRequest request) {
        Map<String, Set<String>> headers = new LinkedHashMap<>();
        request.getHeaders().forEach((name, values) ->
                headers.computeIfAbsent(name.toLowerCase(Locale.ROOT), lower -> new LinkedHashSet<>()).addAll(values));
        if (request.getBody().isPresent()) {
            headers.computeIfAbsent("content-type", name -> Set.of(request.determineContentType().isJson()
                    ? "application/json" : request.determineContentType().toString()));
        }
        headers.keySet().removeAll(NOT_OURS);
        Map<String, String> joined = new LinkedHashMap<>();
        headers.forEach((name, values) -> joined.put(name, String.join(", ", values)));
        return joined;
    }

    private static Response response(HttpResponse<byte[]> response) {
        Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        response.headers().map().forEach((name, values) -> {
            List<String> all = new ArrayList<>();
            values.forEach(value -> all.addAll(SINGLE.contains(name) ? List.of(value) : List.of(value.split("\\s*,\\s*"))));
            headers.put(name, all);
        });
        ContentType type = response.headers().firstValue("content-type").map(ContentType::fromString).orElse(ContentType.getTEXT_PLAIN());
        return new Response(response.statusCode(), headers, OptionalBody.body(response.body(), type));
    }
}
