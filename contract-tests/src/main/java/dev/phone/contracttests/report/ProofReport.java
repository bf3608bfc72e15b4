// SPDX-License-Identifier: Apache-2.0
package dev.phone.contracttests.report;

import dev.phone.api.Operation;
import dev.phone.contracttests.contract.TheContract;
import dev.phone.contracttests.target.TargetType;
import dev.phone.contracttests.trace.Step;
import dev.phone.contracttests.trace.Trace;
import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Writes what a run has shown: {@code proof.json} for programs, and {@code index.html}, one page that shows the same to people and asks
 * no other host for anything.
 */
public final class ProofReport {

    private ProofReport() {
    }

    /** @param folder where to write; @param differences between targets, each as a text */
    public static void write(Path folder, List<Trace> traces, Coverage coverage, Set<String> holes, List<String> differences) {
        JsonObject proof = proof(traces, coverage, holes, differences);
        try (var template = ProofReport.class.getResourceAsStream("/report/index.html")) {
            Files.createDirectories(folder);
            Files.writeString(folder.resolve("proof.json"), proof.toString());
            // The only way in which text could end the element that holds it.
            String data = proof.toString().replace("</", "<\\/");
            Files.writeString(folder.resolve("index.html"), new String(template.readAllBytes(), StandardCharsets.UTF_8).replace("{{proof}}", data));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static JsonObject proof(List<Trace> traces, Coverage coverage, Set<String> holes, List<String> differences) {
        JsonArrayBuilder targets = Json.createArrayBuilder();
        for (TargetType type : TargetType.values()) {
            long steps = traces.stream().filter(trace -> trace.target().equals(type.toString()))
                    .flatMap(trace -> trace.tests().values().stream()).mapToLong(List::size).sum();
            targets.add(Json.createObjectBuilder().add("name", type.toString()).add("seen", coverage.summary(type)).add("steps", steps));
        }
        JsonArrayBuilder operations = Json.createArrayBuilder();
        for (Operation operation : TheContract.CONTRACT.operations()) {
            JsonArrayBuilder statuses = Json.createArrayBuilder();
            for (int status : new TreeSet<>(operation.statuses())) {
                JsonArrayBuilder cells = Json.createArrayBuilder();
                for (TargetType type : TargetType.values()) {
                    cells.add(cell(coverage, operation, status, type));
                }
                statuses.add(Json.createObjectBuilder().add("status", status).add("targets", cells).add("pact", coverage.inPact(operation, status)));
            }
            operations.add(Json.createObjectBuilder().add("id", operation.id()).add("method", operation.method()).add("path", operation.path())
                    .add("built", TheContract.isBuilt(operation)).add("statuses", statuses));
        }
        return Json.createObjectBuilder()
                .add("contract", TheContract.CONTRACT.json().getJsonObject("info").getString("version"))
                .add("at", Instant.now().toString())
                .add("targets", targets).add("operations", operations).add("events", coverage.events())
                .add("holes", Json.createArrayBuilder(holes)).add("differences", Json.createArrayBuilder(differences)).build();
    }

    private static JsonObject cell(Coverage coverage, Operation operation, int status, TargetType type) {
        JsonObjectBuilder cell = Json.createObjectBuilder();
        Step step = coverage.seen(operation, status, type);
        if (step != null) {
            return cell.add("state", "seen").add("request", step.curl("")).add("response", step.body()).build();
        }
        return cell.add("state", !Coverage.isExpected(operation, type) ? "not built" : Coverage.isIllustrative(operation, status) ? "illustrative" : "hole")
                .build();
    }
}
