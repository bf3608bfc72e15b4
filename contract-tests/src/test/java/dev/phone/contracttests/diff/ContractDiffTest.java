// SPDX-License-Identifier: Apache-2.0
package dev.phone.contracttests.diff;

import static dev.phone.contracttests.gate.NamedTests.each;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.phone.contracttests.contract.TheContract;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonPatchBuilder;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Each change is made to our contract alone and must be judged as who relies on the contract would judge it. */
class ContractDiffTest {
    private static final JsonObject CONTRACT = TheContract.CONTRACT.json();
    private static final String SEND = "/paths/~1v1~1otp~1send/post";
    private static final String SCHEMAS = "/components/schemas/";

    /** @param isSeen whether openapi-diff knows it for a breaking change, or misses it */
    private record Breaking(String name, UnaryOperator<JsonPatchBuilder> patch, String change, boolean isSeen) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static List<Breaking> breaking() {
        return List.of(
                seen("operation removed", p -> p.remove("/paths/~1v1~1otp~1resend"),
                        "resendOtp is gone, was POST /v1/otp/resend"),
                seen("path renamed", p -> p.move("/paths/~1v1~1otp~1dispatch", "/paths/~1v1~1otp~1send"),
                        "sendOtp path was POST /v1/otp/send, is POST /v1/otp/dispatch"),
                seen("method changed", p -> p.move("/paths/~1v1~1projects~1{projectId}/put", "/paths/~1v1~1projects~1{projectId}/patch"),
                        "updateProject path was PATCH /v1/projects/{projectId}, is PUT /v1/projects/{projectId}"),
                missed("operationId changed", p -> p.replace(SEND + "/operationId", "dispatchOtp"),
                        "dispatchOtp operationId was sendOtp, is dispatchOtp"),
                seen("required request property added", p -> p.add(SCHEMAS + "SendOtpRequest/properties/channel", string())
                        .add(SCHEMAS + "SendOtpRequest/required/-", "channel"),
                        "sendOtp, request body /channel: is new and required"),
                seen("request property made required", p -> p.add(SCHEMAS + "SendOtpRequest/required/-", "metadata"),
                        "sendOtp, request body /metadata: was optional, is required"),
                missed("request property removed", p -> p.remove(SCHEMAS + "SendOtpRequest/properties/metadata"),
                        "sendOtp, request body /metadata: is gone"),
                seen("enum value removed in request", p -> p.remove(SCHEMAS + "ApplicationEnvironment/enum/0"),
                        "createApplication, request body /environment: may no longer be test"),
                seen("response property removed", p -> p.remove(SCHEMAS + "OtpRequest/properties/expiresAt").remove(SCHEMAS + "OtpRequest/required/7"),
                        "sendOtp, 201 body /data/expiresAt: is gone"),
                seen("response property no longer always there", p -> p.remove(SCHEMAS + "OtpRequest/required/7"),
                        "sendOtp, 201 body /data/expiresAt: was required, is optional"),
                seen("status removed", p -> p.remove(SEND + "/responses/409"),
                        "sendOtp, 409: is gone"),
                missed("type changed", p -> p.replace(SCHEMAS + "OtpRequest/properties/attemptsRemaining/type", "string"),
                        "sendOtp, 201 body /data/attemptsRemaining: type was integer, is string"),
                missed("response value may be null", p -> p.replace(SCHEMAS + "Name/type",
                        Json.createArrayBuilder().add("string").add("null").build()),
                        "getProject, 200 body /data/name: type was string, is null or string"),
                missed("text or null changed to a number", p -> p.replace(SCHEMAS + "OtpRequest/properties/verifiedAt/type", "integer"),
                        "sendOtp, 201 body /data/verifiedAt: type was null or string, is integer"),
                missed("security requirement added", p -> p.add("/paths/~1v1~1sandbox~1bins/post/security/-",
                        Json.createObjectBuilder().add("bearer", Json.createArrayBuilder()).build()),
                        "createBin security was none, is bearer"),
                seen("another scheme besides", p -> p.add("/paths/~1v1~1users~1{phoneNumber}/get/security/0/clientId", Json.createArrayBuilder().build()),
                        "getUser security was apiKey, is apiKey and clientId"),
                seen("credentials in another header", p -> p.replace("/components/securitySchemes/apiKey/name", "api-key"),
                        "every operation security scheme apiKey name was x-api-key, is api-key"),
                seen("parameter made required", p -> p.add("/components/parameters/Cursor/required", true),
                        "listProjects, query cursor: was optional, is required"),
                seen("Idempotency-Key removed", p -> p.remove(SEND + "/parameters/0"),
                        "sendOtp, header idempotency-key: is gone"),
                seen("parameter's maximum lowered", p -> p.replace("/components/parameters/Limit/schema/maximum", 50),
                        "listProjects, query limit: maximum was 100, is 50"),
                missed("parameter's default changed", p -> p.replace("/components/parameters/Limit/schema/default", 10),
                        "listProjects, query limit: default was 20, is 10"),
                seen("header removed", p -> p.remove(SEND + "/responses/201/headers/x-request-id"),
                        "sendOtp, 201 header x-request-id: is gone"),
                seen("header no longer always there", p -> p.remove("/components/headers/RetryAfter/required"),
                        "sendOtp, 429 header Retry-After: was required, is optional"),
                missed("operation's limit lowered", p -> p.replace(SEND + "/x-rate-limit/limit", 3),
                        "sendOtp limit was 5 in 60 s by clientId, is 3 in 60 s by clientId"),
                missed("limit's window longer", p -> p.replace("/x-rate-limit/window", 90),
                        "every operation limit was 120 in 60 s by ip, is 120 in 90 s by ip"),
                missed("pattern tightened", p -> p.replace(SCHEMAS + "PhoneNumber/pattern", "^\\+999[0-9]{9}$"),
                        "sendOtp, request body /phoneNumber: pattern was ^\\+999 ?[0-9]{3} ?[0-9]{3} ?[0-9]{3}$, is ^\\+999[0-9]{9}$"),
                seen("maxLength lowered", p -> p.replace("/components/parameters/IdempotencyKey/schema/maxLength", 64),
                        "sendOtp, header idempotency-key: maxLength was 255, is 64"),
                seen("maxProperties lowered", p -> p.replace(SCHEMAS + "SendOtpRequest/properties/metadata/maxProperties", 10),
                        "sendOtp, request body /metadata: maxProperties was 20, is 10"),
                missed("names in a map restricted", p -> p.replace(SCHEMAS + "MetadataKey/maxLength", 50),
                        "sendOtp, request body /metadata/{name}: maxLength was 100, is 50"),
                missed("names in a map no longer restricted", p -> p.remove(SCHEMAS + "OtpRequest/properties/metadata/propertyNames"),
                        "sendOtp, 201 body /data/metadata/{name}: is gone"),
                missed("more items than were promised", p -> p.replace(SCHEMAS + "Bin/properties/events/maxItems", 500),
                        "createBin, 201 body /data/events: maxItems was 100, is 500"),
                missed("an error code that the closed set does not have", p -> p.add(SCHEMAS + "UnauthenticatedBody/properties/code/enum/-", "GONE"),
                        "sendOtp, 401 body /error/code: may also be GONE"),
                seen("format of a response's value changed", p -> p.replace(SCHEMAS + "Timestamp/format", "date"),
                        "sendOtp, 201 body /data/createdAt: format was date-time, is date"),
                missed("webhook removed", p -> p.remove("/webhooks/otp.sent"),
                        "onOtpSent is gone, was POST webhook otp.sent"),
                missed("webhook's event has less in it", p -> p.remove(SCHEMAS + "OtpEventData/properties/otpRequest")
                        .remove(SCHEMAS + "OtpEventData/required"),
                        "onOtpSent, request body /data/otpRequest: is gone"));
    }

