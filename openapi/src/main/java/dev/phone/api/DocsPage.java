// SPDX-License-Identifier: Apache-2.0
package dev.phone.api;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;

/**
 * A page of the documentation: the contract as JSON or YAML, the page that shows it, or a script of that page. Server and mock serve the same.
 *
 * <p>The page asks no other host for anything: script and contract come from here, and the content security policy makes the browser refuse
 * whatever the script might want besides.
 *
 * @param path at which it is served
 * @param type its media type
 * @param plain its bytes
 * @param zipped the same, as gzip
 * @param tag of the plain one, without quotes (RFC 9110, section 8.8.3)
 */
public record DocsPage(String path, String type, byte[] plain, byte[] zipped, String tag) {
    private static final byte[] NOTHING = {};
    // Styles are inline because the script makes them at run time.
    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
            + "font-src 'self' data:; connect-src 'self' http://localhost:* http://127.0.0.1:*; base-uri 'none'; form-action 'none'; "
            + "frame-ancestors 'none'";

    // The first server of the contract is the host that serves it, which the contract itself cannot know: generated clients take it as it is.
    private static final Pattern FIRST_SERVER = Pattern.compile("(\"url\": ?\"|\\burl: )/(?=[\"\\n])");
    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9.-]{1,255}(:[0-9]{1,5})?|\\[[0-9A-Fa-f:.]{2,45}](:[0-9]{1,5})?");

    /** What answers a request for a page. @param body empty for a 304 */
    public record Answer(int status, Map<String, String> headers, byte[] body) {
    }

    /** Where there are pages, with their media types. {@code /} leads to {@code /docs}. */
    public static Map<String, String> types() {
        Map<String, String> types = new LinkedHashMap<>();
        types.put("/docs", "text/html; charset=utf-8");
        types.put("/docs/samples.js", "text/javascript; charset=utf-8");
        types.put("/docs/start.js", "text/javascript; charset=utf-8");
        types.put("/docs/scalar.js", "text/javascript; charset=utf-8");
        types.put("/openapi.json", "application/json");
        types.put("/openapi.yaml", "application/yaml");
        types.put("/openapi-3.0.json", "application/json");
        return types;
    }

    /** A page as it was built. @param path one of {@link #types} */
    public static DocsPage read(String path) {
        String resource = switch (path) {
            case "/docs" -> "/docs/index.html";
            case "/docs/scalar.js" -> "/META-INF/resources/webjars/scalar/scalar.js";
            default -> path;
        };
        return of(path, () -> {
            try (InputStream in = DocsPage.class.getResourceAsStream(resource)) {
                return in.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    /** A page with these bytes. @param path one of {@link #types} */
    public static DocsPage of(String path, Supplier<byte[]> bytes) {
        byte[] plain = bytes.get();
        ByteArrayOutputStream zipped = new ByteArrayOutputStream();
        try (GZIPOutputStream zip = new GZIPOutputStream(zipped)) {
            zip.write(plain);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        try {
            String tag = Base64.getUrlEncoder().withoutPadding().encodeToString(MessageDigest.getInstance("SHA-256").digest(plain));
            return new DocsPage(path, types().get(path), plain, zipped.toByteArray(), tag);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The URL at which a client reached us without TLS. @param host the value of {@code Host} @param otherwise what it is when {@code host} is none */
    public static String url(String host, String otherwise) {
        return host != null && HOST.matcher(host).matches() ? "http://" + host : otherwise;
    }

    /** A page for whoever asks, by whatever name of the host. No more than a few names are told apart: what is made for one is held. */
    public static final class Hosted {
        private static final int MOST = 8;

        private final DocsPage page;
        private final Map<String, DocsPage> hosts = new ConcurrentHashMap<>();

        public Hosted(DocsPage page) {
            this.page = page;
        }

        /**
         * The page, with an absolute URL as first server if it is a contract whose first server is {@code /}; as it was built for one name too many.
         *
         * @param url of the host that serves it, without a path; empty for the page as it was built
         */
        public DocsPage at(String url) {
            if (!page.path.startsWith("/openapi") || url.isEmpty()) {
                return page;
            }
            DocsPage known = hosts.get(url);
            return known != null ? known : make(url);
        }

        private synchronized DocsPage make(String url) {
            return hosts.size() < MOST ? hosts.computeIfAbsent(url, page::servedAt) : hosts.getOrDefault(url, page);
        }
    }

    private DocsPage servedAt(String url) {
        return of(path, () -> FIRST_SERVER.matcher(new String(plain, StandardCharsets.UTF_8)).replaceFirst("$1" + Matcher.quoteReplacement(url))
                .getBytes(StandardCharsets.UTF_8));
    }

    /** @param acceptEncoding the values of Accept-Encoding @param ifNoneMatch those of If-None-Match */
    public Answer answer(List<String> acceptEncoding, List<String> ifNoneMatch) {
        boolean zip = contains(acceptEncoding, "gzip");
        // Two representations, two tags (RFC 9110, section 8.8.3.3).
        String quoted = '"' + tag + (zip ? "-gzip\"" : "\"");
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("etag", quoted);
        // It may be kept, but is asked for each time: a new version must show at once.
        headers.put("cache-control", "no-cache");
        headers.put("vary", "Accept-Encoding");
        if (contains(ifNoneMatch, quoted)) {
            return new Answer(304, headers, NOTHING);
        }
        headers.put("content-type", type);
        if (type.startsWith("text/html")) {
            headers.put("content-security-policy", POLICY);
        }
        if (zip) {
            headers.put("content-encoding", "gzip");
        }
        return new Answer(200, headers, zip ? zipped : plain);
    }

    private static boolean contains(List<String> values, String part) {
        return values.stream().anyMatch(value -> value.contains(part));
    }
}
