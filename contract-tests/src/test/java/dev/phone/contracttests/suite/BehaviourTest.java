// SPDX-License-Identifier: Apache-2.0
package dev.phone.contracttests.suite;

import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.phone.contracttests.contract.TheContract;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What one request and its answer cannot show. */
class BehaviourTest extends Suite {
    private static final String PROJECT = "prj_01kertbv80wez6vkwkjgm64s4r";
    private static final String EMPTY_PROJECT = "prj_01kev7krt04mq07t26xwzrw0rf";
    private static final String APPLICATION = "app_01kertn0708c6aktd8brt4xtr3";
    private static final String ALICES = "+999 482 918 102";
    private static final String INBOX = "/v1/numbers/%2B999482918102/messages";

    private JsonPath send(String phoneNumber) {
        return as("app", "{'phoneNumber': '" + phoneNumber + "'}").post(url("/v1/otp/send")).then().statusCode(201).extract().jsonPath();
    }

    private Response verify(String id, String code) {
        return as("app", "{'otpRequestId': '" + id + "', 'code': '" + code + "'}").post(url("/v1/otp/verify"));
    }

    private List<Map<String, String>> inbox() {
        return as("alice").get(url(INBOX)).then().statusCode(200).extract().jsonPath().getList("data");
    }

    private static String otherThan(String code) {
        return code.equals("000000") ? "000001" : "000000";
    }

    private String status(String id) {
        return as("app").get(url("/v1/otp/" + id)).then().statusCode(200).extract().jsonPath().getString("data.status");
    }

    // The life of an OTP

    @Test
    void aCodeIsReadFromTheInboxAndVerifiesOnce() {
        String id = send(ALICES).getString("data.id");
        List<Map<String, String>> messages = inbox();
        assertEquals("Checkout test", messages.getFirst().get("applicationName"));
        String code = messages.getFirst().get("code");
        verify(id, code).then().statusCode(200).body("data.status", equalTo("verified")).body("data.verifiedAt", notNullValue());
        verify(id, code).then().statusCode(422).body("error.details.reason", equalTo("already_verified"));
        assertTrue(inbox().stream().noneMatch(message -> code.equals(message.get("code"))), "a used code is gone from the inbox");
    }

    @Test
    void theFifthWrongCodeEndsIt() {
        String id = send(ALICES).getString("data.id");
        String code = inbox().getFirst().get("code");
        for (int remaining = 4; remaining >= 0; remaining--) {
            verify(id, otherThan(code)).then().statusCode(422).body("error.details.reason", equalTo("invalid_code"))
                    .body("error.details.attemptsRemaining", equalTo(remaining));
        }
        assertEquals("failed", status(id));
        verify(id, code).then().statusCode(422).body("error.details.reason", equalTo("attempts_exhausted"))
                .body("error.details.attemptsRemaining", equalTo(0));
    }

    @Test
    void aRightCodeAfterWrongOnesStillCounts() {
        String id = send(ALICES).getString("data.id");
        String code = inbox().getFirst().get("code");
        for (int i = 0; i < 4; i++) {
            verify(id, otherThan(code)).then().statusCode(422);
        }
        verify(id, code).then().statusCode(200).body("data.attemptsRemaining", equalTo(1));
    }

    @Test
    void itExpiresAfterFiveMinutes() {
        String id = send(ALICES).getString("data.id");
        String code = inbox().getFirst().get("code");
        target().advance(Duration.ofSeconds(299));
        assertEquals("pending", status(id));
        target().advance(Duration.ofSeconds(1));
        assertEquals("expired", status(id));
        assertEquals(List.of(), inbox());
        verify(id, code).then().statusCode(422).body("error.details.reason", equalTo("expired"));
        as("alice").get(url("/v1/applications/" + APPLICATION + "/otp-requests?status=pending")).then().statusCode(200).body("data", empty());
        as("alice").get(url("/v1/otp-requests/" + id)).then().statusCode(200).body("data.status", equalTo("expired"));
        as("app", "{'otpRequestId': '" + id + "'}").post(url("/v1/otp/resend")).then().statusCode(409);
        as("app", "{'otpRequestId': '" + id + "'}").post(url("/v1/otp/cancel")).then().statusCode(409);
    }

    @Test
    void aNewSendSupersedesTheOld() {
        String first = send(ALICES).getString("data.id");
        String code = inbox().getFirst().get("code");
        String second = send("+999482918102").getString("data.id");
        assertEquals("superseded", status(first));
        assertEquals("pending", status(second));
        verify(first, code).then().statusCode(422).body("error.details.reason", equalTo("superseded"));
        assertEquals(1, inbox().size());
        verify(second, inbox().getFirst().get("code")).then().statusCode(200);
    }

