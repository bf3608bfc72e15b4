// SPDX-License-Identifier: Apache-2.0
package dev.phone.contracttests.fuzz;

import dev.phone.contracttests.trace.Step;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/** Sends raw bytes to a target and reads the responses. Framed requests share a connection as long as it stays open. */
final class Wire implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 20_000;
    /** The status if there was no response. */
    static final int NONE = 0;

    private Socket socket;
    private InputStream in;
    private URI open;

    /** @return the first response that is not interim; one with the status {@link #NONE} if the connection ended without any */
    Step send(URI url, Bent bent) throws IOException {
        boolean fresh = socket == null || !bent.framed() || !url.equals(open);
        try {
            return exchange(url, bent, fresh);
        } catch (EOFException | SocketException e) {
            close();
            if (!fresh) {
                // The connection was about to be closed.
                return send(url, bent);
            }
            return step(bent, NONE, Map.of(), "");
        }
    }

    private Step exchange(URI url, Bent bent, boolean fresh) throws IOException {
        if (fresh) {
            close();
            socket = new Socket("127.0.0.1", url.getPort());
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.setTcpNoDelay(true);
            // A million connections in TIME_WAIT would use up all ports.
            socket.setSoLinger(true, 0);
            in = new BufferedInputStream(socket.getInputStream());
            open = url;
        }
        try {
            socket.getOutputStream().write(bent.bytes().replace(Bent.HERE, url.getAuthority()).getBytes(StandardCharsets.ISO_8859_1));
            if (!bent.framed()) {
                socket.shutdownOutput();
            }
        } catch (SocketException e) {
            // It responded before the whole request was sent; the response can still be read.
        }
        Step step = read(bent);
        while (step.status() >= 100 && step.status() < 200) {
            step = read(bent);
        }
        if (!bent.framed() || step.headers().getOrDefault("connection", "").equalsIgnoreCase("close")) {
            close();
        }
        return step;
    }

    private Step read(Bent bent) throws IOException {
        String[] status = line().split(" ", 3);
        Map<String, String> headers = new TreeMap<>();
        for (String line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            headers.merge(line.substring(0, colon).toLowerCase(java.util.Locale.ROOT), line.substring(colon + 1).strip(), (a, b) -> a + ", " + b);
        }
        int code = Integer.parseInt(status[1]);
        int length = code < 200 || code == 204 || code == 304 || bent.method().equals("HEAD") ? 0 : Integer.parseInt(headers.getOrDefault("content-length", "0"));
        byte[] body = in.readNBytes(length);
        if (body.length < length) {
            throw new EOFException();
        }
        return step(bent, code, headers, new String(body, StandardCharsets.UTF_8));
    }

    private static Step step(Bent bent, int status, Map<String, String> headers, String body) {
        return Step.raw(String.join(", ", bent.bends()), "", status, headers, body);
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new EOFException();
            }
            line.append((char) c);
        }
        return line.toString().strip();
    }

    @Override
    public void close() {
        if (socket != null) {
            try {
                socket.close();
            } catch (IOException e) {
                // The connection is no longer needed.
            }
            socket = null;
        }
    }
}
