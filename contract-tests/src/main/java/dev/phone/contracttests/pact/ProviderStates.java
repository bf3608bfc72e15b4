// SPDX-License-Identifier: Apache-2.0
package dev.phone.contracttests.pact;

import dev.phone.api.Operation;
import dev.phone.contracttests.contract.TheContract;
import dev.phone.contracttests.target.Target;
import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The provider states, by name. A state is set up only over HTTP and with the target's clock, so that it is the same on every target. It starts from
 * the demo world, whose values come from the contract. contract-tests/pacts/README.md lists the states with their parameters and values.
 */
public final class ProviderStates {

    private interface State {
        Map<String, Object> set(ProviderStates states);
    }

    private static final Map<String, State> STATES = states();
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final Target target;
    private final String name;
    private final Map<String, ?> parameters;

    private ProviderStates(Target target, String name, Map<String, ?> parameters) {
        this.target = target;
        this.name = name;
        this.parameters = parameters;
    }

    private static Map<String, State> states() {
        Map<String, State> states = new LinkedHashMap<>();
        states.put("the demo world", ProviderStates::demoWorld);
        states.put("a project with applications", ProviderStates::projectWithApplications);
        states.put("a project without applications", ProviderStates::project);
        states.put("an application", ProviderStates::application);
        states.put("a suspended application", ProviderStates::suspendedApplication);
        states.put("a pending OTP", ProviderStates::pendingOtp);
        states.put("an OTP with attempts left", ProviderStates::otpWithAttemptsLeft);
        states.put("a verified OTP", ProviderStates::verifiedOtp);
        states.put("an expired OTP", ProviderStates::expiredOtp);
        states.put("a cancelled OTP", ProviderStates::cancelledOtp);
        states.put("a superseded OTP", ProviderStates::supersededOtp);
        states.put("a claimed number", ProviderStates::claimedNumber);
        states.put("a message in the inbox", ProviderStates::pendingOtp);
        states.put("a webhook", ProviderStates::webhook);
        states.put("a webhook with a failed delivery", ProviderStates::failedDelivery);
        states.put("the limit is spent", ProviderStates::spentLimit);
        states.put("time has passed", ProviderStates::time);
        return Collections.unmodifiableMap(states);
    }

    /** The names of all states. */
    public static Set<String> names() {
        return STATES.keySet();
    }

    /** Whether any of these states needs a target with limits. */
    public static boolean needLimits(Collection<String> names) {
        return names.contains("the limit is spent");
    }

    /**
     * Brings a target into a state, keeping its current data. To start from the demo world, reset the target first.
     *
     * @param params the parameters of the state; all are optional
     * @return the values that requests and responses of a pact may refer to, such as {@code otpRequestId} and {@code code}
     * @throws UnknownState if there is no such state; the message lists the known states and suggests the nearest
     * @throws IllegalArgumentException if a parameter is unknown or its value is invalid
     * @throws IllegalStateException if the target answers unexpectedly
     */
    public static Map<String, Object> set(Target target, String name, Map<String, ?> params) {
        State state = STATES.get(name);
        if (state == null) {
            throw new UnknownState(name, names());
        }
        return state.set(new ProviderStates(target, name, params));
    }

    /** Sends a test event to one of Alice's webhooks. */
    static void testWebhook(Target target, String webhookId) {
        new ProviderStates(target, "a tested webhook", Map.of()).ask("alice", "POST", "/v1/webhooks/" + webhookId + "/test", null,
                TheContract.operation("testWebhook").status());
    }

    // The states

    private Map<String, Object> demoWorld() {
        accept();
        JsonObject webhook = webhookOfTheDemoWorld();
        JsonObject otp = pendingOtpOf("app", alicesNumber());
        JsonObject others = value(application("bobApp"));
        Map<String, Object> values = caller("app");
        values.put("projectId", value(application("app")).getString("projectId"));
        values.put("phoneNumber", alicesNumber());
        values.put("encodedPhoneNumber", encoded(alicesNumber()));
        values.put("otpRequestId", value(otp).getString("id"));
        values.put("code", otp.getString("code"));
        values.put("wrongCode", wrong(otp.getString("code")));
        values.put("webhookId", value(webhook).getString("id"));
        values.put("webhookSecret", webhook.getString("secret"));
        values.put("otherProjectId", others.getString("projectId"));
        values.put("otherApplicationId", others.getString("id"));
        values.put("otherOtpRequestId", value(pendingOtpOf("bobApp", null)).getString("id"));
        return values;
    }

    private Map<String, Object> projectWithApplications() {
        accept("name", "applications");
        String project = createProject();
        int count = number("applications", 2);
        if (count < 1) {
            throw new IllegalArgumentException(name + ": applications must be at least 1");
        }
        Map<String, Object> values = Map.of();
        for (int i = 1; i <= count; i++) {
            values = createApplication(project, "Application " + i, "test");
        }
        return values;
    }

