// SPDX-License-Identifier: Apache-2.0
package dev.phone.mock;

import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.serverError;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.tomakehurst.wiremock.client.WireMock;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What scripts ask that wait for the mock is answered whatever else the mock has been told. That it answers as the server does is tested in contract-tests. */
class HealthTest {
    private static String answer(PhoneMock mock, String path) {
        Http.Reply reply = Http.send("GET", mock.url() + path, Map.of(), (String) null);
        return reply.status() + reply.raw().body();
    }

    @Test
    void noStubDelayOrLimitIsInItsWay() {
        try (PhoneMock mock = PhoneMock.start(new MockOptions().delay(2_000))) {
            mock.wireMock().stubFor(any(anyUrl()).willReturn(serverError()));
            long start = System.nanoTime();
            for (int i = 0; i < 130; i++) {
                assertEquals("200{\"status\":\"UP\"}", answer(mock, "/health/live"));
                assertEquals("200{\"status\":\"UP\"}", answer(mock, "/health/ready"));
            }
            assertTrue(System.nanoTime() - start < 20_000_000_000L);
            assertEquals(List.of(), new WireMock("localhost", mock.port()).getServeEvents());
        }
    }

    @Test
    void anOperationOfTheContractComesFirst(@TempDir Path folder) throws Exception {
        String contract;
        try (InputStream in = HealthTest.class.getResourceAsStream("/contract/servable.yaml")) {
            contract = new String(in.readAllBytes(), StandardCharsets.UTF_8).replace("/pets/{petId}:", "/health/{petId}:");
        }
        try (PhoneMock mock = PhoneMock.start(new MockOptions().contract(Files.writeString(folder.resolve("pets.yaml"), contract)))) {
            assertEquals("200{\"name\":\"Rex\"}", answer(mock, "/health/live"));
        }
        try (PhoneMock mock = PhoneMock.start(new MockOptions().contract(Files.writeString(folder.resolve("pets.yaml"), contract.replace("/health/", "/pets/"))))) {
            assertEquals("200{\"status\":\"UP\"}", answer(mock, "/health/live"));
        }
    }
}
