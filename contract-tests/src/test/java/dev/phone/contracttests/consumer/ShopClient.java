// SPDX-License-Identifier: Apache-2.0
package dev.phone.contracttests.consumer;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.net.URI;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;

/** How a shop's backend signs its customers in with a one-time password. */
final class ShopClient {

    /** A code that the customer is asked for. */
    record Challenge(String otpRequestId, Instant expiresAt, int attemptsRemaining) {
    }

    /** What became of a code that a customer entered. */
    sealed interface Outcome {
    }

    record Verified() implements Outcome {
    }

    /** @param attemptsRemaining 0 when the customer needs a new code */
    record Wrong(int attemptsRemaining) implements Outcome {
    }

    /** A new code is needed. @param reason such as {@code expired} */
    record Over(String reason) implements Outcome {
    }

    private final PhoneApi api;
    private final PhoneApi byApiKey;

    ShopClient(URI url, String clientId, String clientSecret, String apiKey) {
        this.api = new PhoneApi(url, Map.of("x-client-id", clientId, "x-client-secret", clientSecret, "x-api-key", apiKey));
        this.byApiKey = new PhoneApi(url, Map.of("x-api-key", apiKey));
    }

    /** @throws PhoneApi.TooMany with the time to wait. @throws PhoneApi.Forbidden if our application is suspended */
    Challenge sendCode(String phoneNumber) {
        // If the answer is lost, the same key may be sent again without a second code to the customer.
        return challenge(api.send("POST", "/v1/otp/send", body("phoneNumber", phoneNumber), Map.of("idempotency-key", UUID.randomUUID().toString())));
    }

    /** @throws PhoneApi.TooMany with the time to wait. @throws PhoneApi.NotFound if it is not ours */
    Outcome enter(String otpRequestId, String code) {
        try {
            api.send("POST", "/v1/otp/verify", Json.createObjectBuilder().add("otpRequestId", otpRequestId).add("code", code).build());
            return new Verified();
        } catch (PhoneApi.Invalid e) {
            if (e.reason == null) {
                throw e;
            }
            return e.reason.equals("invalid_code") ? new Wrong(e.attemptsRemaining) : new Over(e.reason);
        }
    }

    /** @throws PhoneApi.Conflict if it is over */
    Challenge sendAnotherCode(String otpRequestId) {
        return challenge(api.send("POST", "/v1/otp/resend", body("otpRequestId", otpRequestId)));
    }

    /** @throws PhoneApi.Conflict if it is over */
    void cancel(String otpRequestId) {
        api.send("POST", "/v1/otp/cancel", body("otpRequestId", otpRequestId));
    }

    String status(String otpRequestId) {
        return api.get("/v1/otp/" + otpRequestId).getJsonObject("data").getString("status");
    }

    /** Whether somebody has this number. @param phoneNumber such as {@code +999482918102} */
    boolean isReachable(String phoneNumber) {
        try {
            return byApiKey.get("/v1/users/" + phoneNumber.replace("+", "%2B")).getJsonObject("data").getBoolean("registered");
        } catch (PhoneApi.NotFound e) {
            return false;
        }
    }

    private static JsonObject body(String key, String value) {
        return Json.createObjectBuilder().add(key, value).build();
    }

    private static Challenge challenge(JsonObject answer) {
        JsonObject otp = answer.getJsonObject("data");
        return new Challenge(otp.getString("id"), Instant.parse(otp.getString("expiresAt")), otp.getInt("attemptsRemaining"));
    }
}
