// SPDX-License-Identifier: Apache-2.0
package dev.phone.contracttests.suite;

import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.restassured.response.Response;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Requests with an {@code Idempotency-Key}: what is one request, whose it is, and for how long. */
class IdempotencyTest extends Suite {
    private static final String APPLICATIONS = "/v1/projects/" + World.EMPTY_PROJECT + "/applications";

    private Response post(String who, String path, String key, String body) {
        return as(who, body).header("Idempotency-Key", key).post(url(path));
    }

    private static void isRefused(Response response) {
        response.then().statusCode(422).body("error.message", equalTo("Validation failed: header:idempotency-key was used with another request"))
                .body("error.details.violations[0].path", equalTo("header:idempotency-key"))
                .body("error.details.violations[0].rule", equalTo("reused"));
    }

    @Test
    void aRepeatedRequestActsOnceAndAnswersAlike() {
        String body = "{'name': 'Once', 'environment': 'test'}";
        String created = post("alice", APPLICATIONS, "k", body).then().statusCode(201).header("Idempotent-Replayed", nullValue())
                .extract().asString();
        assertEquals(created, post("alice", APPLICATIONS, "k", body).then().statusCode(201).header("Idempotent-Replayed", "true")
                .extract().asString(), "secrets included");
        as("alice").get(url(APPLICATIONS)).then().statusCode(200).body("data", hasSize(1));
    }

    @Test
    void aRepeatedResendMakesOneNewCode() {
        String id = as("app", "{'phoneNumber': '+999 482 918 102'}").post(url("/v1/otp/send")).then().statusCode(201).extract().path("data.id");
        String body = "{'otpRequestId': '" + id + "'}";
        post("app", "/v1/otp/resend", "k", body).then().statusCode(200).header("Idempotent-Replayed", nullValue());
        String code = code();
        post("app", "/v1/otp/resend", "k", body).then().statusCode(200).header("Idempotent-Replayed", "true");
        assertEquals(code, code());
        as("app", body).post(url("/v1/otp/resend")).then().statusCode(200).header("Idempotent-Replayed", nullValue());
        as("app", "{'otpRequestId': '" + id + "', 'code': '" + code() + "'}").post(url("/v1/otp/verify")).then().statusCode(200);
    }

    private String code() {
        return as("alice").get(url("/v1/numbers/%2B999482918102/messages")).then().statusCode(200).body("data", hasSize(1))
                .extract().path("data[0].code");
    }

    @Test
    void howItsJsonIsWrittenDoesNotMatter() {
        List<String> alike = List.of("{'phoneNumber': '+999482918102', 'metadata': {'a': '1', 'b': '/'}}",
                "{'phoneNumber':'+999482918102','metadata':{'a':'1','b':'/'}}",
                " {\n'metadata' : {'b' : '/', 'a' : '1'},\n'phoneNumber' : '+999482918102'}\n",
                "{'ph\\u006fneNumber': '\\u002b999482918102', 'metadata': {'\\u0061': '1', 'b': '\\/'}}");
        String sent = post("app", "/v1/otp/send", "k", alike.getFirst()).then().statusCode(201).extract().asString();
        for (String body : alike) {
            assertEquals(sent, post("app", "/v1/otp/send", "k", body).then().statusCode(201).extract().asString(), body);
        }
        // The same number in another form is another text.
        isRefused(post("app", "/v1/otp/send", "k", "{'phoneNumber': '+999 482 918 102', 'metadata': {'a': '1', 'b': '/'}}"));
        isRefused(post("app", "/v1/otp/send", "k", "{'phoneNumber': '+999482918102', 'metadata': {'a': '/', 'b': '1'}}"));
    }

    @Test
    void numbersAreComparedByTheirValue() {
        String rotate = "/v1/applications/" + World.APPLICATION + "/rotate";
        String rotated = post("alice", rotate, "k", "{'credential': 'apiKey', 'overlapSeconds': 100}").then().statusCode(200).extract().asString();
        for (String number : List.of("100.0", "1e2", "1E+2")) {
            assertEquals(rotated, post("alice", rotate, "k", "{'credential': 'apiKey', 'overlapSeconds': " + number + "}").then()
                    .statusCode(200).extract().asString(), number);
        }
        isRefused(post("alice", rotate, "k", "{'credential': 'apiKey', 'overlapSeconds': 101}"));
    }

    @Test
    void anotherRequestWithTheSameKeyIsRefused() {
        post("alice", "/v1/projects", "k", "{'name': 'One'}").then().statusCode(201);
        isRefused(post("alice", "/v1/projects", "k", "{'name': 'Two'}"));
        String rotate = "{'credential': 'apiKey', 'overlapSeconds': 60}";
        post("alice", "/v1/applications/" + World.APPLICATION + "/rotate", "k", rotate).then().statusCode(200);
        isRefused(post("alice", "/v1/applications/" + World.SUSPENDED + "/rotate", "k", rotate));
    }

    @Test
    void aKeyBelongsToACallerAndAnOperation() {
        post("alice", "/v1/projects", "k", "{'name': 'Alices'}").then().statusCode(201);
        post("bob", "/v1/projects", "k", "{'name': 'Bobs'}").then().statusCode(201).body("data.name", equalTo("Bobs"));
        post("alice", "/v1/numbers", "k", "{'phoneNumber': '+999 700 100 777'}").then().statusCode(201);
    }

    /** From two addresses of this machine, since strangers are told apart by nothing else. */
    @Test
    void aKeyOfAStrangerBelongsToTheAddress() throws IOException, InterruptedException {
        as("nobody").post(url("/v1/sandbox/bins")).then().statusCode(201);
        String here = createBin("127.0.0.1");
        assertEquals(here, createBin("127.0.0.1"));
        assertNotEquals(here, createBin("127.0.0.2"));
    }

    private String createBin(String address) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).localAddress(InetAddress.ofLiteral(address)).build()) {
            var response = client.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + target().url().getPort() + "/v1/sandbox/bins"))
                    .header("Idempotency-Key", "k").POST(HttpRequest.BodyPublishers.noBody()).build(), BodyHandlers.ofString());
            assertEquals(201, response.statusCode(), response.body());
            return response.body();
        }
    }

    @Test
    void aFailureDoesNotSpendTheKey() {
        post("alice", "/v1/projects", "k", "{'name': ''}").then().statusCode(422);
        post("alice", "/v1/projects", "k", "{'name': 'Corrected'}").then().statusCode(201);
        for (int i = 0; i < 2; i++) {
            // The same again at once is tried again, and not told that the first is still in flight.
            post("alice", "/v1/numbers", "k", "{'phoneNumber': '+999 555 010 200'}").then().statusCode(409)
                    .body("error.message", equalTo("This number is taken"));
        }
        as("bob").delete(url("/v1/numbers/%2B999555010200")).then().statusCode(200);
        target().advance(Promised.NUMBER_RESTS);
        post("alice", "/v1/numbers", "k", "{'phoneNumber': '+999 555 010 200'}").then().statusCode(201);
    }

    @Test
    void aKeyIsKeptAsLongAsPromised() {
        String first = post("alice", "/v1/projects", "k", "{'name': 'One'}").then().statusCode(201).extract().asString();
        target().advance(Promised.KEY_IS_KEPT.minusMillis(1));
        assertEquals(first, post("alice", "/v1/projects", "k", "{'name': 'One'}").then().statusCode(201).extract().asString());
        target().advance(Duration.ofMillis(1));
        post("alice", "/v1/projects", "k", "{'name': 'Two'}").then().statusCode(201).body("data.name", equalTo("Two"));
    }
}
