// SPDX-License-Identifier: Apache-2.0
package dev.phone.mock;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What stays WireMock. */
class StubsTest {
    private static final Map<String, String> ALICE = Map.of("authorization", "Bearer dev_alice");

    @TempDir
    Path folder;

    private static Http.Reply projects(PhoneMock mock) {
        return Http.send("GET", mock.url() + "/v1/projects", ALICE, (String) null);
    }

    @Test
    void filesWinAndAreReadAgain() throws Exception {
        Path stub = Files.createDirectories(folder.resolve("mappings")).resolve("teapot.json");
        Files.writeString(stub, """
                {"name": "teapot", "request": {"method": "GET", "url": "/v1/projects"}, "response": {"status": 418}}""");
        try (PhoneMock mock = PhoneMock.start(new MockOptions().stubs(folder))) {
            Http.Reply teapot = projects(mock);
            assertEquals(418, teapot.status());
            assertEquals("stub=teapot", teapot.reason());
            assertEquals("*", teapot.header("access-control-allow-origin"));
            Files.delete(stub);
            Await.until(() -> projects(mock).status() == 200);
            Files.writeString(folder.resolve("mappings/maintenance.json"), """
                    {"request": {"urlPattern": "/v1/.*"}, "response": {"status": 500, "body": "down"}}""");
            Await.until(() -> projects(mock).status() == 500);
        }
    }

    /** Reading the files again replaces what has changed in them, and leaves no moment without stubs. */
    @Test
    void aStubIsThereWhileTheFilesAreReadAgain() throws Exception {
        Path mappings = Files.createDirectories(folder.resolve("mappings"));
        Files.writeString(mappings.resolve("teapot.json"), """
                {"request": {"method": "GET", "url": "/v1/projects"}, "response": {"status": 418}}""");
        // So many that reading them takes longer than a request.
        for (int i = 0; i < 300; i++) {
            Files.writeString(mappings.resolve(i + ".json"), "{\"request\": {\"url\": \"/v1/" + i + "\"}, \"response\": {\"status\": 419}}");
        }
        try (PhoneMock mock = PhoneMock.start(new MockOptions().stubs(folder))) {
            for (int i = 0; i < 3; i++) {
                String url = "/v1/other" + i;
                Files.writeString(mappings.resolve("other" + i + ".json"), """
                        {"request": {"method": "GET", "url": "%s"}, "response": {"status": 419}}""".formatted(url));
                Await.until(() -> {
                    assertEquals(418, projects(mock).status());
                    return Http.send("GET", mock.url() + url, ALICE, (String) null).status() == 419;
                });
            }
        }
    }

    /** What was registered through the admin API is in no file, and stays when the files change. */
    @Test
    void aStubThatIsInNoFileOutlivesTheFiles() throws Exception {
        Path mappings = Files.createDirectories(folder.resolve("mappings"));
        try (PhoneMock mock = PhoneMock.start(new MockOptions().stubs(folder))) {
            mock.wireMock().stubFor(get(urlEqualTo("/v1/registered")).willReturn(aResponse().withStatus(420)));
            Path file = Files.writeString(mappings.resolve("file.json"), """
                    {"request": {"method": "GET", "url": "/v1/file"}, "response": {"status": 419}}""");
            Await.until(() -> Http.send("GET", mock.url() + "/v1/file", ALICE, (String) null).status() == 419);
            Files.delete(file);
            Await.until(() -> Http.send("GET", mock.url() + "/v1/file", ALICE, (String) null).status() == 404);
            assertEquals(420, Http.send("GET", mock.url() + "/v1/registered", ALICE, (String) null).status());
        }
    }

    @Test
    void theContractOutlivesWhatTheAdminApiRemoves() {
        try (PhoneMock mock = PhoneMock.start()) {
            mock.wireMock().stubFor(get(urlEqualTo("/v1/projects")).willReturn(okJson("{}")));
            assertEquals("{}", projects(mock).raw().body());
            mock.wireMock().resetAll();
            assertEquals("operation=listProjects; state=listed 2 Project", projects(mock).reason());
            Http.send("DELETE", mock.url() + "/__admin/mappings", Map.of(), (String) null);
            assertEquals(200, projects(mock).status());
            Http.send("POST", mock.url() + "/__admin/reset", Map.of(), (String) null);
            assertEquals(200, projects(mock).status());
        }
    }

    @Test
    void whatOneMockSavesIsNotTheNextOnes() {
        try (PhoneMock mock = PhoneMock.start()) {
            assertEquals(201, Http.send("POST", mock.url() + "/__admin/mappings", Map.of(),
                    "{\"persistent\": true, \"request\": {\"urlPattern\": \"/v1/.*\"}, \"response\": {\"status\": 503}}").status());
            assertEquals(503, projects(mock).status());
        }
        try (PhoneMock mock = PhoneMock.start()) {
            mock.wireMock();
            assertEquals(200, projects(mock).status());
        }
    }

    @Test
    void withoutTheJournalItSaysHowToGetOne() {
        try (PhoneMock mock = PhoneMock.start(new MockOptions().journal(0))) {
            Http.Reply reply = Http.send("GET", mock.url() + "/__admin/requests", Map.of(), (String) null);
            assertEquals(403, reply.status());
            assertEquals(true, reply.raw().body().contains("--journal"), reply.raw().body());
        }
    }

    @Test
    void proxiesAndRecords() {
        try (PhoneMock mock = PhoneMock.start(new MockOptions().stubs(folder))) {
            try (PhoneMock real = PhoneMock.start()) {
                mock.wireMock().startRecording(real.url());
                assertEquals(200, projects(mock).status());
                mock.wireMock().stopRecording();
            }
            assertEquals("stub=", projects(mock).reason().substring(0, 5));
            assertEquals(200, projects(mock).status());
        }
    }

    @Test
    void delaysEverything() {
        try (PhoneMock mock = PhoneMock.start(new MockOptions().delay(200))) {
            long start = System.nanoTime();
            projects(mock);
            assertEquals(true, System.nanoTime() - start >= 200_000_000L);
        }
    }

    @Test
    void faultsOfStubsWork() {
        try (PhoneMock mock = PhoneMock.start()) {
            mock.wireMock().stubFor(get(urlEqualTo("/v1/projects")).willReturn(aResponse().withStatus(500).withFixedDelay(10)));
            assertEquals(500, projects(mock).status());
        }
    }
}
