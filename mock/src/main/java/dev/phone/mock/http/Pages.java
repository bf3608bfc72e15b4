// SPDX-License-Identifier: Apache-2.0
package dev.phone.mock.http;

import dev.phone.api.DocsPage;
import dev.phone.contract.Contract;
import dev.phone.contract.MarkdownDocs;
import dev.phone.contract.OpenApi30;
import dev.phone.contract.Yaml;
import dev.phone.mock.handler.HttpRequest;
import dev.phone.mock.handler.Response;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The documentation, that is the contract as JSON and YAML, the page that shows it and its text, each created on first use; and the health checks,
 * which always succeed, because the mock listens only when it is ready.
 */
public final class Pages {
    private static final Set<String> PATHS = DocsPage.types().keySet();
    private static final Set<String> HEALTH = Set.of("/health/live", "/health/ready");
    private static final byte[] UP = "{\"status\":\"UP\"}".getBytes(StandardCharsets.UTF_8);

    private final Contract contract;
    private final Map<String, DocsPage.Hosted> made = new ConcurrentHashMap<>();

    /** @param contract null for the one in the jar, whose pages are the same as the server's */
    public Pages(Contract contract) {
        this.contract = contract;
    }

    public boolean has(String path) {
        return path.equals("/") || PATHS.contains(path);
    }

    public static boolean isHealth(String path) {
        return HEALTH.contains(path);
    }

    /** @param request a request for an existing page or a health check */
    public Response response(HttpRequest request, String requestId) {
        String path = request.path();
        if (path.equals("/")) {
            return Response.status(302, requestId).header("location", "/docs").because("page=/docs");
        }
        if (isHealth(path)) {
            return Response.status(200, requestId).body("application/json", UP).because("page=" + path);
        }
        DocsPage.Answer answer = made.computeIfAbsent(path, asked -> new DocsPage.Hosted(page(asked))).at(DocsPage.url(request.only("host"), ""))
                .answer(request.header("accept-encoding"), request.header("if-none-match"));
        Response.Builder response = Response.status(answer.status(), requestId).body(answer.body());
        answer.headers().forEach(response::header);
        return response.because("page=" + path);
    }

    private DocsPage page(String path) {
        return contract == null ? DocsPage.read(path) : switch (path) {
            case "/openapi.json" -> DocsPage.of(path, () -> contract.json().toString().getBytes(StandardCharsets.UTF_8));
            case "/openapi-3.0.json" -> DocsPage.of(path, () -> OpenApi30.of(contract.json()).toString().getBytes(StandardCharsets.UTF_8));
            case "/docs.md" -> DocsPage.of(path, () -> MarkdownDocs.of(contract.json()).getBytes(StandardCharsets.UTF_8));
            case "/openapi.yaml" -> DocsPage.of(path, () -> Yaml.of(contract.json()).getBytes(StandardCharsets.UTF_8));
            default -> DocsPage.read(path);
        };
    }
}
