// SPDX-License-Identifier: Apache-2.0
package dev.phone.contracttests.suite;

import static dev.phone.contracttests.suite.World.ALICES_NUMBER;
import static dev.phone.contracttests.suite.World.FREE_NUMBER;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.restassured.response.Response;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Who has a number, for how long nobody can have it afterwards, and whose its messages are. */
class NumbersTest extends OtpSuite {
    private static final String FREE_INBOX = "/v1/numbers/%2B999700100200/messages";

    private Response claim(String who, String number) {
        return as(who, "{'phoneNumber': '" + number + "'}").post(url("/v1/numbers"));
    }

    private Response release(String who, String number) {
        return as(who).delete(url("/v1/numbers/" + number.replace("+", "%2B").replace(" ", "%20")));
    }

    @Test
    void aFreeNumberBecomesTheUsers() {
        String claimed = claim("alice", "+999700100200").then().statusCode(201).body("data.phoneNumber", equalTo(FREE_NUMBER))
                .extract().asString();
        for (String written : List.of("+999700100200", "%2B999700100200", "%2B999%20700%20100%20200", "+999%20700100%20200")) {
            assertEquals(claimed, as("alice").get(url("/v1/numbers/" + written)).asString(), written);
        }
        as("alice").get(url("/v1/numbers")).then().statusCode(200).body("data.phoneNumber", equalTo(Stream.concat(Stream.of(FREE_NUMBER), World.ALICES_NUMBERS.stream()).toList()));
        as("bob").get(url("/v1/numbers/+999700100200")).then().statusCode(404);
    }

    @Test
    void aTakenNumberIsRefusedEvenToItsOwner() {
        for (String who : List.of("alice", "bob")) {
            claim(who, ALICES_NUMBER).then().statusCode(409).body("error.message", equalTo("This number is taken"));
        }
    }

    @Test
    void aReleasedNumberRests() {
        release("bob", ALICES_NUMBER).then().statusCode(404);
        release("alice", ALICES_NUMBER).then().statusCode(200).body("data.phoneNumber", equalTo(ALICES_NUMBER))
                .body("data.released", equalTo(true));
        release("alice", ALICES_NUMBER).then().statusCode(404);
        as("alice").get(url("/v1/numbers/+999482918102")).then().statusCode(404);
        as("alice").get(url("/v1/numbers")).then().statusCode(200)
                .body("data.phoneNumber", equalTo(World.ALICES_NUMBERS.subList(1, World.ALICES_NUMBERS.size())));
        target().advance(Promised.NUMBER_RESTS.minusMillis(1));
        for (String who : List.of("alice", "bob")) {
            claim(who, ALICES_NUMBER).then().statusCode(409).body("error.message", equalTo("This number was released recently and rests for "
                    + Promised.NUMBER_RESTS.toDays() + " days"));
        }
        target().advance(Duration.ofMillis(1));
        claim("bob", ALICES_NUMBER).then().statusCode(201);
        as("alice").get(url("/v1/numbers/+999482918102")).then().statusCode(404);
    }

    @Test
    void theReservedRangeIsAThousandNumbers() {
        for (String reserved : List.of("+999 000 000 000", Promised.FIXED_CODE_NUMBER, "+999 000 000 999")) {
            claim("alice", reserved).then().statusCode(422).body("error.details.violations.rule", equalTo(List.of("reserved")));
        }
        claim("alice", "+999 000 001 000").then().statusCode(201);
    }

    @Test
    void applicationsLearnWhetherANumberHasAnOwner() {
        as("app").get(url("/v1/users/+999700100200")).then().statusCode(404);
        claim("bob", FREE_NUMBER).then().statusCode(201);
        for (String written : List.of("+999700100200", "%2B999%20700%20100%20200")) {
            as("app").get(url("/v1/users/" + written)).then().statusCode(200).body("data.phoneNumber", equalTo(FREE_NUMBER))
                    .body("data.registered", equalTo(true));
        }
        release("bob", FREE_NUMBER).then().statusCode(200);
        as("app").get(url("/v1/users/+999700100200")).then().statusCode(404);
    }

    @Test
    void whatWasSentBeforeAClaimIsNotShownToTheOneWhoClaims() {
        send(FREE_NUMBER);
        claim("bob", FREE_NUMBER).then().statusCode(201);
        as("bob").get(url(FREE_INBOX)).then().statusCode(200).body("data", empty());
        send(FREE_NUMBER);
        as("bob").get(url(FREE_INBOX)).then().statusCode(200).body("data", hasSize(1));
        release("bob", FREE_NUMBER).then().statusCode(200);
        as("bob").get(url(FREE_INBOX)).then().statusCode(404);
        target().advance(Promised.NUMBER_RESTS);
        send(FREE_NUMBER);
        claim("alice", FREE_NUMBER).then().statusCode(201);
        as("alice").get(url(FREE_INBOX)).then().statusCode(200).body("data", empty());
    }

    @Test
    void aMessageHasTheNameOfTheApplicationAsItIs() {
        String name = " ".repeat(40) + "ß".repeat(80) + " ".repeat(40);
        as("alice", "{'name': '" + name + "'}").patch(url("/v1/applications/" + World.APPLICATION)).then().statusCode(200).body("data.name", equalTo(name));
        send(ALICES_NUMBER);
        as("alice").get(url("/v1/numbers/%2B999482918102/messages")).then().statusCode(200).body("data[0].applicationName", equalTo(name));
    }
}
