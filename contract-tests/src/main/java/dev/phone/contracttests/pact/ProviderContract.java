// SPDX-License-Identifier: Apache-2.0
package dev.phone.contracttests.pact;

import dev.phone.contract.Example;
import dev.phone.contracttests.check.ContractCheck;
import dev.phone.contracttests.check.ExampleCheck;
import dev.phone.contracttests.contract.TheContract;
import dev.phone.contracttests.target.ServerTarget;
import dev.phone.contracttests.target.Target;
import dev.phone.contracttests.trace.Step;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Evidence that the server conforms to the OpenAPI document, independent of any pact. A broker needs it to compare pacts with the contract itself
 * (bi-directional contract testing).
 */
final class ProviderContract {

    private ProviderContract() {
    }

    /** Sends every example of the contract to a server started for this, and checks each response. @return whether all are as documented */
    static boolean verify(Table table) {
        table.line("every example of the contract " + TheContract.CONTRACT.json().getJsonObject("info").getString("version"));
        try (Target server = ServerTarget.onH2(Map.of("phone.limits.enabled", "false"));
                HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            for (Example example : TheContract.EXAMPLES) {
                if (example.illustrative() == null) {
                    table.row(example.toString(), "server", TheContract.isBuilt(example.operation()) ? verdict(server, client, example)
                            : new Verdict(Verdict.Kind.NOT_BUILT, List.of()));
                }
            }
        }
        table.summary("verified by the contract's examples");
        return !table.failed();
    }

    private static Verdict verdict(Target server, HttpClient client, Example example) {
        server.reset();
        String body = example.body() == null ? null : example.body().toString();
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(server.url() + example.target())).method(example.operation().method(),
                body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body));
        example.headers().forEach((name, value) -> request.header(name, server.header(name, value)));
        if (body != null) {
            request.header("content-type", "application/json");
        }
        try {
            Step step = Step.of(request.build(), body, client.send(request.build(), HttpResponse.BodyHandlers.ofString()));
            List<String> differences = new ArrayList<>(ContractCheck.differences(step));
            if (!ExampleCheck.documented(example).equals(ExampleCheck.answered(step.status(), step.body()))) {
                differences.add("not as documented: the response was " + step.status() + " " + step.body());
            }
            return Verdict.of(differences, List.of());
        } catch (IOException e) {
            return Verdict.error("no answer: " + e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PactProblem("interrupted");
        }
    }
}
