// SPDX-License-Identifier: Apache-2.0
package dev.phone.contract;

import dev.phone.api.ErrorMessages;
import dev.phone.api.Schema;
import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Rules for pairs of examples: each response example has a unique request, sent by an existing caller, and each request example belongs to
 * a response example.
 *
 * <p>The request of the response example N consists of the examples N of the parameters and the body. If a required parameter or the
 * body has no example N, its first example is sent.
 */
final class ExampleRules {
    private final Lint lint;
    private final SchemaRules schemaRules;
    private final Set<String> senders;
    // Pointers of the request examples that are sent, and all request examples by pointer.
    private final Set<String> sent = new HashSet<>();
    private final Map<String, Spot> written = new LinkedHashMap<>();

    ExampleRules(Lint lint) {
        this.lint = lint;
        this.schemaRules = new SchemaRules(lint);
        this.senders = lint.document.get("x-demo-world").get("credentials").object().keySet();
    }

    void check() {
        world();
        lint.document.get("paths").members().values().forEach(item -> item.members().forEach((method, operation) -> {
            if (Contract.METHODS.contains(method)) {
                operation(item, operation);
            }
        }));
        lint.document.get("webhooks").members().values().forEach(item -> item.members().forEach((method, operation) -> {
            Spot mediaType = operation.get("requestBody").get("content").get("application/json");
            Schema schema = schema(mediaType);
            mediaType.raw("examples").members().forEach((name, example) -> fits(schema, example, "the example " + name));
        }));
        written.forEach((pointer, example) -> {
            if (!sent.contains(pointer)) {
                lint.report(example, "pair", "no response has an example of this name, so this one is never sent; add one or remove this");
            }
        });
    }

    /** A response example with its request. */
    private record Pair(String name, String status, Spot example, Map<String, Spot> request) {
        boolean isIllustrative() {
            return example.raw("x-illustrative").exists();
        }
    }

    private void operation(Spot item, Spot operation) {
        // Where examples can occur: the parameters, named as in violations, and the body as "".
        Map<String, Spot> slots = new LinkedHashMap<>();
        for (Spot parameter : OperationRules.parametersOf(item, operation)) {
            String in = parameter.raw("in").text();
            String name = parameter.raw("name").text();
            slots.put(in + ":" + (in.equals("header") ? name.toLowerCase(Locale.ROOT) : name), parameter);
        }
        Spot body = operation.get("requestBody").get("content").get("application/json");
        if (body.exists()) {
            slots.put("", body);
        }
        slots.values().forEach(slot -> slot.raw("examples").members().values().forEach(e -> written.put(e.pointer(), e)));

        List<Pair> pairs = new ArrayList<>();
        Map<String, String> statuses = new HashMap<>();
        operation.get("responses").members().forEach((status, response) ->
                response.get("content").get("application/json").raw("examples").members().forEach((name, example) -> {
                    String other = statuses.putIfAbsent(name, status);
                    if (other != null) {
                        lint.report(example, "pair", name + " is the name of examples of both " + other + " and " + status + "; rename one");
                    }
                    pairs.add(new Pair(name, status, example, request(name, slots)));
                }));

        body.raw("examples").members().forEach((name, example) -> {
            if (!statuses.containsKey(name)) {
                lint.report(example, "pair", "no response has an example " + name + "; add the expected response");
            }
        });
        for (Map.Entry<String, Spot> slot : slots.entrySet()) {
            if (slot.getValue().raw("required").isTrue() && slot.getValue().raw("examples").object().isEmpty()) {
                lint.report(slot.getValue(), "pair", slot.getKey() + " has no example, so no request can be sent; add one");
            }
        }

        Map<List<Object>, Pair> bySending = new HashMap<>();
        for (Pair pair : pairs) {
            String sender = sender(operation, pair);
            Schema schema = schema(operation.get("responses").get(pair.status).get("content").get("application/json"));
            fits(schema, pair.example, "the example " + pair.name);
            pair.request.values().forEach(example -> sent.add(example.pointer()));
            if (pair.isIllustrative()) {
                continue;
            }
            Map<String, JsonValue> values = new LinkedHashMap<>();
            pair.request.forEach((slot, example) -> values.put(slot, example.raw("value").value()));
            Pair same = bySending.putIfAbsent(List.of(sender, values), pair);
            if (same != null) {
                lint.report(pair.example, "pair", operation.raw("operationId").text() + " gets the same request for " + pair.name + " and for "
                        + same.name + " (" + same.status + "), and cannot answer both; give the parameters or the body an example "
                        + pair.name + ", or add x-as or x-illustrative to this one");
            }
            violations(slots, pair);
        }
    }

