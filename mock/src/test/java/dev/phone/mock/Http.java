// SPDX-License-Identifier: Apache-2.0
package dev.phone.mock;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;

/** Sends requests in tests. */
final class Http {
    /** A connection that is accepted while a mock closes may never be answered. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final HttpClient CLIENT = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private Http() {
    }

    record Reply(int status, HttpResponse<String> raw) {
        JsonObject json() {
            try (JsonReader reader = Json.createReader(new StringReader(raw.body()))) {
                return reader.readObject();
            }
        }

        JsonObject data() {
            return json().getJsonObject("data");
        }

        String header(String name) {
            return raw.headers().firstValue(name).orElse(null);
        }

        String reason() {
            return header("x-mock-reason");
        }
    }

    /** @param body null for none */
    static Reply send(String method, String url, Map<String, String> headers, String body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url)).timeout(PATIENCE);
        headers.forEach(request::setHeader);
        request.method(method, body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body));
        if ((body != null || method.equals("POST")) && headers.keySet().stream().noneMatch("content-type"::equalsIgnoreCase)) {
            request.setHeader("content-type", "application/json");
        }
        try {
            HttpResponse<String> response = CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
            return new Reply(response.statusCode(), response);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    static Reply send(String method, String url, Map<String, String> headers, JsonValue body) {
        return send(method, url, headers, body == null ? null : body.toString());
    }
}
