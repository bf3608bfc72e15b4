// SPDX-License-Identifier: Apache-2.0
package dev.phone.mock.otp;

import dev.phone.api.ApiError;
import dev.phone.api.Caller;
import dev.phone.api.Rules;
import dev.phone.api.VerificationFailure;
import dev.phone.mock.handler.OperationHandler;
import dev.phone.mock.handler.RequestContext;
import dev.phone.mock.handler.ResourceFactory;
import dev.phone.mock.handler.Result;
import dev.phone.mock.model.MockModel;
import dev.phone.mock.model.ObjectSchema;
import dev.phone.mock.model.OperationModel;
import dev.phone.mock.model.ResourceType;
import dev.phone.mock.state.Json;
import dev.phone.mock.state.Resource;
import dev.phone.mock.state.Session;
import dev.phone.mock.webhook.WebhookEvents;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/**
 * The life cycle of an OTP request: sent, resent, and ended in one of five ways. Neither a schema nor a simple extension can express it, so
 * operations name their step in it, as {@code x-mock: {otp: verify}}.
 */
public final class OtpHandlers {
    private static final Duration LIFETIME = Rules.OTP_LIFETIME;
    private static final int ATTEMPTS = Rules.OTP_ATTEMPTS;
    /** More than a session keeps. Beyond that, requests that the session has dropped are dropped here, too. */
    private static final int MOST_PENDING = 20_000;
    private static final String CODE = "code";
    private static final String REQUEST = "otpRequestId";
    private static final String FIXED_CODE = Rules.TEST_NUMBERS_CODE;
    /** The number of possible codes. */
    private static final int CODES = (int) Math.pow(10, Rules.OTP_DIGITS);

    private final ResourceType requests;
    private final ResourceType messages;
    private final ResourceType numbers;
    private final WebhookEvents events;
    // Pending requests by application and number, for each session.
    private final Map<Session, Map<String, Resource>> pending = new java.util.WeakHashMap<>();

    public OtpHandlers(MockModel model, WebhookEvents events) {
        this.requests = model.type("OtpRequest");
        this.messages = model.type("Message");
        this.numbers = model.type("ClaimedNumber");
        this.events = events;
    }

    /** The handler of {@code x-mock.otp}; null if the operation has none. @throws IllegalArgumentException for an unknown step */
    public OperationHandler handler(OperationModel operation) {
        String part = operation.rule("otp");
        return part == null ? null : switch (part) {
            case "send" -> this::send;
            case "verify" -> this::verify;
            case "resend" -> this::resend;
            case "cancel" -> this::cancel;
            case "analytics" -> new AnalyticsHandler(requests);
            default -> throw new IllegalArgumentException(operation.id() + ": an OTP has no part " + part);
        };
    }

    /** Registers the pending requests of a new session, so that they expire. */
    public void adopt(Session session) {
        if (requests != null) {
            session.all(requests).stream().filter(OtpHandlers::isPending)
                    .forEach(request -> scheduleExpiry(session, request, request.instant("expiresAt")));
            if (messages != null) {
                session.all(messages).stream().filter(message -> message.hidden(REQUEST) != null)
                        .forEach(message -> session.find(requests, message.hidden(REQUEST)).dependent(message));
            }
        }
    }

    private Result send(RequestContext context) {
        Session session = context.session();
        Caller.Application caller = (Caller.Application) context.caller();
        ObjectSchema.Property property = requests.schema().get("phoneNumber");
        String number = ((JsonString) property.spell(context.body().get("phoneNumber"))).getString();
        TestNumber test = caller.test() ? TestNumber.of(number) : TestNumber.NONE;
        switch (test) {
            case RATE_LIMITED -> throw ApiError.rateLimited(context.operation().spec().rateLimit().noun(), Rules.TEST_NUMBERS_RETRY_AFTER);
            case BROKEN -> throw ApiError.internal("a test number", null);
            default -> {
            }
        }
        Resource before = pendingIn(session).get(caller.id() + number);
        if (before != null && isPending(before)) {
            end(session, before, "superseded");
        }
        Instant now = context.now();
        boolean expired = test == TestNumber.EXPIRED;
        Instant expiresAt = expired ? now : now.plus(LIFETIME);
        JsonObject value = Json.object().add("id", ResourceFactory.text(requests.schema().get("id"), session)).add("applicationId", caller.id())
                .add("phoneNumber", number).add("status", expired ? "expired" : "pending")
                .add("attemptsRemaining", test == TestNumber.ONE_ATTEMPT ? 1 : ATTEMPTS)
                .add("metadata", context.body().getOrDefault("metadata", JsonValue.EMPTY_JSON_OBJECT)).add("createdAt", Json.instant(now))
                .add("expiresAt", Json.instant(expiresAt)).add("verifiedAt", JsonValue.NULL).build();
        Resource request = session.add(requests, value, caller.id());
        request.hide(CODE, code(session, test));
        if (!expired) {
            scheduleExpiry(session, request, expiresAt);
            deliverMessage(session, request, caller.name());
        }
        events.publish(session, caller.id(), "otp.sent", request);
        if (expired) {
            events.publish(session, caller.id(), "otp.expired", request);
        }
        return Result.show(request, "sent " + request.key());
    }

