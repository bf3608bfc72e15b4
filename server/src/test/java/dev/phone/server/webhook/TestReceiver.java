// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.webhook;

import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** An endpoint on this machine that answers as a test wants it to, down to the bytes. Each connection serves one request. */
final class TestReceiver implements AutoCloseable {
    private static final int SECONDS = 30;

    /** @param headers by their names in lower case */
    record Request(String method, String target, Map<String, String> headers, String body) {
        HttpHeaders httpHeaders() {
            Map<String, List<String>> all = new TreeMap<>();
            headers.forEach((name, value) -> all.put(name, List.of(value)));
            return HttpHeaders.of(all, (name, value) -> true);
        }
    }

    /** What is done with a request once it is read. */
    @FunctionalInterface
    interface Answer {
        void write(Request request, OutputStream out) throws Exception;
    }

    private final ServerSocket server;
    private final Answer answer;
    private final BlockingQueue<Request> received = new LinkedBlockingQueue<>();
    private final List<Socket> open = Collections.synchronizedList(new ArrayList<>());
    private final Map<String, AtomicInteger> count = new ConcurrentHashMap<>();

    TestReceiver(int status) {
        this((request, out) -> out.write(("HTTP/1.1 " + status + " X\r\ncontent-length: 0\r\nconnection: close\r\n\r\n").getBytes(StandardCharsets.US_ASCII)));
    }

    TestReceiver(Answer answer) {
        this.answer = answer;
        try {
            server = new ServerSocket(0, 200, InetAddress.getByName("127.0.0.1"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().start(this::accept);
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                open.add(socket);
                Thread.ofVirtual().start(() -> serve(socket));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            Request request = read(socket.getInputStream());
            if (request == null) {
                return;
            }
            received.add(request);
            count.computeIfAbsent(request.headers.getOrDefault("webhook-id", ""), id -> new AtomicInteger()).incrementAndGet();
            answer.write(request, socket.getOutputStream());
            socket.getOutputStream().flush();
        } catch (Exception e) {
            // The other side has gone.
        }
    }

    private static Request read(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        while (!head.toString(StandardCharsets.US_ASCII).endsWith("\r\n\r\n")) {
            int next = in.read();
            if (next < 0) {
                return null;
            }
            head.write(next);
        }
        String[] lines = head.toString(StandardCharsets.US_ASCII).split("\r\n");
        Map<String, String> headers = new TreeMap<>();
        for (int i = 1; i < lines.length; i++) {
            headers.put(lines[i].substring(0, lines[i].indexOf(':')).toLowerCase(), lines[i].substring(lines[i].indexOf(':') + 1).strip());
        }
        String body = new String(in.readNBytes(Integer.parseInt(headers.getOrDefault("content-length", "0"))), StandardCharsets.UTF_8);
        return new Request(lines[0].split(" ")[0], lines[0].split(" ")[1], headers, body);
    }

    int port() {
        return server.getLocalPort();
    }

    String url() {
        return "http://localhost:" + port() + "/hook";
    }

    Request next() throws InterruptedException {
        Request request = received.poll(SECONDS, TimeUnit.SECONDS);
        assertNotNull(request, "nothing arrived within " + SECONDS + " seconds");
        return request;
    }

    /** How many have arrived that were not taken. */
    int waiting() {
        return received.size();
    }

    /** How often each event has arrived, by its ID. */
    Map<String, AtomicInteger> count() {
        return count;
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket socket : List.copyOf(open)) {
            socket.close();
        }
    }
}