    private static Breaking seen(String name, UnaryOperator<JsonPatchBuilder> patch, String change) {
        return new Breaking(name, patch, change, true);
    }

    private static Breaking missed(String name, UnaryOperator<JsonPatchBuilder> patch, String change) {
        return new Breaking(name, patch, change, false);
    }

    private static JsonObject string() {
        return Json.createObjectBuilder().add("type", "string").add("description", "A new one.").build();
    }

    private static JsonObject patched(UnaryOperator<JsonPatchBuilder> patch) {
        return patch.apply(Json.createPatchBuilder()).build().apply(CONTRACT);
    }

    @TestFactory
    Stream<DynamicTest> breaks() {
        return each(breaking(), row -> {
            JsonObject newer = patched(row.patch);
            List<String> broken = ContractDiff.compare(CONTRACT, newer).stream().filter(Change::isBreaking).map(Change::toString).toList();
            assertTrue(broken.contains(row.change), () -> row.change + "\nis not among\n" + String.join("\n", broken));
        });
    }

    /** If openapi-diff learns what it misses here, or forgets what it knows, we want to hear of it. */
    @TestFactory
    Stream<DynamicTest> whatOpenApiDiffSees() {
        return each(breaking(), row -> assertEquals(row.isSeen, !ContractDiff.objections(CONTRACT, patched(row.patch)).isEmpty()));
    }

