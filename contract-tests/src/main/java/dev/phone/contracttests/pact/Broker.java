// SPDX-License-Identifier: Apache-2.0
package dev.phone.contracttests.pact;

import au.com.dius.pact.core.model.BrokerUrlSource;
import au.com.dius.pact.core.model.Interaction;
import au.com.dius.pact.core.pactbroker.ConsumerVersionSelectors;
import au.com.dius.pact.core.pactbroker.PactBrokerClient;
import au.com.dius.pact.core.pactbroker.PactBrokerClientConfig;
import au.com.dius.pact.core.pactbroker.PactBrokerResult;
import au.com.dius.pact.core.pactbroker.PactResponse;
import au.com.dius.pact.core.pactbroker.TestResult;
import au.com.dius.pact.core.support.Auth;
import au.com.dius.pact.core.support.Result;
import au.com.dius.pact.core.support.json.JsonException;
import au.com.dius.pact.core.support.json.JsonParser;
import au.com.dius.pact.core.support.json.JsonValue;
import dev.phone.contracttests.contract.TheContract;
import jakarta.json.Json;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A Pact broker, from which pacts are fetched and to which verification results are published. */
final class Broker {
    private final Map<String, String> environment;
    private final PactBrokerClient client;

    Broker(Map<String, String> environment) {
        this.environment = environment;
        Map<String, Object> options = new HashMap<>();
        if (has("PACT_BROKER_TOKEN")) {
            options.put("authentication", new Auth.BearerAuthentication(get("PACT_BROKER_TOKEN", ""), "Authorization"));
        } else if (has("PACT_BROKER_USERNAME")) {
            options.put("authentication", new Auth.BasicAuthentication(get("PACT_BROKER_USERNAME", ""), get("PACT_BROKER_PASSWORD", "")));
        }
        client = new PactBrokerClient(get("PACT_BROKER_URL", "").replaceAll("/+$", ""), options, new PactBrokerClientConfig());
        if ((publishes() || publishesContract()) && !has("PACT_PROVIDER_VERSION")) {
            throw new PactProblem((publishes() ? "PACT_PUBLISH" : "PACT_PUBLISH_CONTRACT")
                    + "=true needs PACT_PROVIDER_VERSION, the version that was verified, such as a commit");
        }
    }

    private boolean has(String name) {
        return !get(name, "").isBlank();
    }

    private String get(String name, String otherwise) {
        return environment.getOrDefault(name, otherwise);
    }

    private boolean publishes() {
        return get("PACT_PUBLISH", "").equals("true");
    }

    boolean publishesContract() {
        return get("PACT_PUBLISH_CONTRACT", "").equals("true");
    }

    private String provider() {
        return get("PACT_PROVIDER", "phone");
    }

    List<LoadedPact> pacts() {
        Result<List<PactBrokerResult>, Exception> found = client.fetchConsumersWithSelectorsV2(provider(), selectors(), List.of(),
                get("PACT_PROVIDER_BRANCH", ""), true, get("PACT_INCLUDE_WIP_SINCE", ""));
        if (found instanceof Result.Err<?> failed) {
            throw new PactProblem("the broker at " + client.getPactBrokerUrl() + " did not answer like a Pact broker: " + failed.getError());
        }
        List<LoadedPact> pacts = new ArrayList<>();
        for (PactBrokerResult result : found.get()) {
            PactResponse response;
            try {
                response = client.fetchPact(result.getSource(), false);
            } catch (RuntimeException e) {
                throw new PactProblem("the broker did not return the pact " + result.getName() + ": " + e.getMessage());
            }
            pacts.add(LoadedPact.of(response.getPactFile(), result.getName(), new BrokerUrlSource(result.getSource(), client.getPactBrokerUrl(),
                    response.getLinks(), Map.of(), null, result), result.getPending()));
        }
        // A contract is useful even before there are consumers.
        if (pacts.isEmpty() && !publishesContract()) {
            throw new PactProblem("no pact found: the broker at " + client.getPactBrokerUrl() + " has none for the provider " + provider()
                    + " and these selectors (PACT_PROVIDER, PACT_SELECTORS)");
        }
        return pacts;
    }

    private List<ConsumerVersionSelectors> selectors() {
        if (!has("PACT_SELECTORS")) {
            List<ConsumerVersionSelectors> selectors = new ArrayList<>(
                    List.of(ConsumerVersionSelectors.MainBranch.INSTANCE, ConsumerVersionSelectors.DeployedOrReleased.INSTANCE));
            if (has("PACT_PROVIDER_BRANCH")) {
                selectors.add(ConsumerVersionSelectors.MatchingBranch.INSTANCE);
            }
            return selectors;
        }
        try {
            if (JsonParser.parseString(get("PACT_SELECTORS", "")) instanceof JsonValue.Array array) {
                return array.getValues().stream().<ConsumerVersionSelectors>map(ConsumerVersionSelectors.RawSelector::new).toList();
            }
        } catch (JsonException e) {
            // Reported by the exception below.
        }
        throw new PactProblem("PACT_SELECTORS is not a JSON array of consumer version selectors, such as [{\"mainBranch\": true}]");
    }

