// SPDX-License-Identifier: Apache-2.0
package dev.phone.mock;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.containing;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.equalToJson;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.jsonResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.matchingJsonPath;
import static com.github.tomakehurst.wiremock.client.WireMock.moreThanOrExactly;
import static com.github.tomakehurst.wiremock.client.WireMock.ok;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.recordSpec;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathMatching;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathTemplate;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.wireMockConfig;
import static com.github.tomakehurst.wiremock.stubbing.StubImport.stubImport;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.admin.model.ServeEventQuery;
import com.github.tomakehurst.wiremock.client.WireMock;
import com.github.tomakehurst.wiremock.common.Json;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.stubbing.Scenario;
import com.github.tomakehurst.wiremock.stubbing.StubMapping;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * WireMock's Java client, call by call in one order, against the mock and against a WireMock that is nothing else. What differs is the table of
 * README.md, and nothing more.
 */
class StockWireMockTest {
    private static final UUID ID = UUID.fromString("00000000-0000-4000-8000-000000000001");
    private static final String STOCK = "WireMock";
    private static final String OURS = "the mock";

    @TempDir
    Path folder;

    private final Map<String, Callable<Object>> calls = new LinkedHashMap<>();
    private final String target;
    private WireMock client;
    private String url;

    StockWireMockTest() {
        target = "http://localhost:1";
    }

    private String send(String method, String path, Map<String, String> headers, String body) {
        Http.Reply reply = Http.send(method, url + path, headers, body);
        return reply.status() + " " + reply.raw().body();
    }

    private String get(String path) {
        return send("GET", path, Map.of(), null);
    }

    private static StubMapping stub(String path, String body) {
        return WireMock.get(path).willReturn(ok(body)).build();
    }

