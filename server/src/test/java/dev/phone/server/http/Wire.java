// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.http;

import jakarta.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Speaks to a server byte by byte, where an HTTP client would be too well-behaved. */
final class Wire implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 5_000;

    /** A response as it came. Header names are in lower case. */
    record Response(int status, Map<String, String> headers, String body) {
        JsonObject error() {
            return TestApi.json(body).getJsonObject("error");
        }
    }

    private final Socket socket;

    Wire(int port) throws IOException {
        socket = new Socket("127.0.0.1", port);
        socket.setSoTimeout(PATIENCE_MILLIS);
    }

    /** Sends, and reads one response. */
    static Response exchange(int port, String request) throws IOException {
        try (Wire wire = new Wire(port)) {
            return wire.send(request).read();
        }
    }

    /** @param text one byte for each character */
    Wire send(String text) throws IOException {
        try {
            OutputStream out = socket.getOutputStream();
            out.write(text.getBytes(StandardCharsets.ISO_8859_1));
            out.flush();
        } catch (SocketException e) {
            // It answers before it has heard us out. What it says is still to be read.
        }
        return this;
    }

    Response read() throws IOException {
        String[] status = line().split(" ", 3);
        Map<String, String> headers = new LinkedHashMap<>();
        for (String line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            headers.put(line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
        }
        int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
        return new Response(Integer.parseInt(status[1]), headers, new String(in().readNBytes(length), StandardCharsets.UTF_8));
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in().read(); c != '\n'; c = in().read()) {
            if (c < 0) {
                throw new IOException("the connection ended after: " + line);
            }
            line.append((char) c);
        }
        return line.toString().strip();
    }

    /** Returns when the answer has begun, or when it is not to be expected any more. */
    void awaitAnswer() throws IOException {
        long end = System.nanoTime() + Duration.ofMillis(PATIENCE_MILLIS).toNanos();
        while (in().available() == 0 && System.nanoTime() < end) {
            Thread.onSpinWait();
        }
    }

    /** Whether the server has closed the connection, or does so within its patience. */
    boolean isClosed() {
        try {
            return in().read() < 0;
        } catch (IOException e) {
            return e instanceof SocketException;
        }
    }

    /** Whether the connection ends while we wait. What it says before is read away. */
    boolean isClosedWithin(Duration time) throws IOException {
        socket.setSoTimeout((int) time.toMillis());
        try {
            while (in().read() >= 0) {
                // Its last words.
            }
            return true;
        } catch (SocketTimeoutException e) {
            return false;
        } catch (SocketException e) {
            return true;
        } finally {
            socket.setSoTimeout(PATIENCE_MILLIS);
        }
    }

    /** Resets the connection. */
    void closeRudely() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    private InputStream in() throws IOException {
        return socket.getInputStream();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
