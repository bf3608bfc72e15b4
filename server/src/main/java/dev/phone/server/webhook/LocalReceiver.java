// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.webhook;

import java.net.URI;
import java.util.Map;
import java.util.OptionalInt;

/** Receives events for URLs of this server, which are delivered without a connection. */
@FunctionalInterface
public interface LocalReceiver {
    /** Receives nothing. */
    LocalReceiver NONE = (url, headers, body) -> OptionalInt.empty();

    /**
     * @param headers by lower-case name, as they would be sent
     * @return the status of the response; empty if the URL is not one of this server
     */
    OptionalInt receive(URI url, Map<String, String> headers, String body);
}
