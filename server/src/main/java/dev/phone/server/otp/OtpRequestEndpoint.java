// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.otp;

import dev.phone.api.ApiError;
import dev.phone.api.Caller;
import dev.phone.api.OtpRequest;
import dev.phone.api.OtpRequestEnvelope;
import dev.phone.api.OtpRequestPage;
import dev.phone.api.OtpRequestStatus;
import dev.phone.api.OtpRequestsService;
import dev.phone.server.application.ApplicationStore;
import dev.phone.server.number.PhoneNumber;
import dev.phone.server.store.Cursors;
import java.time.Clock;
import java.time.Instant;
import java.util.List;

/** OTP requests as the console shows them, for the user who owns their applications. They never show a code. */
public final class OtpRequestEndpoint implements OtpRequestsService {
    private final OtpStore otps;
    private final ApplicationStore applications;
    private final Cursors cursors;
    private final Clock clock;

    public OtpRequestEndpoint(OtpStore otps, ApplicationStore applications, Cursors cursors, Clock clock) {
        this.otps = otps;
        this.applications = applications;
        this.cursors = cursors;
        this.clock = clock;
    }

    @Override
    public ListOtpRequestsResponse listOtpRequests(Caller.User caller, String applicationId, Integer limit, String cursor,
            OtpRequestStatus status, String phoneNumber) {
        PhoneNumber number = phoneNumber == null ? null : PhoneNumber.of(phoneNumber);
        Cursors.Listing listing = cursors.listing("listOtpRequests", applicationId,
                status == null ? null : status.text(), number == null ? null : number.text());
        String before = listing.before(cursor);
        applications.find(caller.id(), applicationId).orElseThrow(ApiError::notFound);
        Instant now = clock.instant();
        List<OtpRequest> found = otps.list(applicationId, status, number, now, before, limit + 1).stream()
                .map(request -> Otp.asOf(request, now)).toList();
        return new ListOtpRequestsResponse.Status200(listing.page(found, limit, OtpRequest::id, OtpRequestPage::new));
    }

    @Override
    public GetOtpRequestResponse getOtpRequest(Caller.User caller, String otpRequestId) {
        OtpRequest request = otps.findOfOwner(caller.id(), otpRequestId).orElseThrow(ApiError::notFound);
        return new GetOtpRequestResponse.Status200(new OtpRequestEnvelope(Otp.asOf(request, clock.instant())));
    }
}
