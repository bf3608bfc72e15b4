// SPDX-License-Identifier: Apache-2.0
package dev.phone.contracttests.pact;

import com.sun.net.httpserver.HttpServer;
import dev.phone.contracttests.target.Target;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Real events of a target: triggers a change of an OTP request and receives the event on this machine. */
public final class WebhookEvents {
    private static final int SECONDS = 30;
    /** The provider state, with its parameters, that triggers each event. */
    private static final Map<String, Map.Entry<String, Map<String, ?>>> CAUSES = Map.of(
            "otp.sent", Map.entry("a pending OTP", Map.of()),
            "otp.verified", Map.entry("a verified OTP", Map.of()),
            "otp.failed", Map.entry("an OTP with attempts left", Map.of("attempts", 0)),
            "otp.expired", Map.entry("an expired OTP", Map.of()),
            "otp.cancelled", Map.entry("a cancelled OTP", Map.of()));

    /**
     * A request that the receiver got.
     *
     * @param body the raw body
     * @param headers by lower-case name
     * @param secret the secret of the webhook
     */
    public record Event(String body, Map<String, String> headers, String secret) {

        JsonObject json() {
            try (var reader = Json.createReader(new StringReader(body))) {
                return reader.readObject();
            }
        }
    }

    private WebhookEvents() {
    }

    /**
     * Makes a target send an event of a type. Creates a webhook that stays until the next reset.
     *
     * @throws IllegalArgumentException if there is no such type
     * @throws IllegalStateException if the target has no webhooks, or sends no such event within 30 seconds
     */
    public static Event send(Target target, String type) {
        if (!CAUSES.containsKey(type) && !type.equals("webhook.test")) {
            throw new IllegalArgumentException("there is no event '" + type + "'");
        }
        BlockingQueue<Event> received = new LinkedBlockingQueue<>();
        HttpServer receiver = receiver(received);
        try {
            Map<String, Object> webhook = ProviderStates.set(target, "a webhook", Map.of("url", "http://localhost:" + receiver.getAddress().getPort() + "/events"));
            if (CAUSES.containsKey(type)) {
                ProviderStates.set(target, CAUSES.get(type).getKey(), CAUSES.get(type).getValue());
            } else {
                ProviderStates.testWebhook(target, (String) webhook.get("webhookId"));
            }
            for (Event event = next(received); event != null; event = next(received)) {
                if (event.json().getString("type").equals(type)) {
                    return new Event(event.body, event.headers, (String) webhook.get("webhookSecret"));
                }
            }
            throw new IllegalStateException("the " + target.name() + " sent no " + type + " within " + SECONDS + " seconds");
        } finally {
            receiver.stop(0);
        }
    }

    private static Event next(BlockingQueue<Event> received) {
        try {
            return received.poll(SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static HttpServer receiver(BlockingQueue<Event> received) {
        try {
            HttpServer receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            receiver.createContext("/events", exchange -> {
                Map<String, String> headers = new TreeMap<>();
                exchange.getRequestHeaders().forEach((name, values) -> headers.put(name.toLowerCase(), String.join(", ", List.copyOf(values))));
                received.add(new Event(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8), headers, null));
                exchange.sendResponseHeaders(204, -1);
                exchange.close();
            });
            receiver.start();
            return receiver;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
