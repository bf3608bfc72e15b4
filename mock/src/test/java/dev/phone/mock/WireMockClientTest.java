// SPDX-License-Identifier: Apache-2.0
package dev.phone.mock;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.equalToJson;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.matchingJsonPath;
import static com.github.tomakehurst.wiremock.client.WireMock.moreThanOrExactly;
import static com.github.tomakehurst.wiremock.client.WireMock.ok;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.recordSpec;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static com.github.tomakehurst.wiremock.stubbing.StubImport.stubImport;
import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.tomakehurst.wiremock.client.WireMock;
import com.github.tomakehurst.wiremock.global.GlobalSettings;
import com.github.tomakehurst.wiremock.http.UniformDistribution;
import com.github.tomakehurst.wiremock.stubbing.ServeEvent;
import com.github.tomakehurst.wiremock.stubbing.StubMapping;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import com.github.tomakehurst.wiremock.verification.NearMiss;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** WireMock's own Java client gets along with the mock: every method of it works, or fails with words that help. */
class WireMockClientTest {
    private static final Map<String, String> ALICE = Map.of("authorization", "Bearer dev_alice");
    private static final String STUB = """
            {"id": "%s", "request": {"method": "GET", "url": "/v1/teapot"}, "response": {"status": 418}}""";
    /** What cannot be done without a journal. (Unmatched requests are none then, and the client overlooks the flag that says why.) */
    private static final Set<String> JOURNAL = Set.of("verifyThat", "find", "getServeEvents", "removeEvents", "removeEventsByMetadata",
            "findNearMissesForAllUnmatchedRequests", "findAllNearMissesFor", "startStubRecording",
            "takeSnapshotRecording");

    @TempDir
    Path folder;

    private static int status(PhoneMock mock, String path) {
        return Http.send("GET", mock.url() + path, ALICE, (String) null).status();
    }

