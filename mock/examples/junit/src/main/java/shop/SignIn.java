// SPDX-License-Identifier: Apache-2.0
package shop;

import java.io.IOException;
import java.util.Map;
import shop.phone.OtpApi;
import shop.phone.client.ApiClient;
import shop.phone.client.ApiException;
import shop.phone.model.ErrorDetails;
import shop.phone.model.ErrorEnvelope;
import shop.phone.model.SendOtpRequest;
import shop.phone.model.VerifyOtpRequest;

/** What a shop's backend does to sign a customer in. */
public class SignIn {
    private final ApiClient client = new ApiClient();
    private final OtpApi otp;

    public SignIn(String url, Map<String, String> credentials) {
        client.updateBaseUri(url);
        client.setRequestInterceptor(request -> credentials.forEach(request::header));
        otp = new OtpApi(client);
    }

    /** Returns the ID under which the code is to be checked. */
    public String start(String phoneNumber) throws ApiException {
        return otp.sendOtp(new SendOtpRequest().phoneNumber(phoneNumber), null).getData().getId();
    }

    /** Returns what the customer is told. An error that is not about the code is thrown: the customer cannot help it. */
    public String enter(String otpRequestId, String code) throws ApiException, IOException {
        try {
            otp.verifyOtp(new VerifyOtpRequest().otpRequestId(otpRequestId).code(code));
            return "Welcome!";
        } catch (ApiException e) {
            if (e.getCode() != 422) {
                throw e;
            }
            ErrorDetails details = client.getObjectMapper().readValue(e.getResponseBody(), ErrorEnvelope.class).getError().getDetails();
            if (details == null || details.getReason() == null) {
                throw e;
            }
            return switch (details.getReason()) {
                case INVALID_CODE -> "That is not the code.";
                case EXPIRED -> "Your code is too old.";
                default -> "This code no longer works. Please ask for a new one.";
            };
        }
    }
}
