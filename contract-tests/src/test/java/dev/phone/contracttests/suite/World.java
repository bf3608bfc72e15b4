// SPDX-License-Identifier: Apache-2.0
package dev.phone.contracttests.suite;

import dev.phone.contracttests.contract.TheContract;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The demo world of the contract, which every test begins in. */
final class World {
    /** Alice's project, with three applications. */
    static final String PROJECT = id("projects", "name", "Checkout");
    static final String EMPTY_PROJECT = id("projects", "name", "Playground");
    static final String BOBS_PROJECT = id("projects", "name", "Bakery");
    /** The one that calls as {@code app}. */
    static final String APPLICATION = id("applications", "name", "Checkout test");
    static final String SUSPENDED = id("applications", "name", "Checkout staging");
    static final String PROTOTYPE = id("applications", "name", "Checkout prototype");
    static final String WEBHOOK = id("webhooks", "applicationId", APPLICATION);
    static final List<String> ALICES_NUMBERS = numbers("alice");
    static final String ALICES_NUMBER = ALICES_NUMBERS.getFirst();
    static final String BOBS_NUMBER = numbers("bob").getFirst();
    /** Free, and nobody's. */
    static final String FREE_NUMBER = "+999 700 100 200";
    /** An OTP request that there is not: a 404 where the credentials of an application count. */
    static final String UNKNOWN_OTP = "/v1/otp/otp_01kdvdna00s941ft7ckfmdrvsd";

    private World() {
    }

    private static JsonObject world() {
        return TheContract.CONTRACT.json().getJsonObject("x-demo-world");
    }

    private static String id(String kind, String member, String value) {
        return world().getJsonArray(kind).getValuesAs(JsonObject.class).stream().map(entry -> entry.getJsonObject("value"))
                .filter(entry -> entry.getString(member).equals(value)).findFirst().orElseThrow().getString("id");
    }

    /** Newest first. */
    private static List<String> numbers(String user) {
        return world().getJsonArray("claimedNumbers").getValuesAs(JsonObject.class).stream().filter(entry -> entry.getString("user").equals(user))
                .map(entry -> entry.getJsonObject("value").getString("phoneNumber")).toList();
    }

    /** How many webhooks the application that calls as {@code app} has. */
    static int webhooks() {
        return (int) world().getJsonArray("webhooks").getValuesAs(JsonObject.class).stream()
                .filter(entry -> entry.getJsonObject("value").getString("applicationId").equals(APPLICATION)).count();
    }

    /** The headers that somebody sends, by lower-case name. */
    static Map<String, String> credentials(String who) {
        Map<String, String> headers = new LinkedHashMap<>();
        world().getJsonObject("credentials").getJsonObject(who).forEach((name, value) -> headers.put(name, ((JsonString) value).getString()));
        return headers;
    }
}
