// SPDX-License-Identifier: Apache-2.0
package dev.phone.mock;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Each session is a world of its own, but for the limits of an address, and so is the state that the admin page shows of it. */
class SessionsTest {
    @RegisterExtension
    static PhoneMockExtension phone = new PhoneMockExtension();

    /** @param session null for none */
    private static Http.Reply send(String method, String path, String session, String body) {
        Map<String, String> headers = new HashMap<>(phone.mock().credentials("alice"));
        if (session != null) {
            headers.put("x-mock-session", session);
        }
        return Http.send(method, phone.mock().url() + path, headers, body);
    }

    private static void assertRemaining(int remaining, Http.Reply reply) {
        assertTrue(reply.header("RateLimit").startsWith("\"requests\";r=" + remaining + ";"), reply.header("RateLimit"));
    }

    @Test
    void isAWorldOfItsOwn() {
        String here = "/v1/projects/" + send("POST", "/v1/projects", "s1", "{\"name\": \"Only here\"}").data().getString("id");
        Http.Reply found = send("GET", here, "s1", null);
        assertEquals(200, found.status());
        assertRemaining(118, found);
        Http.Reply elsewhere = send("GET", here, null, null);
        assertEquals(404, elsewhere.status());
        // The address is the same.
        assertRemaining(117, elsewhere);
        assertEquals(404, send("GET", here, "s2", null).status());
        assertEquals(200, Http.send("POST", phone.mock().url() + "/__admin/phone/reset?session=s1", Map.of(), (String) null).status());
        assertEquals(404, send("GET", here, "s1", null).status());
    }

    @Test
    void itsStateCanBeSeen() {
        send("POST", "/v1/projects", "s1", "{\"name\": \"Only here\"}");
        String url = phone.mock().url() + "/__admin/phone/state";
        Http.Reply state = Http.send("GET", url, Map.of(), (String) null);
        assertEquals("", state.json().getString("session"));
        assertTrue(state.json().getJsonObject("resources").get("OtpRequest").toString().contains("\"code\":\"482913\""));
        assertEquals(false, state.raw().body().contains("Only here"));
        assertTrue(Http.send("GET", url + "?session=s1", Map.of(), (String) null).raw().body().contains("Only here"));
    }

    @Test
    void aLookAtItsStateCreatesNone() {
        String url = phone.mock().url() + "/__admin/phone/state?session=unused";
        for (int i = 0; i < 2; i++) {
            Http.Reply state = Http.send("GET", url, Map.of(), (String) null);
            assertEquals("unused", state.json().getString("session"));
            assertTrue(state.raw().body().contains("\"code\":\"482913\""), "as it would be created");
            assertEquals(false, state.json().getJsonArray("sessions").toString().contains("unused"));
        }
    }
}
