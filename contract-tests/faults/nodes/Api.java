// SPDX-License-Identifier: Apache-2.0

import dev.phone.api.ErrorCode;
import dev.phone.api.Operation;
import dev.phone.api.Operations;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.io.StringReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

/** Calls operations on either node, and refuses any answer that the contract does not document. */
final class Api {
    private static final HttpClient CLIENT = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(Duration.ofSeconds(5)).build();

    final Cluster cluster;
    private final Map<String, String> owner;

    Api(Cluster cluster) {
        this.cluster = cluster;
        this.owner = Map.of("authorization", "Bearer " + cluster.issuer.token("owner", Instant.now()));
    }

    /** @param start of the request, in nanoseconds, like {@code end} of the answer */
    record Answer(int status, JsonObject body, HttpResponse<?> http, long start, long end) {
        JsonObject data() {
            return body.getJsonObject("data");
        }

        boolean succeeded() {
            return status / 100 == 2;
        }
    }

    /**
     * @param path of the operation, filled in, with a query if need be
     * @param body null for none
     * @throws IOException when there was no answer, so that nobody knows what became of the request
     * @throws AssertionError when the answer is none of the contract's
     */
    Answer call(int node, Operation operation, String path, Map<String, String> headers, String body) throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + cluster.node(node).port + path)).timeout(Duration.ofMinutes(2))
                .method(operation.method(), body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body));
        if (body != null) {
            request.header("content-type", "application/json");
        }
        (operation.auth() == Operation.Auth.BEARER ? owner : headers).forEach(request::header);
        if (!headers.containsKey("x-forwarded-for")) {
            int address = ThreadLocalRandom.current().nextInt();
            request.header("x-forwarded-for", "10." + (address & 255) + "." + (address >> 8 & 255) + "." + (address >> 16 & 255));
        }
        long start = System.nanoTime();
        HttpResponse<String> response;
        try {
            response = CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        long end = System.nanoTime();
        Answer answer = new Answer(response.statusCode(), json(response.body()), response, start, end);
        JsonObject error = answer.body.getJsonObject("error");
        if (!operation.statuses().contains(answer.status) || answer.succeeded() != answer.body.containsKey("data")
                || answer.succeeded() == (error != null) || error != null && ErrorCode.of(error.getString("code")).status() != answer.status) {
            throw new AssertionError("not of the contract: " + operation.id() + " answered " + answer.status + " " + response.body());
        }
        return answer;
    }

    /** What succeeds: for what an experiment needs before it begins, and looks at when it is over. */
    JsonObject done(int node, Operation operation, String path, String body) {
        try {
            Answer answer = call(node, operation, path, Map.of(), body);
            if (!answer.succeeded()) {
                throw new AssertionError(operation.id() + " answered " + answer.body);
            }
            return answer.body;
        } catch (IOException e) {
            throw new AssertionError(operation.id() + " was not answered", e);
        }
    }

    /** @param credentials as headers */
    record Application(String id, Map<String, String> credentials) {
    }

    Application application() {
        String project = done(0, Operations.CREATE_PROJECT, "/v1/projects", "{\"name\":\"Shop\"}").getJsonObject("data").getString("id");
        JsonObject made = done(1, Operations.CREATE_APPLICATION, "/v1/projects/" + project + "/applications",
                "{\"name\":\"Checkout\",\"environment\":\"test\"}").getJsonObject("data");
        JsonObject credentials = made.getJsonObject("credentials");
        return new Application(made.getString("id"), Map.of("x-client-id", credentials.getString("clientId"),
                "x-client-secret", credentials.getString("clientSecret"), "x-api-key", credentials.getString("apiKey")));
    }

    /** Every item of a list, page by page. */
    List<JsonObject> all(Operation operation, String path) {
        List<JsonObject> items = new ArrayList<>();
        String cursor = "";
        while (cursor != null) {
            JsonObject page = done(0, operation, path + (path.contains("?") ? "&" : "?") + "limit=100" + cursor, null);
            items.addAll(page.getJsonArray("data").getValuesAs(JsonObject.class));
            JsonObject meta = page.getJsonObject("meta");
            cursor = meta.isNull("nextCursor") ? null : "&cursor=" + meta.getString("nextCursor");
        }
        return items;
    }

    /** The body of what is no operation, such as a health check; empty when there is no answer. */
    static String get(String url) {
        try {
            return CLIENT.send(HttpRequest.newBuilder(URI.create(url)).timeout(Duration.ofSeconds(5)).build(), HttpResponse.BodyHandlers.ofString()).body();
        } catch (IOException e) {
            return "";
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    static JsonObject json(String text) {
        try (var reader = Json.createReader(new StringReader(text))) {
            return reader.readObject();
        }
    }
}