    private Map<String, Object> project() {
        accept("name");
        Map<String, Object> values = console();
        values.put("projectId", createProject());
        return values;
    }

    private Map<String, Object> application() {
        accept("name", "environment");
        return createApplication(value(application("app")).getString("projectId"), text("name", "An application"), text("environment", "test"));
    }

    private Map<String, Object> suspendedApplication() {
        accept("name");
        Map<String, Object> values = createApplication(value(application("app")).getString("projectId"), text("name", "A suspended application"), "test");
        ask("alice", "PATCH", "/v1/applications/" + values.get("applicationId"), object("status", "suspended"), 200);
        return values;
    }

    private Map<String, Object> pendingOtp() {
        accept("phoneNumber");
        return send();
    }

    private Map<String, Object> otpWithAttemptsLeft() {
        accept("phoneNumber", "attempts");
        Map<String, Object> values = send();
        JsonObject otp = otp(values);
        int attempts = number("attempts", 1);
        int all = otp.getInt("attemptsRemaining");
        if (attempts < 0 || attempts > all) {
            throw new IllegalArgumentException(name + ": attempts must be from 0 to " + all + ", not " + attempts);
        }
        for (int i = attempts; i < all; i++) {
            ask("app", "POST", "/v1/otp/verify", verification(values, "wrongCode"), 422);
        }
        return values;
    }

    private Map<String, Object> verifiedOtp() {
        accept("phoneNumber");
        Map<String, Object> values = send();
        ask("app", "POST", "/v1/otp/verify", verification(values, "code"), 200);
        return values;
    }

    private Map<String, Object> expiredOtp() {
        accept("phoneNumber");
        Map<String, Object> values = send();
        JsonObject otp = otp(values);
        target.advance(Duration.between(Instant.parse(otp.getString("createdAt")), Instant.parse(otp.getString("expiresAt"))));
        return values;
    }

    private Map<String, Object> cancelledOtp() {
        accept("phoneNumber");
        Map<String, Object> values = send();
        ask("app", "POST", "/v1/otp/cancel", object("otpRequestId", values.get("otpRequestId")), 200);
        return values;
    }

    private Map<String, Object> supersededOtp() {
        accept("phoneNumber");
        Map<String, Object> values = send();
        Map<String, Object> newer = send();
        values.put("newerOtpRequestId", newer.get("otpRequestId"));
        return values;
    }

    private Map<String, Object> claimedNumber() {
        accept("phoneNumber");
        Map<String, Object> values = console();
        String number = ask("alice", "POST", "/v1/numbers", object("phoneNumber", text("phoneNumber", "+999 700 100 300")), 201).getString("phoneNumber");
        values.put("phoneNumber", number);
        values.put("encodedPhoneNumber", encoded(number));
        return values;
    }

    private Map<String, Object> webhook() {
        accept("url", "events");
        Map<String, Object> values = caller("app");
        JsonArrayBuilder events = Json.createArrayBuilder();
        if (parameters.get("events") instanceof Collection<?> given) {
            given.forEach(event -> events.add(String.valueOf(event)));
        } else {
            TheContract.CONTRACT.json().getJsonObject("components").getJsonObject("schemas").getJsonObject("SubscribableEvent")
                    .getJsonArray("enum").forEach(events::add);
        }
        String url = text("url", value(webhookOfTheDemoWorld()).getString("url"));
        JsonObject created = ask("alice", "POST", "/v1/applications/" + applicationId("app") + "/webhooks",
                Json.createObjectBuilder().add("url", url).add("events", events).build(), 201);
        values.put("webhookId", created.getString("id"));
        values.put("webhookSecret", created.getString("secret"));
        return values;
    }

    /** Taken from the demo world, because a real failure takes eight attempts in 28 hours. */
    private Map<String, Object> failedDelivery() {
        accept();
        String webhook = value(webhookOfTheDemoWorld()).getString("id");
        JsonObject delivery = world("deliveries").stream().map(ProviderStates::value)
                .filter(kept -> is(kept, "webhookId", webhook) && is(kept, "status", "failed")).findFirst().orElseThrow();
        Map<String, Object> values = caller("app");
        values.put("webhookId", webhook);
        values.put("deliveryId", delivery.getString("id"));
        return values;
    }

