// SPDX-License-Identifier: Apache-2.0
package dev.phone.contracttests.proof;

import dev.phone.api.DocsPage;
import dev.phone.api.Operation;
import dev.phone.contract.Example;
import dev.phone.contracttests.check.ContractCheck;
import dev.phone.contracttests.contract.TheContract;
import dev.phone.contracttests.diff.Change;
import dev.phone.contracttests.diff.ContractDiff;
import dev.phone.contracttests.pact.LoadedPact;
import dev.phone.contracttests.pact.PactProblem;
import dev.phone.contracttests.pact.PactRun;
import dev.phone.contracttests.pact.ProviderStates;
import dev.phone.contracttests.pact.Sender;
import dev.phone.contracttests.pact.Table;
import dev.phone.contracttests.pact.Verdict;
import dev.phone.contracttests.target.Target;
import dev.phone.contracttests.trace.Step;
import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.io.StringReader;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Checks an API from outside, step by step. */
final class Proof {
    /** A well-formed ID that no resource has. */
    private static final String NOBODYS = "0".repeat(26);
    private static final Pattern ID = Pattern.compile("([a-z]{3})_[0-9a-hjkmnp-tv-z]{26}");
    private static final Pattern PARAMETER = Pattern.compile("\\{(\\w+)}");
    private static final int FURTHER = 5;
    /** The maximum number of differences to print. */
    private static final int SHOWN = 20;
    /** States that any existing resource of the kind satisfies. The others depend on a time, a history or a relationship. */
    private static final Set<String> MET = Set.of("a claimed number", "an application");

    private final Deployed deployed;
    private final Credentials credentials;
    private final Table table;
    /** Values of path parameters, by name. */
    private final Map<String, String> ids;
    /** The names of values from the credentials file, as opposed to those found in lists. */
    private final Set<String> given;
    /** All values that were found. */
    private final Map<String, Set<String>> candidates = new HashMap<>();
    /** The names of the path parameters, by the prefix of their IDs. */
    private final Map<String, String> names = new HashMap<>();

    Proof(Deployed deployed, Credentials credentials, Table table) {
        this.deployed = deployed;
        this.credentials = credentials;
        this.table = table;
        ids = new LinkedHashMap<>(credentials.values());
        ids.keySet().retainAll(Credentials.IDS);
        given = Set.copyOf(ids.keySet());
        for (Example example : TheContract.EXAMPLES) {
            values(example).forEach((name, value) -> {
                Matcher matcher = ID.matcher(value);
                if (matcher.matches()) {
                    names.putIfAbsent(matcher.group(1), name);
                }
            });
        }
    }

    /** The values of the path parameters of an example, encoded as sent. */
    private static Map<String, String> values(Example example) {
        Map<String, String> values = new LinkedHashMap<>();
        String[] template = example.operation().path().split("/");
        String[] segments = example.target().replaceAll("\\?.*", "").split("/");
        for (int i = 0; i < template.length; i++) {
            if (template[i].startsWith("{")) {
                values.put(template[i].substring(1, template[i].length() - 1), segments[i]);
            }
        }
        return values;
    }

    private void row(String title, Supplier<Verdict> tried) {
        Verdict verdict;
        try {
            verdict = tried.get();
        } catch (PactRun.NotTried e) {
            verdict = Verdict.notTried(e.getMessage());
        }
        table.row(title, Deployed.NAME, verdict);
    }

    // Without credentials

    /** @throws PactProblem if this is not a Phone API at all */
    void documents() {
        table.line(deployed.url() + ": documents");
        Step contract = deployed.get("/openapi.json", Map.of());
        if (contract.status() / 100 == 3) {
            throw new PactProblem(deployed.url() + " redirects to " + contract.headers().get("location") + ": use that url directly");
        }
        JsonObject theirs = json(contract.body()) instanceof JsonObject object ? object : JsonValue.EMPTY_JSON_OBJECT;
        if (contract.status() != 200 || !(theirs.get("openapi") instanceof JsonString) || !(theirs.get("paths") instanceof JsonObject)) {
            throw new PactProblem("this is not a Phone API: " + deployed.url() + "/openapi.json answers " + contract.status() + " with "
                    + contract.headers().getOrDefault("content-type", "no content type") + ", not with an OpenAPI document");
        }
        row("/openapi.json is this contract", () -> compared(theirs));
        row("/docs", () -> {
            Step docs = deployed.get("/docs", Map.of());
            String type = docs.headers().getOrDefault("content-type", "");
            return docs.status() == 200 && type.startsWith("text/html") ? Verdict.of(List.of(), List.of())
                    : Verdict.of(List.of("expected 200 and text/html, actual " + docs.status() + " and " + type), List.of());
        });
        row("an unknown route", () -> answered(deployed.get("/v1/no-such-route", Map.of()), 404));
    }

