// SPDX-License-Identifier: Apache-2.0
package dev.phone.mock;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.phone.api.Operation;
import dev.phone.api.Schema;
import dev.phone.mock.contract.Blueprint;
import dev.phone.mock.contract.Example;
import dev.phone.mock.contract.Plan;
import dev.phone.mock.contract.RequestExamples;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The documentation is executable: every example of the contract is sent, by whom it says, and comes back as it is documented. */
class ExamplesTest {
    private static PhoneMock mock;
    private static Likeness likeness;

    @BeforeAll
    static void start() {
        mock = PhoneMock.start();
        likeness = new Likeness(mock);
    }

    @AfterAll
    static void stop() {
        mock.close();
    }

    @TestFactory
    Stream<DynamicTest> everyExampleComesBack() {
        return mock.engine().blueprint().plans().stream().flatMap(plan -> plan.examples().values().stream()
                .filter(example -> !example.illustrative())
                .map(example -> DynamicTest.dynamicTest(plan.id() + " " + example.status() + " " + example.name(), () -> send(plan, example))));
    }

    @TestFactory
    Stream<DynamicTest> everyExampleCanBeWishedFor() {
        return mock.engine().blueprint().plans().stream()
                .flatMap(plan -> plan.examples().values().stream().map(example -> DynamicTest.dynamicTest(
                        plan.id() + " " + example.name(), () -> wish(plan, example))));
    }

    private static void send(Plan plan, Example example) {
        Http.Reply reply = send(plan, example.name(), example.as(), "pair " + plan.id() + " " + example.name(), Map.of());
        assertEquals(example.status(), reply.status(), () -> reply.raw().body() + " " + reply.reason());
        assertNull(likeness.difference(example.body(), reply.json(), ""));
        check(plan, reply);
    }

    private static void wish(Plan plan, Example example) {
        Http.Reply reply = send(plan, plan.happy() == null ? "" : plan.happy().name(), null, "wish " + plan.id() + " " + example.name(),
                Map.of("prefer", "example=" + example.name()));
        assertEquals(example.status(), reply.status(), () -> reply.raw().body());
        assertEquals("example=" + example.name(), reply.header("Preference-Applied"));
        check(plan, reply);
    }

    /** What holds for every answer. */
    private static void check(Plan plan, Http.Reply reply) {
        Blueprint blueprint = mock.engine().blueprint();
        JsonObject response = blueprint.contract().resolve(
                blueprint.json(plan.operation()).getJsonObject("responses").get(String.valueOf(reply.status())));
        String name = Blueprint.reference(response.getJsonObject("content").getJsonObject("application/json").getJsonObject("schema"));
        List<String> broken = new ArrayList<>();
        Schema schema = blueprint.contract().schema(name);
        schema.check(reply.json(), "", (path, rule, message) -> broken.add(path + " " + message));
        assertEquals(List.of(), broken);
        response.getJsonObject("headers").keySet().forEach(header -> assertNotNull(reply.header(header), header));
        assertNotNull(reply.reason());
    }

    private static Http.Reply send(Plan plan, String name, String as, String session, Map<String, String> more) {
        Operation operation = plan.operation();
        RequestExamples.Request request = plan.requests().request(name);
        String path = operation.path();
        StringJoiner query = new StringJoiner("&", "?", "").setEmptyValue("");
        Map<String, String> headers = new HashMap<>(mock.credentials(as != null ? as : switch (operation.auth()) {
            case PUBLIC -> "nobody";
            case BEARER -> "alice";
            case TRIPLE, API_KEY -> "app";
        }));
        headers.putAll(more);
        headers.put("x-mock-session", session);
        for (Map.Entry<RequestExamples.Parameter, JsonValue> each : request.parameters().entrySet()) {
            String text = each.getValue() instanceof JsonString string ? string.getString() : each.getValue().toString();
            String encoded = URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
            switch (each.getKey().in()) {
                case PATH -> path = path.replace("{" + each.getKey().name() + "}", encoded);
                case QUERY -> query.add(each.getKey().name() + "=" + encoded);
                case HEADER -> headers.put(each.getKey().name(), text);
            }
        }
        return Http.send(operation.method(), mock.url() + path + query, headers, request.body());
    }
}
