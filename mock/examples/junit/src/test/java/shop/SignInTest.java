// SPDX-License-Identifier: Apache-2.0
package shop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.phone.mock.PhoneMock;
import dev.phone.mock.PhoneMockExtension;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
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

    @Test
    void anotherCodeIsWrongUntilNoAttemptsAreLeft(PhoneMock mock) throws Exception {
        String id = signIn.start(NUMBER);
        String code = code(mock);
        String other = code.equals("000000") ? "000001" : "000000";
        for (int i = 0; i < 5; i++) {
            assertEquals("That is not the code.", signIn.enter(id, other));
        }
        assertEquals("This code no longer works. Please ask for a new one.", signIn.enter(id, code));
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 429, 500})
    void otherErrorsAreNotAboutTheCode(int status, PhoneMock mock) throws Exception {
        Map<String, String> headers = new HashMap<>(mock.credentials("app"));
        headers.put("prefer", "code=" + status);
        String id = signIn.start(NUMBER);
        SignIn failing = new SignIn(mock.url(), headers);
        assertEquals(status, assertThrows(ApiException.class, () -> failing.enter(id, "000000")).getCode());
    }
}