    private Path stub(String name, UUID id) {
        try {
            return Files.writeString(Files.createDirectories(folder.resolve("mappings")).resolve(name), STUB.formatted(id));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Each method, with what it may be given. */
    private Map<String, Executable> methods(WireMock client, PhoneMock mock, PhoneMock target) {
        UUID id = UUID.randomUUID();
        StubMapping stub = get("/v1/x").withId(id).willReturn(ok()).build();
        Map<String, Executable> calls = new LinkedHashMap<>();
        calls.put("register", () -> {
            client.register(stub);
            client.register(get("/v1/y").inScenario("s").willSetStateTo("t").withMetadata(Map.of("a", 1)).willReturn(ok()));
        });
        calls.put("editStubMapping", () -> client.editStubMapping(get("/v1/x").withId(id).willReturn(ok("edited"))));
        calls.put("getStubMapping", () -> assertEquals(id, client.getStubMapping(id).getItem().getId()));
        calls.put("allStubMappings", () -> assertEquals(2, client.allStubMappings().getMappings().size()));
        calls.put("findAllStubsByMetadata", () -> assertEquals(1, client.findAllStubsByMetadata(matchingJsonPath("$.a")).size()));
        calls.put("removeStubsByMetadataPattern", () -> client.removeStubsByMetadataPattern(matchingJsonPath("$.b")));
        calls.put("setSingleScenarioState", () -> client.setSingleScenarioState("s", "t"));
        calls.put("resetScenarioState", () -> client.resetScenarioState("s"));
        calls.put("getScenarios", () -> assertEquals(1, client.getScenarios().size()));
        calls.put("resetScenarios", client::resetScenarios);
        calls.put("removeStubMapping", () -> {
            client.removeStubMapping(stub);
            client.register(stub);
            client.removeStubMapping(id);
            client.register(stub);
            client.removeStubMapping(get("/v1/x").withId(id));
        });
        calls.put("importStubMappings", () -> {
            client.importStubMappings(stubImport().stub(get("/v1/z").willReturn(ok())));
            client.importStubMappings(stubImport().stub(get("/v1/z").willReturn(ok())).build());
        });
        calls.put("loadMappingsFrom", () -> {
            stub("loaded.json", UUID.randomUUID());
            client.loadMappingsFrom(folder.toString());
            client.removeMappings();
            client.loadMappingsFrom(folder.toFile());
        });
        calls.put("resetMappings", client::resetMappings);
        calls.put("removeMappings", client::removeMappings);
        calls.put("resetToDefaultMappings", client::resetToDefaultMappings);
        calls.put("saveMappings", client::saveMappings);

        calls.put("verifyThat", () -> {
            status(mock, "/v1/projects");
            client.verifyThat(getRequestedFor(urlEqualTo("/v1/projects")));
            client.verifyThat(0, postRequestedFor(urlEqualTo("/v1/projects")));
            client.verifyThat(moreThanOrExactly(1), getRequestedFor(urlEqualTo("/v1/projects")));
        });
        calls.put("find", () -> client.find(getRequestedFor(urlEqualTo("/v1/projects"))));
        calls.put("getServeEvents", () -> {
            client.getServeEvents();
            client.getServeEvents(com.github.tomakehurst.wiremock.admin.model.ServeEventQuery.ALL_UNMATCHED);
        });
        calls.put("findAllUnmatchedRequests", client::findAllUnmatchedRequests);
        calls.put("findNearMissesForAllUnmatchedRequests", client::findNearMissesForAllUnmatchedRequests);
        calls.put("findAllNearMissesFor", () -> client.findAllNearMissesFor(getRequestedFor(urlEqualTo("/v1/nope"))));
        calls.put("findTopNearMissesFor", () -> client.findTopNearMissesFor(com.github.tomakehurst.wiremock.common.Json.read(
                "{\"url\": \"/v1/nope\", \"method\": \"GET\"}", LoggedRequest.class)));
        calls.put("removeEvent", () -> client.removeEvent(UUID.randomUUID()));
        calls.put("removeEvents", () -> client.removeEvents(getRequestedFor(urlEqualTo("/v1/nope"))));
        calls.put("removeEventsByMetadata", () -> client.removeEventsByMetadata(equalToJson("{}")));
        calls.put("resetRequests", client::resetRequests);

        calls.put("startStubRecording", () -> {
            client.startStubRecording(target.url());
            client.stopStubRecording();
            client.startStubRecording(recordSpec().forTarget(target.url()).makeStubsPersistent(false));
            client.stopStubRecording();
            client.startStubRecording();
            client.stopStubRecording();
        });
        calls.put("stopStubRecording", () -> assertTrue(assertThrows(RuntimeException.class, client::stopStubRecording).getMessage()
                .contains("Not currently recording")));
        calls.put("getStubRecordingStatus", client::getStubRecordingStatus);
        calls.put("takeSnapshotRecording", () -> {
            client.takeSnapshotRecording();
            client.takeSnapshotRecording(recordSpec().makeStubsPersistent(false));
        });

        calls.put("setGlobalFixedDelayVariable", () -> client.setGlobalFixedDelayVariable(1));
        calls.put("setGlobalRandomDelayVariable", () -> client.setGlobalRandomDelayVariable(new UniformDistribution(1, 2)));
        calls.put("updateGlobalSettings", () -> client.updateGlobalSettings(GlobalSettings.builder().build()));
        calls.put("getGlobalSettings", client::getGlobalSettings);
        return calls;
    }

    private static void all(Map<String, Executable> calls, Set<String> fail) {
        assertAll(calls.entrySet().stream().map(call -> () -> {
            if (!fail.contains(call.getKey())) {
                assertDoesNotThrow(call.getValue(), call.getKey());
            } else {
                RuntimeException refused = assertThrows(RuntimeException.class, call.getValue(), call.getKey());
                assertTrue(String.valueOf(refused.getMessage()).matches("(?s).*(--journal|request journal is disabled).*"),
                        () -> call.getKey() + ": " + refused);
            }
        }));
    }

    @Test
    void everyMethodWorksWithAJournal() {
        try (PhoneMock mock = PhoneMock.start(); PhoneMock target = PhoneMock.start()) {
            assertEquals(200, status(mock, "/v1/projects"));
            all(methods(new WireMock("localhost", mock.port()), mock, target), Set.of());
            assertEquals(200, status(mock, "/v1/projects"));
        }
    }

    @Test
    void withoutAJournalWhatNeedsOneSaysSo() {
        try (PhoneMock mock = PhoneMock.start(new MockOptions().journal(0)); PhoneMock target = PhoneMock.start()) {
            WireMock client = new WireMock("localhost", mock.port());
            all(methods(client, mock, target), JOURNAL);
            // No half-started recording is left behind.
            client.removeMappings();
            assertThrows(RuntimeException.class, () -> client.startStubRecording(target.url()));
            assertThrows(RuntimeException.class, () -> mock.wireMock().startRecording(target.url()));
            assertThrows(RuntimeException.class, () -> mock.wireMock().startRecording(recordSpec().forTarget(target.url())));
            assertEquals(List.of(), client.allStubMappings().getMappings());
        }
    }

    /** A method that the client gains belongs into this test. */
    @Test
    void theseAreAllMethods() {
        Set<String> all = Stream.of(WireMock.class.getDeclaredMethods())
                .filter(method -> Modifier.isPublic(method.getModifiers()) && !Modifier.isStatic(method.getModifiers()))
                .map(Method::getName).collect(Collectors.toCollection(TreeSet::new));
        Set<String> tried = new TreeSet<>(methods(new WireMock(), null, null).keySet());
        tried.add("shutdown");
        assertEquals(all, tried);
    }

    @Test
    void shutsDown() throws InterruptedException {
        PhoneMock mock = PhoneMock.start();
        String url = mock.url();
        new WireMock("localhost", mock.port()).shutdown();
        Await.until(() -> {
            try {
                Http.send("GET", url + "/v1/projects", ALICE, (String) null);
                return false;
            } catch (UncheckedIOException gone) {
                return true;
            }
        });
        mock.close();
    }

    @Test
    void whatTheContractHasNoOperationForIsUnmatched() {
        for (boolean bypass : new boolean[] {true, false}) {
            try (PhoneMock mock = PhoneMock.start(new MockOptions().bypass(bypass))) {
                WireMock client = new WireMock("localhost", mock.port());
                Http.Reply nowhere = Http.send("GET", mock.url() + "/v1/teapot", ALICE, (String) null);
                assertEquals(404, nowhere.status());
                assertEquals("rule=no such route", nowhere.reason());
                assertEquals("NOT_FOUND", nowhere.json().getJsonObject("error").getString("code"));
                assertEquals(200, status(mock, "/v1/projects"));
                assertEquals(404, status(mock, "/v1/projects/prj_01kdvdna006rw3hv72nj173n0s"));
                assertEquals(200, status(mock, "/openapi.json"));
                assertEquals(404, Http.send("POST", mock.url() + "/v1/nope", ALICE, "{}").status());

                assertEquals(List.of("/v1/nope", "/v1/teapot"), urls(client.findAllUnmatchedRequests()));
                assertEquals(List.of(), client.findNearMissesForAllUnmatchedRequests());
                assertEquals(1, client.findAllNearMissesFor(getRequestedFor(urlEqualTo("/v1/teapot/"))).stream()
                        .filter(each -> each.getRequest().getUrl().equals("/v1/teapot")).count());
                List<ServeEvent> events = client.getServeEvents();
                assertEquals(5, events.size());
                assertEquals(2, events.stream().filter(ServeEvent::isNoExactMatch).count());
                // A stub that comes later tells how near they were.
                client.register(get("/v1/teapots").willReturn(ok()));
                NearMiss near = client.findNearMissesForAllUnmatchedRequests().stream()
                        .filter(each -> each.getRequest().getUrl().equals("/v1/teapot")).findFirst().orElseThrow();
                assertEquals("/v1/teapots", near.getStubMapping().getRequest().getUrl());
            }
        }
    }

    /** With stubs there, what the contract answers is nevertheless what no stub was meant for. */
    @Test
    void whatNoStubMatchesIsUnmatchedWhileThereAreStubs() {
        try (PhoneMock mock = PhoneMock.start()) {
            WireMock client = new WireMock("localhost", mock.port());
            assertEquals(200, status(mock, "/v1/numbers"));
            StubMapping stub = client.register(get("/v1/projects").withHeader("x-test", equalTo("1")).willReturn(ok()));
            assertEquals(200, status(mock, "/v1/projects"));
            assertEquals(List.of("/v1/projects"), urls(client.findAllUnmatchedRequests()));
            assertEquals(stub.getId(), client.findNearMissesForAllUnmatchedRequests().getFirst().getStubMapping().getId());
            client.removeStubMapping(stub);
            assertEquals(200, status(mock, "/v1/numbers"));
            assertEquals(List.of("/v1/projects"), urls(client.findAllUnmatchedRequests()));
        }
    }

    private static List<String> urls(List<LoggedRequest> requests) {
        return requests.stream().map(LoggedRequest::getUrl).toList();
    }

    /** What WireMock has never seen is in its journal as if it had. */
    @Test
    void theJournalIsTheSameWithAndWithoutTheBypass() throws Exception {
        List<List<String>> journals = new ArrayList<>();
        for (boolean bypass : new boolean[] {true, false}) {
            try (PhoneMock mock = PhoneMock.start(new MockOptions().bypass(bypass))) {
                WireMock client = new WireMock("localhost", mock.port());
                Http.send("POST", mock.url() + "/v1/projects?a=b", Map.of("authorization", "Bearer dev_alice", "X-Test", "1", "cookie", "c=d; e=f"),
                        "{\"name\": \"x\"}");
                // Refused before its body is read.
                Http.send("POST", mock.url() + "/v1/projects", Map.of(), "{\"name\": \"y\"}");
                Await.until(() -> client.find(postRequestedFor(urlEqualTo("/v1/projects")).withRequestBody(equalToJson("{\"name\": \"y\"}"))).size() == 1);
                client.verifyThat(1, postRequestedFor(urlPathEqualTo("/v1/projects")).withQueryParam("a", equalTo("b")).withHeader("x-test", equalTo("1"))
                        .withCookie("c", equalTo("d")).withCookie("e", equalTo("f")).withRequestBody(equalToJson("{\"name\": \"x\"}")));
                journals.add(client.getServeEvents().stream().map(event -> event.getRequest().getMethod() + " " + event.getRequest().getUrl() + " "
                        + event.getRequest().getAbsoluteUrl().replaceFirst(":[0-9]+", "") + " " + event.getRequest().getClientIp() + " "
                        + event.getRequest().getProtocol() + " " + new TreeSet<>(event.getRequest().getAllHeaderKeys()) + event.getRequest().getBodyAsString()
                        + " " + event.getWasMatched() + " " + event.getStubMapping().getName() + " " + event.getResponse().getStatus() + " "
                        + new TreeSet<>(event.getResponse().getHeaders().keys())
                        + event.getResponse().getBodyAsString().replaceAll("prj_[0-9a-z]{26}|\\d{4}-[-:.T0-9]*Z", "…")).toList());
                assertTrue(client.getServeEvents().stream().allMatch(event -> Math.abs(System.currentTimeMillis() - event.getRequest().getLoggedDate().getTime()) < 60_000));
            }
        }
        assertEquals(journals.getLast(), journals.getFirst());
    }

    @Test
    void whatIsExportedCanBeImported() {
        try (PhoneMock one = PhoneMock.start(); PhoneMock other = PhoneMock.start()) {
            new WireMock("localhost", one.port()).register(get("/v1/teapot").willReturn(aResponse().withStatus(418)));
            String exported = Http.send("GET", one.url() + "/__admin/mappings", Map.of(), (String) null).raw().body();
            assertEquals(200, Http.send("POST", other.url() + "/__admin/mappings/import", Map.of(), exported).status());
            assertEquals(418, status(other, "/v1/teapot"));
            assertEquals(200, status(other, "/v1/projects"));
            assertEquals(1, new WireMock("localhost", other.port()).allStubMappings().getMappings().size());
        }
    }

    /** Only what the user has made is listed, saved, exported and reset. */
    @Test
    void theContractIsNoStub() {
        UUID id = UUID.randomUUID();
        stub("teapot.json", id);
        for (int start = 0; start < 2; start++) {
            try (PhoneMock mock = PhoneMock.start(new MockOptions().stubs(folder))) {
                WireMock client = new WireMock("localhost", mock.port());
                assertEquals(List.of(id), client.allStubMappings().getMappings().stream().map(StubMapping::getId).toList());
                client.saveMappings();
                client.resetToDefaultMappings();
                assertEquals(List.of(id), client.allStubMappings().getMappings().stream().map(StubMapping::getId).toList());
                assertEquals(418, status(mock, "/v1/teapot"));
                assertEquals(200, status(mock, "/v1/projects"));
                assertEquals(List.of("teapot.json"), Arrays.stream(folder.resolve("mappings").toFile().list()).sorted().toList());
            }
        }
        try (PhoneMock mock = PhoneMock.start(new MockOptions().stubs(folder))) {
            WireMock client = new WireMock("localhost", mock.port());
            client.removeMappings();
            assertEquals(404, status(mock, "/v1/teapot"));
            assertEquals(200, status(mock, "/v1/projects"));
            client.register(get("/v1/projects").willReturn(ok("mine")));
            client.saveMappings();
        }
        try (PhoneMock mock = PhoneMock.start(new MockOptions().stubs(folder))) {
            assertEquals("mine", Http.send("GET", mock.url() + "/v1/projects", ALICE, (String) null).raw().body());
            assertEquals(404, status(mock, "/v1/teapot"));
        }
    }
}
