// SPDX-License-Identifier: Apache-2.0
package dev.phone.mock;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.phone.contract.Contract;
import dev.phone.contract.Example;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every example of the contract can be wished for. That it comes back unwished, too, is proved with the server's in contract-tests. */
class WishesTest {
    private static PhoneMock mock;

    @BeforeAll
    static void start() {
        mock = PhoneMock.start();
    }

    @AfterAll
    static void stop() {
        mock.close();
    }

    @TestFactory
    Stream<DynamicTest> everyExampleCanBeWishedFor() {
        Map<String, Example> happy = new HashMap<>();
        List<Example> examples = Example.of(mock.engine().blueprint().contract());
        examples.stream().filter(example -> example.status() < 300 || example.status() == 501)
                .forEach(example -> happy.putIfAbsent(example.operation().id(), example));
        return examples.stream().map(example -> DynamicTest.dynamicTest(example.toString(),
                () -> wish(example, happy.getOrDefault(example.operation().id(), example))));
    }

    @Test
    void refusalsByTheStateWaitAsWell() {
        long start = System.nanoTime();
        Http.Reply reply = Http.send("GET", mock.url() + "/v1/projects/prj_01kertbv80wez6vkwkjgm64s9r",
                Map.of("authorization", "Bearer dev_alice", "prefer", "delay=300"), (String) null);
        assertEquals(404, reply.status());
        assertEquals("delay=300", reply.header("Preference-Applied"));
        assertTrue(System.nanoTime() - start >= 300_000_000L);
    }

    private static void wish(Example example, Example sent) {
        Map<String, String> headers = new HashMap<>(sent.headers());
        headers.put("prefer", "example=" + example.name());
        headers.put("x-mock-session", "wish " + example);
        Http.Reply reply = Http.send(example.operation().method(), mock.url() + sent.target(), headers, sent.body());
        assertEquals(example.status(), reply.status(), () -> reply.raw().body());
        assertEquals("example=" + example.name(), reply.header("Preference-Applied"));
        assertNotNull(reply.reason());
        check(example, reply);
    }

    /** What the contract says of the answer: its headers and its schema. */
    private static void check(Example example, Http.Reply reply) {
        Contract contract = mock.engine().blueprint().contract();
        JsonObject response = contract.resolve(contract.json().getJsonObject("paths").getJsonObject(example.operation().path())
                .getJsonObject(example.operation().method().toLowerCase()).getJsonObject("responses").get(String.valueOf(reply.status())));
        response.getJsonObject("headers").forEach((name, header) -> {
            if (contract.resolve(header).getBoolean("required", false)) {
                assertNotNull(reply.header(name), name);
            }
        });
        String reference = ((JsonString) response.getJsonObject("content").getJsonObject("application/json").getJsonObject("schema")
                .get("$ref")).getString();
        List<String> broken = new ArrayList<>();
        contract.schema(reference.substring(reference.lastIndexOf('/') + 1)).check(reply.json(), "",
                (path, rule, message) -> broken.add(path + " " + message));
        assertEquals(List.of(), broken);
    }
}
