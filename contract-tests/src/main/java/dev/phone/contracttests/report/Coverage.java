// SPDX-License-Identifier: Apache-2.0
package dev.phone.contracttests.report;

import dev.phone.api.Operation;
import dev.phone.contracttests.contract.TheContract;
import dev.phone.contracttests.target.TargetType;
import dev.phone.contracttests.trace.Step;
import dev.phone.contracttests.trace.Trace;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Which parts of the contract the suites and the pacts have covered. */
public final class Coverage {
    /** By operation and status, then by target: the first step that showed it. */
    private final Map<String, Map<String, Step>> seen = new HashMap<>();
    private final Map<String, Set<String>> examples = new HashMap<>();
    /** The types of the events that each target has sent. */
    private final Map<String, Set<String>> events = new HashMap<>();
    private final Set<String> inPacts = new HashSet<>();
    private final Set<String> eventsInPacts = new TreeSet<>();

    /** @param pacts the folder of the committed pact files */
    public Coverage(List<Trace> traces, Path pacts) {
        for (Trace trace : traces) {
            trace.tests().forEach((test, steps) -> {
                if (test.contains(" > ")) {
                    examples.computeIfAbsent(trace.target(), target -> new HashSet<>()).add(test.substring(test.indexOf(" > ") + 3));
                }
                for (Step step : steps) {
                    if (step.isEvent()) {
                        events.computeIfAbsent(trace.target(), target -> new HashSet<>()).add(step.target());
                        continue;
                    }
                    Operation operation = TheContract.operation(step.method(), step.target().replaceAll("\\?.*", ""));
                    if (operation != null) {
                        seen.computeIfAbsent(operation.id() + " " + step.status(), pair -> new HashMap<>()).putIfAbsent(trace.target(), step);
                    }
                }
            });
        }
        try (Stream<Path> files = Files.list(pacts)) {
            for (Path file : files.filter(path -> path.toString().endsWith(".json")).toList()) {
                try (var reader = Json.createReader(Files.newBufferedReader(file))) {
                    reader.readObject().getJsonArray("interactions").forEach(interaction -> readInteraction(interaction.asJsonObject()));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void readInteraction(JsonObject interaction) {
        if (!interaction.containsKey("request")) {
            String description = interaction.getString("description");
            TheContract.CONTRACT.json().getJsonObject("webhooks").keySet().stream().filter(description::contains).forEach(eventsInPacts::add);
            return;
        }
        JsonObject request = interaction.getJsonObject("request");
        Operation operation = TheContract.operation(request.getString("method"), request.getString("path"));
        if (operation != null) {
            inPacts.add(operation.id() + " " + interaction.getJsonObject("response").getInt("status"));
        }
    }

    /** The first step that showed this status of this operation; null when none has. */
    public Step seen(Operation operation, int status, TargetType type) {
        return seen.getOrDefault(operation.id() + " " + status, Map.of()).get(type.toString());
    }

    /** Whether the operation is expected on this target; one that the server has not built yet is not. */
    public static boolean isExpected(Operation operation, TargetType type) {
        return type.isMock() || TheContract.isBuilt(operation);
    }

    /**
     * Whether no single request can provoke this status, so that the contract marks its examples as illustrative. 429 does not count, because
     * LimitsTest provokes it. Internal errors and concurrent requests with the same key are tested in the server.
     */
    public static boolean isIllustrative(Operation operation, int status) {
        return status != 429 && TheContract.EXAMPLES.stream().filter(example -> example.operation().equals(operation) && example.status() == status)
                .allMatch(example -> example.illustrative() != null);
    }

    /** What is documented but was not seen; each text says how to fix it. */
    public Set<String> holes(Set<String> withoutConsumer) {
        Set<String> holes = new TreeSet<>();
        for (Operation operation : TheContract.CONTRACT.operations()) {
            for (TargetType type : TargetType.values()) {
                for (int status : operation.statuses()) {
                    if (isExpected(operation, type) && seen(operation, status, type) == null && !isIllustrative(operation, status)) {
                        holes.add(operation.id() + " " + status + " was not seen from " + type + ": if you ADDED the status, add an example"
                                + " of it that one request can show, or a test in suite/; if it cannot happen, remove it from the contract");
                    }
                }
            }
            boolean consumed = operation.statuses().stream().anyMatch(status -> inPact(operation, status));
            if (consumed == withoutConsumer.contains(operation.id())) {
                holes.add(operation.id() + (consumed ? " is in a pact: remove it from no-consumer.txt"
                        : " is in no pact: if you ADDED the operation, let a client in consumer/ use it, and do not add it to no-consumer.txt"));
            }
        }
        for (var example : TheContract.EXAMPLES) {
            for (TargetType type : TargetType.values()) {
                if (example.illustrative() == null && isExpected(example.operation(), type)
                        && !examples.getOrDefault(type.toString(), Set.of()).contains(example.toString())) {
                    holes.add("the example " + example + " was not sent to " + type + ": see the report of ExamplesTest");
                }
            }
        }
        for (String event : TheContract.CONTRACT.json().getJsonObject("webhooks").keySet()) {
            for (TargetType type : TargetType.values()) {
                if (!sent(event, type)) {
                    holes.add("no webhook of the " + type + " has delivered the event " + event + ": let a test in WebhooksTest trigger it");
                }
            }
            if (!eventsInPacts.contains(event)) {
                holes.add("the event " + event + " is in no pact: let ShopWebhookHandler handle it, and test that");
            }
        }
        return holes;
    }

    /** Whether a target has sent an event of this type to a webhook of a suite. */
    private boolean sent(String event, TargetType type) {
        return events.getOrDefault(type.toString(), Set.of()).contains(event);
    }

    /** Whether a pact expects this status of this operation. */
    public boolean inPact(Operation operation, int status) {
        return inPacts.contains(operation.id() + " " + status);
    }

    /** @param seen the number of documented pairs of operation and status that were seen */
    public record Share(long seen, long documented) {
        @Override
        public String toString() {
            return seen + " of " + documented;
        }
    }

    /** The share of documented pairs that was seen on a target. */
    public Share share(TargetType type) {
        List<Boolean> pairs = new ArrayList<>();
        for (Operation operation : TheContract.CONTRACT.operations()) {
            if (isExpected(operation, type)) {
                operation.statuses().forEach(status -> pairs.add(seen(operation, status, type) != null));
            }
        }
        return new Share(pairs.stream().filter(Boolean::booleanValue).count(), pairs.size());
    }

    JsonValue events() {
        var array = Json.createArrayBuilder();
        TheContract.CONTRACT.json().getJsonObject("webhooks").keySet().forEach(event -> {
            var sent = Json.createObjectBuilder();
            for (TargetType type : TargetType.values()) {
                sent.add(type.toString(), sent(event, type));
            }
            array.add(Json.createObjectBuilder().add("event", event).add("pact", eventsInPacts.contains(event)).add("sent", sent));
        });
        return array.build();
    }
}