    @Test
    void aResendReplacesTheCodeAndRestartsTheFiveMinutes() {
        String id = send(ALICES).getString("data.id");
        String old = inbox().getFirst().get("code");
        target().advance(Duration.ofMinutes(4));
        as("app", "{'otpRequestId': '" + id + "'}").post(url("/v1/otp/resend")).then().statusCode(200)
                .body("data.id", equalTo(id)).body("data.status", equalTo("pending"));
        target().advance(Duration.ofMinutes(4));
        assertEquals("pending", status(id));
        List<Map<String, String>> messages = inbox();
        assertEquals(1, messages.size());
        String code = messages.getFirst().get("code");
        if (!code.equals(old)) {
            verify(id, old).then().statusCode(422).body("error.details.reason", equalTo("invalid_code"));
        }
        verify(id, code).then().statusCode(200);
    }

    @Test
    void aCancelledOneIsOver() {
        String id = send(ALICES).getString("data.id");
        String code = inbox().getFirst().get("code");
        as("app", "{'otpRequestId': '" + id + "'}").post(url("/v1/otp/cancel")).then().statusCode(200)
                .body("data.status", equalTo("cancelled"));
        verify(id, code).then().statusCode(422).body("error.details.reason", equalTo("cancelled"));
        assertEquals(List.of(), inbox());
    }

    @Test
    void sendingTellsNothingAboutWhoOwnsANumber() {
        JsonPath claimed = send(ALICES);
        JsonPath unclaimed = send("+999 700 100 200");
        assertEquals(claimed.getMap("data").keySet(), unclaimed.getMap("data").keySet());
        assertEquals(claimed.getString("data.status"), unclaimed.getString("data.status"));
    }

    @Test
    void metadataComesBack() {
        as("app", "{'phoneNumber': '" + ALICES + "', 'metadata': {'orderId': '1234', 'ü': '👍'}}").post(url("/v1/otp/send")).then()
                .statusCode(201).body("data.metadata", equalTo(Map.of("orderId", "1234", "ü", "👍")));
    }

    @Test
    void theTestNumbersAreForTestCredentialsOnly() {
        JsonPath live = as("alice", "{'name': 'Live', 'environment': 'live'}").post(url("/v1/projects/" + PROJECT + "/applications"))
                .then().statusCode(201).extract().jsonPath();
        assertTrue(live.getString("data.credentials.clientId").startsWith("ph_live_client_"));
        for (String number : List.of("+999 000 000 429", "+999 000 000 500")) {
            authenticated(live).contentType("application/json").body("{\"phoneNumber\": \"" + number + "\"}").post(url("/v1/otp/send"))
                    .then().statusCode(201).body("data.status", equalTo("pending"));
        }
        authenticated(live).contentType("application/json").body("{\"phoneNumber\": \"+999 000 000 410\"}").post(url("/v1/otp/send"))
                .then().statusCode(201).body("data.status", equalTo("pending"));
        authenticated(live).contentType("application/json").body("{\"phoneNumber\": \"+999 000 000 005\"}").post(url("/v1/otp/send"))
                .then().statusCode(201).body("data.attemptsRemaining", equalTo(5));
    }

    private RequestSpecification authenticated(JsonPath application) {
        return request().header("x-client-id", application.getString("data.credentials.clientId"))
                .header("x-client-secret", application.getString("data.credentials.clientSecret"))
                .header("x-api-key", application.getString("data.credentials.apiKey"));
    }

    // Precedence

    @Test
    void theEarlierErrorWins() {
        as("nobody", "{").post(url("/v1/nothing")).then().statusCode(404).body("error.message", equalTo("No such route: POST /v1/nothing"));
        as("nobody").delete(url("/v1/projects")).then().statusCode(404);
        as("nobody", "{").post(url("/v1/otp/send")).then().statusCode(401);
        as("suspended", "{").post(url("/v1/otp/send")).then().statusCode(403);
        as("app", "{'otpRequestId': 'otp_01kdvdna00s941ft7ckfmdrvsd', 'code': 'x'}").post(url("/v1/otp/verify")).then().statusCode(422)
                .body("error.details.violations[0].path", equalTo("/code"));
        as("bob", "{'name': ''}").patch(url("/v1/projects/" + PROJECT)).then().statusCode(422);
        as("nobody").post(url("/v1/otp/call")).then().statusCode(401);
        as("suspended").post(url("/v1/otp/call")).then().statusCode(403);
        as("app").post(url("/v1/otp/call")).then().statusCode(501);
    }

