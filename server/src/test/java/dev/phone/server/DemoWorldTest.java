// SPDX-License-Identifier: Apache-2.0
package dev.phone.server;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.phone.api.Application;
import dev.phone.api.ApplicationsService;
import dev.phone.api.Caller;
import dev.phone.api.Message;
import dev.phone.api.Number;
import dev.phone.api.NumbersService;
import dev.phone.api.OtpRequest;
import dev.phone.api.OtpRequestsService;
import dev.phone.api.OtpService;
import dev.phone.api.Project;
import dev.phone.api.ProjectsService;
import dev.phone.api.VerifyOtpRequest;
import dev.phone.server.application.StoredCredentials;
import dev.phone.server.store.TestDatabase;
import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The stores show the demo world exactly as the contract's examples do. */
class DemoWorldTest {
    private static final JsonObject WORLD = world();
    private static final Caller.User ALICE = new Caller.User("dev_alice");

    @ParameterizedTest
    @EnumSource
    void everythingIsThereAsTheContractShowsIt(TestDatabase kind) {
        try (Features phone = new Features(kind.open())) {
            // The test clock stands at the world's own now.
            assertEquals(phone.clock.instant(), Instant.parse(WORLD.getString("now")));
            seed(phone);
            for (JsonObject entry : entries("projects")) {
                Project project = Project.fromJson(entry.get("value"));
                assertEquals(project, ((ProjectsService.GetProjectResponse.Status200)
                        phone.projects.getProject(user(entry), project.id())).body().data());
            }
            for (JsonObject entry : entries("applications")) {
                Application application = Application.fromJson(entry.get("value"));
                JsonObject headers = WORLD.getJsonObject("credentials").getJsonObject(entry.getString("credentials"));
                StoredCredentials stored = phone.applicationStore.findByApiKey(headers.getString("x-api-key")).orElseThrow();
                assertEquals(application.id(), stored.application().id());
                assertEquals(headers.getString("x-client-id"), stored.application().clientId());
                assertArrayEquals(phone.applicationStore.hashOfClientSecret(headers.getString("x-client-secret")),
                        stored.clientSecretHashes().getFirst());
                if (entry.getString("credentials").equals("app")) {
                    assertEquals(application, ((ApplicationsService.GetApplicationResponse.Status200)
                            phone.applications.getApplication(ALICE, application.id())).body().data());
                }
            }
            for (JsonObject entry : entries("numbers")) {
                Number number = Number.fromJson(entry.get("value"));
                assertEquals(number, ((NumbersService.GetNumberResponse.Status200)
                        phone.numbers.getNumber(user(entry), number.phoneNumber())).body().data());
            }
            JsonArray requests = WORLD.getJsonArray("otpRequests");
            for (JsonObject entry : requests.getValuesAs(JsonObject.class)) {
                OtpRequest request = OtpRequest.fromJson(entry.get("value"));
                Caller.User owner = request.applicationId().equals(app(phone).id()) ? ALICE : new Caller.User("dev_bob");
                assertEquals(request, ((OtpRequestsService.GetOtpRequestResponse.Status200)
                        phone.otpRequests.getOtpRequest(owner, request.id())).body().data());
            }
            for (JsonObject entry : entries("messages")) {
                Message message = Message.fromJson(entry.get("value"));
                assertEquals(List.of(message), phone.messages(ALICE, message.phoneNumber()));
                var verified = (OtpService.VerifyOtpResponse.Status200) phone.otp.verifyOtp(app(phone),
                        new VerifyOtpRequest(entry.getString("otpRequestId"), message.code()));
                assertEquals(phone.clock.instant(), verified.body().data().verifiedAt());
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void itsTimesMoveWithTheStart(TestDatabase kind) {
        try (Features phone = new Features(kind.open())) {
            Duration shift = Duration.ofDays(400).plusMillis(1);
            phone.clock.advance(shift);
            seed(phone);
            Message message = Message.fromJson(entries("messages").getFirst().get("value"));
            Message moved = phone.messages(ALICE, message.phoneNumber()).getFirst();
            assertEquals(message.receivedAt().plus(shift), moved.receivedAt());
            assertEquals(message.expiresAt().plus(shift), moved.expiresAt());
        }
    }

    @ParameterizedTest
    @EnumSource
    void aDatabaseThatHoldsAnythingIsLeftAsItIs(TestDatabase kind) {
        try (Features phone = new Features(kind.open())) {
            phone.project(phone.user());
            seed(phone);
            assertEquals(1, phone.count("SELECT COUNT(*) FROM project"));
            assertFalse(phone.applicationStore.findByApiKey(apiKey()).isPresent());
        }
        try (Features phone = new Features(kind.open())) {
            seed(phone);
            phone.clock.advance(Duration.ofHours(1));
            seed(phone);
            assertEquals(WORLD.getJsonArray("otpRequests").size(), phone.count("SELECT COUNT(*) FROM otp_request"));
        }
    }

    private static void seed(Features phone) {
        new DemoWorld(phone.projectStore, phone.applicationStore, phone.numberStore, phone.otpStore, phone.inbox, phone.ids)
                .seed(phone.database, phone.clock.instant());
    }

    private static Caller.Application app(Features phone) {
        return phone.applicationStore.findByApiKey(apiKey()).orElseThrow().application();
    }

    private static String apiKey() {
        return WORLD.getJsonObject("credentials").getJsonObject("app").getString("x-api-key");
    }

    private static Caller.User user(JsonObject entry) {
        return new Caller.User("dev_" + entry.getString("user"));
    }

    private static List<JsonObject> entries(String name) {
        return WORLD.getJsonArray(name).getValuesAs(JsonObject.class);
    }

    private static JsonObject world() {
        try (JsonReader reader = Json.createReader(DemoWorldTest.class.getResourceAsStream("/openapi.json"))) {
            return reader.readObject().getJsonObject("x-demo-world");
        }
    }
}
