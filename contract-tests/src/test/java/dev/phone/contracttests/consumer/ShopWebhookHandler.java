// SPDX-License-Identifier: Apache-2.0
package dev.phone.contracttests.consumer;

import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.WebhookVerificationException;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.StringReader;
import java.net.http.HttpHeaders;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What the shop does with events: it keeps the status of each of its OTP requests. */
final class ShopWebhookHandler {
    private final Webhook webhook;
    private final Set<String> seen = new HashSet<>();
    private final Map<String, String> statuses = new HashMap<>();
    private boolean tested;

    ShopWebhookHandler(Webhook webhook) {
        this.webhook = webhook;
    }

    /**
     * @param body as it arrived, since the signature is over its bytes
     * @throws WebhookVerificationException if it was not sent by Phone, or too long ago
     */
    void handle(String body, HttpHeaders headers) throws WebhookVerificationException {
        webhook.verify(body, headers.map());
        if (!seen.add(headers.firstValue("webhook-id").orElseThrow())) {
            return;
        }
        JsonObject event;
        try (var reader = Json.createReader(new StringReader(body))) {
            event = reader.readObject();
        }
        switch (event.getString("type")) {
            case "otp.sent", "otp.verified", "otp.failed", "otp.expired", "otp.cancelled" -> {
                JsonObject otp = event.getJsonObject("data").getJsonObject("otpRequest");
                statuses.put(otp.getString("id"), otp.getString("status"));
            }
            case "webhook.test" -> tested = true;
            default -> {
                // There may be new types one day.
            }
        }
    }

    Optional<String> status(String otpRequestId) {
        return Optional.ofNullable(statuses.get(otpRequestId));
    }

    boolean wasTested() {
        return tested;
    }
}
