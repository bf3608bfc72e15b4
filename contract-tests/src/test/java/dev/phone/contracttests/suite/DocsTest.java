// SPDX-License-Identifier: Apache-2.0
package dev.phone.contracttests.suite;

import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.phone.api.DocsPage;
import dev.phone.contract.MarkdownDocs;
import dev.phone.contract.OpenApi30;
import dev.phone.contracttests.contract.TheContract;
import dev.phone.contracttests.target.ApiProcess;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.io.StringReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;

/** The contract and its documentation, as they are served. */
class DocsTest extends Suite {
    /** What the guides call in a contract that nobody serves. */
    private static final String STARTED = "http://localhost:8080";
    private static final Path COPY = ApiProcess.ROOT.resolve("openapi/target/docs");
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    @Test
    void theContractIsServedAsItWasBuilt() {
        Response json = RestAssured.get(url("/openapi.json"));
        json.then().statusCode(200).header("content-type", "application/json");
        assertEquals(hosted(TheContract.CONTRACT.json()), object(json.asString()),
                "the contract, with the host that serves it as its first server and in the commands of the guides");
        Response yaml = RestAssured.get(url("/openapi.yaml"));
        yaml.then().statusCode(200).header("content-type", "application/yaml");
        assertEquals(value(json.asString()), value(yaml.asString()), "to a reader of YAML 1.1 both are the same");
    }

    @Test
    void theContractIsServedAsOpenApi30() {
        Response json = RestAssured.get(url("/openapi-3.0.json"));
        json.then().statusCode(200).header("content-type", "application/json");
        assertEquals(hosted(OpenApi30.of(TheContract.CONTRACT.json())), object(json.asString()));
    }

    @Test
    void theDocumentationIsServedAsText() {
        RestAssured.get(url("/docs.md")).then().statusCode(200).header("content-type", "text/markdown; charset=utf-8")
                .body(equalTo(MarkdownDocs.of(TheContract.CONTRACT.json()).replaceAll("(?<!\")" + STARTED, url(""))));
    }

    /** Nobody copies a command that calls another host than the one that is being read. */
    @Test
    void theCommandsOfTheGuidesCallTheHostThatServesThem() {
        String guides = object(RestAssured.get(url("/openapi.json")).asString()).getJsonArray("tags").toString();
        assertTrue(guides.contains("curl " + url("/v1/otp/send")) && guides.contains(url("/openapi.json")) && guides.contains("PHONE=" + url("") + "\\n"), guides);
        assertEquals(List.of(url("")), Stream.of(guides, RestAssured.get(url("/docs.md")).asString())
                .flatMap(text -> Pattern.compile("(?<!\")http://(localhost|127\\.0\\.0\\.1):[0-9]+").matcher(text).results()).map(MatchResult::group)
                .distinct().toList());
    }

    private JsonObject hosted(JsonObject contract) {
        return Json.createPatchBuilder().replace("/servers/0/url", url("")).build().apply(object(contract.toString().replaceAll("(?<!\")" + STARTED, url(""))));
    }

    private static JsonObject object(String json) {
        try (var reader = Json.createReader(new StringReader(json))) {
            return reader.readObject();
        }
    }

    /** JSON is YAML, too. */
    private static Object value(String yaml) {
        LoaderOptions options = new LoaderOptions();
        options.setCodePointLimit(10_000_000);
        return new Yaml(options).load(yaml);
    }

    @Test
    void theDocumentationLoadsFromThisHostAlone() throws Exception {
        RestAssured.given().redirects().follow(false).get(url("/")).then().statusCode(302).header("location", "/docs");
        Response docs = RestAssured.get(url("/docs"));
        docs.then().statusCode(200).header("content-type", startsWith("text/html"))
                .header("content-security-policy", startsWith("default-src 'none'; script-src 'self';"));
        assertFalse(docs.asString().contains("//"), docs.asString());
        List<String> scripts = Pattern.compile("src=\"([^\"]*)\"").matcher(docs.asString()).results().map(found -> found.group(1)).toList();
        assertFalse(scripts.isEmpty());
        for (String script : scripts) {
            RestAssured.get(url(script)).then().statusCode(200).header("content-type", "text/javascript; charset=utf-8");
        }
        // The copy that BrowserTest opens has these files, too.
        for (String script : scripts) {
            assertArrayEquals(Files.readAllBytes(COPY.resolve(Path.of(script).getFileName())), page(script, 200, "accept", "*/*").body(), script);
        }
        assertArrayEquals(DocsPage.read("/docs").plain(), page("/docs", 200, "accept", "*/*").body());
    }

    @Test
    void aPageIsSentZippedAndOnlyWhenItHasChanged() throws Exception {
        for (String page : List.of("/openapi.json", "/openapi.yaml", "/openapi-3.0.json", "/docs", "/docs.md", "/docs/start.js")) {
            HttpResponse<byte[]> plain = page(page, 200, "accept", "*/*");
            assertEquals("no-cache", header(plain, "cache-control"));
            assertEquals("Accept-Encoding", header(plain, "vary"));
            HttpResponse<byte[]> zipped = page(page, 200, "accept-encoding", "gzip, br");
            assertEquals("gzip", header(zipped, "content-encoding"));
            assertNotEquals(header(plain, "etag"), header(zipped, "etag"), "two representations have two tags");
            assertArrayEquals(plain.body(), new GZIPInputStream(new ByteArrayInputStream(zipped.body())).readAllBytes(), page);
            HttpResponse<byte[]> unchanged = page(page, 304, "if-none-match", header(plain, "etag"));
            assertEquals(header(plain, "etag"), header(unchanged, "etag"));
            assertEquals(0, unchanged.body().length);
            page(page, 200, "if-none-match", "\"other\"");
        }
    }

    /** Not by REST Assured, which unzips by itself. */
    private HttpResponse<byte[]> page(String path, int status, String... header) throws Exception {
        HttpResponse<byte[]> response = CLIENT.send(HttpRequest.newBuilder(URI.create(url(path))).headers(header).build(),
                HttpResponse.BodyHandlers.ofByteArray());
        assertEquals(status, response.statusCode(), path);
        return response;
    }

    private static String header(HttpResponse<?> response, String name) {
        assertEquals(1, response.headers().allValues(name).size(), name + " is there once");
        return response.headers().firstValue(name).orElseThrow();
    }
}
