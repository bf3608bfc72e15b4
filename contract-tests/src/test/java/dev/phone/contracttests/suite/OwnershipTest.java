// SPDX-License-Identifier: Apache-2.0
package dev.phone.contracttests.suite;

import static dev.phone.contracttests.gate.NamedTests.dynamicTest;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.phone.api.Operation;
import dev.phone.contracttests.contract.TheContract;
import dev.phone.contracttests.trace.Step;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What is someone else's does not exist: for every place of every operation where an ID or a number can stand. */
class OwnershipTest extends GeneratedSuite {
    private static final String GUIDE = "the guide Errors, Why 404 and not 403";
    private static final Pattern ID = Pattern.compile("[a-z]{3}_[0-9a-hjkmnp-tv-z]{26}");
    private static final Set<String> OF_NO_MEANING = Set.of("x-request-id", "date", "x-mock-reason");
    /** Whose each ID and number of the demo world is. What is nobody's, such as a bin, is not in it. */
    private static final Map<String, String> OWNERS = owners();

    private static Map<String, String> owners() {
        Map<String, String> owners = new LinkedHashMap<>();
        JsonObject world = TheContract.CONTRACT.json().getJsonObject("x-demo-world");
        for (String table : List.of("projects", "applications", "claimedNumbers", "otpRequests", "webhooks", "deliveries")) {
            for (JsonObject entry : world.getJsonArray(table).getValuesAs(JsonObject.class)) {
                JsonObject value = TheContract.CONTRACT.resolve(entry.get("value"));
                String owner = entry.getString("user", null);
                for (String parent : List.of("projectId", "applicationId", "webhookId")) {
                    owner = owner != null ? owner : owners.get(value.getString(parent, ""));
                }
                owners.put(value.getString("id", value.getString("phoneNumber", null)), owner);
            }
        }
        return owners;
    }

    /**
     * Where a caller says which resource is meant.
     *
     * @param valid what stands there in a valid request
     * @param filled the request with another value there
     */
    private record Place(String name, String valid, Function<String, Call> filled) {

        /** One of the same kind that is Bob's; null when there is none. */
        String ofSomeoneElse() {
            return OWNERS.entrySet().stream().filter(entry -> entry.getValue().equals("bob") && entry.getKey().startsWith(valid.substring(0, 4)))
                    .map(Map.Entry::getKey).findFirst().orElse(null);
        }

        String unknown() {
            return ID.matcher(valid).matches() ? valid.substring(0, 4) + "01kdvdna000000000000000000" : "+999 700 100 299";
        }
    }

    private static List<Place> places(Operation operation) {
        Call call = Call.valid(operation);
        List<Place> places = new ArrayList<>();
        call.path().forEach((name, value) -> places.add(new Place("path:" + name, URLDecoder.decode(value, StandardCharsets.UTF_8),
                other -> call.path(name, other))));
        JsonObject schema = Call.bodySchema(operation);
        if (schema != null && schema.get("properties") instanceof JsonObject properties) {
            properties.forEach((name, property) -> {
                if (Bends.example(property.asJsonObject()) instanceof JsonString id && ID.matcher(id.getString()).matches()) {
                    places.add(new Place("/" + name, id.getString(),
                            other -> call.body(Json.createObjectBuilder(object(call.body())).add(name, other).build())));
                }
            });
        }
        return places;
    }

    /** Operations that show only what is the caller's. Anyone may look a user up, and an echo bin is for whoever knows its ID. */
    private static boolean isPrivate(Operation operation) {
        return operation.auth() == Operation.Auth.BEARER || operation.auth() == Operation.Auth.TRIPLE;
    }

    private Stream<Operation> built() {
        return operations().filter(this::isBuilt);
    }

    @TestFactory
    Stream<DynamicTest> whatIsUnknownIsNotFound() {
        return built().flatMap(operation -> places(operation).stream()
                .map(place -> test("an unknown " + place.name(), place.filled().apply(place.unknown()), Expected.error(404), GUIDE)));
    }

    @TestFactory
    Stream<DynamicTest> whatIsSomeoneElsesIsNotFoundEither() {
        return built().filter(OwnershipTest::isPrivate).flatMap(operation -> places(operation).stream().map(place -> {
            String bent = "the " + place.name() + " of someone else";
            return dynamicTest(operation.id() + ": " + bent, () -> {
                forget();
                Call call = place.filled().apply(place.ofSomeoneElse());
                Step theirs = check(bent, call, Expected.error(404), GUIDE);
                Step unknown = send(place.filled().apply(place.unknown()));
                assertEquals(told(unknown), told(theirs), () -> "it tells what exists from what does not\n"
                        + explain(bent, theirs, Expected.error(404), GUIDE));
            });
        }));
    }

    /** All that a caller could tell one response from another by. */
    private static String told(Step response) {
        Map<String, String> headers = new TreeMap<>(response.headers());
        headers.keySet().removeAll(OF_NO_MEANING);
        return response.status() + " " + headers + " " + response.body();
    }

    /** The same the other way round: everything that Alice may do, done by Bob. */
    @TestFactory
    Stream<DynamicTest> someoneElseCannotDoTheSame() {
        return built().filter(OwnershipTest::isPrivate).filter(operation -> !places(operation).isEmpty())
                .map(operation -> test("by someone else", bySomeoneElse(operation), Expected.error(404), GUIDE));
    }

    private static Call bySomeoneElse(Operation operation) {
        return Call.valid(operation).as(isConsole(operation) ? "bob" : "bobApp");
    }

    private static boolean isConsole(Operation operation) {
        return operation.auth() == Operation.Auth.BEARER;
    }

    @Test
    void whoeverTriesChangesNothing() {
        List<Call> views = built().filter(operation -> operation.method().equals("GET") && isConsole(operation)).map(Call::valid).toList();
        List<String> before = views.stream().map(call -> send(call).body()).toList();
        built().filter(operation -> !operation.method().equals("GET") && isPrivate(operation) && !places(operation).isEmpty())
                .forEach(operation -> check("by someone else", bySomeoneElse(operation), Expected.error(404), GUIDE));
        for (int i = 0; i < views.size(); i++) {
            Call view = views.get(i);
            assertEquals(before.get(i), send(view).body(), () -> view.operation().id() + " shows what someone else has changed");
        }
    }

    /** An application sees its own OTP requests only, not even those of another application of the same user. */
    @TestFactory
    Stream<DynamicTest> applicationsOfOneUserAreStrangers() {
        Call create = Call.valid(TheContract.operation("createApplication"));
        JsonObject credentials = json(check("a second application", create, Expected.success(201), "its responses")).getJsonObject("data")
                .getJsonObject("credentials");
        return operations().filter(operation -> operation.auth() == Operation.Auth.TRIPLE && !places(operation).isEmpty()).map(operation -> {
            Call call = Call.valid(operation).header("x-client-id", credentials.getString("clientId"))
                    .header("x-client-secret", credentials.getString("clientSecret")).header("x-api-key", credentials.getString("apiKey"));
            String bent = "by another application of the same user";
            return dynamicTest(operation.id() + ": " + bent, () -> check(bent, call, Expected.error(404), GUIDE));
        });
    }
}