    private static Verdict compared(JsonObject theirs) {
        JsonObject ours = servedAt(theirs.get("servers") instanceof JsonArray servers && !servers.isEmpty()
                ? servers.getJsonObject(0).getString("url", "") : "");
        if (ours.equals(theirs)) {
            return Verdict.of(List.of(), List.of());
        }
        List<String> lines = new ArrayList<>();
        try {
            ContractDiff.between(ours, theirs).stream().map(Change::toString).forEach(lines::add);
        } catch (RuntimeException e) {
            lines.add("it cannot be compared: " + e.getClass().getSimpleName());
        }
        if (lines.isEmpty()) {
            lines.add("it differs in words, examples or extensions only: " + String.join(", ", parts(ours, theirs, "")));
        }
        return Verdict.of(lines.size() <= SHOWN ? lines : new ArrayList<>(lines.subList(0, SHOWN)), List.of());
    }

    /** The contract as this host serves it. */
    private static JsonObject servedAt(String url) {
        if (!url.startsWith("http")) {
            return TheContract.CONTRACT.json();
        }
        try (var reader = Json.createReader(new StringReader(DocsPage.servedAt(TheContract.CONTRACT.json().toString(), url)))) {
            return reader.readObject();
        }
    }

    /** Pointers to where two documents differ, a few levels deep. */
    private static List<String> parts(JsonValue ours, JsonValue theirs, String pointer) {
        if (!(ours instanceof JsonObject left) || !(theirs instanceof JsonObject right) || pointer.split("/").length > 4) {
            return ours.equals(theirs) ? List.of() : List.of(pointer);
        }
        List<String> found = new ArrayList<>();
        left.forEach((name, value) -> found.addAll(right.containsKey(name) ? parts(value, right.get(name), pointer + "/" + Json.encodePointer(name))
                : List.of(pointer + "/" + Json.encodePointer(name))));
        right.keySet().stream().filter(name -> !left.containsKey(name)).forEach(name -> found.add(pointer + "/" + Json.encodePointer(name)));
        return found.size() <= SHOWN ? found : found.subList(0, SHOWN);
    }

    /**
     * Every operation that needs credentials refuses a request without them. The requests could not do anything: they have no body, and unknown IDs.
     */
    void refusals() {
        table.line("Without credentials");
        for (Operation operation : TheContract.CONTRACT.operations()) {
            if (operation.auth() != Operation.Auth.PUBLIC) {
                row(operation.id(), () -> answered(deployed.refused(operation.method(), nobodys(operation), Map.of()), 401));
            } else if (operation.method().equals("GET") && !operation.path().contains("{")) {
                row(operation.id(), () -> answered(deployed.get(operation.path(), Map.of()), operation.status()));
            } else if (operation.method().equals("GET")) {
                row(operation.id() + " of nothing", () -> answered(deployed.get(nobodys(operation), Map.of()), 404));
            }
        }
    }

    private static String nobodys(Operation operation) {
        Example example = TheContract.EXAMPLES.stream().filter(each -> each.operation().equals(operation)).findFirst().orElseThrow();
        return fill(operation, values(example).entrySet().stream().collect(HashMap::new, (map, each) -> map.put(each.getKey(),
                ID.matcher(each.getValue()).matches() ? each.getValue().substring(0, 4) + NOBODYS : "%2B999000000999"), HashMap::putAll));
    }

    private static String fill(Operation operation, Map<String, String> encoded) {
        return PARAMETER.matcher(operation.path()).replaceAll(match -> Matcher.quoteReplacement(encoded.get(match.group(1))));
    }

    // With credentials

    /** Sends the GETs of the contract's examples. Unknown IDs are taken from the lists read before. */
    void reads() {
        if (credentials.values().isEmpty()) {
            return;
        }
        table.line("With credentials");
        for (Operation.Auth auth : Operation.Auth.values()) {
            Map<String, String> headers = credentials.headers(auth);
            if (auth != Operation.Auth.PUBLIC && headers != null) {
                Operation operation = TheContract.CONTRACT.operations().stream().filter(each -> each.auth() == auth && each.method().equals("GET"))
                        .findFirst().orElseThrow();
                Step step = deployed.get(nobodys(operation), headers);
                if (step.status() == 401) {
                    throw new PactProblem("wrong credentials: " + deployed.url() + " refuses " + String.join(", ", headers.keySet())
                            + " with 401 (" + operation.id() + ")");
                }
            }
        }
        List<Operation> waiting = new ArrayList<>(TheContract.CONTRACT.operations().stream().filter(each -> each.method().equals("GET")).toList());
        do {
            for (Operation operation : List.copyOf(waiting)) {
                if (ids.keySet().containsAll(parameters(operation))) {
                    waiting.remove(operation);
                    read(operation);
                }
            }
        } while (waiting.stream().anyMatch(operation -> ids.keySet().containsAll(parameters(operation))) || !waiting.isEmpty() && looksFurther());
        waiting.forEach(operation -> row(operation.id(), () -> Verdict.notTried("needs " + String.join(", ", parameters(operation).stream()
                .filter(name -> !ids.containsKey(name)).toList()) + ": none was found, and the credentials file has none")));
    }

