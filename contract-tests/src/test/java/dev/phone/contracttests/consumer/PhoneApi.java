// SPDX-License-Identifier: Apache-2.0
package dev.phone.contracttests.consumer;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/** What both clients have in common: JSON over HTTP, and one exception a kind of error. */
final class PhoneApi {
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final URI url;
    private final Map<String, String> credentials;

    /** @param credentials the headers that go with every request */
    PhoneApi(URI url, Map<String, String> credentials) {
        this.url = url;
        this.credentials = credentials;
    }

    JsonObject get(String path) {
        return send("GET", path, null, Map.of());
    }

    JsonObject send(String method, String path, JsonObject body) {
        return send(method, path, body, Map.of());
    }

    /** @param body null for none. @throws Refused with what the error says */
    JsonObject send(String method, String path, JsonObject body, Map<String, String> headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(url.resolve(path)).timeout(Duration.ofSeconds(10))
                .method(method, body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body.toString()));
        credentials.forEach(request::header);
        headers.forEach(request::header);
        if (body != null) {
            request.header("content-type", "application/json");
        }
        HttpResponse<String> response;
        try {
            response = HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
        JsonObject answer;
        try (var reader = Json.createReader(new StringReader(response.body()))) {
            answer = reader.readObject();
        }
        if (response.statusCode() / 100 != 2) {
            throw refused(response, answer.getJsonObject("error"));
        }
        return answer;
    }

    private static Refused refused(HttpResponse<String> response, JsonObject error) {
        String message = error.getString("message");
        return switch (error.getString("code")) {
            case "UNAUTHENTICATED" -> new NotSignedIn(message);
            case "FORBIDDEN" -> new Forbidden(message);
            case "NOT_FOUND" -> new NotFound(message);
            case "CONFLICT" -> new Conflict(message);
            case "VALIDATION_ERROR" -> new Invalid(message, error.getJsonObject("details"));
            case "RATE_LIMITED" -> new TooMany(message, Duration.ofSeconds(response.headers().firstValueAsLong("retry-after").orElse(60)));
            default -> new Refused(message);
        };
    }

    /** Anything but a success. */
    static class Refused extends RuntimeException {
        Refused(String message) {
            super(message);
        }
    }

    static final class NotSignedIn extends Refused {
        NotSignedIn(String message) {
            super(message);
        }
    }

    static final class Forbidden extends Refused {
        Forbidden(String message) {
            super(message);
        }
    }

    static final class NotFound extends Refused {
        NotFound(String message) {
            super(message);
        }
    }

    static final class Conflict extends Refused {
        Conflict(String message) {
            super(message);
        }
    }

    static final class Invalid extends Refused {
        /** What is wrong, by where. */
        final Map<String, String> violations = new TreeMap<>();
        /** What a verification adds; null on any other request. */
        final String reason;
        final int attemptsRemaining;

        Invalid(String message, JsonObject details) {
            super(message);
            reason = details.getString("reason", null);
            attemptsRemaining = details.getInt("attemptsRemaining", 0);
            if (details.containsKey("violations")) {
                details.getJsonArray("violations").getValuesAs(JsonObject.class)
                        .forEach(violation -> violations.put(violation.getString("path"), violation.getString("message")));
            }
        }
    }

    static final class TooMany extends Refused {
        final Duration retryAfter;

        TooMany(String message, Duration retryAfter) {
            super(message);
            this.retryAfter = retryAfter;
        }
    }
}