    /**
     * Spends the limit of an operation, or, if it has none, the limit of all requests. It does so with requests that are refused (401 or 422),
     * because these count and change nothing else.
     */
    private Map<String, Object> spentLimit() {
        accept("operation");
        String id = text("operation", "sendOtp");
        Operation operation = TheContract.CONTRACT.operations().stream().filter(one -> one.id().equals(id)).findFirst()
                .orElseThrow(() -> new IllegalArgumentException(name + ": there is no operation " + id));
        JsonObject all = TheContract.CONTRACT.json().getJsonObject("x-rate-limit");
        Operation.RateLimit own = operation.rateLimit();
        String spent = '"' + (own == null ? all.getString("name") : own.name()) + "\";r=0";
        String path = operation.path().replace("{binId}", value(world("bins").getFirst()).getString("id"));
        HttpResponse<String> response = null;
        for (int i = own == null ? all.getInt("limit") : own.limit(); i > 0 && !isSpent(response, spent); i--) {
            response = own == null ? exchange("nobody", "GET", "/v1/projects", null) : exchange("app", operation.method(), path, "{");
        }
        if (!isSpent(response, spent)) {
            throw new IllegalStateException("the provider state '" + name + "' cannot be set on the " + target.name() + ": are its limits off?");
        }
        return caller("app");
    }

    private static boolean isSpent(HttpResponse<String> response, String spent) {
        return response != null && response.headers().firstValue("RateLimit").orElse("").contains(spent);
    }

    private Map<String, Object> time() {
        accept("seconds");
        target.advance(Duration.ofSeconds(number("seconds", 60)));
        return Map.of();
    }

    // Steps of states

    private String createProject() {
        return ask("alice", "POST", "/v1/projects", object("name", text("name", "A project")), 201).getString("id");
    }

    private Map<String, Object> createApplication(String project, String name, String environment) {
        JsonObject created = ask("alice", "POST", "/v1/projects/" + project + "/applications",
                Json.createObjectBuilder().add("name", name).add("environment", environment).build(), 201);
        Map<String, Object> values = console();
        values.put("projectId", project);
        values.put("applicationId", created.getString("id"));
        created.getJsonObject("credentials").forEach((key, value) -> values.put(key, ((JsonString) value).getString()));
        return values;
    }

    private Map<String, Object> send() {
        String number = text("phoneNumber", alicesNumber());
        Optional<String> owner = ownerOfTheInbox(number);
        JsonObject otp = ask("app", "POST", "/v1/otp/send", object("phoneNumber", number), 201);
        Map<String, Object> values = caller("app");
        values.put("otpRequestId", otp.getString("id"));
        values.put("phoneNumber", otp.getString("phoneNumber"));
        values.put("encodedPhoneNumber", encoded(otp.getString("phoneNumber")));
        code(owner, otp.getString("phoneNumber")).ifPresent(code -> {
            values.put("code", code);
            values.put("wrongCode", wrong(code));
        });
        return values;
    }

    private static String wrong(String code) {
        return (code.startsWith("0") ? "1" : "0") + code.substring(1);
    }

    /** Only the owner of a number can read its codes, so Alice claims a free number. */
    private Optional<String> ownerOfTheInbox(String number) {
        Optional<String> owner = world("claimedNumbers").stream()
                .filter(kept -> is(value(kept), "phoneNumber", number) || value(kept).getString("phoneNumber").replace(" ", "").equals(number))
                .map(kept -> kept.getString("user")).findFirst();
        if (owner.isPresent()) {
            return owner;
        }
        int status = exchange("alice", "POST", "/v1/numbers", object("phoneNumber", number).toString()).statusCode();
        return status == 201 || status == 409 ? Optional.of("alice") : Optional.empty();
    }

    private Optional<String> code(Optional<String> owner, String number) {
        if (owner.isEmpty()) {
            // A test number, whose code is always the same.
            return world("otpRequests").stream().filter(kept -> is(value(kept), "phoneNumber", number)).map(kept -> kept.getString("code")).findFirst();
        }
        String path = "/v1/numbers/" + encoded(number) + "/messages";
        HttpResponse<String> inbox = exchange(owner.get(), "GET", path, null);
        if (inbox.statusCode() != 200) {
            throw unexpected("GET " + path, inbox, 200);
        }
        return json(inbox).getJsonArray("data").getValuesAs(JsonObject.class).stream().map(message -> message.getString("code")).findFirst();
    }

    private JsonObject otp(Map<String, Object> values) {
        String path = "/v1/otp/" + values.get("otpRequestId");
        return ask("app", "GET", path, null, 200);
    }

    private static JsonObject verification(Map<String, Object> values, String code) {
        if (!values.containsKey(code)) {
            throw new IllegalArgumentException("no one can read the codes that are sent to " + values.get("phoneNumber") + "; use a free number");
        }
        return Json.createObjectBuilder().add("otpRequestId", (String) values.get("otpRequestId")).add("code", (String) values.get(code)).build();
    }

    // The demo world

    private static JsonObject demo() {
        return TheContract.CONTRACT.json().getJsonObject("x-demo-world");
    }

    private static List<JsonObject> world(String kind) {
        return demo().getJsonArray(kind).getValuesAs(JsonObject.class);
    }

