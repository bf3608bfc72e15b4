// SPDX-License-Identifier: Apache-2.0
package dev.phone.contracttests.suite;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.StringReader;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** A connection on which a test says byte for byte what is sent, where an HTTP client would be too well-behaved. */
final class RawConnection implements AutoCloseable {
    /** Longer than any answer takes, and shorter than the 5 s for which some clients wait for a 100, and the 30 s of a server for a body. */
    private static final Duration PATIENCE = Duration.ofSeconds(4);

    /** A response as it came. Header names are in lower case. */
    record Response(int status, Map<String, String> headers, String body) {
        JsonObject json() {
            try (var reader = Json.createReader(new StringReader(body))) {
                return reader.readObject();
            }
        }
    }

    private final Socket socket;

    RawConnection(URI url) throws IOException {
        socket = new Socket(url.getHost(), url.getPort());
        socket.setSoTimeout((int) PATIENCE.toMillis());
        socket.setTcpNoDelay(true);
    }

    /** @param text one byte for each character */
    RawConnection send(String text) throws IOException {
        try {
            OutputStream out = socket.getOutputStream();
            out.write(text.getBytes(StandardCharsets.ISO_8859_1));
            out.flush();
        } catch (SocketException e) {
            // It answers before it has heard us out. What it says is still to be read.
        }
        return this;
    }

    /** Sends nothing more, and can still read. */
    RawConnection endOutput() throws IOException {
        socket.shutdownOutput();
        return this;
    }

    /** The next response. @throws IOException when none comes in time, or the connection ends */
    Response read() throws IOException {
        return read(true);
    }

    /** The response to a HEAD. */
    Response readHead() throws IOException {
        return read(false);
    }

    private Response read(boolean body) throws IOException {
        String[] status = line(in()).split(" ", 3);
        Map<String, String> headers = new TreeMap<>();
        for (String line = line(in()); !line.isEmpty(); line = line(in())) {
            int colon = line.indexOf(':');
            headers.merge(line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip(), (a, b) -> a + ", " + b);
        }
        int length = body ? Integer.parseInt(headers.getOrDefault("content-length", "0")) : 0;
        return new Response(Integer.parseInt(status[1]), headers, new String(in().readNBytes(length), StandardCharsets.UTF_8));
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new IOException("the connection ended after: " + line);
            }
            line.append((char) c);
        }
        return line.toString().strip();
    }

    /** Whether the connection has ended, or does so in time. */
    boolean isClosed() {
        try {
            return in().read() < 0;
        } catch (IOException e) {
            return e instanceof SocketException;
        }
    }

    private InputStream in() throws IOException {
        return socket.getInputStream();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
