// SPDX-License-Identifier: Apache-2.0
package dev.phone.contracttests.suite;

import dev.phone.api.Operation;
import dev.phone.contract.Example;
import dev.phone.contracttests.contract.TheContract;
import jakarta.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Which error wins when several apply. Each request is wrong in two neighbours of the order, and in all that comes after them where it can be.
 * The pairs with a limit in them are in {@link LimitsTest}.
 */
class PrecedenceTest extends GeneratedSuite {
    private static final String GUIDE = "the order in the guide Errors";

    /** The same request with a body and a query that are invalid, if it has any. */
    static Call invalid(Call call) {
        for (JsonObject parameter : Call.parameters(call.operation())) {
            if (parameter.getString("in").equals("query")) {
                call = call.parameter(parameter, "");
            }
        }
        return Call.bodySchema(call.operation()) == null ? call : call.body("application/json", "{");
    }

    private static boolean canBeInvalid(Call call) {
        return !invalid(call).equals(call);
    }

    /** The same request for a resource that does not exist, if it names one. */
    private static Call unknown(Call call) {
        for (String name : call.path().keySet()) {
            String valid = call.path().get(name);
            call = call.path(name, valid.contains("_") ? valid.substring(0, 4) + "01kdvdna000000000000000000" : "+999 700 100 299");
        }
        return call;
    }

    /** Wrong in everything from the input on. */
    private static Call wrong(Operation operation) {
        return invalid(unknown(Call.valid(operation)));
    }

    /** Which methods a path has is part of its route; of the others, none is known. */
    @TestFactory
    Stream<DynamicTest> anUnknownRouteComesBeforeCredentials() {
        List<DynamicTest> tests = new ArrayList<>();
        for (Operation operation : operations().toList()) {
            Call call = wrong(operation).withoutCredentials();
            for (String method : List.of("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")) {
                if (TheContract.operation(method, call.target().replaceAll("\\?.*", "")) == null) {
                    tests.add(test(method + " instead of " + operation.method(), call.method(method), Expected.error(404), GUIDE));
                }
            }
            tests.add(test("more segments", call.under("no/such/route"), Expected.error(404), GUIDE));
        }
        return tests.stream();
    }

    @TestFactory
    Stream<DynamicTest> credentialsComeBeforeTheInput() {
        return operations().filter(operation -> operation.statuses().contains(401)).flatMap(operation -> {
            DynamicTest wrong = test("no credentials, and all else wrong", wrong(operation).withoutCredentials(), Expected.error(401), GUIDE);
            Call call = Call.valid(operation).withoutCredentials();
            return call.body() == null ? Stream.of(wrong) : Stream.of(wrong, test("no credentials, and a body that is too large",
                    call.body("application/json", " ".repeat(100_000)), Expected.error(401), GUIDE));
        });
    }

    @TestFactory
    Stream<DynamicTest> wrongCredentialsComeBeforeSuspension() {
        String secret = World.credentials("wrongSecret").get("x-client-secret");
        return operations().filter(operation -> operation.auth() == Operation.Auth.TRIPLE).map(operation -> test(
                "a suspended application and a wrong secret", wrong(operation).as("suspended").header("x-client-secret", secret),
                Expected.error(401), GUIDE));
    }

    @TestFactory
    Stream<DynamicTest> suspensionComesBeforeTheInput() {
        return operations().filter(operation -> operation.statuses().contains(403)).map(operation -> test(
                "a suspended application, and all else wrong", wrong(operation).as("suspended"), Expected.error(403), GUIDE));
    }

    @TestFactory
    Stream<DynamicTest> theInputComesBeforeTheResource() {
        return operations().filter(operation -> operation.statuses().containsAll(Set.of(404, 422)) && canBeInvalid(Call.valid(operation)))
                .flatMap(operation -> Stream.of(
                        test("an invalid request for something unknown", wrong(operation), Expected.error(422), GUIDE),
                        test("an invalid request by someone else", invalid(Call.valid(operation)).as(other(operation)), Expected.error(422),
                                GUIDE)));
    }

    private static String other(Operation operation) {
        return switch (operation.auth()) {
            case BEARER -> "bob";
            case TRIPLE, API_KEY -> "bobApp";
            case PUBLIC -> "nobody";
        };
    }

    /** What is a conflict to its owner is not found by anyone else. */
    @TestFactory
    Stream<DynamicTest> theResourceComesBeforeItsState() {
        return TheContract.EXAMPLES.stream().filter(example -> example.status() == 409 && example.illustrative() == null
                && example.operation().statuses().contains(404) && isBuilt(example.operation())).map(example -> test(
                        example.name() + ", by someone else", Call.of(example).as(other(example.operation())), Expected.error(404), GUIDE));
    }

    /** 501 has no place in the order but that it comes after the credentials. */
    @TestFactory
    Stream<DynamicTest> aReservedOperationAsksForCredentialsFirst() {
        return operations().filter(operation -> operation.status() == 0).flatMap(operation -> Stream.of(
                test("no credentials", Call.valid(operation).withoutCredentials(), Expected.error(401), GUIDE),
                test("a suspended application", Call.valid(operation).as("suspended"), Expected.error(403), GUIDE),
                test("good credentials", Call.valid(operation), Expected.error(501), GUIDE)));
    }

    @TestFactory
    Stream<DynamicTest> whatIsNotBuiltSaysSo() {
        return operations().filter(operation -> !isBuilt(operation))
                .map(operation -> test("not built yet", Call.valid(operation), Expected.error(501), "not-built.txt"));
    }
}
