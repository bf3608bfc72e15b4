// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.http;

import dev.phone.api.DocsPage;
import io.helidon.common.LazyValue;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.List;

/** Serves the documentation. */
public final class DocsService implements HttpService {
    private final String url;

    /** @param url the public URL; null for the host named by each request */
    DocsService(String url) {
        this.url = url;
    }

    @Override
    public void routing(HttpRules rules) {
        Handler toDocs = (request, response) -> response.status(Status.FOUND_302).header(HeaderNames.LOCATION, "/docs").send();
        rules.get("/", toDocs).head("/", toDocs);
        DocsPage.types().keySet().forEach(path -> {
            // Loaded on first use, because most servers never serve the page.
            LazyValue<DocsPage.Hosted> page = LazyValue.create(() -> new DocsPage.Hosted(DocsPage.read(path)));
            rules.get(path, (request, response) -> send(page.get(), request, response));
            rules.head(path, (request, response) -> send(page.get(), request, response));
        });
    }

    private void send(DocsPage.Hosted page, ServerRequest request, ServerResponse response) {
        String host = request.headers().first(HeaderNames.HOST).orElse(null);
        DocsPage.Answer answer = page.at(url != null ? url : DocsPage.url(host, "")).answer(request.headers().all(HeaderNames.ACCEPT_ENCODING, List::of),
                request.headers().all(HeaderNames.IF_NONE_MATCH, List::of));
        response.status(Status.create(answer.status()));
        answer.headers().forEach((name, value) -> response.headers().set(HeaderNames.create(name), value));
        if (answer.status() == Status.NOT_MODIFIED_304.code()) {
            response.send();
        } else if (request.prologue().method().text().equals("HEAD")) {
            response.contentLength(answer.body().length);
            response.send(new byte[0]);
        } else {
            // All clients share the same bytes.
            ClientConnection.current().takesResponse(answer.body().length, 0);
            Pieces.send(response, answer.body());
        }
    }
}
