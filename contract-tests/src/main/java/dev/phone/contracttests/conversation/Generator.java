// SPDX-License-Identifier: Apache-2.0
package dev.phone.contracttests.conversation;

import dev.phone.api.Operation;
import dev.phone.contracttests.contract.TheContract;
import dev.phone.contracttests.trace.Step;
import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * Generates a conversation from the contract, turn by turn: any implemented operation, with a body that matches its schema, about resources from
 * earlier turns. Most turns are valid; some are mutated. The same seed generates the same conversation as long as the responses are the same.
 */
final class Generator {
    private static final List<Operation> OPERATIONS = TheContract.CONTRACT.operations().stream().filter(TheContract::isBuilt).toList();
    private static final List<String> NAMES = List.of("Checkout", "A", "  padded  ", "  " + "x".repeat(79) + "  ", "a\u202eb", "a\tb", "Ünïcode 👍", "東京", "x".repeat(80), "x".repeat(81), "", "   ",
            "tab\there", "ع", "a\u202Eb", "zero\u200Bwidth");
    private static final List<String> TEST_NUMBERS = List.of("+999 000 000 001", "+999 000 000 410", "+999 000 000 429", "+999 000 000 500",
            "+999 000 000 005", "+999 000 000 123");
    /** The accepted ones are not resolvable, so that attempts fail immediately, in the same way. */
    private static final List<String> URLS = List.of("http://hooks.example.com/", "https://user@hooks.example.com/", "ftp://hooks.example.com/", "https://", "hooks.example.com",
            "https://hooks.example.com/" + "x".repeat(2_048), "https://a.test:8443/x?y=1#z", "https://example.org", "https://hooks.example.com/phone");
    private static final int USERS = 2;
    private static final int NUMBERS = 4;

    /** A resource from an earlier turn. @param user its owner @param application null if it belongs to none */
    private record Found(String id, int user, Application application, String phoneNumber) {
    }

    /** The credentials of an application, by header, as placeholders. */
    private record Application(int user, Map<String, String> credentials) {
    }

    private final Random random;
    private final Map<String, List<Found>> found = new HashMap<>();
    private final List<Turn> repeatable = new ArrayList<>();
    /** The callers, by the number of the turn. */
    private final Map<Integer, Found> callers = new HashMap<>();
    private final Deque<Operation> planned = new ArrayDeque<>();
    private final Map<String, String> codes = new HashMap<>();
    private String number;

    Generator(long seed) {
        random = new Random(seed);
        plan("createProject", "createApplication", "claimNumber", "sendOtp", "listMessages", "verifyOtp");
    }

    private void plan(String... operations) {
        for (String operation : operations) {
            planned.add(TheContract.operation(operation));
        }
    }

    /** @param turn its number */
    Turn next(int turn) {
        if (planned.isEmpty() && chance(12)) {
            plan("sendOtp", "listMessages", "verifyOtp");
        }
        if (planned.isEmpty() && chance(8)) {
            plan("createWebhook", "sendOtp", "listDeliveries");
        }
        if (planned.isEmpty() && !repeatable.isEmpty() && chance(6)) {
            Turn again = any(repeatable);
            return new Turn(turn, pause(), again.method(), again.target(), again.headers(), chance(70) ? again.body() : bent(again.body()));
        }
        boolean meant = !planned.isEmpty();
        return turn(turn, meant ? planned.poll() : any(OPERATIONS), meant);
    }

    /** @param step the result of the turn */
    void seen(Turn turn, Step step) {
        if (step == null || step.status() >= 300 || step.body().isEmpty()) {
            return;
        }
        Found caller = callers.get(turn.number());
        String reference = "${" + turn.number() + ":/data/";
        if (caller == null) {
            return;
        }
        if (step.body().contains("\"credentials\"")) {
            Map<String, String> credentials = new TreeMap<>();
            Map.of("clientId", "x-client-id", "clientSecret", "x-client-secret", "apiKey", "x-api-key").forEach((member, header) ->
                    credentials.put(header, reference + "credentials/" + member + "}"));
            if (turn.target().endsWith("/rotate")) {
                found("app").stream().filter(app -> turn.target().contains(app.id)).findFirst().ifPresent(app -> {
                    String rotated = turn.body().contains("apiKey") ? "x-api-key" : "x-client-secret";
                    Map<String, String> both = new TreeMap<>(app.application.credentials);
                    both.put(rotated, credentials.get(rotated));
                    found("app").add(new Found(app.id, app.user, new Application(app.user, both), null));
                });
            } else {
                found("app").add(new Found(reference + "id}", caller.user, new Application(caller.user, credentials), null));
            }
        } else if (step.body().startsWith("{\"data\":{\"id\":\"prj_")) {
            found("prj").add(new Found(reference + "id}", caller.user, null, null));
        } else if (step.status() == 201 && step.body().startsWith("{\"data\":{\"id\":\"whk_")) {
            found("whk").add(new Found(reference + "id}", caller.user, null, null));
        } else if (turn.target().endsWith("/test") && step.status() == 202) {
            found("dlv").add(new Found(reference + "id}", caller.user, null, null));
        } else if (turn.target().contains("/deliveries") && step.body().startsWith("{\"data\":[{\"id\":\"dlv_")) {
            found("dlv").add(new Found(reference + "0/id}", caller.user, null, null));
        } else if (step.status() == 201 && step.body().startsWith("{\"data\":{\"id\":\"otp_")) {
            found("otp").add(new Found(reference + "id}", caller.user, caller.application, number));
        } else if (turn.target().endsWith("/messages") && step.body().contains("\"code\"")) {
            codes.put(turn.target(), reference + "0/code}");
        } else if (step.body().contains("\"nextCursor\":\"")) {
            found("cursor " + turn.target().replaceAll("\\?.*", "")).add(new Found("${" + turn.number() + ":/meta/nextCursor}", caller.user, null, null));
        }
    }

