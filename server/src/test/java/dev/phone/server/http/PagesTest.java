// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.http;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.phone.api.Operations;
import java.io.ByteArrayInputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What is served besides the API, and what browsers need to use both. */
class PagesTest {
    private static TestApi api;

    @BeforeAll
    static void start() {
        api = TestApi.builder().route(Operations.LIST_PROJECTS, (caller, input) -> TestApi.OK)
                .route(Operations.CREATE_PROJECT, (caller, input) -> TestApi.OK).start();
    }

    @AfterAll
    static void stop() {
        api.close();
    }

    private static HttpResponse<byte[]> get(String path, String... headers) throws Exception {
        HttpRequest.Builder request = api.request(path);
        if (headers.length > 0) {
            request.headers(headers);
        }
        return TestApi.CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    private static String header(HttpResponse<?> response, String name) {
        return response.headers().firstValue(name).orElse("");
    }

    @Test
    void theContractIsServedAsItWasBuilt() throws Exception {
        for (Map.Entry<String, String> page : Map.of("/openapi.json", "application/json", "/openapi.yaml", "application/yaml").entrySet()) {
            byte[] built = PagesTest.class.getResourceAsStream(page.getKey()).readAllBytes();
            HttpResponse<byte[]> plain = get(page.getKey());
            assertEquals(page.getValue(), header(plain, "content-type"));
            assertArrayEquals(built, plain.body());
            HttpResponse<byte[]> zipped = get(page.getKey(), "accept-encoding", "gzip, br");
            assertEquals("gzip", header(zipped, "content-encoding"));
            assertEquals("Accept-Encoding", header(zipped, "vary"));
            assertArrayEquals(built, new GZIPInputStream(new ByteArrayInputStream(zipped.body())).readAllBytes());
            assertFalse(header(plain, "etag").equals(header(zipped, "etag")));

            HttpResponse<byte[]> unchanged = get(page.getKey(), "if-none-match", header(plain, "etag"));
            assertEquals(304, unchanged.statusCode());
            assertEquals(0, unchanged.body().length);
            assertEquals(200, get(page.getKey(), "if-none-match", "\"other\"").statusCode());
        }
    }

    @Test
    void theDocumentationLoadsFromThisHostAlone() throws Exception {
        HttpResponse<byte[]> root = get("/");
        assertEquals(302, root.statusCode());
        assertEquals("/docs", header(root, "location"));
        HttpResponse<byte[]> page = get("/docs");
        assertEquals(200, page.statusCode());
        assertTrue(header(page, "content-security-policy").startsWith("default-src 'none'; script-src 'self';"));
        String html = new String(page.body());
        assertFalse(html.contains("//"), html);
        for (MatchResult script : Pattern.compile("src=\"([^\"]*)\"").matcher(html).results().toList()) {
            HttpResponse<byte[]> response = get(script.group(1), "accept-encoding", "gzip");
            assertEquals(200, response.statusCode(), script.group(1));
            assertEquals("text/javascript; charset=utf-8", header(response, "content-type"));
        }
    }

    @Test
    void healthAndMetrics() throws Exception {
        assertEquals(200, get("/health/live").statusCode());
        assertEquals("{\"status\":\"UP\",\"checks\":[{\"name\":\"database\",\"status\":\"UP\"}]}", new String(get("/health/ready").body()));
        api.send(api.console("/v1/projects"));
        String metrics = new String(get("/metrics").body());
        assertTrue(metrics.contains("phone_requests_seconds_count{operation=\"listProjects\""), metrics);
    }
}
