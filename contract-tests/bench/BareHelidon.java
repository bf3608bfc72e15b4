// SPDX-License-Identifier: Apache-2.0

import io.helidon.common.socket.SocketOptions;
import io.helidon.http.Header;
import io.helidon.http.HeaderValues;
import io.helidon.http.Method;
import io.helidon.http.Status;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;
import jakarta.json.Json;
import jakarta.json.JsonReader;
import jakarta.json.JsonReaderFactory;
import java.io.ByteArrayInputStream;
import java.util.List;
import java.util.Map;

/** Helidon and nothing else: a route for each recorded response, which parses the JSON that comes and answers. PORT, then {@link Recorded}. */
final class BareHelidon {
    private static final JsonReaderFactory JSON = Json.createReaderFactory(Map.of());

    public static void main(String[] arguments) throws Exception {
        HttpRouting.Builder routing = HttpRouting.builder();
        for (Recorded recorded : Recorded.of(arguments, 1)) {
            Status status = Status.create(recorded.status());
            List<Header> headers = recorded.headers().stream().map(header -> HeaderValues.createCached(header[0], header[1])).toList();
            byte[] body = recorded.body();
            routing.route(Method.create(recorded.method()), recorded.path(), (request, response) -> {
                if (request.content().hasEntity()) {
                    try (JsonReader reader = JSON.createReader(new ByteArrayInputStream(request.content().as(byte[].class)))) {
                        reader.readObject();
                    }
                }
                response.status(status);
                for (Header header : headers) {
                    response.header(header);
                }
                response.send(body);
            });
        }
        WebServer.builder()
                .host("127.0.0.1")
                .port(Integer.parseInt(arguments[0]))
                .connectionOptions(SocketOptions.builder().tcpNoDelay(true).build())
                .routing(routing)
                .build()
                .start();
    }
}
