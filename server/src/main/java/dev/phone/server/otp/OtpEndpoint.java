// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.otp;

import dev.phone.api.ApiError;
import dev.phone.api.Caller;
import dev.phone.api.Message;
import dev.phone.api.OtpRequest;
import dev.phone.api.OtpRequestReference;
import dev.phone.api.OtpService;
import dev.phone.api.PhoneNumber;
import dev.phone.api.Rules;
import dev.phone.api.SendOtpRequest;
import dev.phone.api.SubscribableEvent;
import dev.phone.api.VerifyOtpRequest;
import dev.phone.server.number.Inbox;
import dev.phone.server.store.Database;
import dev.phone.server.store.Ids;
import dev.phone.server.webhook.Events;
import io.helidon.dbclient.DbExecute;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Sending and verifying OTPs, for applications. */
public final class OtpEndpoint implements OtpService {
    /** The number of possible codes. */
    private static final int CODES = (int) Math.pow(10, Rules.OTP_DIGITS);

    private final Database database;
    private final OtpStore otps;
    private final Inbox inbox;
    private final Events events;
    private final Ids ids;
    private final SecureRandom random;
    private final Clock clock;

    public OtpEndpoint(Database database, OtpStore otps, Inbox inbox, Events events, Ids ids, SecureRandom random, Clock clock) {
        this.database = database;
        this.otps = otps;
        this.inbox = inbox;
        this.events = events;
        this.ids = ids;
        this.random = random;
        this.clock = clock;
    }

    @Override
    public OtpRequest sendOtp(Caller.Application caller, SendOtpRequest request) {
        PhoneNumber number = request.phoneNumber();
        Terms terms = Terms.of(number, caller.test());
        Instant now = clock.instant();
        String id = ids.next("otp");
        String code = code(terms);
        Otp otp = Otp.sent(id, caller.id(), number, Objects.requireNonNullElse(request.metadata(), Map.of()), otps.hashOfCode(id, code),
                terms, now);
        return database.transaction(tx -> {
            lockApplication(tx, caller);
            otps.lockActive(tx, caller.id(), number).ifPresent(active -> write(tx, active.superseded(now)));
            otps.insert(tx, otp);
            events.publish(tx, SubscribableEvent.OTP_SENT, otp.request());
            if (otp.isPending()) {
                deliver(tx, caller, otp.request(), code, now);
            } else {
                publishEnd(tx, otp);
            }
            return otp.request();
        });
    }

    @Override
    public OtpRequest verifyOtp(Caller.Application caller, VerifyOtpRequest request) {
        List<byte[]> hashes = otps.hashesOfCode(request.otpRequestId(), request.code());
        Instant now = clock.instant();
        // The transaction is committed even if the code is refused, because the attempt must be written.
        Otp.Attempt attempt = database.transaction(tx -> {
            Otp before = otps.lock(tx, caller.id(), request.otpRequestId()).orElseThrow(ApiError::notFound);
            Otp.Attempt tried = before.attempt(hashes, now);
            if (tried.after() != before) {
                write(tx, tried.after());
            }
            return tried;
        });
        if (attempt.refusal() != null) {
            throw attempt.error();
        }
        return attempt.after().request();
    }

    @Override
    public OtpRequest resendOtp(Caller.Application caller, OtpRequestReference reference) {
        String id = reference.otpRequestId();
        Instant now = clock.instant();
        return database.transaction(tx -> {
            lockApplication(tx, caller);
            Otp before = otps.lock(tx, caller.id(), id).orElseThrow(ApiError::notFound);
            String code = code(Terms.of(before.request().phoneNumber(), caller.test()));
            Otp after = before.resent(otps.hashOfCode(id, code), now);
            otps.update(tx, after);
            inbox.remove(tx, id);
            deliver(tx, caller, after.request(), code, now);
            events.publish(tx, SubscribableEvent.OTP_SENT, after.request());
            return after.request();
        });
    }

    @Override
    public OtpRequest cancelOtp(Caller.Application caller, OtpRequestReference reference) {
        Instant now = clock.instant();
        return database.transaction(tx -> {
            Otp before = otps.lock(tx, caller.id(), reference.otpRequestId()).orElseThrow(ApiError::notFound);
            Otp after = before.cancelled(now);
            write(tx, after);
            return after.request();
        });
    }

    @Override
    public OtpRequest getOtp(Caller.Application caller, String otpRequestId) {
        OtpRequest request = otps.find(caller.id(), otpRequestId).orElseThrow(ApiError::notFound);
        return Otp.asOf(request, clock.instant());
    }

    /** Locked before anything else, so that deleting the application and sending for it take locks in the same order. */
    private void lockApplication(DbExecute tx, Caller.Application caller) {
        if (!otps.lockApplication(tx, caller.id())) {
            throw ApiError.unauthenticated("the application was deleted after its credentials had been checked");
        }
    }

    private String code(Terms terms) {
        return terms.code() != null ? terms.code() : Integer.toString(CODES + random.nextInt(CODES)).substring(1);
    }

    private void deliver(DbExecute tx, Caller.Application caller, OtpRequest request, String code, Instant now) {
        inbox.deliver(tx, request.id(),
                new Message(ids.next("msg"), request.phoneNumber(), caller.name(), code, now, request.expiresAt()));
    }

    private void write(DbExecute tx, Otp otp) {
        otps.update(tx, otp);
        if (!otp.isPending()) {
            inbox.remove(tx, otp.request().id());
            publishEnd(tx, otp);
        }
    }

    private void publishEnd(DbExecute tx, Otp otp) {
        SubscribableEvent end = otp.end();
        if (end != null) {
            events.publish(tx, end, otp.request());
        }
    }
}
