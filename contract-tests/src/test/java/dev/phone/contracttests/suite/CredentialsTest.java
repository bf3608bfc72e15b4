// SPDX-License-Identifier: Apache-2.0
package dev.phone.contracttests.suite;

import static dev.phone.contracttests.gate.NamedTests.dynamicTest;

import dev.phone.api.Operation;
import dev.phone.contract.Example;
import dev.phone.contracttests.contract.TheContract;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Who may call, for every operation of the contract: whatever is wrong with credentials, the answer is the same. */
class CredentialsTest extends GeneratedSuite {
    private static final String GUIDE = "its security and the guide Authentication";

    /** The headers that carry the credentials of an operation. */
    private static List<String> headers(Operation operation) {
        JsonObject schemes = TheContract.CONTRACT.json().getJsonObject("components").getJsonObject("securitySchemes");
        return Call.described(operation).getJsonArray("security").stream().flatMap(alternative -> alternative.asJsonObject().keySet().stream())
                .map(schemes::getJsonObject)
                .map(scheme -> scheme.getString("type").equals("http") ? "authorization" : scheme.getString("name")).toList();
    }

    private static Stream<Operation> protectedBy(String header) {
        return operations().filter(operation -> headers(operation).contains(header));
    }

    /** What every refusal says. It is the example of the contract, to the letter, so that no two of them can be told apart. */
    private static Expected refused(Operation operation) {
        Example example = TheContract.EXAMPLES.stream().filter(each -> each.operation().equals(operation) && each.status() == 401)
                .findFirst().orElseThrow();
        return new Expected("401 " + Promised.CHALLENGES.get(headers(operation)) + " " + example.response(),
                response -> response.status() + " " + response.headers().get("www-authenticate") + " " + json(response));
    }

    private static String credential(String who, String header) {
        return World.credentials(who).get(header);
    }

    @TestFactory
    Stream<DynamicTest> badCredentialsAreRefused() {
        return operations().filter(operation -> !headers(operation).isEmpty()).flatMap(operation -> {
            Map<String, Call> bent = new LinkedHashMap<>();
            Call valid = Call.valid(operation);
            bent.put("no credentials", valid.withoutCredentials());
            for (String header : headers(operation)) {
                bend(header, valid, (what, values) -> bent.put(header + " " + what, valid.header(header, values)));
            }
            String other = headers(operation).contains("authorization") ? "app" : "alice";
            bent.put("the credentials of " + other + " only", valid.as(other));
            return bent.entrySet().stream().map(entry -> test(entry.getKey(), entry.getValue(), refused(operation), GUIDE));
        });
    }

    private static void bend(String header, Call valid, BiConsumer<String, String[]> bent) {
        String good = valid.headers().get(header).getFirst();
        bent.accept("missing", new String[0]);
        bent.accept("empty", new String[] {""});
        if (header.equals("authorization")) {
            for (String value : List.of("Bearer", "Bearer ", "dev_alice", "Basic ZGV2X2FsaWNlOg==", "Token dev_alice",
                    "Bearer alice", "Bearer dev_", "Bearer dev_a.b", "Bearer dev_" + "a".repeat(65), "Bearer dev_alice dev_alice",
                    "Bearer dev_alice,", "Bearerdev_alice",
                    "Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJkZXZfYWxpY2UifQ.", "Bearer eyJhbGciOiJSUzI1NiJ9.e30.x")) {
                bent.accept("\"" + value + "\"", new String[] {value});
            }
            bent.accept("twice, of two users", new String[] {good, credential("bob", header)});
            return;
        }
        char last = good.charAt(good.length() - 1);
        int digits = good.lastIndexOf('_') + 1;
        bent.accept("one digit shorter", new String[] {good.substring(0, good.length() - 1)});
        bent.accept("one digit longer", new String[] {good + last});
        bent.accept("in upper case", new String[] {good.substring(0, digits) + good.substring(digits).toUpperCase(Locale.ROOT)});
        bent.accept("with a digit that is none", new String[] {good.substring(0, good.length() - 1) + "g"});
        bent.accept("of another environment", new String[] {good.replace("ph_test_", "ph_live_")});
        bent.accept("of no environment", new String[] {good.replace("ph_test_", "ph_prod_")});
        String other = header.equals("x-api-key") ? "x-client-secret" : "x-api-key";
        bent.accept("that is another credential", new String[] {credential("app", other)});
        bent.accept("unknown", new String[] {good.substring(0, good.length() - 1) + (last == '0' ? '1' : '0')});
        bent.accept("twice, of two applications", new String[] {good, credential("bobApp", header)});
        if (valid.headers().containsKey("x-client-id")) {
            bent.accept("of an application of someone else", new String[] {credential("bobApp", header)});
            bent.accept("of a suspended application", new String[] {credential("suspended", header)});
        }
    }

