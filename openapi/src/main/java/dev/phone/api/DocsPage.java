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
 * A resource of the documentation: the contract as JSON or YAML, the page that shows it, a script of that page, or the text for a terminal. The
 * server and the mock serve the same.
 *
 * <p>The page uses no other host: script and contract come from this one, and the content security policy makes the browser block everything else.
 *
 * @param path the path at which it is served
 * @param type the media type
 * @param plain the uncompressed content
 * @param zipped the content compressed with gzip
 * @param tag the entity tag of the uncompressed content, without quotes (RFC 9110, section 8.8.3)
 */
public record DocsPage(String path, String type, byte[] plain, byte[] zipped, String tag) {
    private static final byte[] NOTHING = {};
    // Inline styles are allowed because the script generates them at run time.
    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
            + "font-src 'self' data:; connect-src 'self' http://localhost:* http://127.0.0.1:*; base-uri 'none'; form-action 'none'; "
            + "frame-ancestors 'none'";

    // The first server of the served contract is the host that serves it, because generated clients use it unchanged. The commands of the guides call
    // that host, too. The contract itself cannot know it.
    private static final Pattern FIRST_SERVER = Pattern.compile("(\"url\": ?\"|\\burl: )/(?=[\"\\n])");
    // In a text, not where a URL is a value by itself, such as another server.
    private static final Pattern IN_COMMANDS = Pattern.compile("(?<!\"|: '|- ')http://localhost:8080\\b");
    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9.-]{1,255}(:[0-9]{1,5})?|\\[[0-9A-Fa-f:.]{2,45}](:[0-9]{1,5})?");

    /** The response to a request for a page. @param body empty for a 304 */
    public record Answer(int status, Map<String, String> headers, byte[] body) {
    }

    /** The paths of all pages, with their media types. {@code /} redirects to {@code /docs}. */
    public static Map<String, String> types() {
        Map<String, String> types = new LinkedHashMap<>();
        types.put("/docs", "text/html; charset=utf-8");
        types.put("/docs/samples.js", "text/javascript; charset=utf-8");
        types.put("/docs/start.js", "text/javascript; charset=utf-8");
        types.put("/docs/scalar.js", "text/javascript; charset=utf-8");
        types.put("/docs.md", "text/markdown; charset=utf-8");
        types.put("/openapi.json", "application/json");
        types.put("/openapi.yaml", "application/yaml");
        types.put("/openapi-3.0.json", "application/json");
        return types;
    }

    /** The unchanged page from the jar. @param path one of {@link #types} */
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

    /** A page with this content. @param path one of {@link #types} */
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

    /**
     * The URL under which a client called, without TLS. @param host the value of {@code Host} @param otherwise the result if {@code host} is invalid
     */
    public static String url(String host, String otherwise) {
        return host != null && HOST.matcher(host).matches() ? "http://" + host : otherwise;
    }

    /** A page for each host name under which clients call. Supports only a few names, because it keeps a copy for each. */
    public static final class Hosted {
        private static final int MOST = 8;

        private final DocsPage page;
        private final Map<String, DocsPage> hosts = new ConcurrentHashMap<>();

        public Hosted(DocsPage page) {
            this.page = page;
        }

        /**
         * The page; if it is a contract or docs.md, as this host serves it. The unchanged page if there are too many names.
         *
         * @param url the URL of the host that serves it, without a path; empty for the unchanged page
         */
        public DocsPage at(String url) {
            if (!page.path.startsWith("/openapi") && !page.path.equals("/docs.md") || url.isEmpty()) {
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
        return of(path, () -> servedAt(new String(plain, StandardCharsets.UTF_8), url).getBytes(StandardCharsets.UTF_8));
    }

    /**
     * A contract or docs.md with the host that serves it: as its first server, if that is {@code /}, and in commands.
     *
     * @param url the URL of the host, without a path
     */
    public static String servedAt(String text, String url) {
        String commands = IN_COMMANDS.matcher(text).replaceAll(Matcher.quoteReplacement(url));
        return FIRST_SERVER.matcher(commands).replaceFirst("$1" + Matcher.quoteReplacement(url));
    }

    /** @param acceptEncoding the values of Accept-Encoding @param ifNoneMatch the values of If-None-Match */
    public Answer answer(List<String> acceptEncoding, List<String> ifNoneMatch) {
        boolean zip = contains(acceptEncoding, "gzip");
        // Each representation has its own tag (RFC 9110, section 8.8.3.3).
        String quoted = '"' + tag + (zip ? "-gzip\"" : "\"");
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("etag", quoted);
        // Browsers may cache it but must revalidate, so that a new version shows at once.
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
