// SPDX-License-Identifier: Apache-2.0
package dev.phone.mock;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What x-mock-reason says, of which a server says nothing. With a journal, so that every request goes through WireMock. */
class ReasonsTest {
    private static final String SEND = "{\"phoneNumber\": \"+999 700 100 200\"}";

    @RegisterExtension
    static PhoneMockExtension phone = new PhoneMockExtension(new MockOptions().bypass(false));

    /** @param who a name of the demo world's credentials */
    private static Http.Reply send(String method, String path, String who, String body) {
        return Http.send(method, phone.mock().url() + path, phone.mock().credentials(who), body);
    }

    private static void assertReason(String expected, Http.Reply reply) {
        assertEquals(expected, reply.status() + " " + reply.reason());
    }

    @Test
    void itTellsWhichCredentialWasWrong() {
        Http.Reply nothing = send("GET", "/v1/projects", "nobody", null);
        assertTrue(nothing.reason().startsWith("operation=listProjects; rule=credentials (there is no authorization"), nothing.reason());
        Http.Reply token = Http.send("GET", phone.mock().url() + "/v1/projects", Map.of("authorization", "Bearer eyJhbGciOiJSUzI1NiJ9.e30.x"),
                (String) null);
        assertTrue(token.reason().contains("the mock accepts only development tokens"), token.reason());
        Http.Reply mixed = send("POST", "/v1/otp/send", "mixed", SEND);
        assertTrue(mixed.reason().contains("x-client-id does not belong to the x-api-key"), mixed.reason());
        Http.Reply secret = send("POST", "/v1/otp/send", "wrongSecret", SEND);
        assertTrue(secret.reason().contains("x-client-secret"), secret.reason());
        assertReason("403 operation=sendOtp; rule=suspended", send("POST", "/v1/otp/send", "suspended", "{}"));
    }

    @Test
    void itTellsWhichRuleRefused() {
        assertReason("404 rule=no such route", send("GET", "/v1/nothing", "alice", null));
        assertReason("404 operation=getProject; rule=unknown, or someone else's",
                send("GET", "/v1/projects/prj_01kertbv80wez6vkwkjgm64s4r", "bob", null));
        assertReason("409 operation=claimNumber; rule=taken", send("POST", "/v1/numbers", "bob", "{\"phoneNumber\": \"+999 482 918 102\"}"));
        assertReason("409 operation=deleteProject; rule=projectWithApplications",
                send("DELETE", "/v1/projects/prj_01kertbv80wez6vkwkjgm64s4r", "alice", null));
        assertReason("422 operation=createProject; rule=type at /name",
                send("POST", "/v1/projects", "alice", "{\"name\": 42, \"bad\\nname\": 1}"));
        // What would break the header is left out of it.
        assertReason("422 operation=createProject; rule=additionalProperties at /bad?name",
                send("POST", "/v1/projects", "alice", "{\"name\": \"ok\", \"bad\\nname\": 1}"));
        assertReason("501 operation=callOtp; rule=reserved", send("POST", "/v1/otp/call", "app", null));
    }

    @Test
    void aLogLineCannotBeForged() {
        List<String> lines = new CopyOnWriteArrayList<>();
        try (PhoneMock mock = PhoneMock.start(new MockOptions().log(lines::add))) {
            Http.send("POST", mock.url() + "/v1/projects", mock.credentials("alice"), "{\"name\": \"ok\", \"bad\\nFORGED\\u202e\": 1}");
        }
        assertEquals(List.of("POST /v1/projects → 422  operation=createProject; rule=additionalProperties at /bad?FORGED?"), lines);
    }

    @Test
    void itTellsWhichLimitIsSpent() {
        phone.mock().clock().freeze();
        for (int i = 0; i < 5; i++) {
            assertEquals(201, send("POST", "/v1/otp/send", "app", SEND).status());
        }
        assertReason("429 operation=sendOtp; rule=limit otp-send", send("POST", "/v1/otp/send", "app", SEND));
    }

    @Test
    void itTellsWhatWasDone() {
        Http.Reply created = send("POST", "/v1/projects", "alice", "{\"name\": \"Newsletter\"}");
        assertReason("201 operation=createProject; state=created Project " + created.data().getString("id"), created);
    }

    /** A page of any origin may send and read what only the mock has. */
    @Test
    void pagesMayReadIt() {
        Http.Reply preflight = Http.send("OPTIONS", phone.mock().url() + "/v1/otp/send",
                Map.of("origin", "https://app.example.com", "access-control-request-method", "POST"), (String) null);
        assertTrue(preflight.header("access-control-allow-headers").matches(".*prefer.*x-mock-session.*"));
        assertTrue(preflight.header("access-control-expose-headers").contains("Preference-Applied, x-mock-reason"));
    }
}