    @TestFactory
    Stream<DynamicTest> whatIsNotBuiltSaysSo() {
        return TheContract.EXAMPLES.stream().filter(example -> !isBuilt(example.operation()) && example.status() < 300)
                .map(example -> dynamicTest(example.operation().id(), () -> {
                    RequestSpecification request = request().headers(example.headers());
                    if (example.body() != null) {
                        request.contentType("application/json").body(example.body().toString());
                    }
                    request.request(example.operation().method(), url(example.target())).then().statusCode(501)
                            .body("error.code", equalTo("NOT_IMPLEMENTED"));
                }));
    }

    @Test
    void allViolationsComeAtOnce() {
        as("alice", "{'nam': 'x', 'environment': 'prod'}").post(url("/v1/projects/nope/applications")).then().statusCode(422)
                .body("error.details.violations.path", equalTo(List.of("path:projectId", "/name", "/environment", "/nam")))
                .body("error.message", containsString("(and 3 more)"));
    }

    // Projects, applications and credentials

    @Test
    void whatIsCreatedCanBeReadListedChangedAndDeleted() {
        String id = as("alice", "{'name': '  Ünïcode 👍 '}").post(url("/v1/projects")).then().statusCode(201)
                .body("data.name", equalTo("  Ünïcode 👍 ")).extract().path("data.id");
        as("alice").get(url("/v1/projects/" + id)).then().statusCode(200).body("data.id", equalTo(id));
        as("alice").get(url("/v1/projects")).then().statusCode(200).body("data[0].id", equalTo(id));
        target().advance(Duration.ofSeconds(5));
        Response changed = as("alice", "{'name': 'Renamed'}").patch(url("/v1/projects/" + id));
        changed.then().statusCode(200).body("data.name", equalTo("Renamed"));
        assertNotEquals(changed.path("data.createdAt").toString(), changed.path("data.updatedAt").toString());
        as("bob").get(url("/v1/projects/" + id)).then().statusCode(404);
        as("bob").delete(url("/v1/projects/" + id)).then().statusCode(404);
        as("alice").delete(url("/v1/projects/" + id)).then().statusCode(200).body("data.deleted", equalTo(true));
        as("alice").get(url("/v1/projects/" + id)).then().statusCode(404);
        as("alice").delete(url("/v1/projects/" + id)).then().statusCode(404);
    }

    @Test
    void aProjectCanBeDeletedWhenItsApplicationsHaveMovedAway() {
        as("alice").delete(url("/v1/projects/" + PROJECT)).then().statusCode(409).body("error.code", equalTo("CONFLICT"));
        List<String> applications = as("alice").get(url("/v1/projects/" + PROJECT + "/applications")).path("data.id");
        for (String application : applications) {
            as("alice", "{'projectId': '" + EMPTY_PROJECT + "'}").patch(url("/v1/applications/" + application)).then().statusCode(200)
                    .body("data.projectId", equalTo(EMPTY_PROJECT));
        }
        as("alice").delete(url("/v1/projects/" + PROJECT)).then().statusCode(200);
        send(ALICES);
    }

    @Test
    void secretsAreShownOnceAndMaskedAfterwards() {
        JsonPath created = as("alice", "{'name': 'Fresh', 'environment': 'test'}").post(url("/v1/projects/" + PROJECT + "/applications"))
                .then().statusCode(201).extract().jsonPath();
        String secret = created.getString("data.credentials.clientSecret");
        String id = created.getString("data.id");
        String read = as("alice").get(url("/v1/applications/" + id)).then().statusCode(200).body("data.credentials", nullValue())
                .extract().asString();
        assertTrue(!read.contains(secret) && !read.contains(created.getString("data.credentials.apiKey")));
        assertEquals("ph_test_secret_" + secret.substring(15, 19) + "…" + secret.substring(secret.length() - 4),
                JsonPath.from(read).getString("data.clientSecretPreview"));
        authenticated(created).get(url("/v1/otp/otp_01kdvdna00s941ft7ckfmdrvsd")).then().statusCode(404);
    }