    private Turn turn(int turn, Operation operation, boolean meant) {
        Found about = about(operation);
        Found caller = meant || chance(92) ? about : any(found("app"));
        Map<String, String> headers = new TreeMap<>();
        switch (operation.auth()) {
            case BEARER -> headers.put("authorization", "Bearer dev_${user:" + (meant || chance(90) ? caller == null ? 0 : caller.user
                    : random.nextInt(USERS)) + "}");
            case TRIPLE, API_KEY -> {
                Found app = caller != null && caller.application != null ? caller : any(found("app"));
                if (app != null) {
                    app.application.credentials.forEach((name, value) -> {
                        if (operation.auth() == Operation.Auth.TRIPLE || name.equals("x-api-key")) {
                            headers.put(name, value);
                        }
                    });
                    caller = app;
                }
            }
            default -> {
            }
        }
        if (!meant && chance(2) && !headers.isEmpty()) {
            headers.remove(headers.keySet().iterator().next());
        }
        callers.put(turn, caller == null ? new Found(null, 0, null, null) : caller);
        number = number(meant);
        String target = target(operation, about, meant);
        String body = null;
        JsonObject described = described(operation);
        if (described.containsKey("requestBody")) {
            JsonObject schema = described.getJsonObject("requestBody").getJsonObject("content").getJsonObject("application/json").getJsonObject("schema");
            body = value(null, schema, about, meant).toString();
            if (!meant && chance(10)) {
                body = bent(body);
            }
            headers.put("content-type", "application/json");
        }
        if (operation.idempotent() && !meant && chance(35)) {
            headers.put("idempotency-key", "k" + random.nextInt(3));
        }
        Turn made = new Turn(turn, pause(), operation.method(), target, headers, body);
        if (headers.containsKey("idempotency-key")) {
            repeatable.add(made);
        }
        return made;
    }

    private static JsonObject described(Operation operation) {
        return TheContract.CONTRACT.json().getJsonObject("paths").getJsonObject(operation.path())
                .getJsonObject(operation.method().toLowerCase(Locale.ROOT));
    }

    /** A resource for the operation, of the type in its path or body. */
    private Found about(Operation operation) {
        String path = operation.path();
        String type = path.contains("{webhookId}") ? "whk" : path.contains("{deliveryId}") ? "dlv" : path.contains("{applicationId}") ? "app" : path.contains("{projectId}") ? "prj"
                : path.contains("otp") && !path.endsWith("/send") ? "otp" : path.contains("projects") || path.contains("numbers") ? null : "app";
        if (type == null) {
            return new Found(null, planned.isEmpty() ? random.nextInt(USERS) : 0, null, null);
        }
        return any(found(type));
    }

    private String target(Operation operation, Found about, boolean meant) {
        String path = operation.path();
        int brace = path.indexOf('{');
        if (brace >= 0) {
            String name = path.substring(brace + 1, path.indexOf('}'));
            String value = name.equals("phoneNumber") ? (chance(50) ? "+" : "%2B") + "${digits:" + numberIndex() + "}"
                    : about == null || !meant && chance(4) ? id(name) : about.id;
            path = path.replace("{" + name + "}", value);
        }
        List<String> query = new ArrayList<>();
        for (Operation.Parameter parameter : operation.parameters()) {
            if (parameter.in() == Operation.Place.QUERY && !meant && chance(30)) {
                query.add(parameter.name() + "=" + switch (parameter.name()) {
                    case "limit" -> any(List.of("1", "2", "3", "100", "0", "101", "x", "-1", "1.0", "", "007"));
                    case "cursor" -> {
                        Found cursor = any(found("cursor " + path));
                        yield cursor == null ? "tampered" : cursor.id;
                    }
                    case "phoneNumber" -> "%2B${digits:" + random.nextInt(NUMBERS) + "}";
                    case "status" -> any(List.of("pending", "verified", "failed", "expired", "cancelled", "superseded", "Pending", "delivered"));
                    default -> "1";
                });
            }
        }
        return path + (query.isEmpty() ? "" : "?" + String.join("&", query));
    }

    private String id(String parameter) {
        String prefix = parameter.startsWith("project") ? "prj" : parameter.startsWith("app") ? "app" : parameter.startsWith("webhook") ? "whk"
                : parameter.startsWith("delivery") ? "dlv" : "otp";
        return any(List.of(prefix + "_01kdvdna00s941ft7ckfmdrvsd", prefix + "_1", "prj_01kdvdna00s941ft7ckfmdrvsd", "%20"));
    }

