// SPDX-License-Identifier: Apache-2.0
package dev.phone.api;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Signs events according to <a href="https://www.standardwebhooks.com">Standard Webhooks</a>: HMAC-SHA256 over ID, timestamp and body. */
public final class WebhookSignature {
    /** The prefix of a secret; the key is the base64-decoded rest. */
    public static final String SECRET_PREFIX = "whsec_";
    private static final String ALGORITHM = "HmacSHA256";

    private WebhookSignature() {
    }

    /**
     * The header fields of an event.
     *
     * @param secrets each {@code whsec_} followed by the key in base64
     * @param timestamp in seconds since 1970
     * @param body exactly as it is sent
     */
    public static Map<String, String> headers(List<String> secrets, String id, long timestamp, String body) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("content-type", "application/json");
        headers.put("user-agent", "phone-webhooks/1.0");
        headers.put("webhook-id", id);
        headers.put("webhook-timestamp", Long.toString(timestamp));
        headers.put("webhook-signature", of(secrets, id, timestamp, body));
        return headers;
    }

    /**
     * The value of {@code webhook-signature}: one signature for each secret, separated by spaces.
     *
     * @param secrets each {@code whsec_} followed by the key in base64
     * @param timestamp in seconds since 1970, as in {@code webhook-timestamp}
     * @param body exactly as it is sent
     */
    public static String of(List<String> secrets, String id, long timestamp, String body) {
        byte[] signed = (id + '.' + timestamp + '.' + body).getBytes(StandardCharsets.UTF_8);
        return secrets.stream().map(secret -> "v1," + Base64.getEncoder().encodeToString(hmac(secret, signed))).collect(Collectors.joining(" "));
    }

    private static byte[] hmac(String secret, byte[] signed) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(Base64.getDecoder().decode(secret.substring(SECRET_PREFIX.length())), ALGORITHM));
            return mac.doFinal(signed);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
