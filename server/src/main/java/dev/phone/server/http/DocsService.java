// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.http;

import io.helidon.common.LazyValue;
import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Status;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.zip.GZIPOutputStream;

/**
 * The documentation: the contract as JSON and YAML, and a page that shows it.
 *
 * <p>The page asks no other host for anything: script and contract come from here, and the content security policy makes the browser refuse
 * whatever the script might want besides.
 */
public final class DocsService implements HttpService {
    // Styles are inline because the script makes them at run time.
    private static final Header POLICY = HeaderValues.createCached("content-security-policy",
            "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; "
                    + "connect-src 'self' http://localhost:* http://127.0.0.1:*; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
    // It may be kept, but is asked for each time: a new version must show at once.
    private static final Header REVALIDATE = HeaderValues.createCached(HeaderNames.CACHE_CONTROL, "no-cache");
    private static final Header VARY = HeaderValues.createCached(HeaderNames.VARY, "Accept-Encoding");
    private static final Header GZIP = HeaderValues.createCached(HeaderNames.CONTENT_ENCODING, "gzip");

    @Override
    public void routing(HttpRules rules) {
        rules.get("/", (request, response) -> response.status(Status.FOUND_302).header(HeaderNames.LOCATION, "/docs").send());
        page(rules, "/docs", "/docs/index.html", "text/html; charset=utf-8");
        page(rules, "/docs/start.js", "/docs/start.js", "text/javascript; charset=utf-8");
        page(rules, "/docs/scalar.js", "/META-INF/resources/webjars/scalar/scalar.js", "text/javascript; charset=utf-8");
        page(rules, "/openapi.json", "/openapi.json", "application/json");
        page(rules, "/openapi.yaml", "/openapi.yaml", "application/yaml");
    }

    private static void page(HttpRules rules, String path, String resource, String type) {
        // Read when it is first asked for: most servers are never asked for the page.
        LazyValue<Page> page = LazyValue.create(() -> Page.read(resource, type));
        rules.get(path, (request, response) -> page.get().send(request, response));
        rules.head(path, (request, response) -> page.get().send(request, response));
    }

    private record Page(byte[] plain, byte[] zipped, String type, String tag) {

        static Page read(String resource, String type) {
            try (InputStream in = DocsService.class.getResourceAsStream(resource)) {
                byte[] plain = in.readAllBytes();
                ByteArrayOutputStream zipped = new ByteArrayOutputStream();
                try (GZIPOutputStream zip = new GZIPOutputStream(zipped)) {
                    zip.write(plain);
                }
                byte[] digest = MessageDigest.getInstance("SHA-256").digest(plain);
                return new Page(plain, zipped.toByteArray(), type, Base64.getUrlEncoder().withoutPadding().encodeToString(digest));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException(e);
            }
        }

        void send(ServerRequest request, ServerResponse response) {
            boolean zip = contains(request.headers().all(HeaderNames.ACCEPT_ENCODING, List::of), "gzip");
            // Two representations, two tags (RFC 9110, section 8.8.3.3).
            String quoted = '"' + tag + (zip ? "-gzip\"" : "\"");
            response.header(HeaderNames.ETAG, quoted);
            response.header(REVALIDATE);
            response.header(VARY);
            if (contains(request.headers().all(HeaderNames.IF_NONE_MATCH, List::of), quoted)) {
                response.status(Status.NOT_MODIFIED_304).send();
                return;
            }
            byte[] bytes = zip ? zipped : plain;
            response.header(HeaderNames.CONTENT_TYPE, type);
            if (type.startsWith("text/html")) {
                response.header(POLICY);
            }
            if (zip) {
                response.header(GZIP);
            }
            if (request.prologue().method().text().equals("HEAD")) {
                response.contentLength(bytes.length);
                response.send(new byte[0]);
            } else {
                try {
                    response.send(bytes);
                } catch (UncheckedIOException e) {
                    throw new CloseConnectionException("the client left before its response", e);
                }
            }
        }

        private static boolean contains(List<String> values, String part) {
            return values.stream().anyMatch(value -> value.contains(part));
        }
    }
}