    /** @return lines about what was published; none if nothing is to be published */
    List<String> publish(LoadedPact pact, Map<Interaction, Map<String, Verdict>> verdicts) {
        if (!publishes()) {
            return List.of();
        }
        TestResult result = new TestResult.Ok();
        for (Map.Entry<Interaction, Map<String, Verdict>> each : verdicts.entrySet()) {
            result = result.merge(result(each.getKey(), each.getValue()));
        }
        Map<String, Object> links = new LinkedHashMap<>(((BrokerUrlSource) pact.pact().getSource()).getAttributes());
        String version = get("PACT_PROVIDER_VERSION", "");
        List<String> lines = new ArrayList<>();
        publishBranch(links, version);
        if (client.publishVerificationResults(links, result, version, has("BUILD_URL") ? get("BUILD_URL", "") : null) instanceof Result.Err<?> failed) {
            throw new PactProblem("the broker did not take the result of " + pact.name() + ": " + failed.getError());
        }
        lines.add("published as " + (result.toBoolean() ? "verified" : "failed") + " by version " + version);
        return lines;
    }

    private void publishBranch(Map<String, Object> links, String version) {
        if (has("PACT_PROVIDER_BRANCH")
                && client.publishProviderBranch(links, provider(), get("PACT_PROVIDER_BRANCH", ""), version) instanceof Result.Err<?> failed) {
            throw new PactProblem("the broker did not take the branch: " + failed.getError());
        }
    }

    /**
     * Publishes the OpenAPI document as a provider contract, with the API that PactFlow documents.
     *
     * @param success whether the server conforms to it
     * @param evidence the verification result as plain text
     * @return a line about what was published
     */
    String publishContract(boolean success, String evidence) {
        String version = get("PACT_PROVIDER_VERSION", "");
        String body = Json.createObjectBuilder().add("content", base64(TheContract.CONTRACT.json().toString()))
                .add("contractType", "oas").add("contentType", "application/json")
                .add("verificationResults", Json.createObjectBuilder().add("success", success).add("content", base64(evidence))
                        .add("contentType", "text/plain").add("format", "text").add("verifier", "phone-contract-tests").add("verifierVersion", version))
                .build().toString();
        String broker = client.getPactBrokerUrl();
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(broker + "/contracts/provider/" + encode(provider()) + "/version/" + encode(version)))
                .timeout(Duration.ofMinutes(1)).header("content-type", "application/json").header("accept", "application/hal+json")
                .PUT(HttpRequest.BodyPublishers.ofString(body));
        if (has("PACT_BROKER_TOKEN")) {
            request.header("authorization", "Bearer " + get("PACT_BROKER_TOKEN", ""));
        } else if (has("PACT_BROKER_USERNAME")) {
            request.header("authorization", "Basic " + base64(get("PACT_BROKER_USERNAME", "") + ":" + get("PACT_BROKER_PASSWORD", "")));
        }
        try (HttpClient http = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build()) {
            HttpResponse<String> response = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
            switch (response.statusCode()) {
                case 200, 201, 204 -> publishBranch(Map.of("pb:provider", Map.of("href", broker + "/pacticipants/" + encode(provider()))), version);
                case 401, 403 -> throw new PactProblem("the broker at " + broker + " does not permit publishing the contract: " + response.statusCode());
                case 404, 405, 501 -> throw new PactProblem("the broker at " + broker + " does not accept provider contracts: it answered " + response.statusCode()
                        + ". PactFlow does; with another broker, do not set PACT_PUBLISH_CONTRACT");
                default -> throw new PactProblem("the broker at " + broker + " did not take the contract: " + response.statusCode() + " " + response.body());
            }
        } catch (IOException e) {
            throw new PactProblem("the broker at " + broker + " did not answer: " + e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PactProblem("interrupted");
        }
        return "contract published as " + (success ? "verified" : "failed") + " by version " + version;
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** Operations that are not built yet count as failed here, because the broker must not tell their consumers to deploy. */
    private static TestResult result(Interaction interaction, Map<String, Verdict> verdicts) {
        String id = interaction.getInteractionId();
        List<Map<String, Object>> mismatches = new ArrayList<>();
        verdicts.forEach((target, verdict) -> {
            if (verdict.kind() != Verdict.Kind.HOLDS) {
                List<String> details = verdict.details().isEmpty() ? List.of(verdict.kind().words) : verdict.details();
                details.forEach(detail -> {
                    Map<String, Object> mismatch = new LinkedHashMap<>();
                    mismatch.put("interactionId", id);
                    mismatch.put("interactionDescription", interaction.getDescription());
                    mismatch.put("attribute", verdict.kind().words);
                    mismatch.put("description", target + ": " + detail);
                    mismatches.add(mismatch);
                });
            }
        });
        return mismatches.isEmpty() ? new TestResult.Ok(id) : new TestResult.Failed(new ArrayList<>(mismatches), interaction.getDescription());
    }
}
