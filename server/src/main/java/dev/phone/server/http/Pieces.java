// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.http;

import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.ServerConnectionException;
import io.helidon.webserver.http.RoutingResponse;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;

/** Sends a large body in pieces, because Helidon copies each write and keeps the copy until the client has read it. */
final class Pieces {
    static final int BYTES = 8 * 1_024;

    private Pieces() {
    }

    /** @throws CloseConnectionException if the client has closed the connection */
    static void send(ServerResponse response, byte[] body) {
        response.contentLength(body.length);
        try {
            OutputStream out = response.outputStream();
            for (int sent = 0; sent < body.length; sent += BYTES) {
                out.write(body, sent, Math.min(BYTES, body.length - sent));
            }
            out.close();
            // Helidon does this only for responses of its own routes.
            ((RoutingResponse) response).commit();
        } catch (IOException | UncheckedIOException | ServerConnectionException e) {
            throw new CloseConnectionException("the client closed the connection before it had its response", e);
        }
    }
}