    /** In the words of the table. */
    private void calls() {
        calls.put("`register` a stub of a URL", () -> client.register(WireMock.get("/a").withId(ID).willReturn(ok("a"))).getId() + get("/a"));
        calls.put("a path pattern", () -> {
            client.register(any(urlPathMatching("/b/[0-9]+")).willReturn(ok("b")));
            return get("/b/12?x=y") + get("/b/12");
        });
        calls.put("a path template", () -> {
            client.register(any(urlPathTemplate("/t/{id}")).withPathParam("id", equalTo("1")).willReturn(ok("t")));
            return get("/t/1");
        });
        calls.put("query parameters, headers, cookies", () -> {
            client.register(WireMock.get(urlPathMatching("/c")).withQueryParam("q", equalTo("1")).withHeader("x-c", containing("c")).withCookie("k", equalTo("v"))
                    .willReturn(ok("c")));
            return send("GET", "/c?q=1", Map.of("x-c", "abc", "cookie", "k=v"), null);
        });
        calls.put("basic authentication", () -> {
            client.register(WireMock.get("/basic").withBasicAuth("u", "p").willReturn(ok("basic")));
            return send("GET", "/basic", Map.of("authorization", "Basic dTpw"), null);
        });
        calls.put("`equalToJson`", () -> {
            client.register(post("/d").withRequestBody(equalToJson("{\"a\": 1}")).willReturn(ok("d")));
            return send("POST", "/d", Map.of(), "{ \"a\": 1 }");
        });
        calls.put("`matchingJsonPath`", () -> {
            client.register(post("/e").withRequestBody(matchingJsonPath("$.a", equalTo("1"))).willReturn(jsonResponse("{}", 201)));
            return send("POST", "/e", Map.of(), "{\"a\": \"1\"}");
        });
        calls.put("status and headers of a response", () -> {
            client.register(WireMock.get("/f").willReturn(aResponse().withStatus(418).withHeader("x-f", "1", "2")));
            Http.Reply reply = Http.send("GET", url + "/f", Map.of(), (String) null);
            return reply.status() + " " + reply.raw().headers().allValues("x-f");
        });
        calls.put("additional response headers", () -> {
            TreeMap<String, List<String>> headers = new TreeMap<>(Http.send("GET", url + "/a", Map.of(), (String) null).raw().headers().map());
            headers.keySet().removeAll(List.of("transfer-encoding", "content-length", "matched-stub-id"));
            return headers.isEmpty() ? "none" : "those of every response, and `x-mock-reason`".repeat(headers.containsKey("x-mock-reason") ? 1 : 0);
        });
        calls.put("priorities", () -> {
            client.register(WireMock.get("/g").atPriority(1).willReturn(ok("first")));
            client.register(WireMock.get("/g").atPriority(2).willReturn(ok("second")));
            return get("/g");
        });
        calls.put("the newest of two stubs", () -> {
            client.register(stub("/h", "old"));
            client.register(stub("/h", "new"));
            return get("/h");
        });
        calls.put("scenarios", () -> {
            client.register(WireMock.get("/s").inScenario("s").whenScenarioStateIs(Scenario.STARTED).willSetStateTo("two").willReturn(ok("one")));
            client.register(WireMock.get("/s").inScenario("s").whenScenarioStateIs("two").willReturn(ok("two")));
            return get("/s") + get("/s") + client.getScenarios().size();
        });
        calls.put("`setSingleScenarioState`, `resetScenarios`", () -> {
            client.resetScenarios();
            String first = get("/s");
            client.setSingleScenarioState("s", "two");
            return first + get("/s");
        });
        calls.put("a fixed delay", () -> {
            client.register(WireMock.get("/delay").willReturn(ok().withFixedDelay(50)));
            long start = System.nanoTime();
            return get("/delay") + (System.nanoTime() - start >= 50_000_000);
        });
        calls.put("a fault", () -> {
            client.register(WireMock.get("/fault").willReturn(aResponse().withFault(Fault.CONNECTION_RESET_BY_PEER)));
            return get("/fault");
        });
        calls.put("response templates", () -> {
            client.register(WireMock.get("/template").willReturn(ok("{{request.path}}").withTransformers("response-template")));
            return get("/template");
        });
        calls.put("a stub that forwards", () -> {
            client.register(WireMock.get("/proxy").willReturn(aResponse().proxiedFrom(target)));
            return get("/proxy").substring(0, 3);
        });
        calls.put("`editStubMapping`", () -> {
            client.editStubMapping(WireMock.get("/a").withId(ID).willReturn(ok("edited")));
            return get("/a");
        });
        calls.put("`getStubMapping`", () -> client.getStubMapping(ID).getItem().getRequest().getUrl());
        calls.put("`allStubMappings`", () -> client.allStubMappings().getMappings().size());
        calls.put("metadata of stubs", () -> {
            client.register(WireMock.get("/m").withMetadata(Map.of("m", 1)).willReturn(ok()));
            int found = client.findAllStubsByMetadata(matchingJsonPath("$.m")).size();
            client.removeStubsByMetadataPattern(matchingJsonPath("$.m"));
            return found + " " + client.findAllStubsByMetadata(matchingJsonPath("$.m")).size();
        });
        calls.put("`importStubMappings`", () -> {
            client.importStubMappings(stubImport().stub(WireMock.get("/i").willReturn(ok("i"))));
            return get("/i");
        });
        calls.put("`removeStubMapping`", () -> {
            client.removeStubMapping(ID);
            return client.allStubMappings().getMappings().stream().anyMatch(each -> each.getId().equals(ID));
        });

        calls.put("`verifyThat`", () -> {
            client.verifyThat(getRequestedFor(urlEqualTo("/b/12")));
            client.verifyThat(2, getRequestedFor(urlPathMatching("/b/12")));
            client.verifyThat(moreThanOrExactly(1), postRequestedFor(urlEqualTo("/d")).withRequestBody(equalToJson("{\"a\":1}")));
            return null;
        });
        calls.put("`verifyThat` of what was not", () -> {
            client.verifyThat(1, getRequestedFor(urlEqualTo("/never")));
            return null;
        });
        calls.put("`find`", () -> client.find(getRequestedFor(urlPathMatching("/c"))).stream().map(each -> each.getMethod() + each.getUrl() + each.getHeader("x-c")
                + each.getCookies().get("k").getValue() + each.queryParameter("q").firstValue()).toList());
        calls.put("`getServeEvents`", () -> client.getServeEvents().stream().map(each -> each.getRequest().getUrl() + each.getWasMatched()).toList());
        calls.put("`removeEvents`", () -> client.removeEvents(getRequestedFor(urlEqualTo("/f"))).size());
        calls.put("`removeServeEvent`", () -> {
            UUID event = client.getServeEvents().getFirst().getId();
            client.removeEvent(event);
            return client.getServeEvents().stream().anyMatch(each -> each.getId().equals(event));
        });
        calls.put("`resetRequests`", () -> {
            client.resetRequests();
            return client.getServeEvents().size();
        });
        calls.put("a request that matches no stub and no operation", () -> {
            Http.Reply reply = Http.send("GET", url + "/v1/nothing", Map.of(), (String) null);
            return reply.status() + ", " + (reply.header("content-type").startsWith("text/plain") ? "with the nearest stub's requirements as text"
                    : "the contract's `" + reply.json().getJsonObject("error").getString("code") + "`");
        });
        calls.put("a request that no stub matches, but the contract does", () -> String.valueOf(send("GET", "/v1/projects", Map.of("authorization", "Bearer dev_alice"), null)
                .startsWith("200") ? "200, from the contract" : "404"));
        calls.put("`findAllUnmatchedRequests`", () -> client.findAllUnmatchedRequests().stream().map(LoggedRequest::getUrl).toList());
        calls.put("`getServeEvents` of the unmatched", () -> client.getServeEvents(ServeEventQuery.ALL_UNMATCHED).size());
        calls.put("`findNearMissesForAllUnmatchedRequests`", () -> {
            client.register(WireMock.get("/v1/nothings").willReturn(ok()));
            return client.findNearMissesForAllUnmatchedRequests().stream().map(each -> each.getRequest().getUrl() + " " + each.getStubMapping().getRequest().getUrl())
                    .filter(each -> each.contains("nothing")).toList();
        });
        calls.put("`findTopNearMissesFor`", () -> client.findTopNearMissesFor(Json.read("{\"url\": \"/v1/nothing\", \"method\": \"GET\"}", LoggedRequest.class))
                .getFirst().getStubMapping().getRequest().getUrl());
        calls.put("`findAllNearMissesFor`", () -> client.findAllNearMissesFor(getRequestedFor(urlEqualTo("/v1/nothin"))).getFirst().getRequest().getUrl());

        calls.put("`setGlobalFixedDelayVariable`", () -> {
            client.setGlobalFixedDelayVariable(50);
            long start = System.nanoTime();
            String answer = get("/i") + (System.nanoTime() - start >= 50_000_000);
            client.setGlobalFixedDelayVariable(0);
            return answer;
        });
        calls.put("`getGlobalSettings`", () -> client.getGlobalSettings().getFixedDelay());
        calls.put("`startStubRecording`, `stopStubRecording`", () -> {
            client.startStubRecording(recordSpec().forTarget(url).onlyRequestsMatching(getRequestedFor(urlEqualTo("/i"))).makeStubsPersistent(false));
            String during = client.getStubRecordingStatus().getStatus().name();
            return during + client.stopStubRecording().getStubMappings().size() + client.getStubRecordingStatus().getStatus();
        });
        calls.put("`stopStubRecording` of none", () -> client.stopStubRecording());
        calls.put("`takeSnapshotRecording`", () -> client.takeSnapshotRecording(recordSpec().makeStubsPersistent(false)).size());
        calls.put("`saveMappings`", () -> {
            client.removeMappings();
            client.register(stub("/saved", "saved"));
            client.saveMappings();
            return null;
        });
        calls.put("`resetToDefaultMappings`", () -> {
            client.register(stub("/unsaved", "unsaved"));
            client.resetToDefaultMappings();
            return client.allStubMappings().getMappings().stream().map(each -> each.getRequest().getUrl()).toList() + get("/saved");
        });
        calls.put("`resetMappings`, `removeMappings`", () -> {
            client.resetMappings();
            int before = client.allStubMappings().getMappings().size();
            client.removeMappings();
            return before + " " + client.allStubMappings().getMappings().size();
        });
        calls.put("`loadMappingsFrom`", () -> {
            Path mappings = Files.createDirectories(folder.resolve("loaded/mappings"));
            Files.writeString(mappings.resolve("l.json"), "{\"request\": {\"url\": \"/l\"}, \"response\": {\"status\": 204}}");
            client.loadMappingsFrom(folder.resolve("loaded").toString());
            return get("/l");
        });
    }