    @TestFactory
    Stream<DynamicTest> aCredentialThatIsRepeatedCountsOnce() {
        return operations().flatMap(operation -> headers(operation).stream().map(header -> {
            Call valid = Call.valid(operation);
            String good = valid.headers().get(header).getFirst();
            return test(header + " twice, with equal values", valid.header(header, good, good), success(operation), "there being one value");
        }));
    }

    /** RFC 9110, section 11.1: the name of a scheme is compared without case. */
    @TestFactory
    Stream<DynamicTest> theNameOfTheSchemeHasNoCase() {
        return protectedBy("authorization").flatMap(operation -> Stream.of("bearer", "BEARER").map(scheme -> test("the scheme " + scheme,
                Call.valid(operation).header("authorization", scheme + " dev_alice"), success(operation), "RFC 9110")));
    }

    @Test
    void theNameOfADevelopmentUserHasUpTo64Characters() {
        Call call = Call.valid(TheContract.operation("listProjects")).header("authorization", "Bearer dev_" + "a".repeat(64));
        check("the longest name", call, Expected.success(200), "the guide Authentication");
    }

    @TestFactory
    Stream<DynamicTest> aSuspendedApplicationIsForbidden() {
        return protectedBy("x-api-key").map(operation -> test("a suspended application", suspended(operation), Expected.error(403), GUIDE));
    }

    private static Call suspended(Operation operation) {
        Call call = Call.valid(operation).as("suspended");
        return headers(operation).size() > 1 ? call : call.header("x-client-id").header("x-client-secret");
    }

    @TestFactory
    Stream<DynamicTest> whatIsPublicNeedsNoneAndMindsNone() {
        return operations().filter(operation -> headers(operation).isEmpty()).flatMap(operation -> Stream.of(
                test("no credentials", Call.valid(operation).withoutCredentials(), success(operation), GUIDE),
                test("a bad token", Call.valid(operation).header("authorization", "Bearer bad"), success(operation), GUIDE),
                test("the credentials of a suspended application", Call.valid(operation).as("suspended"), success(operation), GUIDE)));
    }

    @TestFactory
    Stream<DynamicTest> aRotatedClientSecretEnds() {
        return rotated("clientSecret", "x-client-secret");
    }

    @TestFactory
    Stream<DynamicTest> aRotatedApiKeyEnds() {
        return rotated("apiKey", "x-api-key");
    }

    private Stream<DynamicTest> rotated(String credential, String header) {
        String fresh = rotate(credential).getString(credential);
        return protectedBy(header).flatMap(operation -> Stream.of(
                stays("the " + credential + " from before a rotation", Call.valid(operation), refused(operation)),
                stays("the new " + credential, Call.valid(operation).header(header, fresh), accepted(operation))));
    }

    private JsonObject rotate(String credential) {
        Call rotate = Call.valid(TheContract.operation("rotateCredential"))
                .path("applicationId", World.APPLICATION).body(Json.createObjectBuilder().add("credential", credential).build());
        return json(check("rotate the " + credential, rotate, Expected.success(200), "its responses")).getJsonObject("data")
                .getJsonObject("credentials");
    }

    @TestFactory
    Stream<DynamicTest> theCredentialsOfADeletedApplicationEnd() {
        check("delete the application", Call.valid(TheContract.operation("deleteApplication")).path("applicationId", World.APPLICATION),
                Expected.success(200), "its responses");
        return protectedBy("x-api-key")
                .map(operation -> stays("the credentials of a deleted application", Call.valid(operation), refused(operation)));
    }

    @TestFactory
    Stream<DynamicTest> suspendingForbidsAndReactivatingPermits() {
        setStatus("suspended");
        List<Operation> all = protectedBy("x-api-key").toList();
        List<DynamicTest> forbidden = all.stream()
                .map(operation -> stays("an application that was suspended", Call.valid(operation), Expected.error(403))).toList();
        DynamicTest reactivate = dynamicTest("updateApplication: reactivates it", () -> setStatus("active"));
        List<DynamicTest> permitted = all.stream()
                .map(operation -> stays("an application that was reactivated", Call.valid(operation), accepted(operation))).toList();
        return Stream.of(forbidden, List.of(reactivate), permitted).flatMap(List::stream);
    }

    private void setStatus(String status) {
        check("set the status to " + status, Call.valid(TheContract.operation("updateApplication")).path("applicationId", World.APPLICATION)
                .body(Json.createObjectBuilder().add("status", status).build()), Expected.success(200), "its responses");
    }

    /** Credentials that count: whatever else the answer is, it is neither 401 nor 403. */
    private Expected accepted(Operation operation) {
        return new Expected("neither 401 nor 403", response -> Set.of(401, 403).contains(response.status())
                ? response.status() + " " + response.body() : "neither 401 nor 403");
    }

    /** A test that goes on from what the ones before it have written. */
    private DynamicTest stays(String bent, Call call, Expected expected) {
        return dynamicTest(call.operation().id() + ": " + bent, () -> check(bent, call, expected, GUIDE));
    }
}
