// SPDX-License-Identifier: Apache-2.0
package dev.phone.contracttests.suite;

import dev.phone.api.Operation;
import dev.phone.contract.Example;
import dev.phone.contracttests.contract.TheContract;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A request of the contract, as data: valid as it comes out of {@link #valid}, and bent from there.
 *
 * @param template the path of the operation
 * @param path the values of the path parameters, encoded
 * @param query {@code name=value} as in the URL
 * @param headers without the content type; a name that is sent twice has two values
 * @param mediaType null when none is sent
 * @param body null when none is sent
 */
record Call(Operation operation, String method, String template, Map<String, String> path, List<String> query,
        Map<String, List<String>> headers, String mediaType, String body) {

    /** The first request that the contract gives as an example of success; for a reserved operation, of being reserved. */
    static Call valid(Operation operation) {
        int wanted = operation.status() == 0 ? 501 : operation.status();
        return of(TheContract.EXAMPLES.stream().filter(example -> example.operation().equals(operation) && example.status() == wanted
                && example.illustrative() == null).findFirst().orElseThrow());
    }

    static Call of(Example example) {
        URI target = URI.create(example.target());
        String[] names = example.operation().path().split("/");
        String[] values = target.getRawPath().split("/");
        Map<String, String> path = new LinkedHashMap<>();
        for (int i = 0; i < names.length; i++) {
            if (names[i].startsWith("{")) {
                path.put(names[i].substring(1, names[i].length() - 1), values[i]);
            }
        }
        Map<String, List<String>> headers = new LinkedHashMap<>();
        example.headers().forEach((name, value) -> headers.put(name, List.of(value)));
        List<String> query = target.getRawQuery() == null ? List.of() : List.of(target.getRawQuery().split("&"));
        return new Call(example.operation(), example.operation().method(), example.operation().path(), path, query, headers,
                example.body() == null ? null : "application/json", example.body() == null ? null : example.body().toString());
    }

    String target() {
        String target = template;
        for (Map.Entry<String, String> value : path.entrySet()) {
            target = target.replace("{" + value.getKey() + "}", value.getValue());
        }
        return target + (query.isEmpty() ? "" : "?" + String.join("&", query));
    }

    /** The same request of whoever has this name in the demo world. */
    Call as(String name) {
        Call call = withoutCredentials();
        for (Map.Entry<String, JsonValue> credential : TheContract.CONTRACT.json().getJsonObject("x-demo-world").getJsonObject("credentials")
                .getJsonObject(name).entrySet()) {
            call = call.header(credential.getKey(), ((JsonString) credential.getValue()).getString());
        }
        return call;
    }

    Call withoutCredentials() {
        Call call = this;
        for (String credential : List.of("authorization", "x-client-id", "x-client-secret", "x-api-key")) {
            call = call.header(credential);
        }
        return call;
    }

    /** With a method that the operation does not have. */
    Call method(String other) {
        return new Call(operation, other, template, path, query, headers, mediaType, body);
    }

    /** With one more segment at the end of the path. */
    Call under(String segment) {
        return new Call(operation, method, template + "/" + segment, path, query, headers, mediaType, body);
    }

    /** @param values none leaves the header out */
    Call header(String name, String... values) {
        Map<String, List<String>> changed = new LinkedHashMap<>(headers);
        changed.remove(name);
        if (values.length > 0) {
            changed.put(name, List.of(values));
        }
        return new Call(operation, method, template, path, query, changed, mediaType, body);
    }

    Call path(String name, String value) {
        Map<String, String> changed = new LinkedHashMap<>(path);
        changed.put(name, encode(value));
        return new Call(operation, method, template, changed, query, headers, mediaType, body);
    }

    /** @param values none leaves the parameter out, two send it twice */
    Call query(String name, String... values) {
        List<String> changed = new ArrayList<>(query);
        changed.removeIf(each -> each.startsWith(name + "="));
        Stream.of(values).forEach(value -> changed.add(name + "=" + encode(value)));
        return new Call(operation, method, template, path, List.copyOf(changed), headers, mediaType, body);
    }

    Call body(JsonValue value) {
        return body("application/json", value.toString());
    }

    Call body(String mediaType, String text) {
        return new Call(operation, method, template, path, query, headers, mediaType, text);
    }

    /** With another value of a parameter, wherever it is sent. */
    Call parameter(JsonObject parameter, String... values) {
        String name = parameter.getString("name");
        return switch (parameter.getString("in")) {
            case "path" -> path(name, values[0]);
            case "query" -> query(name, values);
            default -> header(name, values);
        };
    }

    static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** What the contract says of an operation, as JSON. */
    static JsonObject described(Operation operation) {
        return TheContract.CONTRACT.json().getJsonObject("paths").getJsonObject(operation.path())
                .getJsonObject(operation.method().toLowerCase(Locale.ROOT));
    }

    static List<JsonObject> parameters(Operation operation) {
        JsonValue shared = TheContract.CONTRACT.json().getJsonObject("paths").getJsonObject(operation.path()).get("parameters");
        return Stream.of(shared, described(operation).get("parameters")).filter(JsonArray.class::isInstance)
                .flatMap(array -> array.asJsonArray().stream()).map(TheContract.CONTRACT::resolve).collect(Collectors.toList());
    }

    /** The schema of the request body; null when there is none. */
    static JsonObject bodySchema(Operation operation) {
        JsonValue body = described(operation).get("requestBody");
        return body == null ? null : TheContract.CONTRACT.resolve(TheContract.CONTRACT.resolve(body).getJsonObject("content")
                .getJsonObject("application/json").get("schema"));
    }
}
