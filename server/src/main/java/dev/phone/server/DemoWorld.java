// SPDX-License-Identifier: Apache-2.0
package dev.phone.server;

import dev.phone.api.Application;
import dev.phone.api.Bin;
import dev.phone.api.ClaimedNumber;
import dev.phone.api.Delivery;
import dev.phone.api.JsonTexts;
import dev.phone.api.Message;
import dev.phone.api.OtpEvent;
import dev.phone.api.OtpEventData;
import dev.phone.api.OtpRequest;
import dev.phone.api.Project;
import dev.phone.api.RequestLog;
import dev.phone.api.SubscribableEvent;
import dev.phone.api.Webhook;
import dev.phone.server.application.ApplicationStore;
import dev.phone.server.auth.DevelopmentTokens;
import dev.phone.server.log.RequestLogs;
import dev.phone.server.number.Inbox;
import dev.phone.server.number.NumberStore;
import dev.phone.server.otp.OtpStore;
import dev.phone.server.project.ProjectStore;
import dev.phone.server.sandbox.Bins;
import dev.phone.server.store.Database;
import dev.phone.server.store.Ids;
import dev.phone.server.webhook.DeliveryStore;
import dev.phone.server.webhook.WebhookStore;
import io.helidon.dbclient.DbExecute;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * The data that the contract's examples rely on, read from the contract ({@code x-demo-world}), so that the examples work unchanged against the
 * server. All instants are shifted by the same duration, so that the demo world's "now" is the time of the start.
 */
final class DemoWorld {
    private final ProjectStore projects;
    private final ApplicationStore applications;
    private final NumberStore numbers;
    private final OtpStore otps;
    private final Inbox inbox;
    private final RequestLogs logs;
    private final Bins bins;
    private final WebhookStore webhooks;
    private final DeliveryStore deliveries;
    private final Ids ids;

    DemoWorld(ProjectStore projects, ApplicationStore applications, NumberStore numbers, OtpStore otps, Inbox inbox, RequestLogs logs, Bins bins,
            WebhookStore webhooks, DeliveryStore deliveries, Ids ids) {
        this.projects = projects;
        this.applications = applications;
        this.numbers = numbers;
        this.otps = otps;
        this.inbox = inbox;
        this.logs = logs;
        this.bins = bins;
        this.webhooks = webhooks;
        this.deliveries = deliveries;
        this.ids = ids;
    }

    /** Seeds an empty database; leaves any other unchanged. */
    void seed(Database database, Instant now) {
        if (!projects.isEmpty()) {
            return;
        }
        JsonObject contract = world();
        Duration shift = Duration.between(Instant.parse(contract.getString("now")), now);
        JsonObject world = JsonTexts.move(contract, shift).asJsonObject();
        database.transaction(tx -> {
            seed(tx, world);
            return null;
        });
    }

    private void seed(DbExecute tx, JsonObject world) {
        JsonObject credentials = world.getJsonObject("credentials");
        for (JsonObject entry : entries(world, "projects")) {
            projects.insert(tx, user(credentials, entry), Project.fromJson(entry.get("value")));
        }
        for (JsonObject entry : entries(world, "applications")) {
            JsonObject headers = credentials.getJsonObject(entry.getString("credentials"));
            applications.insert(tx, Application.fromJson(entry.get("value")), headers.getString("x-client-secret"), headers.getString("x-api-key"));
        }
        for (JsonObject entry : entries(world, "claimedNumbers")) {
            ClaimedNumber number = ClaimedNumber.fromJson(entry.get("value"));
            numbers.insert(tx, user(credentials, entry), ids.next("num", number.createdAt()), number);
        }
        for (JsonObject entry : entries(world, "otpRequests")) {
            otps.insert(tx, OtpRequest.fromJson(entry.get("value")), entry.getString("code"));
        }
        for (JsonObject entry : entries(world, "messages")) {
            inbox.deliver(tx, entry.getString("otpRequestId"), Message.fromJson(entry.get("value")));
        }
        logs.insert(tx, entries(world, "requestLogs").stream().map(entry -> RequestLog.fromJson(entry.get("value"))).toList());
        for (JsonObject entry : entries(world, "bins")) {
            bins.insert(tx, Bin.fromJson(entry.get("value")));
        }
        for (JsonObject entry : entries(world, "webhooks")) {
            webhooks.insert(tx, Webhook.fromJson(entry.get("value")), entry.getString("secret"));
        }
        for (JsonObject entry : entries(world, "deliveries")) {
            Delivery delivery = Delivery.fromJson(entry.get("value"));
            deliveries.insert(tx, delivery, event(world, delivery).toJson().toString());
        }
    }

    /** A plausible event for a delivery, because the examples do not say which request it was about. */
    private static OtpEvent event(JsonObject world, Delivery delivery) {
        SubscribableEvent type = SubscribableEvent.of(delivery.eventType().text());
        String applicationId = entries(world, "webhooks").stream().map(entry -> Webhook.fromJson(entry.get("value")))
                .filter(webhook -> webhook.id().equals(delivery.webhookId())).findFirst().orElseThrow().applicationId();
        String status = type == SubscribableEvent.OTP_SENT ? "pending" : type.text().substring("otp.".length());
        OtpRequest request = entries(world, "otpRequests").stream().map(entry -> OtpRequest.fromJson(entry.get("value")))
                .filter(one -> one.applicationId().equals(applicationId) && one.status().text().equals(status)).findFirst().orElseThrow();
        return new OtpEvent(delivery.eventId(), type, delivery.createdAt(), new OtpEventData(request));
    }

    private static List<JsonObject> entries(JsonObject world, String name) {
        return world.getJsonArray(name).getValuesAs(JsonObject.class);
    }

    /** The user of the token in the examples. */
    private static String user(JsonObject credentials, JsonObject entry) {
        String header = credentials.getJsonObject(entry.getString("user")).getString("authorization");
        return new DevelopmentTokens().user(header.substring("Bearer ".length())).id();
    }

    /** The demo world from the contract. */
    static JsonObject world() {
        try (InputStream in = DemoWorld.class.getResourceAsStream("/demo-world.json"); JsonReader reader = Json.createReader(in)) {
            return reader.readObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
