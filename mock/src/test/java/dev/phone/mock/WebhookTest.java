// SPDX-License-Identifier: Apache-2.0
package dev.phone.mock;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.WebhookVerificationException;
import com.sun.net.httpserver.HttpServer;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What receivers of webhooks get, as the published library of Standard Webhooks sees it. */
class WebhookTest {
    private static final Map<String, String> ALICE = Map.of("authorization", "Bearer dev_alice");
    private static final String APPLICATION = "app_01kertn0708c6aktd8brt4xtr3";

    @RegisterExtension
    static PhoneMockExtension phone = new PhoneMockExtension();

    private record Received(HttpHeaders headers, String body) {
    }

    private final BlockingQueue<Received> received = new LinkedBlockingQueue<>();
    private volatile int answer = 204;
    private HttpServer receiver;

    @BeforeEach
    void listen() throws IOException {
        receiver = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        receiver.createContext("/", exchange -> {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            received.add(new Received(HttpHeaders.of(exchange.getRequestHeaders(), (name, value) -> true), body));
            exchange.sendResponseHeaders(answer, -1);
            exchange.close();
        });
        receiver.start();
    }

    @AfterEach
    void stop() {
        receiver.stop(0);
    }

    private JsonObject webhook(String... events) {
        String url = "http://localhost:" + receiver.getAddress().getPort() + "/hook";
        return Http.send("POST", phone.mock().url() + "/v1/applications/" + APPLICATION + "/webhooks", ALICE,
                "{\"url\": \"" + url + "\", \"events\": [\"" + String.join("\", \"", events) + "\"]}").data();
    }

    private void send(String number) {
        assertEquals(201, Http.send("POST", phone.mock().url() + "/v1/otp/send", phone.mock().credentials("app"),
                "{\"phoneNumber\": \"" + number + "\"}").status());
    }

    private Received next() throws InterruptedException {
        Received next = received.poll(10, TimeUnit.SECONDS);
        assertEquals(true, next != null, "nothing arrived");
        return next;
    }

    @Test
    void isVerifiedByThePublishedLibrary() throws Exception {
        String secret = webhook("otp.sent").getString("secret");
        send("+999 700 100 200");
        Received event = next();

        assertDoesNotThrow(() -> new Webhook(secret).verify(event.body, event.headers));
        assertThrows(WebhookVerificationException.class, () -> new Webhook(secret).verify(event.body + " ", event.headers));
    }

    @Test
    void isSignedTwiceForADayAfterARotation() throws Exception {
        JsonObject webhook = webhook("otp.sent");
        String old = webhook.getString("secret");
        String rotated = Http.send("POST", phone.mock().url() + "/v1/webhooks/" + webhook.getString("id") + "/rotate", ALICE,
                (String) null).data().getString("secret");
        send("+999 700 100 200");
        Received both = next();
        assertDoesNotThrow(() -> new Webhook(old).verify(both.body, both.headers));
        assertDoesNotThrow(() -> new Webhook(rotated).verify(both.body, both.headers));

        // The receiver lives in real time, so the timestamp is real although the mock is a day ahead.
        phone.mock().clock().advance(Duration.ofHours(24));
        send("+999 700 100 201");
        Received one = next();
        assertDoesNotThrow(() -> new Webhook(rotated).verify(one.body, one.headers));
        assertThrows(WebhookVerificationException.class, () -> new Webhook(old).verify(one.body, one.headers));
    }

    @Test
    void isGivenUpAtOnceWhenTheReceiverIsGone() throws Exception {
        answer = 410;
        JsonObject webhook = webhook("otp.sent");
        send("+999 700 100 200");
        next();
        String url = phone.mock().url() + "/v1/webhooks/" + webhook.getString("id") + "/deliveries";
        Await.until(() -> Http.send("GET", url, ALICE, (String) null).json().getJsonArray("data").getJsonObject(0).getString("status")
                .equals("failed"));
    }

    @Test
    void arrivesInABinByWhateverNameTheMockIsCalled() throws Exception {
        Map<String, String> headers = Map.of("authorization", "Bearer dev_alice", "x-mock-session", "bin");
        String here = "http://127.0.0.1:" + phone.mock().port();
        JsonObject bin = Http.send("POST", here + "/v1/sandbox/bins", headers, (String) null).data();
        assertEquals(here + "/v1/sandbox/bins/" + bin.getString("id"), bin.getString("url"));
        JsonObject webhook = Http.send("POST", here + "/v1/applications/" + APPLICATION + "/webhooks", headers,
                "{\"url\": \"" + bin.getString("url") + "\", \"events\": [\"otp.sent\"]}").data();
        Http.send("POST", here + "/v1/webhooks/" + webhook.getString("id") + "/test", headers, (String) null);
        Await.until(() -> Http.send("GET", bin.getString("url"), headers, (String) null).data().getJsonArray("events").size() == 1);
    }

    @Test
    void neverHoldsACode() throws Exception {
        webhook("otp.sent", "otp.failed", "otp.expired", "otp.cancelled");
        send("+999 482 918 102");
        String code = Http.send("GET", phone.mock().url() + "/v1/numbers/+999482918102/messages", ALICE, (String) null).json()
                .getJsonArray("data").getJsonObject(0).getString("code");
        assertEquals(false, next().body.contains(code));
        phone.mock().clock().advance(Duration.ofMinutes(6));
        // What the demo world had pending expires as well.
        for (int i = 0; i < 3; i++) {
            Received event = next();
            assertEquals(true, event.body.contains("\"type\":\"otp.expired\""), event.body);
            assertEquals(false, event.body.contains("\"code\""), event.body);
        }
    }
}