    private record Harmless(String name, UnaryOperator<JsonPatchBuilder> patch, String change) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static List<Harmless> harmless() {
        return List.of(
                new Harmless("operation added", p -> p.copy("/paths/~1v1~1otp~1peek", "/paths/~1v1~1otp~1send")
                        .replace("/paths/~1v1~1otp~1peek/post/operationId", "peekOtp"), "peekOtp is a new operation, POST /v1/otp/peek"),
                new Harmless("optional request property added", p -> p.add(SCHEMAS + "SendOtpRequest/properties/channel", string()),
                        "sendOtp, request body /channel: is new"),
                new Harmless("response property added", p -> p.add(SCHEMAS + "OtpRequest/properties/channel", string())
                        .add(SCHEMAS + "OtpRequest/required/-", "channel"), "sendOtp, 201 body /data/channel: is new and required"),
                new Harmless("enum value added in response", p -> p.add(SCHEMAS + "OtpRequestStatus/enum/-", "blocked"),
                        "sendOtp, 201 body /data/status: may also be blocked"),
                new Harmless("limit raised", p -> p.replace(SEND + "/x-rate-limit/limit", 50),
                        "sendOtp limit was 5 in 60 s by clientId, is 50 in 60 s by clientId"),
                new Harmless("maxLength raised in request", p -> p.replace("/components/parameters/IdempotencyKey/schema/maxLength", 300),
                        "sendOtp, header idempotency-key: maxLength was 255, is 300"),
                new Harmless("maxProperties raised in request",
                        p -> p.replace(SCHEMAS + "SendOtpRequest/properties/metadata/maxProperties", 30),
                        "sendOtp, request body /metadata: maxProperties was 20, is 30"),
                new Harmless("names in a map no longer restricted in request",
                        p -> p.remove(SCHEMAS + "SendOtpRequest/properties/metadata/propertyNames"), "sendOtp, request body /metadata/{name}: is gone"),
                new Harmless("pattern added in response", p -> p.add(SCHEMAS + "RequestLog/properties/path/pattern", "^/"),
                        "listRequestLogs, 200 body /data/*/path: pattern is new: ^/"),
                new Harmless("header added", p -> p.add(SEND + "/responses/201/headers/x-new",
                        Json.createObjectBuilder().add("required", true).add("schema", string()).build()),
                        "sendOtp, 201 header x-new: is new and required"),
                new Harmless("optional parameter added", p -> p.add(SEND + "/parameters/-", Json.createObjectBuilder()
                        .add("name", "trace").add("in", "query").add("schema", string()).build()), "sendOtp, query trace: is new"),
                new Harmless("status added", p -> p.copy("/paths/~1v1~1projects/get/responses/409", SEND + "/responses/409"),
                        "listProjects, 409: is new"),
                new Harmless("security requirement dropped", p -> p.remove("/paths/~1v1~1projects/get/security/0"),
                        "listProjects security was bearer, is none"),
                new Harmless("deprecated", p -> p.add(SEND + "/deprecated", true), "sendOtp deprecated is new: true"),
                new Harmless("described better", p -> p.replace(SEND + "/summary", "Send one OTP"),
                        "sendOtp summary was Send an OTP, is Send one OTP"));
    }

    @TestFactory
    Stream<DynamicTest> isHarmless() {
        return each(harmless(), row -> {
            List<Change> changes = ContractDiff.between(CONTRACT, patched(row.patch));
            assertEquals(List.of(), changes.stream().filter(Change::isBreaking).map(Change::toString).toList());
            Set<String> texts = changes.stream().map(Change::toString).collect(Collectors.toSet());
            assertTrue(texts.contains(row.change), () -> row.change + "\nis not among\n" + String.join("\n", texts));
        });
    }

    @Test
    void nothingChanged() {
        assertEquals(List.of(), ContractDiff.between(CONTRACT, CONTRACT));
    }
}
