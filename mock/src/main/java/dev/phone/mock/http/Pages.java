// SPDX-License-Identifier: Apache-2.0
package dev.phone.mock.http;

import dev.phone.contract.Contract;
import dev.phone.contract.Yaml;
import dev.phone.mock.handler.Response;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** The documentation: the contract as JSON and YAML, and the page that shows it. Each is made when it is first asked for. */
public final class Pages {
    private record Page(String type, Supplier<byte[]> bytes) {
    }

    private final Map<String, Page> pages = new HashMap<>();
    private final Map<String, byte[]> made = new ConcurrentHashMap<>();

    public Pages(Contract contract) {
        pages.put("/docs", new Page("text/html; charset=utf-8", () -> resource("/docs/index.html")));
        pages.put("/docs/start.js", new Page("text/javascript; charset=utf-8", () -> resource("/docs/start.js")));
        pages.put("/docs/scalar.js", new Page("text/javascript; charset=utf-8",
                () -> resource("/META-INF/resources/webjars/scalar/scalar.js")));
        pages.put("/openapi.json", new Page("application/json",
                () -> contract.json().toString().getBytes(StandardCharsets.UTF_8)));
        pages.put("/openapi.yaml", new Page("application/yaml", () -> Yaml.of(contract.json()).getBytes(StandardCharsets.UTF_8)));
    }

    public boolean has(String path) {
        return path.equals("/") || pages.containsKey(path);
    }

    /** @param path of a page that there is */
    public Response response(String path, String requestId) {
        if (path.equals("/")) {
            return Response.status(302, requestId).header("location", "/docs").body("text/plain", new byte[0]).because("page=/docs");
        }
        Page page = pages.get(path);
        return Response.status(200, requestId).body(page.type, made.computeIfAbsent(path, p -> page.bytes.get())).because("page=" + path);
    }

    private static byte[] resource(String name) {
        try (InputStream in = Pages.class.getResourceAsStream(name)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