    @Test
    void aRotatedSecretWorksAtOnceAndTheOldOneOnlyWithinTheOverlap() {
        String unknown = url("/v1/otp/otp_01kdvdna00s941ft7ckfmdrvsd");
        String rotate = url("/v1/applications/" + APPLICATION + "/rotate");
        JsonPath rotated = as("alice", "{'credential': 'clientSecret', 'overlapSeconds': 60}").post(rotate).then().statusCode(200)
                .body("data.credentials.apiKey", nullValue()).extract().jsonPath();
        as("app").header("x-note", "old").get(unknown).then().statusCode(404);
        target().advance(Duration.ofSeconds(61));
        as("app").get(unknown).then().statusCode(401);
        RequestSpecification fresh = request();
        TheContract.CONTRACT.json().getJsonObject("x-demo-world").getJsonObject("credentials").getJsonObject("app").forEach((name, value) ->
                fresh.header(name, name.equals("x-client-secret") ? rotated.getString("data.credentials.clientSecret")
                        : ((jakarta.json.JsonString) value).getString()));
        fresh.get(unknown).then().statusCode(404);

        target().reset();
        as("alice", "{'credential': 'apiKey'}").post(rotate).then().statusCode(200).body("data.credentials.clientSecret", nullValue())
                .body("data.credentials.apiKey", notNullValue());
        as("app").get(unknown).then().statusCode(401);
    }

    @Test
    void aSuspendedApplicationIsForbiddenUntilItIsReactivated() {
        as("alice", "{'status': 'suspended'}").patch(url("/v1/applications/" + APPLICATION)).then().statusCode(200)
                .body("data.status", equalTo("suspended"));
        as("app", "{'phoneNumber': '" + ALICES + "'}").post(url("/v1/otp/send")).then().statusCode(403);
        as("app").get(url("/v1/users/%2B999482918102")).then().statusCode(403);
        as("alice", "{'status': 'active'}").patch(url("/v1/applications/" + APPLICATION)).then().statusCode(200);
        send(ALICES);
    }

    @Test
    void aDeletedApplicationTakesItsRequestsAlong() {
        String id = send(ALICES).getString("data.id");
        as("alice").delete(url("/v1/applications/" + APPLICATION)).then().statusCode(200);
        as("alice").get(url("/v1/otp-requests/" + id)).then().statusCode(404);
        as("app", "{'phoneNumber': '" + ALICES + "'}").post(url("/v1/otp/send")).then().statusCode(401);
        assertEquals(List.of(), inbox());
    }

    @Test
    void oneApplicationCannotTouchTheRequestsOfAnother() {
        String id = send(ALICES).getString("data.id");
        String code = inbox().getFirst().get("code");
        as("bobApp", "{'otpRequestId': '" + id + "', 'code': '" + code + "'}").post(url("/v1/otp/verify")).then().statusCode(404);
        as("bobApp").get(url("/v1/otp/" + id)).then().statusCode(404);
        as("bobApp", "{'otpRequestId': '" + id + "'}").post(url("/v1/otp/cancel")).then().statusCode(404);
        as("bobApp", "{'otpRequestId': '" + id + "'}").post(url("/v1/otp/resend")).then().statusCode(404);
        as("bob").get(url("/v1/otp-requests/" + id)).then().statusCode(404);
        assertEquals("pending", status(id));
    }

    // Numbers

    @Test
    void aReleasedNumberRestsThirtyDaysAndItsInboxIsNotInherited() {
        send(ALICES);
        as("bob", "{'phoneNumber': '" + ALICES + "'}").post(url("/v1/numbers")).then().statusCode(409);
        as("bob").get(url(INBOX)).then().statusCode(404);
        as("bob").delete(url("/v1/numbers/%2B999482918102")).then().statusCode(404);
        as("alice").delete(url("/v1/numbers/%2B999%20482%20918%20102")).then().statusCode(200).body("data.released", equalTo(true));
        as("alice").get(url(INBOX)).then().statusCode(404);
        as("app").get(url("/v1/users/+999482918102")).then().statusCode(404);
        as("alice", "{'phoneNumber': '" + ALICES + "'}").post(url("/v1/numbers")).then().statusCode(409);
        target().advance(Duration.ofDays(30).minusSeconds(1));
        as("bob", "{'phoneNumber': '" + ALICES + "'}").post(url("/v1/numbers")).then().statusCode(409);
        target().advance(Duration.ofSeconds(1));
        as("bob", "{'phoneNumber': '+999482918102'}").post(url("/v1/numbers")).then().statusCode(201)
                .body("data.phoneNumber", equalTo(ALICES));
        as("bob").get(url(INBOX)).then().statusCode(200).body("data", empty());
        as("app").get(url("/v1/users/+999482918102")).then().statusCode(200);
    }

    @Test
    void whatWasSentBeforeAClaimIsNotShownToTheOneWhoClaims() {
        send("+999 700 100 200");
        as("bob", "{'phoneNumber': '+999 700 100 200'}").post(url("/v1/numbers")).then().statusCode(201);
        as("bob").get(url("/v1/numbers/%2B999700100200/messages")).then().statusCode(200).body("data", empty());
        send("+999 700 100 200");
        as("bob").get(url("/v1/numbers/%2B999700100200/messages")).then().statusCode(200).body("data", hasSize(1));
    }