    /** If the first item of a list has no children, reads the child lists of further items. @return whether an ID was found */
    private boolean looksFurther() {
        int before = ids.size();
        Map<String, String> headers = credentials.headers(Operation.Auth.BEARER);
        for (Map.Entry<String, Set<String>> each : Map.copyOf(candidates).entrySet()) {
            for (Operation list : TheContract.CONTRACT.operations()) {
                if (headers != null && list.auth() == Operation.Auth.BEARER && list.method().equals("GET") && !list.path().endsWith("}")
                        && parameters(list).equals(List.of(each.getKey()))) {
                    for (String value : each.getValue().stream().limit(FURTHER).toList()) {
                        if (ids.size() == before) {
                            Step step = deployed.get(fill(list, Map.of(each.getKey(), URLEncoder.encode(value, StandardCharsets.UTF_8))), headers);
                            find(list, step.status() == 200 ? json(step.body()) : JsonValue.NULL);
                        }
                    }
                }
            }
        }
        return ids.size() > before;
    }

    private static List<String> parameters(Operation operation) {
        return PARAMETER.matcher(operation.path()).results().map(match -> match.group(1)).toList();
    }

    private void read(Operation operation) {
        Map<String, String> headers = credentials.headers(operation.auth());
        if (headers == null) {
            row(operation.id(), () -> Verdict.notTried("needs " + (operation.auth() == Operation.Auth.BEARER ? "a token"
                    : operation.auth() == Operation.Auth.API_KEY ? "an apiKey" : "clientId, clientSecret and apiKey")));
            return;
        }
        Map<String, String> encoded = new HashMap<>();
        ids.forEach((name, value) -> encoded.put(name, URLEncoder.encode(value.replace(" ", ""), StandardCharsets.UTF_8)));
        List<String> sent = new ArrayList<>();
        for (Example example : TheContract.EXAMPLES) {
            String query = example.target().contains("?") ? example.target().substring(example.target().indexOf('?')) : "";
            // A cursor is valid only for its own list. Other errors depend on resources and callers of the demo world.
            boolean isSuccess = example.status() == operation.status();
            String target = fill(operation, encoded) + query;
            if (example.operation().equals(operation) && example.illustrative() == null && (isSuccess || example.status() == 422 && !query.isEmpty())
                    && (!isSuccess || !query.contains("cursor=")) && !sent.contains(target)) {
                sent.add(target);
                row(operation.id() + ", " + example.name(), () -> {
                    Step step = deployed.get(target, headers);
                    if (step.status() == 200) {
                        find(operation, json(step.body()));
                    }
                    if (isSuccess && step.status() == 404 && !given.containsAll(parameters(operation))) {
                        return Verdict.notTried("the " + String.join(", ", parameters(operation)) + " that was found belongs to another caller: add one to the credentials file");
                    }
                    return answered(step, example.status());
                });
            }
        }
    }

    /** Collects the IDs in a response. */
    private void find(Operation operation, JsonValue value) {
        switch (value) {
            case JsonArray array -> array.forEach(item -> find(operation, item));
            case JsonObject object -> object.forEach((name, member) -> {
                if (member instanceof JsonString text) {
                    Matcher matcher = ID.matcher(text.getString());
                    if (matcher.matches() && names.containsKey(matcher.group(1))) {
                        ids.putIfAbsent(names.get(matcher.group(1)), text.getString());
                        candidates.computeIfAbsent(names.get(matcher.group(1)), each -> new LinkedHashSet<>()).add(text.getString());
                    } else if (Credentials.IDS.contains(name) && isListOf(operation, name)) {
                        ids.putIfAbsent(name, text.getString());
                    }
                } else {
                    find(operation, member);
                }
            });
            case null, default -> {
            }
        }
    }

    private static boolean isListOf(Operation operation, String parameter) {
        return TheContract.CONTRACT.operations().stream().anyMatch(each -> each.path().equals(operation.path() + "/{" + parameter + "}"));
    }

    // Changes