    private String number(boolean meant) {
        return !meant && chance(20) ? any(TEST_NUMBERS) : "${number:" + (meant ? 0 : random.nextInt(NUMBERS)) + "}";
    }

    private String numberIndex() {
        return number.startsWith("${") ? number.replaceAll("\\D", "") : "0";
    }

    /** A value of a schema; named schemas mean more than their keywords. */
    private JsonValue value(String property, JsonObject schema, Found about, boolean meant) {
        String reference = schema.getString("$ref", "").replaceAll(".*/", "");
        switch (reference) {
            case "Name" -> {
                return Json.createValue(meant ? "Shop" : any(NAMES));
            }
            case "ProjectId", "ApplicationId", "OtpRequestId" -> {
                String type = reference.equals("ProjectId") ? "prj" : reference.equals("ApplicationId") ? "app" : "otp";
                Found chosen = about != null && about.id != null && type.equals("otp") && about.phoneNumber != null ? about : any(found(type));
                return Json.createValue(chosen == null || !meant && chance(5) ? id(reference.toLowerCase(Locale.ROOT)) : chosen.id);
            }
            case "WebhookUrl" -> {
                return Json.createValue(meant ? URLS.getLast() : any(URLS));
            }
            case "PhoneNumber" -> {
                return Json.createValue(chance(80) || !number.startsWith("${") ? number : number.replace("${number", "+${digits"));
            }
            case "OtpCode" -> {
                String code = codes.isEmpty() || chance(5) ? "123456" : any(List.copyOf(codes.values()));
                return Json.createValue(code.startsWith("${") && !meant && chance(50) ? code.replace("}", "~}") : code);
            }
            default -> {
            }
        }
        JsonObject resolved = TheContract.CONTRACT.resolve(schema);
        if (resolved.get("enum") instanceof JsonArray values) {
            return meant ? values.getFirst() : values.get(random.nextInt(values.size()));
        }
        return switch (resolved.getString("type", "string")) {
            case "object" -> {
                JsonObjectBuilder object = Json.createObjectBuilder();
                JsonArray required = resolved.containsKey("required") ? resolved.getJsonArray("required") : JsonValue.EMPTY_JSON_ARRAY;
                if (resolved.containsKey("properties")) {
                    resolved.getJsonObject("properties").forEach((name, each) -> {
                        if (required.contains(Json.createValue(name)) || !meant && chance(40)) {
                            object.add(name, value(name, each.asJsonObject(), about, meant));
                        }
                    });
                } else if (chance(70)) {
                    object.add(any(List.of("orderId", "ü", "", "a/b~c")), any(List.of("1", "", "👍", "x".repeat(500), "x".repeat(501))));
                }
                yield object.build();
            }
            case "array" -> {
                JsonArrayBuilder array = Json.createArrayBuilder();
                int size = meant ? 1 : any(List.of(0, 2, 3, 1, 1));
                for (int i = 0; i < size; i++) {
                    array.add(value(null, resolved.getJsonObject("items"), about, meant));
                }
                yield array.build();
            }
            case "integer" -> Json.createValue(any(List.of(resolved.getInt("minimum", 0), resolved.getInt("minimum", 0) - 1,
                    resolved.getInt("maximum", 100), resolved.getInt("maximum", 100) + 1, 60)));
            default -> Json.createValue(property == null ? "x" : property);
        };
    }

    /** The JSON with one mutation. */
    private String bent(String body) {
        if (body == null) {
            return null;
        }
        return switch (random.nextInt(6)) {
            case 0 -> body.substring(0, body.length() - 1);
            case 1 -> body.replaceFirst("\"[^\"]*\":", "\"unknown\":");
            case 2 -> body.replaceFirst(":\"[^\"]*\"", any(List.of(":1", ":null", ":[]", ":{}", ":true", ":\"\"")));
            case 3 -> body.replaceFirst("^\\{", "{ \"extra\": 1, ");
            case 4 -> body.replace(":", " : ").replace(" : /", ":/").replace(" : 0}", ":0}");
            default -> any(List.of("", "[]", "null", "\"x\"", "{}"));
        };
    }

    private Duration pause() {
        int kind = random.nextInt(100);
        return kind < 70 ? Duration.ZERO : kind < 82 ? Duration.ofMillis(1 + random.nextInt(2_000)) : kind < 95 ? Duration.ofSeconds(1 + random.nextInt(400))
                : kind < 99 ? Duration.ofMinutes(30 + random.nextInt(1_500)) : Duration.ofDays(30);
    }

    private List<Found> found(String type) {
        return found.computeIfAbsent(type, key -> new ArrayList<>());
    }

    private boolean chance(int percent) {
        return random.nextInt(100) < percent;
    }

    /** A random item, more likely a later one; null if the list is empty. */
    private <T> T any(List<T> list) {
        if (list.isEmpty()) {
            return null;
        }
        return list.get(list.size() - 1 - (int) (list.size() * random.nextDouble() * random.nextDouble()));
    }
}
