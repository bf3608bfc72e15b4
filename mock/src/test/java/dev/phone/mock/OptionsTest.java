// SPDX-License-Identifier: Apache-2.0
package dev.phone.mock;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the options change. */
class OptionsTest {
    private static final Map<String, String> ALICE = Map.of("authorization", "Bearer dev_alice");

    private static Http.Reply create(PhoneMock mock) {
        return Http.send("POST", mock.url() + "/v1/projects/prj_01kev7krt04mq07t26xwzrw0rf/applications", ALICE,
                "{\"name\": \"x\", \"environment\": \"test\"}");
    }

    @Test
    void aSeedMakesSecretsTheSame() {
        String first;
        try (PhoneMock mock = PhoneMock.start(new MockOptions().seed(7))) {
            first = create(mock).data().getJsonObject("credentials").toString();
            assertNotEquals(first, create(mock).data().getJsonObject("credentials").toString());
        }
        try (PhoneMock mock = PhoneMock.start(new MockOptions().seed(7))) {
            assertEquals(first, create(mock).data().getJsonObject("credentials").toString());
        }
    }

    @Test
    void statelessAnswersExamplesOnly() {
        try (PhoneMock mock = PhoneMock.start(new MockOptions().stateless(true))) {
            Http.Reply created = Http.send("POST", mock.url() + "/v1/projects", ALICE, "{\"name\": \"Mine\"}");
            assertEquals(201, created.status());
            assertEquals("operation=createProject; example=created", created.reason());
            assertEquals("Newsletter", created.data().getString("name"));
            assertEquals(2, Http.send("GET", mock.url() + "/v1/projects", ALICE, (String) null).json().getJsonArray("data").size());
            // The documented request gets its documented answer.
            assertEquals(404, Http.send("GET", mock.url() + "/v1/projects/prj_01kdvdna006rw3hv72nj173n0s", ALICE, (String) null).status());
            assertEquals(422, Http.send("POST", mock.url() + "/v1/projects", ALICE, "{}").status());
            assertEquals(401, Http.send("GET", mock.url() + "/v1/projects", Map.of(), (String) null).status());
        }
    }

    @Test
    void limitsCanBeOff() {
        try (PhoneMock mock = PhoneMock.start(new MockOptions().limits(false))) {
            for (int i = 0; i < 130; i++) {
                Http.Reply reply = Http.send("GET", mock.url() + "/v1/projects", ALICE, (String) null);
                assertEquals(200, reply.status());
                assertEquals("\"requests\";r=120;t=60", reply.header("RateLimit"));
            }
        }
    }
}
