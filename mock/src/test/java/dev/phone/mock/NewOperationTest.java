// SPDX-License-Identifier: Apache-2.0
package dev.phone.mock;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An operation that is only in the contract is served, validated and remembered, with no Java for it. */
class NewOperationTest {
    private static final Map<String, String> ALICE = Map.of("authorization", "Bearer dev_alice");
    private static final String PROJECT = "prj_01kertbv80wez6vkwkjgm64s4r";

    @TempDir
    Path folder;

    /** Our contract with labels, which belong to projects. */
    private static String withLabels() throws Exception {
        try (InputStream contract = NewOperationTest.class.getResourceAsStream("/openapi.json");
                InputStream paths = NewOperationTest.class.getResourceAsStream("/contract/label-paths.json");
                InputStream schemas = NewOperationTest.class.getResourceAsStream("/contract/label-schemas.json")) {
            return text(contract)
                    .replaceFirst("(?s)\"paths\":\\s*\\{", java.util.regex.Matcher.quoteReplacement("\"paths\": {" + text(paths) + ","))
                    .replaceFirst("(?s)\"schemas\":\\s*\\{", java.util.regex.Matcher.quoteReplacement("\"schemas\": {" + text(schemas) + ","));
        }
    }

    private static String text(InputStream in) throws Exception {
        return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }

    @Test
    void isServedValidatedAndRemembered() throws Exception {
        Path file = Files.writeString(folder.resolve("contract.json"), withLabels());
        try (PhoneMock mock = PhoneMock.start(new MockOptions().contract(file))) {
            String labels = mock.url() + "/v1/projects/" + PROJECT + "/labels";

            assertEquals(401, Http.send("POST", labels, Map.of(), "{\"title\": \"urgent\"}").status());
            Http.Reply invalid = Http.send("POST", labels, ALICE, "{\"title\": \"\", \"colour\": \"mauve\"}");
            assertEquals(422, invalid.status());
            assertEquals("Validation failed: /title must have at least 1 character (and 1 more)",
                    invalid.json().getJsonObject("error").getString("message"));
            assertEquals(404, Http.send("POST", mock.url() + "/v1/projects/prj_01kepxpxw0b6vgfeb3c2k3psat/labels", ALICE,
                    "{\"title\": \"urgent\"}").status());

            Http.Reply created = Http.send("POST", labels, ALICE, "{\"title\": \"urgent\", \"colour\": \"red\"}");
            assertEquals(201, created.status(), created.raw().body());
            String id = created.data().getString("id");
            assertEquals(true, id.matches("lbl_[0-9a-hjkmnp-tv-z]{26}") && !id.equals("lbl_01kf0fv2e0mb0chec3nsebgjqa"), id);
            assertEquals(PROJECT, created.data().getString("projectId"));
            Http.send("POST", labels, ALICE, "{\"title\": \"later\"}");

            assertEquals("later", Http.send("GET", labels, ALICE, (String) null).json().getJsonArray("data").getJsonObject(0)
                    .getString("title"));
            assertEquals("grey", Http.send("GET", labels, ALICE, (String) null).json().getJsonArray("data").getJsonObject(0)
                    .getString("colour"));
            assertEquals(1, Http.send("GET", labels + "?colour=red", ALICE, (String) null).json().getJsonArray("data").size());

            String label = mock.url() + "/v1/labels/" + id;
            assertEquals("soon", Http.send("PATCH", label, ALICE, "{\"title\": \"soon\"}").data().getString("title"));
            assertEquals("red", Http.send("GET", label, ALICE, (String) null).data().getString("colour"));
            assertEquals(404, Http.send("GET", label, Map.of("authorization", "Bearer dev_bob"), (String) null).status());
            assertEquals(true, Http.send("DELETE", label, ALICE, (String) null).data().getBoolean("deleted"));
            assertEquals(404, Http.send("GET", label, ALICE, (String) null).status());
            assertEquals(422, Http.send("GET", labels, Map.of("authorization", "Bearer dev_alice", "prefer", "code=422"), (String) null)
                    .status());
        }
    }

    @Test
    void aChangedContractIsTakenUp() throws Exception {
        // A bundle often lies in a build folder.
        Path file = Files.createDirectories(folder.resolve("target")).resolve("contract.json");
        try (InputStream contract = NewOperationTest.class.getResourceAsStream("/openapi.json")) {
            Files.write(file, contract.readAllBytes());
        }
        try (PhoneMock mock = PhoneMock.start(new MockOptions().contract(file))) {
            String labels = mock.url() + "/v1/projects/" + PROJECT + "/labels";
            assertEquals("rule=no such route", Http.send("GET", labels, ALICE, (String) null).reason());
            Http.send("POST", mock.url() + "/v1/applications/app_01kertn0708c6aktd8brt4xtr3/webhooks", ALICE,
                    "{\"url\": \"http://localhost:1/\", \"events\": [\"otp.expired\"]}");
            Http.send("POST", mock.url() + "/v1/otp/send", mock.credentials("app"), "{\"phoneNumber\": \"+999 700 100 200\"}");
            Files.writeString(file, withLabels());
            Await.until(() -> Http.send("GET", labels, ALICE, (String) null).status() == 200);
            // The world of before, whose OTP would expire now, is gone.
            assertDoesNotThrow(() -> mock.clock().advance(Duration.ofMinutes(10)));
            // A broken one changes nothing, and neither does a file that is no part of it.
            Http.send("POST", labels, ALICE, "{\"title\": \"urgent\"}");
            Files.writeString(file.resolveSibling("other.json"), "{}");
            Thread.sleep(1500);
            Files.writeString(file, "{");
            Thread.sleep(1500);
            assertEquals(1, Http.send("GET", labels, ALICE, (String) null).json().getJsonArray("data").size());
        }
    }
}