    /** Creates a project and a bin, and deletes the project; the bin expires. */
    void writes() {
        table.line("Changes");
        Map<String, String> bearer = credentials.headers(Operation.Auth.BEARER);
        if (bearer == null) {
            row("createProject", () -> Verdict.notTried("needs a token"));
        } else {
            String[] project = new String[1];
            row("createProject", () -> made("POST", "/v1/projects", bearer, "{\"name\": \"Phone proof\"}", 201, project));
            if (project[0] != null) {
                row("updateProject", () -> made("PATCH", project[0], bearer, "{\"name\": \"Phone proof, done\"}", 200, null));
                row("deleteProject", () -> made("DELETE", project[0], bearer, null, 200, null));
                row("getProject, deleted", () -> made("GET", project[0], bearer, null, 404, null));
            }
        }
        String[] bin = new String[1];
        row("createBin", () -> made("POST", "/v1/sandbox/bins", Map.of(), null, 201, bin));
        if (bin[0] != null) {
            row("deliverToBin", () -> made("POST", bin[0], Map.of(), "{\"hello\": \"bin\"}", 200, null));
            row("getBin", () -> made("GET", bin[0], Map.of(), null, 200, null));
        }
    }

    /** @param path receives the path of the created resource; null if nothing is created */
    private Verdict made(String method, String target, Map<String, String> headers, String body, int status, String[] path) {
        Step step = deployed.step(method, target, headers, body, false);
        if (path != null && step.status() == status && json(step.body()) instanceof JsonObject object && object.get("data") instanceof JsonObject data
                && data.get("id") instanceof JsonString id) {
            path[0] = target + "/" + id.getString();
        }
        return answered(step, status);
    }

    // Pacts

    void pacts(List<LoadedPact> pacts) {
        List<String> wrong = new ArrayList<>();
        Sender.Transport checked = request -> {
            if (!Deployed.SAFE.contains(request.method())) {
                throw new PactRun.NotTried(request.method() + " may change something, and its provider state could not be restored");
            }
            HttpResponse<byte[]> response = deployed.send(request);
            String target = request.uri().getRawPath() + (request.uri().getRawQuery() == null ? "" : "?" + request.uri().getRawQuery());
            wrong.addAll(ContractCheck.differences(Deployed.of(request.method(), target, Map.of(), null, response)));
            return response;
        };
        try (PactRun run = new PactRun(Deployed.NAME, deployed, this::state, checked, verdict -> {
            List<String> found = List.copyOf(wrong);
            wrong.clear();
            return found.isEmpty() || verdict.kind() != Verdict.Kind.HOLDS ? verdict
                    : Verdict.of(found.stream().map(line -> "not as the contract says: " + line).toList(), List.of());
        })) {
            pacts.forEach(pact -> table.verify(run, pact));
        }
    }

    /** Uses existing resources instead of setting up a state, because the state could not be reset for the next pact. */
    private Map<String, Object> state(Target target, String name, Map<String, ?> parameters) {
        if (name.equals("the demo world") && credentials.isDemo()) {
            // Only reads values of the demo world.
            return ProviderStates.set(target, name, parameters);
        }
        if (!MET.contains(name) || !parameters.isEmpty()) {
            throw new PactRun.NotTried("the state '" + name + "' cannot be met by existing resources"
                    + (name.equals("the demo world") ? ": demo=true in the credentials file says that the API has it" : ""));
        }
        Map<String, Object> values = new LinkedHashMap<>(ids);
        credentials.values().forEach(values::putIfAbsent);
        if (credentials.values().containsKey("token")) {
            values.put("authorization", "Bearer " + credentials.values().get("token"));
        }
        if (ids.containsKey("phoneNumber")) {
            values.put("encodedPhoneNumber", URLEncoder.encode(ids.get("phoneNumber").replace(" ", ""), StandardCharsets.UTF_8));
        }
        return values;
    }

    // Helpers

    private static Verdict answered(Step step, int status) {
        if (step.status() == 501 && status != 501) {
            List<String> wrong = ContractCheck.differences(step);
            return wrong.isEmpty() ? new Verdict(Verdict.Kind.NOT_BUILT, List.of()) : Verdict.of(wrong, List.of());
        }
        List<String> differences = new ArrayList<>();
        if (step.status() != status) {
            differences.add("status: expected " + status + ", actual " + step.status());
        }
        differences.addAll(ContractCheck.differences(step));
        return Verdict.of(differences, List.of());
    }

    private static JsonValue json(String text) {
        try (var reader = Json.createReader(new StringReader(text))) {
            return reader.readValue();
        } catch (JsonException | IllegalStateException e) {
            return JsonValue.NULL;
        }
    }
}
