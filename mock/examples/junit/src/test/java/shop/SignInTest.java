// SPDX-License-Identifier: Apache-2.0
package shop;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.phone.mock.PhoneMock;
import dev.phone.mock.PhoneMockExtension;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import shop.phone.NumbersApi;
import shop.phone.client.ApiClient;
import shop.phone.client.ApiException;

class SignInTest {
    /** Back in the demo world before each test. */
    @RegisterExtension
    static final PhoneMockExtension PHONE = new PhoneMockExtension();

    private static final String NUMBER = "+999 482 918 102";

    private SignIn signIn;

    @BeforeEach
    void setUp(PhoneMock mock) {
        signIn = new SignIn(mock.url(), mock.credentials("app"));
    }

    /** The newest message in the inbox, which belongs to Alice. */
    private static String code(PhoneMock mock) throws ApiException {
        ApiClient alice = new ApiClient();
        alice.updateBaseUri(mock.url());
        alice.setRequestInterceptor(request -> mock.credentials("alice").forEach(request::header));
        return new NumbersApi(alice).listMessages(NUMBER, null, null).getData().getFirst().getCode();
    }

    @Test
    void theCodeOfTheInboxIsRight(PhoneMock mock) throws Exception {
        String id = signIn.start(NUMBER);
        assertEquals("Welcome!", signIn.enter(id, code(mock)));
    }

    @Test
    void afterFiveMinutesItIsTooOld(PhoneMock mock) throws Exception {
        String id = signIn.start(NUMBER);
        String code = code(mock);
        mock.clock().advance(Duration.ofMinutes(5));
        assertEquals("Your code is too old.", signIn.enter(id, code));
    }
}
