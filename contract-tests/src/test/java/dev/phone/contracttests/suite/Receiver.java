// SPDX-License-Identifier: Apache-2.0
package dev.phone.contracttests.suite;

import static org.junit.jupiter.api.Assertions.assertNotNull;

import com.sun.net.httpserver.HttpServer;
import io.restassured.path.json.JsonPath;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** An endpoint on this machine that webhooks lead to, for as long as tests run. */
final class Receiver {
    private static final int SECONDS = 30;

    private final BlockingQueue<Received> received = new LinkedBlockingQueue<>();
    private final HttpServer server;
    private volatile int status = 204;
    private volatile Map<String, String> headers = Map.of();

    /** An event as it arrived. */
    record Received(HttpHeaders headers, String body) {
        JsonPath json() {
            return JsonPath.from(body);
        }
    }

    Receiver() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", exchange -> {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            received.add(new Received(HttpHeaders.of(exchange.getRequestHeaders(), (name, value) -> true), body));
            headers.forEach(exchange.getResponseHeaders()::add);
            exchange.sendResponseHeaders(status, -1);
            exchange.close();
        });
        server.start();
    }

    String url() {
        return "http://localhost:" + server.getAddress().getPort() + "/hook";
    }

    /** Forgets what has arrived. @param status what every event is answered with from now on */
    void answer(int status) {
        answer(status, Map.of());
    }

    void answer(int status, Map<String, String> headers) {
        this.status = status;
        this.headers = headers;
        received.clear();
    }

    /** How many have arrived and were not taken by {@link #next}. */
    int left() {
        return received.size();
    }

    Received next() throws InterruptedException {
        Received next = received.poll(SECONDS, TimeUnit.SECONDS);
        assertNotNull(next, "nothing arrived within " + SECONDS + " seconds");
        return next;
    }
}