    // Lists

    @Test
    void aListIsWalkedPageByPageWithoutALossOrARepetition() {
        List<String> created = new ArrayList<>();
        for (int i = 0; i < 23; i++) {
            created.addFirst(as("bob", "{'name': 'P" + i + "'}").post(url("/v1/projects")).then().statusCode(201).extract().path("data.id"));
        }
        created.add("prj_01kepxpxw0b6vgfeb3c2k3psat");
        List<String> seen = new ArrayList<>();
        String cursor = "";
        int pages = 0;
        while (cursor != null) {
            JsonPath page = as("bob").get(url("/v1/projects?limit=10" + cursor)).then().statusCode(200).extract().jsonPath();
            seen.addAll(page.getList("data.id"));
            cursor = page.getString("meta.nextCursor") == null ? null : "&cursor=" + page.getString("meta.nextCursor");
            pages++;
        }
        assertEquals(created, seen);
        assertEquals(3, pages);
        String bobs = as("bob").get(url("/v1/projects?limit=1")).path("meta.nextCursor");
        as("bob").get(url("/v1/numbers?cursor=" + bobs)).then().statusCode(422)
                .body("error.details.violations[0].path", equalTo("query:cursor"));
        as("alice").get(url("/v1/projects?cursor=" + bobs)).then().statusCode(422);
        as("bob").get(url("/v1/projects?cursor=" + bobs.substring(0, bobs.length() - 1)
                + (bobs.endsWith("A") ? "B" : "A"))).then().statusCode(422);
    }

    @Test
    void listsCanBeFiltered() {
        String list = url("/v1/applications/" + APPLICATION + "/otp-requests");
        as("alice").get(list + "?status=verified").then().statusCode(200).body("data.status", equalTo(List.of("verified")));
        as("alice").get(list + "?phoneNumber=%2B999%20700%20100%20201").then().statusCode(200)
                .body("data.status", equalTo(List.of("cancelled")));
        as("alice").get(list + "?phoneNumber=%2B999700100201&status=failed").then().statusCode(200).body("data", empty());
        as("alice").get(list + "?status=nonsense").then().statusCode(422);
    }

    // What any client may rely on

    @Test
    void aRefusalOfCredentialsSaysWhatIsWanted() {
        as("nobody").get(url("/v1/projects")).then().statusCode(401).header("WWW-Authenticate", "Bearer realm=\"Phone\"");
        as("wrongSecret", "{").post(url("/v1/otp/send")).then().statusCode(401)
                .header("WWW-Authenticate", "Phone-Credentials realm=\"Phone\", headers=\"x-client-id x-client-secret x-api-key\"");
        as("alice").get(url("/v1/users/%2B999482918102")).then().statusCode(401)
                .header("WWW-Authenticate", "Phone-Credentials realm=\"Phone\", headers=\"x-api-key\"");
    }

    @Test
    void bodiesThatAreNoJsonAreRefusedInTheShape() {
        for (String body : List.of("{", "{}{}", "\u0000", "{\"name\": NaN}")) {
            as("alice").contentType("application/json").body(body).post(url("/v1/projects")).then().statusCode(422)
                    .body("error.details.violations[0].rule", equalTo("json"));
        }
        as("alice").contentType("text/plain").body("{}").post(url("/v1/projects")).then().statusCode(422)
                .body("error.details.violations[0].rule", equalTo("mediaType"));
        as("alice").contentType("application/json").body("{\"name\": \"" + "x".repeat(70_000) + "\"}").post(url("/v1/projects")).then()
                .statusCode(422).body("error.details.violations[0].rule", equalTo("size"));
        as("alice").contentType("application/json").post(url("/v1/projects")).then().statusCode(422)
                .body("error.details.violations[0].rule", equalTo("required"));
    }

    @Test
    void nothingThatIsAskedForTwiceIsGuessed() {
        as("alice").get(url("/v1/projects?limit=1&limit=2")).then().statusCode(422)
                .body("error.details.violations[0].rule", equalTo("repeated"));
        as("alice").header("authorization", "Bearer dev_bob").get(url("/v1/projects")).then().statusCode(401);
    }

    @Test
    void theContractIsServed() {
        io.restassured.RestAssured.get(url("/openapi.json")).then().statusCode(200).body("info.title", equalTo("Phone"));
        io.restassured.RestAssured.get(url("/openapi.yaml")).then().statusCode(200).body(containsString("title: Phone"));
        io.restassured.RestAssured.get(url("/docs")).then().statusCode(200).body(containsString("openapi.json"));
    }
}
