// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.otp;

import dev.phone.api.ApiError;
import dev.phone.api.Caller;
import dev.phone.api.OtpRequest;
import dev.phone.api.OtpRequestStatus;
import dev.phone.api.OtpRequestsService;
import dev.phone.api.Page;
import dev.phone.api.PageRequest;
import dev.phone.api.PhoneNumber;
import dev.phone.server.application.ApplicationStore;
import java.time.Clock;
import java.time.Instant;

/** OTP requests for the user who owns their applications. They never contain a code. */
public final class OtpRequestEndpoint implements OtpRequestsService {
    private final OtpStore otps;
    private final ApplicationStore applications;
    private final Clock clock;

    public OtpRequestEndpoint(OtpStore otps, ApplicationStore applications, Clock clock) {
        this.otps = otps;
        this.applications = applications;
        this.clock = clock;
    }

    @Override
    public Page<OtpRequest> listOtpRequests(Caller.User caller, String applicationId, OtpRequestStatus status, PhoneNumber number,
            PageRequest page) {
        applications.find(caller.id(), applicationId).orElseThrow(ApiError::notFound);
        Instant now = clock.instant();
        return page.of(otps.list(applicationId, status, number, now, page), OtpRequest::id).map(request -> Otp.asOf(request, now));
    }

    @Override
    public OtpRequest getOtpRequest(Caller.User caller, String otpRequestId) {
        return Otp.asOf(otps.findOfOwner(caller.id(), otpRequestId).orElseThrow(ApiError::notFound), clock.instant());
    }
}
