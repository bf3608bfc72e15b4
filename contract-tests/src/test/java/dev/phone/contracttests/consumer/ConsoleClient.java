// SPDX-License-Identifier: Apache-2.0
package dev.phone.contracttests.consumer;

import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** The part of the console's frontend that talks to the API: what a signed-in user sees and does. It keeps what its pages show. */
final class ConsoleClient {

    record Project(String id, String name) {
    }

    record Application(String id, String name, String environment, boolean suspended, String clientId, String clientSecretPreview) {
    }

    /** Shown once, so that the user can copy them. */
    record Credentials(String clientId, String clientSecret, String apiKey) {
    }

    record Message(String applicationName, String code, Instant expiresAt) {
    }

    record Webhook(String id, String url, List<String> events, String status) {
    }

    record Delivery(String id, String eventType, String status, List<String> errors) {
    }

    record Totals(int sent, int verified, int failed) {
    }

    private final PhoneApi api;

    ConsoleClient(URI url, String idToken) {
        this.api = new PhoneApi(url, Map.of("authorization", "Bearer " + idToken));
    }

    List<Project> projects() {
        return list(api.get("/v1/projects")).stream().map(ConsoleClient::project).toList();
    }

    Project createProject(String name) {
        return project(api.send("POST", "/v1/projects", name(name)).getJsonObject("data"));
    }

    Project renameProject(String id, String name) {
        return project(api.send("PATCH", "/v1/projects/" + id, name(name)).getJsonObject("data"));
    }

    /** @throws PhoneApi.Conflict if it has applications */
    void deleteProject(String id) {
        api.send("DELETE", "/v1/projects/" + id, null);
    }

    List<Application> applications(String projectId) {
        return list(api.get("/v1/projects/" + projectId + "/applications")).stream().map(ConsoleClient::application).toList();
    }

    Application application(String id) {
        return application(api.get("/v1/applications/" + id).getJsonObject("data"));
    }

    Credentials createApplication(String projectId, String name, String environment) {
        JsonObject body = Json.createObjectBuilder(name(name)).add("environment", environment).build();
        return credentials(api.send("POST", "/v1/projects/" + projectId + "/applications", body).getJsonObject("data"));
    }

    Application suspend(String applicationId) {
        return application(api.send("PATCH", "/v1/applications/" + applicationId, body("status", "suspended")).getJsonObject("data"));
    }

    /** @return the new secret. The old one ends at once */
    String replaceClientSecret(String applicationId) {
        return api.send("POST", "/v1/applications/" + applicationId + "/rotate", body("credential", "clientSecret")).getJsonObject("data")
                .getJsonObject("credentials").getString("clientSecret");
    }

    String claimNumber(String phoneNumber) {
        return api.send("POST", "/v1/numbers", body("phoneNumber", phoneNumber)).getJsonObject("data").getString("phoneNumber");
    }

    List<Message> inbox(String phoneNumber) {
        String encoded = URLEncoder.encode(phoneNumber.replace(" ", ""), StandardCharsets.UTF_8);
        return list(api.get("/v1/numbers/" + encoded + "/messages")).stream().map(message -> new Message(
                message.getString("applicationName"), message.getString("code"), Instant.parse(message.getString("expiresAt")))).toList();
    }

    List<Webhook> webhooks(String applicationId) {
        return list(api.get("/v1/applications/" + applicationId + "/webhooks")).stream().map(ConsoleClient::webhook).toList();
    }

    /** @return the secret that signs its events, shown once */
    String addWebhook(String applicationId, String url, String... events) {
        JsonArrayBuilder types = Json.createArrayBuilder();
        List.of(events).forEach(types::add);
        JsonObject body = Json.createObjectBuilder().add("url", url).add("events", types).build();
        return api.send("POST", "/v1/applications/" + applicationId + "/webhooks", body).getJsonObject("data").getString("secret");
    }

    void testWebhook(String webhookId) {
        api.send("POST", "/v1/webhooks/" + webhookId + "/test", null);
    }

    List<Delivery> deliveries(String webhookId) {
        return list(api.get("/v1/webhooks/" + webhookId + "/deliveries")).stream().map(ConsoleClient::delivery).toList();
    }

    Delivery deliverAgain(String deliveryId) {
        return delivery(api.send("POST", "/v1/deliveries/" + deliveryId + "/redeliver", null).getJsonObject("data"));
    }

    Totals totals(String applicationId) {
        JsonObject totals = api.get("/v1/applications/" + applicationId + "/analytics?interval=day").getJsonObject("data").getJsonObject("totals");
        return new Totals(totals.getInt("sent"), totals.getInt("verified"), totals.getInt("failed"));
    }

    private static List<JsonObject> list(JsonObject answer) {
        return answer.getJsonArray("data").getValuesAs(JsonObject.class);
    }

    private static JsonObject name(String name) {
        return body("name", name);
    }

    private static JsonObject body(String key, String value) {
        return Json.createObjectBuilder().add(key, value).build();
    }

    private static Project project(JsonObject json) {
        return new Project(json.getString("id"), json.getString("name"));
    }

    private static Application application(JsonObject json) {
        return new Application(json.getString("id"), json.getString("name"), json.getString("environment"),
                json.getString("status").equals("suspended"), json.getString("clientId"), json.getString("clientSecretPreview"));
    }

    private static Credentials credentials(JsonObject application) {
        JsonObject json = application.getJsonObject("credentials");
        return new Credentials(json.getString("clientId"), json.getString("clientSecret"), json.getString("apiKey"));
    }

    private static Webhook webhook(JsonObject json) {
        return new Webhook(json.getString("id"), json.getString("url"),
                json.getJsonArray("events").getValuesAs(JsonString.class).stream().map(JsonString::getString).toList(), json.getString("status"));
    }

    private static Delivery delivery(JsonObject json) {
        return new Delivery(json.getString("id"), json.getString("eventType"), json.getString("status"),
                json.getJsonArray("attempts").getValuesAs(JsonObject.class).stream()
                        .filter(attempt -> !attempt.isNull("error")).map(attempt -> attempt.getString("error")).toList());
    }
}