    private static String code(Session session, TestNumber test) {
        return test == TestNumber.FIXED_CODE ? FIXED_CODE : Integer.toString(CODES + session.random().nextInt(CODES)).substring(1);
    }

    private Result verify(RequestContext context) {
        Resource request = find(context);
        int left = request.value().getInt("attemptsRemaining");
        switch (request.text("status")) {
            case "verified" -> throw ApiError.verificationFailed(VerificationFailure.ALREADY_VERIFIED, left);
            case "failed" -> throw ApiError.verificationFailed(VerificationFailure.ATTEMPTS_EXHAUSTED, left);
            case "expired" -> throw ApiError.verificationFailed(VerificationFailure.EXPIRED, left);
            case "cancelled" -> throw ApiError.verificationFailed(VerificationFailure.CANCELLED, left);
            case "superseded" -> throw ApiError.verificationFailed(VerificationFailure.SUPERSEDED, left);
            default -> {
            }
        }
        Session session = context.session();
        if (!context.body().getString("code").equals(request.hidden(CODE))) {
            session.change(request, Json.with(request.value(), "attemptsRemaining", Json.number(--left)));
            if (left == 0) {
                end(session, request, "failed");
            }
            throw ApiError.verificationFailed(VerificationFailure.INVALID_CODE, left);
        }
        session.change(request, Json.with(request.value(), "verifiedAt", Json.instant(context.now())));
        end(session, request, "verified");
        return Result.show(request, "verified " + request.key());
    }

    private Result resend(RequestContext context) {
        Resource request = find(context);
        if (!isPending(request)) {
            throw ApiError.notPending("resent", request.text("status"));
        }
        Session session = context.session();
        Caller.Application caller = (Caller.Application) context.caller();
        withdrawMessage(session, request);
        request.hide(CODE, code(session, caller.test() ? TestNumber.of(request.text("phoneNumber")) : TestNumber.NONE));
        Instant expiresAt = context.now().plus(LIFETIME);
        session.change(request, Json.with(request.value(), "expiresAt", Json.instant(expiresAt)));
        scheduleExpiry(session, request, expiresAt);
        deliverMessage(session, request, caller.name());
        events.publish(session, request.owner(), "otp.sent", request);
        return Result.show(request, "resent " + request.key());
    }

    private Result cancel(RequestContext context) {
        Resource request = find(context);
        if (!isPending(request)) {
            throw ApiError.notPending("cancelled", request.text("status"));
        }
        end(context.session(), request, "cancelled");
        return Result.show(request, "cancelled " + request.key());
    }

    private Resource find(RequestContext context) {
        return context.resource(requests, context.body().getString(REQUEST));
    }

    private static boolean isPending(Resource request) {
        return request.text("status").equals("pending");
    }

    private Map<String, Resource> pendingIn(Session session) {
        synchronized (pending) {
            return pending.computeIfAbsent(session, w -> new HashMap<>());
        }
    }

    /** Registers a pending request, and schedules its expiry. */
    private void scheduleExpiry(Session session, Resource request, Instant expiresAt) {
        Map<String, Resource> all = pendingIn(session);
        all.put(request.owner() + request.text("phoneNumber"), request);
        if (all.size() > MOST_PENDING) {
            all.values().removeIf(Resource::isRemoved);
        }
        session.at(expiresAt, request, () -> {
            // It may have ended or been resent meanwhile.
            if (isPending(request) && request.instant("expiresAt").equals(expiresAt)) {
                end(session, request, "expired");
            }
        });
    }

    private void end(Session session, Resource request, String status) {
        withdrawMessage(session, request);
        session.change(request, Json.with(request.value(), "status", Json.text(status)));
        pendingIn(session).remove(request.owner() + request.text("phoneNumber"), request);
        // The newer request has its own event.
        if (!status.equals("superseded")) {
            events.publish(session, request.owner(), "otp." + status, request);
        }
    }

    /** Delivers the code to the inbox of the number, if the number has an owner. */
    private void deliverMessage(Session session, Resource request, String applicationName) {
        String number = request.text("phoneNumber");
        if (numbers == null || messages == null || session.find(numbers, number) == null) {
            return;
        }
        JsonObjectBuilder message = Json.object().add("id", ResourceFactory.text(messages.schema().get("id"), session)).add("phoneNumber", number)
                .add("applicationName", applicationName).add("code", request.hidden(CODE)).add("receivedAt", Json.instant(session.now()))
                .add("expiresAt", request.value().get("expiresAt"));
        request.dependent(session.add(messages, message.build(), number));
    }

    private void withdrawMessage(Session session, Resource request) {
        if (request.dependent() != null) {
            session.remove(request.dependent());
            request.dependent(null);
        }
    }
}
