// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.webhook;

import java.net.URI;
import java.util.Map;
import java.util.OptionalInt;

/** Takes events for addresses of this very server, which are delivered without a connection. */
@FunctionalInterface
public interface LocalReceiver {
    /** There is no such address. */
    LocalReceiver NONE = (url, headers, body) -> OptionalInt.empty();

    /**
     * @param headers by their names in lower case, as they would be sent
     * @return the status that is answered; empty when the URL is of somebody else
     */
    OptionalInt receive(URI url, Map<String, String> headers, String body);
}
