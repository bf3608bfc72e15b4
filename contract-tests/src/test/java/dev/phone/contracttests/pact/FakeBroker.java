// SPDX-License-Identifier: Apache-2.0
package dev.phone.contracttests.pact;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** As much of a Pact broker as a provider asks for: the documents as its API has them, and what was sent to it. */
final class FakeBroker implements AutoCloseable {
    static final String TOKEN = "s3cret";

    private final HttpServer server;
    private final Map<String, JsonObject> pacts = new LinkedHashMap<>();
    private final List<String> pending;
    /** What it answers to a provider contract. */
    int answerToContracts = 201;
    /** Method, path and body of what changes something, and of the question which pacts there are. */
    final List<String> received = new CopyOnWriteArrayList<>();

    /** @param pending the consumers whose pacts the provider has never honoured */
    FakeBroker(List<Path> files, List<String> pending) throws IOException {
        this.pending = pending;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        for (Path file : files) {
            try (var reader = Json.createReader(new StringReader(Files.readString(file)))) {
                JsonObject pact = reader.readObject();
                pacts.put(pact.getJsonObject("consumer").getString("name"), pact);
            }
        }
        server.createContext("/", this::answer);
        server.start();
    }

    String url() {
        return "http://localhost:" + server.getAddress().getPort();
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        if (!("Bearer " + TOKEN).equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
            send(exchange, 401, Json.createObjectBuilder().add("error", "unauthorized"));
            return;
        }
        if (!exchange.getRequestMethod().equals("GET")) {
            received.add(exchange.getRequestMethod() + " " + path + " " + body);
        }
        switch (path.split("/").length < 2 ? "" : path.split("/")[1]) {
            case "" -> send(exchange, 200, links(Json.createObjectBuilder(), Map.of(
                    "pb:provider-pacts-for-verification", "/for-verification/{provider}")));
            case "for-verification" -> {
                var found = Json.createArrayBuilder();
                pacts.keySet().forEach(consumer -> found.add(Json.createObjectBuilder()
                        .add("verificationProperties", Json.createObjectBuilder().add("pending", pending.contains(consumer))
                                .add("notices", Json.createArrayBuilder()))
                        .add("_links", Json.createObjectBuilder().add("self", Json.createObjectBuilder()
                                .add("href", url() + "/pact/" + consumer).add("name", "Pact of " + consumer)))));
                send(exchange, 200, Json.createObjectBuilder().add("_embedded", Json.createObjectBuilder().add("pacts", found)));
            }
            case "pact" -> {
                String consumer = path.substring("/pact/".length());
                JsonObjectBuilder pact = Json.createObjectBuilder(pacts.get(consumer));
                var interactions = Json.createArrayBuilder();
                pacts.get(consumer).getJsonArray("interactions").getValuesAs(JsonObject.class).forEach(interaction -> interactions.add(
                        Json.createObjectBuilder(interaction).add("_id", "id of " + interaction.getString("description"))));
                send(exchange, 200, links(pact.add("interactions", interactions), Map.of(
                        "pb:publish-verification-results", "/results/" + consumer, "pb:provider", "/pacticipants/phone")));
            }
            case "pacticipants" -> send(exchange, 200, links(Json.createObjectBuilder(), Map.of(
                    "pb:branch-version", "/branches/{branch}/versions/{version}")));
            case "contracts" -> send(exchange, answerToContracts, Json.createObjectBuilder());
            default -> send(exchange, 201, Json.createObjectBuilder());
        }
    }

    private JsonObjectBuilder links(JsonObjectBuilder document, Map<String, String> links) {
        JsonObjectBuilder all = Json.createObjectBuilder();
        links.forEach((name, path) -> all.add(name, Json.createObjectBuilder().add("href", url() + path).add("templated", path.contains("{"))));
        return document.add("_links", all);
    }

    private static void send(HttpExchange exchange, int status, JsonObjectBuilder document) {
        byte[] body = document.build().toString().getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("content-type", "application/hal+json");
        try (exchange) {
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
