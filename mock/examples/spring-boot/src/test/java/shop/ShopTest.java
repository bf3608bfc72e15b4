// SPDX-License-Identifier: Apache-2.0
package shop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.phone.mock.PhoneMock;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.client.TestRestTemplate;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
class ShopTest {
    private static final PhoneMock PHONE = PhoneMock.start();
    private static final Pattern CODE = Pattern.compile("\"code\":\\s*\"(\\d{6})\"");

    @Autowired
    private TestRestTemplate shop;

    @DynamicPropertySource
    static void phone(DynamicPropertyRegistry properties) {
        properties.add("phone.url", PHONE::url);
        properties.add("phone.credentials", () -> PHONE.credentials("app").entrySet().stream()
                .map(header -> "'" + header.getKey() + "': '" + header.getValue() + "'").collect(Collectors.joining(", ", "{", "}")));
    }

    @BeforeEach
    void reset() {
        PHONE.reset();
    }

    @AfterAll
    static void stop() {
        PHONE.close();
    }

    @Test
    void aCustomerSignsIn() {
        Map<?, ?> sent = shop.postForObject("/sign-in", Map.of("phone", "+999 000 000 001"), Map.class);
        assertThat(sent.get("status")).isEqualTo("pending");
        // The code of this number is always the same; that of any other is in the state, or in the number's inbox.
        assertThat(CODE.matcher(PHONE.state()).find()).isTrue();
        Map<?, ?> verified = shop.postForObject("/code", Map.of("id", sent.get("id"), "code", "123456"), Map.class);
        assertThat(verified.get("status")).isEqualTo("verified");
    }
}