    /** What each call comes to, an error as well. */
    private Map<String, String> results(int port) {
        url = "http://localhost:" + port;
        client = new WireMock("localhost", port);
        Map<String, String> results = new LinkedHashMap<>();
        calls.forEach((name, call) -> {
            String result;
            try {
                result = String.valueOf(call.call());
            } catch (Exception | AssertionError e) {
                result = e.getClass().getSimpleName() + ": " + e.getMessage();
            }
            results.put(name, result.replace(":" + port, ":PORT").replaceAll("(?s)\r?\n.*", "").replaceAll("Connection reset|.*header parser received no bytes", "reset"));
        });
        return results;
    }

    private Path files(String name) throws IOException {
        Files.createDirectories(folder.resolve(name).resolve("mappings"));
        return folder.resolve(name);
    }

    @Test
    void whatDiffersIsInTheReadme() throws Exception {
        calls();
        assertTrue(calls.size() >= 40, "there are " + calls.size() + " calls");
        Map<String, String> stock;
        WireMockServer server = new WireMockServer(wireMockConfig().dynamicPort().usingFilesUnderDirectory(files("stock").toString()));
        server.start();
        try {
            stock = results(server.port());
        } finally {
            server.stop();
        }
        Map<String, String> ours;
        try (PhoneMock mock = PhoneMock.start(new MockOptions().stubs(files("ours")))) {
            ours = results(mock.port());
        }
        TreeSet<String> differences = new TreeSet<>();
        stock.forEach((name, result) -> {
            if (!result.equals(ours.get(name))) {
                differences.add("| " + name + " | " + result + " | " + ours.get(name) + " |");
            }
        });
        assertEquals(String.join("\n", documented()), String.join("\n", differences), () -> "all that " + STOCK + " does: " + stock);
    }

    /** The rows of the table in README.md. */
    private static TreeSet<String> documented() throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("README.md"))) {
            Pattern head = Pattern.compile("\\| .* \\| " + STOCK + " \\| " + OURS + " \\|");
            return new TreeSet<>(lines.dropWhile(line -> !head.matcher(line).matches()).skip(2).takeWhile(line -> line.startsWith("|")).toList());
        }
    }
}
