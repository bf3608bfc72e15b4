// SPDX-License-Identifier: Apache-2.0

import com.standardwebhooks.Webhook;
import dev.phone.api.Operations;
import jakarta.json.JsonObject;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** Receives webhooks on this machine, each at a path of its own and in a manner of its own. One connection is one request. */
final class Receiver implements AutoCloseable {
    /** What an endpoint does once it has read an event. */
    enum Manner { ANSWERS, HANGS, DRIPS, FAILS_AT_FIRST, ANSWERS_A_GIGABYTE, CLOSES }

    static final long FAILING_NANOS = 4_000_000_000L;
    private static final byte[] GOOD = "HTTP/1.1 204 X\r\nconnection: close\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] BAD = "HTTP/1.1 500 X\r\ncontent-length: 0\r\nconnection: close\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    /** An event that arrived. @param at first, in nanoseconds. @param times how often it has arrived */
    record Event(String id, String type, String otp, String body, long at, AtomicInteger times) {
    }

    /** Where one webhook leads. */
    static final class Endpoint {
        final Manner manner;
        final Map<String, Event> events = new ConcurrentHashMap<>();
        final AtomicInteger open = new AtomicInteger();
        final AtomicInteger mostOpen = new AtomicInteger();
        /** Of answers, as many as the other side, or the buffers between, took. */
        final AtomicLong mostBytes = new AtomicLong();
        final long since = System.nanoTime();
        String webhookId;
        private volatile String secret;

        private Endpoint(Manner manner) {
            this.manner = manner;
        }

        long arrivals() {
            return events.values().stream().mapToLong(event -> event.times.get()).sum();
        }
    }

    private final ServerSocket server = new ServerSocket(0, 1_000, InetAddress.getByName("127.0.0.1"));
    private final Map<String, Endpoint> endpoints = new ConcurrentHashMap<>();
    private final Consumer<String> wrong;

    /** @param wrong is told of everything that should not have arrived as it did */
    Receiver(Consumer<String> wrong) throws IOException {
        this.wrong = wrong;
        Thread.ofVirtual().start(() -> {
            while (!server.isClosed()) {
                try {
                    Socket socket = server.accept();
                    Thread.ofVirtual().start(() -> serve(socket));
                } catch (IOException e) {
                    return;
                }
            }
        });
    }

    /** A new webhook of an application, which listens to everything. */
    Endpoint listen(Api api, Api.Application application, Manner manner) {
        Endpoint endpoint = new Endpoint(manner);
        String path = "/" + endpoints.size();
        endpoints.put(path, endpoint);
        JsonObject webhook = api.done(0, Operations.CREATE_WEBHOOK, "/v1/applications/" + application.id() + "/webhooks", """
                {"url":"http://localhost:%d%s","events":["otp.sent","otp.verified","otp.failed","otp.expired","otp.cancelled"]}"""
                .formatted(server.getLocalPort(), path)).getJsonObject("data");
        endpoint.webhookId = webhook.getString("id");
        endpoint.secret = webhook.getString("secret");
        return endpoint;
    }

    private void serve(Socket socket) {
        try (socket) {
            InputStream in = new BufferedInputStream(socket.getInputStream());
            String[] request = line(in).split(" ");
            Map<String, List<String>> headers = new HashMap<>();
            for (String line = line(in); !line.isEmpty(); line = line(in)) {
                int colon = line.indexOf(':');
                headers.put(line.substring(0, colon).toLowerCase(), List.of(line.substring(colon + 1).strip()));
            }
            String body = new String(in.readNBytes(Integer.parseInt(headers.get("content-length").getFirst())), StandardCharsets.UTF_8);
            Endpoint endpoint = endpoints.get(request[1]);
            take(endpoint, HttpHeaders.of(headers, (name, value) -> true), body);
            endpoint.mostOpen.accumulateAndGet(endpoint.open.incrementAndGet(), Math::max);
            try {
                answer(endpoint, socket);
            } finally {
                endpoint.open.decrementAndGet();
            }
        } catch (IOException | RuntimeException e) {
            // The other side has gone.
        }
    }

    private void take(Endpoint endpoint, HttpHeaders headers, String body) {
        try {
            new Webhook(endpoint.secret).verify(body, headers);
        } catch (Exception e) {
            wrong.accept("an event is not signed as it should be: " + e + " " + headers.map() + " " + body);
        }
        JsonObject json = Api.json(body);
        String id = json.getString("id");
        JsonObject otp = json.getJsonObject("data").getJsonObject("otpRequest");
        Event event = endpoint.events.computeIfAbsent(id, key -> new Event(key, json.getString("type"), otp.getString("id"), body, System.nanoTime(), new AtomicInteger()));
        event.times.incrementAndGet();
        if (!event.body.equals(body) || !headers.firstValue("webhook-id").orElseThrow().equals(id)) {
            wrong.accept("an event came twice, and not the same: " + event.body + " " + body);
        }
    }

    private static void answer(Endpoint endpoint, Socket socket) throws IOException {
        OutputStream out = socket.getOutputStream();
        switch (endpoint.manner) {
            case ANSWERS -> out.write(GOOD);
            case FAILS_AT_FIRST -> out.write(System.nanoTime() - endpoint.since < FAILING_NANOS ? BAD : GOOD);
            case CLOSES -> {
                // Without a word.
            }
            case HANGS -> socket.getInputStream().read();
            case DRIPS -> {
                out.write("HTTP/1.1 200 X\r\nx: ".getBytes(StandardCharsets.US_ASCII));
                while (true) {
                    out.write('x');
                    out.flush();
                    Cluster.pause(1_000);
                }
            }
            case ANSWERS_A_GIGABYTE -> {
                out.write("HTTP/1.1 200 X\r\ncontent-length: 1073741824\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                byte[] piece = new byte[1 << 16];
                for (long written = 0; written < 1 << 30; written += piece.length) {
                    out.write(piece);
                    endpoint.mostBytes.accumulateAndGet(written + piece.length, Math::max);
                }
            }
        }
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new IOException("closed");
            }
            if (next != '\r') {
                line.append((char) next);
            }
        }
        return line.toString();
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
