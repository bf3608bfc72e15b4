// SPDX-License-Identifier: Apache-2.0
package dev.phone.mock;

import static org.junit.jupiter.api.Assertions.assertEquals;

import jakarta.json.JsonObject;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Events reach the mock itself. What receivers get, and when, is tested in contract-tests. */
class WebhookTest {
    @RegisterExtension
    static PhoneMockExtension phone = new PhoneMockExtension();

    @Test
    void arrivesInABinByWhateverNameTheMockIsCalled() throws Exception {
        Map<String, String> headers = Map.of("authorization", "Bearer dev_alice", "x-mock-session", "bin");
        String here = "http://127.0.0.1:" + phone.mock().port();
        JsonObject bin = Http.send("POST", here + "/v1/sandbox/bins", headers, (String) null).data();
        assertEquals(here + "/v1/sandbox/bins/" + bin.getString("id"), bin.getString("url"));
        JsonObject webhook = Http.send("POST", here + "/v1/applications/app_01kertn0708c6aktd8brt4xtr3/webhooks", headers,
                "{\"url\": \"" + bin.getString("url") + "\", \"events\": [\"otp.sent\"]}").data();
        Http.send("POST", here + "/v1/webhooks/" + webhook.getString("id") + "/test", headers, (String) null);
        Await.until(() -> Http.send("GET", bin.getString("url"), headers, (String) null).data().getJsonArray("events").size() == 1);
    }
}
