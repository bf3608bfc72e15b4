// SPDX-License-Identifier: Apache-2.0
package dev.phone.contracttests.suite;

import static dev.phone.contracttests.gate.NamedTests.dynamicTest;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.phone.api.Operation;
import dev.phone.contracttests.check.ContractCheck;
import dev.phone.contracttests.contract.TheContract;
import dev.phone.contracttests.trace.Step;
import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.io.StringReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;

/** A suite that is made of the contract: for each operation a valid request, and what must come back when it is bent. */
abstract class GeneratedSuite extends Suite {
    /** REST Assured takes several times as long for a request as all the rest; here there are thousands. */
    private static final HttpClient CLIENT = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private boolean written;

    /** What must come back, as text that can be compared, and how to read it off a response. */
    record Expected(String text, Function<Step, String> read) {

        /** A status, and the error code that goes with it; where the contract's example of it says more, the body is that. */
        static Expected error(int status) {
            return new Expected(status + " " + switch (status) {
                case 401 -> "UNAUTHENTICATED";
                case 403 -> "FORBIDDEN";
                case 404 -> "NOT_FOUND";
                case 409 -> "CONFLICT";
                case 422 -> "VALIDATION_ERROR";
                case 429 -> "RATE_LIMITED";
                case 501 -> "NOT_IMPLEMENTED";
                default -> throw new IllegalArgumentException("no error is a " + status);
            }, response -> response.status() + " " + code(response));
        }

        /** A success, whatever is in it; where an operation is not built, what it says instead. */
        static Expected success(int status) {
            return status == 501 ? error(501) : new Expected(String.valueOf(status), response -> String.valueOf(response.status()));
        }

        /** A 422 with exactly these violations, each a path and a rule. */
        static Expected violations(Collection<String> violations) {
            return new Expected("422 " + List.copyOf(new TreeSet<>(violations)), response -> response.status() + " " + found(response));
        }

        private static String code(Step response) {
            return json(response).get("error") instanceof JsonObject error ? error.getString("code", "no code") : "no error";
        }

        /** The violations in a response; something else than a list when there are none. */
        private static String found(Step response) {
            if (json(response).get("error") instanceof JsonObject error && error.get("details") instanceof JsonObject details
                    && details.get("violations") instanceof JsonArray violations) {
                return violations.stream().map(JsonValue::asJsonObject)
                        .map(violation -> Keywords.violation(violation.getString("path"), violation.getString("rule"))).sorted().toList()
                        .toString();
            }
            return response.body();
        }
    }

    static JsonObject json(Step response) {
        return object(response.body());
    }

    static JsonObject object(String body) {
        try (var reader = Json.createReader(new StringReader(body))) {
            return reader.readObject();
        }
    }

    static Stream<Operation> operations() {
        return TheContract.CONTRACT.operations().stream();
    }

    /** What a valid request must be answered with. */
    Expected success(Operation operation) {
        return Expected.success(operation.status() == 0 || !isBuilt(operation) ? 501 : operation.status());
    }

    /** Sends a request as it is; the response is checked against the contract, and recorded. */
    Step send(Call call) {
        Step response = exchange(List.of(call)).getFirst();
        recorder.add(response);
        written |= response.status() < 300 && !call.method().equals("GET");
        return response;
    }

    /** Sends requests at the same moment. They have no order, so they are not recorded. */
    List<Step> exchange(List<Call> calls) {
        List<HttpRequest> requests = calls.stream().map(this::request).toList();
        List<CompletableFuture<HttpResponse<String>>> responses = requests.stream()
                .map(request -> CLIENT.sendAsync(request, HttpResponse.BodyHandlers.ofString())).toList();
        List<Step> steps = new ArrayList<>();
        for (int i = 0; i < calls.size(); i++) {
            steps.add(Step.of(requests.get(i), calls.get(i).body(), responses.get(i).join()));
        }
        steps.forEach(ContractCheck::check);
        return steps;
    }

    private HttpRequest request(Call call) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url(call.target()))).timeout(PATIENCE).method(call.method(),
                call.body() == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(call.body()));
        call.headers().forEach((name, values) -> values.forEach(value ->
                request.header(name, name.equals("authorization") ? target().authorization(value) : value)));
        if (call.mediaType() != null) {
            request.header("content-type", call.mediaType());
        }
        return request.build();
    }

    /** Takes back what earlier requests have written. */
    void forget() {
        if (written) {
            target().reset();
            written = false;
        }
    }

    /** @param bent what is special about the request, in words @param why where it is said that this must come back */
    DynamicTest test(String bent, Call call, Expected expected, String why) {
        return dynamicTest(call.operation().id() + ": " + bent, () -> {
            forget();
            check(bent, call, expected, why);
        });
    }

    /** Sends a request and compares what comes back. */
    Step check(String bent, Call call, Expected expected, String why) {
        Step response = send(call);
        assertEquals(expected.text(), expected.read().apply(response),
                () -> call.operation().id() + ": " + explain(bent, response, expected, why));
        return response;
    }

    String explain(String bent, Step response, Expected expected, String why) {
        String curl = response.curl(target().url().toString());
        return response.method() + " " + response.target() + ": " + bent
                + "\n  sent:       " + (curl.length() > 1000 ? curl.substring(0, 1000) + "… (" + curl.length() + " characters)" : curl)
                + "\n  documented: " + expected.text() + ", by " + why
                + "\n  " + type + " answered: " + response.status() + " " + response.body()
                + "\n  what to do: make " + type + " answer as documented, or change the contract, and the other targets with it\n";
    }
}
