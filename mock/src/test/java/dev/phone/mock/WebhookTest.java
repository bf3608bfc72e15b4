// SPDX-License-Identifier: Apache-2.0
package dev.phone.mock;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.net.httpserver.HttpServer;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.io.StringReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Events reach the mock itself. What receivers get, and when, is tested in contract-tests. */
class WebhookTest {
    @RegisterExtension
    static PhoneMockExtension phone = new PhoneMockExtension();

    private static final Map<String, String> ALICE = Map.of("authorization", "Bearer dev_alice", "x-mock-session", "bin");

    private static String here() {
        return "http://127.0.0.1:" + phone.mock().port();
    }

    /** @param host the name under which the caller says that it has reached the mock */
    private static JsonObject bin(String host) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", phone.mock().port())) {
            socket.getOutputStream().write(("POST /v1/sandbox/bins HTTP/1.1\r\nHost: " + host + "\r\nx-mock-session: bin\r\nConnection: close\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return Json.createReader(new StringReader(answer.substring(answer.indexOf("\r\n\r\n")))).readObject().getJsonObject("data");
        }
    }

    /** Sends a test event to a new webhook. */
    private static void sendTo(String url) {
        JsonObject webhook = Http.send("POST", here() + "/v1/applications/app_01kertn0708c6aktd8brt4xtr3/webhooks", ALICE,
                "{\"url\": \"" + url + "\", \"events\": [\"otp.sent\"]}").data();
        Http.send("POST", here() + "/v1/webhooks/" + webhook.getString("id") + "/test", ALICE, (String) null);
    }

    private static int events(JsonObject bin) {
        return Http.send("GET", here() + "/v1/sandbox/bins/" + bin.getString("id"), ALICE, (String) null).data().getJsonArray("events").size();
    }

    @Test
    void arrivesInABinByWhateverNameTheMockIsCalled() throws Exception {
        for (String host : new String[] {"127.0.0.1:" + phone.mock().port(), "localhost:1"}) {
            JsonObject bin = bin(host);
            assertEquals("http://" + host + "/v1/sandbox/bins/" + bin.getString("id"), bin.getString("url"));
            sendTo(bin.getString("url"));
            Await.until(() -> events(bin) == 1);
        }
    }

    /** Any caller can make up a host. */
    @Test
    void isNotTakenFromAHostThatACallerHasNamed() throws Exception {
        AtomicInteger received = new AtomicInteger();
        HttpServer receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        receiver.createContext("/", exchange -> {
            received.incrementAndGet();
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        receiver.start();
        try {
            String host = "127.0.0.1:" + receiver.getAddress().getPort();
            String id = bin(host).getString("id");
            sendTo("http://" + host + "/hook");
            Await.until(() -> received.get() == 1);
            sendTo("http://" + host + "/v1/sandbox/bins/" + id + "?x");
            Await.until(() -> received.get() == 2);
        } finally {
            receiver.stop(0);
        }
    }
}
