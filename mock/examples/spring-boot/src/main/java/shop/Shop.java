// SPDX-License-Identifier: Apache-2.0
package shop;

import java.util.Map;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.client.RestClient;

/** A shop that signs its customers in by an OTP. */
@SpringBootApplication
@RestController
public class Shop {
    private final RestClient phone;

    Shop(@Value("${phone.url}") String url, @Value("#{${phone.credentials}}") Map<String, String> credentials) {
        phone = RestClient.builder().baseUrl(url).defaultHeaders(headers -> credentials.forEach(headers::add)).build();
    }

    @PostMapping("/sign-in")
    Map<?, ?> signIn(@RequestBody Map<String, String> customer) {
        return (Map<?, ?>) ask("/v1/otp/send", Map.of("phoneNumber", customer.get("phone"))).get("data");
    }

    @PostMapping("/code")
    Map<?, ?> code(@RequestBody Map<String, String> entered) {
        return (Map<?, ?>) ask("/v1/otp/verify", Map.of("otpRequestId", entered.get("id"), "code", entered.get("code"))).get("data");
    }

    private Map<?, ?> ask(String path, Map<String, String> body) {
        return phone.post().uri(path).contentType(MediaType.APPLICATION_JSON).body(body).retrieve().body(Map.class);
    }
}
