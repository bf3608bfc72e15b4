// SPDX-License-Identifier: Apache-2.0
package dev.phone.contracttests.trace;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeMap;

/**
 * One request and its response, as they were sent.
 *
 * @param target the path and query
 * @param requestHeaders by lower-case name; several values of one name are joined by a comma
 * @param requestBody null when there was none
 * @param headers by lower-case name, joined likewise
 */
public record Step(String method, String target, Map<String, String> requestHeaders, String requestBody, int status,
        Map<String, String> headers, String body) {

    JsonObject toJson() {
        JsonObjectBuilder json = Json.createObjectBuilder().add("method", method).add("target", target)
                .add("requestHeaders", Json.createObjectBuilder(Map.copyOf(requestHeaders)));
        if (requestBody != null) {
            json.add("requestBody", requestBody);
        }
        return json.add("status", status).add("headers", Json.createObjectBuilder(Map.copyOf(headers))).add("body", body).build();
    }

    static Step of(JsonObject json) {
        return new Step(json.getString("method"), json.getString("target"), map(json.getJsonObject("requestHeaders")),
                json.getString("requestBody", null), json.getInt("status"), map(json.getJsonObject("headers")), json.getString("body"));
    }

    private static Map<String, String> map(JsonObject json) {
        Map<String, String> map = new TreeMap<>();
        for (Map.Entry<String, JsonValue> entry : json.entrySet()) {
            map.put(entry.getKey(), ((JsonString) entry.getValue()).getString());
        }
        return map;
    }

    /** The request as a command that can be pasted into a shell. */
    public String curl(String url) {
        StringJoiner line = new StringJoiner(" ");
        line.add("curl -s -X").add(method).add(quoted(url + target));
        requestHeaders.forEach((name, value) -> line.add("-H").add(quoted(name + ": " + value)));
        if (requestBody != null) {
            line.add("--data-binary").add(quoted(requestBody));
        }
        return line.toString();
    }

    private static String quoted(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }
}