    private Map<String, Spot> request(String name, Map<String, Spot> slots) {
        Map<String, Spot> request = new LinkedHashMap<>();
        slots.forEach((slot, holder) -> {
            Map<String, Spot> examples = holder.raw("examples").members();
            if (examples.containsKey(name)) {
                request.put(slot, examples.get(name));
            } else if (!examples.isEmpty() && (slot.isEmpty() || holder.raw("required").isTrue())) {
                request.put(slot, examples.values().iterator().next());
            }
        });
        return request;
    }

    private String sender(Spot operation, Pair pair) {
        Spot illustrative = pair.example.raw("x-illustrative");
        if (illustrative.exists() && illustrative.text().isBlank()) {
            lint.report(illustrative, "x-illustrative", "must say why no single request can provoke this; write the reason");
        }
        Spot as = pair.example.raw("x-as");
        if (as.exists()) {
            if (!senders.contains(as.text())) {
                lint.report(as, "x-as", "the demo world has no caller " + as.text() + "; use one of: " + String.join(", ", senders));
            }
            return as.text();
        }
        List<Spot> security = operation.raw("security").items();
        String sender = security.isEmpty() ? "nobody" : security.getFirst().object().containsKey("bearer") ? "alice" : "app";
        if (!senders.contains(sender)) {
            lint.report(operation, "x-as", "x-demo-world.credentials has no " + sender + ", who would send this; add it");
        }
        return sender;
    }

    /**
     * Compares the violations of the request with the response: there must be none unless it is a 422, which must list exactly these. A 422 whose
     * request has no violations is about a rule that no schema states.
     */
    private void violations(Map<String, Spot> slots, Pair pair) {
        List<JsonObject> broken = new ArrayList<>();
        pair.request.forEach((slot, example) -> {
            JsonValue value = example.raw("value").value();
            if (value == null) {
                return;
            }
            schema(slots.get(slot)).check(value, slot, (path, rule, message) -> {
                broken.add(Json.createObjectBuilder().add("path", path).add("rule", rule).add("message", message).build());
                if (!pair.status.equals("422")) {
                    lint.report(example, "invalid-example", "the request breaks the contract (" + where(path) + " " + message
                            + "), but the expected status is " + pair.status + "; correct one of them");
                }
            });
        });
        if (broken.isEmpty() || !pair.status.equals("422")) {
            return;
        }
        Spot error = pair.example.raw("value").raw("error");
        String message = ErrorMessages.invalid(broken.getFirst().getString("path"), broken.getFirst().getString("message"), broken.size());
        if (!error.raw("message").text().equals(message)) {
            lint.report(error.raw("message"), "violations", "the actual message is: " + message);
        }
        JsonValue documented = error.raw("details").raw("violations").value();
        if (!(documented instanceof JsonArray list) || !list.equals(broken)) {
            lint.report(error.raw("details").raw("violations"), "violations", "the actual violations are: " + broken);
        }
    }

    private static String where(String path) {
        return path.isEmpty() ? "the body" : path;
    }

    private Schema schema(Spot holder) {
        Spot schema = holder.raw("schema");
        return schema.exists() ? lint.schemas.of(schema.value(), schema.pointer()) : Schema.Any.VALUE;
    }

    private void fits(Schema schema, Spot example, String what) {
        if (example.raw("value").exists()) {
            schemaRules.fits(schema, example.raw("value"), what);
        }
    }

    /** Every value of the demo world is a resource as the API returns it. */
    private void world() {
        lint.document.get("x-demo-world").members().forEach((kind, list) -> {
            for (Spot entry : list.items()) {
                String name = Contract.schemaName(kind);
                Schema schema = lint.schemas.named(name);
                if (schema == null) {
                    lint.report(list, "world", "there is no schema " + name + " for " + kind + "; rename it");
                    return;
                }
                fits(schema, entry, "the demo world's " + name);
                for (String who : List.of("user", "credentials")) {
                    if (entry.raw(who).value() instanceof JsonString sender && !senders.contains(sender.getString())) {
                        lint.report(entry.raw(who), "world", "there are no credentials " + sender + "; use one of: " + String.join(", ",
                                senders));
                    }
                }
            }
        });
    }
}
