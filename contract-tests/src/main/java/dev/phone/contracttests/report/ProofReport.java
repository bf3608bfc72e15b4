// SPDX-License-Identifier: Apache-2.0
package dev.phone.contracttests.report;

import dev.phone.api.Operation;
import dev.phone.contract.Example;
import dev.phone.contracttests.contract.TheContract;
import dev.phone.contracttests.target.TargetType;
import dev.phone.contracttests.trace.Evidence;
import dev.phone.contracttests.trace.Step;
import dev.phone.contracttests.trace.Trace;
import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Writes the results of a run: {@code proof.json} for programs, and {@code index.html}, a self-contained page with the same content.
 */
public final class ProofReport {

    private ProofReport() {
    }

    /**
     * @param folder the folder to write to
     * @param drifts the results of the drift drill, which is run manually; the file need not exist
     * @param differences the differences between targets
     */
    public static void write(Path folder, Path drifts, List<Trace> traces, Coverage coverage, Set<String> holes, List<String> differences) {
        try (var template = ProofReport.class.getResourceAsStream("/report/index.html")) {
            String proof = proof(drifts, traces, coverage, holes, differences).toString();
            Files.createDirectories(folder);
            Files.writeString(folder.resolve("proof.json"), proof);
            // Only these sequences could end the script element that contains the data.
            String data = proof.replace("</", "<\\/").replace("<!--", "<\\u0021--");
            Files.writeString(folder.resolve("index.html"), new String(template.readAllBytes(), StandardCharsets.UTF_8).replace("{{proof}}", data));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static JsonObject proof(Path drifts, List<Trace> traces, Coverage coverage, Set<String> holes, List<String> differences) throws IOException {
        JsonArrayBuilder targets = Json.createArrayBuilder();
        for (TargetType type : TargetType.values()) {
            Coverage.Share share = coverage.share(type);
            targets.add(Json.createObjectBuilder().add("name", type.toString()).add("seen", share.seen()).add("documented", share.documented())
                    .add("steps", traces.stream().filter(trace -> trace.target().equals(type.toString())).mapToLong(ProofReport::steps).sum()));
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
        JsonArrayBuilder suites = Json.createArrayBuilder();
        traces.stream().sorted(Comparator.comparing(Trace::suite)).forEach(trace -> suites.add(Json.createObjectBuilder().add("suite", trace.suite())
                .add("target", trace.target()).add("tests", trace.tests().size()).add("steps", steps(trace)).add("millis", trace.took().toMillis())));
        return Json.createObjectBuilder()
                .add("contract", TheContract.CONTRACT.json().getJsonObject("info").getString("version"))
                .add("at", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString())
                .add("targets", targets).add("operations", operations).add("events", coverage.events())
                .add("pacts", Json.createArrayBuilder(Evidence.read("pacts"))).add("lockstep", Json.createArrayBuilder(Evidence.read("lockstep")))
                .add("suites", suites).add("drifts", drifts(drifts))
                .add("holes", Json.createArrayBuilder(holes)).add("differences", Json.createArrayBuilder(differences)).build();
    }

    private static long steps(Trace trace) {
        return trace.tests().values().stream().mapToLong(List::size).sum();
    }

    private static JsonArray drifts(Path file) throws IOException {
        if (!Files.exists(file)) {
            return JsonValue.EMPTY_JSON_ARRAY;
        }
        try (var reader = Json.createReader(Files.newBufferedReader(file))) {
            return reader.readArray();
        }
    }

    private static JsonObject cell(Coverage coverage, Operation operation, int status, TargetType type) {
        JsonObjectBuilder cell = Json.createObjectBuilder();
        Step step = coverage.seen(operation, status, type);
        if (step != null) {
            return cell.add("state", "seen").add("request", step.curl("")).add("headers", Json.createObjectBuilder(Map.copyOf(step.headers())))
                    .add("response", step.body()).build();
        }
        if (!Coverage.isExpected(operation, type)) {
            return cell.add("state", "not built").build();
        }
        return Coverage.isIllustrative(operation, status)
                ? cell.add("state", "illustrative").add("why", TheContract.EXAMPLES.stream().filter(example -> example.operation().equals(operation)
                        && example.status() == status).map(Example::illustrative).findFirst().orElse("")).build()
                : cell.add("state", "hole").build();
    }
}
