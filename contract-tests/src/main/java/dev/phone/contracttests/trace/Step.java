// SPDX-License-Identifier: Apache-2.0
package dev.phone.contracttests.trace;

import io.restassured.http.Header;
import io.restassured.http.Headers;
import io.restassured.response.Response;
import io.restassured.specification.FilterableRequestSpecification;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import java.util.TreeMap;

/**
 * One request and its response, as they were sent.
 *
 * @param target the path and query
 * @param requestHeaders by lower-case name; several values of one name are joined by a comma
 * @param requestBody null when there was none
 * @param headers by lower-case name, joined likewise
 */
public record Step(String method, String target, Map<String, String> requestHeaders, String requestBody, int status,
        Map<String, String> headers, String body) {

    private static final String RAW = "(bytes)";
    private static final String EVENT = "(event)";

    /** Headers that the HTTP client adds to every request. */
    private static final Set<String> OF_THE_CLIENT = Set.of("accept", "user-agent", "connection", "accept-encoding", "content-length", "host");

    /** A request and response of REST Assured. */
    public static Step of(FilterableRequestSpecification request, Response response) {
        URI uri = URI.create(request.getURI());
        Map<String, String> sent = joined(request.getHeaders());
        sent.keySet().removeAll(OF_THE_CLIENT);
        Object body = request.getBody();
        return new Step(request.getMethod(), uri.getRawPath() + (uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery()), sent,
                body == null ? null : body.toString(), response.statusCode(), joined(response.headers()), response.asString());
    }

    /** A request and response of the JDK's client. @param body the body that was sent; null for none */
    public static Step of(HttpRequest request, String body, HttpResponse<String> response) {
        URI uri = request.uri();
        return new Step(request.method(), uri.getRawPath() + (uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery()), joined(request.headers()), body,
                response.statusCode(), joined(response.headers()), response.body());
    }

    /**
     * Raw bytes, which need not be valid HTTP.
     *
     * @param what a description, used instead of the target
     * @param headers by lower-case name
     */
    public static Step raw(String what, String bytes, int status, Map<String, String> headers, String body) {
        return new Step(RAW, what, Map.of(), bytes, status, headers, body);
    }

    /**
     * An event delivered by a webhook; its type is used instead of the target.
     *
     * @param headers the received headers
     */
    public static Step event(String type, HttpHeaders headers, String body) {
        return new Step(EVENT, type, Map.of(), null, 0, joined(headers), body);
    }

    /** Whether this is a received event rather than a request that was sent. */
    public boolean isEvent() {
        return method.equals(EVENT);
    }

    private static Map<String, String> joined(HttpHeaders headers) {
        Map<String, String> joined = new TreeMap<>();
        headers.map().forEach((name, values) -> joined.put(name.toLowerCase(Locale.ROOT), String.join(", ", values)));
        return joined;
    }

    private static Map<String, String> joined(Headers headers) {
        Map<String, String> joined = new TreeMap<>();
        for (Header header : headers) {
            joined.merge(header.getName().toLowerCase(Locale.ROOT), String.valueOf(header.getValue()), (first, next) -> first + ", " + next);
        }
        return joined;
    }

    JsonObject toJson() {
        JsonObjectBuilder json = Json.createObjectBuilder().add("method", method).add("target", target)
                .add("requestHeaders", Json.createObjectBuilder(Map.copyOf(requestHeaders)));
        if (requestBody != null) {
            json.add("requestBody", requestBody);
        }
        return json.add("status", status).add("headers", Json.createObjectBuilder(Map.copyOf(headers))).add("body", body).build();
    }

    static Step of(JsonObject json) {
        return new Step(json.getString("method"), json.getString("target"), map(json.getJsonObject("requestHeaders")),
                json.getString("requestBody", null), json.getInt("status"), map(json.getJsonObject("headers")), json.getString("body"));
    }

    private static Map<String, String> map(JsonObject json) {
        Map<String, String> map = new TreeMap<>();
        for (Map.Entry<String, JsonValue> entry : json.entrySet()) {
            map.put(entry.getKey(), ((JsonString) entry.getValue()).getString());
        }
        return map;
    }

    /** The request as a command that can be pasted into a shell. */
    public String curl(String url) {
        if (method.equals(RAW)) {
            String printed = requestBody.replace("\\", "\\\\").replace("%", "%%").replace("\r", "\\r").replace("\n", "\\n").replace("\0", "\\0");
            return "printf " + quoted(printed) + " | nc " + url.replaceFirst("^\\w+://", "").replace(':', ' ');
        }
        if (isEvent()) {
            return "# the event " + target + " arrives";
        }
        StringJoiner line = new StringJoiner(" ");
        line.add("curl -s -X").add(method).add(quoted(url + target));
        requestHeaders.forEach((name, value) -> line.add("-H").add(quoted(name + ": " + value)));
        if (requestBody != null) {
            line.add("--data-binary").add(quoted(requestBody));
        }
        return line.toString();
    }

    private static String quoted(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }
}
