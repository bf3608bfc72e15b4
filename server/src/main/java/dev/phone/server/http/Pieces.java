// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.http;

import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.ServerConnectionException;
import io.helidon.webserver.http.RoutingResponse;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;

/** Sends a body that is large, piece by piece: Helidon copies what it is given at once, and keeps the copy until the client has taken it. */
final class Pieces {
    static final int BYTES = 8 * 1_024;

    private Pieces() {
    }

    /** @throws CloseConnectionException when the client has left */
    static void send(ServerResponse response, byte[] body) {
        response.contentLength(body.length);
        try {
            OutputStream out = response.outputStream();
            for (int sent = 0; sent < body.length; sent += BYTES) {
                out.write(body, sent, Math.min(BYTES, body.length - sent));
            }
            out.close();
            // Helidon does so only for what its own routes have sent.
            ((RoutingResponse) response).commit();
        } catch (IOException | UncheckedIOException | ServerConnectionException e) {
            throw new CloseConnectionException("the client left before it had its response", e);
        }
    }
}