    private static JsonObject value(JsonObject kept) {
        return kept.getJsonObject("value");
    }

    private static boolean is(JsonObject object, String key, String value) {
        return object.getString(key).equals(value);
    }

    private static JsonObject application(String credentials) {
        return world("applications").stream().filter(kept -> is(kept, "credentials", credentials)).findFirst().orElseThrow();
    }

    private static String applicationId(String credentials) {
        return value(application(credentials)).getString("id");
    }

    private static String alicesNumber() {
        return value(world("claimedNumbers").stream().filter(kept -> is(kept, "user", "alice")).findFirst().orElseThrow()).getString("phoneNumber");
    }

    /** @param number null for any */
    private static JsonObject pendingOtpOf(String credentials, String number) {
        return world("otpRequests").stream().filter(kept -> is(value(kept), "applicationId", applicationId(credentials))
                && is(value(kept), "status", "pending") && (number == null || is(value(kept), "phoneNumber", number))).findFirst().orElseThrow();
    }

    private static JsonObject webhookOfTheDemoWorld() {
        return world("webhooks").stream().filter(kept -> is(value(kept), "applicationId", applicationId("app"))).findFirst().orElseThrow();
    }

    /** The credentials of Alice's console. */
    private Map<String, Object> console() {
        Map<String, Object> values = new LinkedHashMap<>();
        String authorization = headers("alice").get("authorization");
        values.put("authorization", authorization);
        values.put("token", authorization.substring("Bearer ".length()));
        return values;
    }

    /** The credentials of Alice's console and of one of her applications. */
    private Map<String, Object> caller(String credentials) {
        Map<String, Object> values = console();
        Map<String, String> headers = headers(credentials);
        values.put("applicationId", applicationId(credentials));
        values.put("clientId", headers.get("x-client-id"));
        values.put("clientSecret", headers.get("x-client-secret"));
        values.put("apiKey", headers.get("x-api-key"));
        return values;
    }

    private Map<String, String> headers(String credentials) {
        Map<String, String> headers = new LinkedHashMap<>();
        demo().getJsonObject("credentials").getJsonObject(credentials).forEach((header, value) -> {
            String text = ((JsonString) value).getString();
            headers.put(header, header.equals("authorization") ? target.authorization(text) : text);
        });
        return headers;
    }

    // Parameters

    private void accept(String... known) {
        parameters.keySet().forEach(parameter -> {
            if (!List.of(known).contains(parameter)) {
                throw new IllegalArgumentException("the provider state '" + name + "' has no parameter '" + parameter + "'"
                        + (known.length == 0 ? "; it has none" : "; it has: " + String.join(", ", known)));
            }
        });
    }

    private String text(String parameter, String otherwise) {
        Object value = parameters.get(parameter);
        return value == null ? otherwise : String.valueOf(value);
    }

    /** Pact files have numbers as integers, decimals or strings. */
    private int number(String parameter, int otherwise) {
        Object value = parameters.get(parameter);
        try {
            return value == null ? otherwise : new java.math.BigDecimal(String.valueOf(value)).intValueExact();
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException(name + ": " + parameter + " must be a whole number, not " + value, e);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(name + ": " + parameter + " must be a number, not " + value, e);
        }
    }

    // HTTP

    private static JsonObject object(String key, Object value) {
        return Json.createObjectBuilder().add(key, String.valueOf(value)).build();
    }

    private static String encoded(String number) {
        return URLEncoder.encode(number.replace(" ", ""), StandardCharsets.UTF_8);
    }

    /** @param body null for none. @return the value of {@code data}; an empty object for an error */
    private JsonObject ask(String as, String method, String path, JsonObject body, int expected) {
        HttpResponse<String> response = exchange(as, method, path, body == null ? null : body.toString());
        if (response.statusCode() != expected) {
            throw unexpected(method + " " + path, response, expected);
        }
        JsonObject answer = json(response);
        return answer.containsKey("data") ? answer.getJsonObject("data") : JsonValue.EMPTY_JSON_OBJECT;
    }

    private HttpResponse<String> exchange(String as, String method, String path, String body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(target.url() + path)).timeout(Duration.ofSeconds(30))
                .method(method, body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body));
        headers(as).forEach(request::header);
        if (body != null) {
            request.header("content-type", "application/json");
        }
        try {
            return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException("the provider state '" + name + "': " + method + " " + path + " at " + target.name() + " failed", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static JsonObject json(HttpResponse<String> response) {
        try (var reader = Json.createReader(new StringReader(response.body()))) {
            return reader.readObject();
        }
    }

    private IllegalStateException unexpected(String request, HttpResponse<String> response, int expected) {
        return new IllegalStateException("the provider state '" + name + "' cannot be set on the " + target.name() + ": " + request + " answered "
                + response.statusCode() + " instead of " + expected + ": " + response.body());
    }
}
