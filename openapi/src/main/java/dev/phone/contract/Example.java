// SPDX-License-Identifier: Apache-2.0
package dev.phone.contract;

import dev.phone.api.Codec;
import dev.phone.api.Operation;
import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A named response example, with the request that must produce it in the demo world. This makes the documentation executable.
 *
 * <p>The request of the example N consists of the examples N of the parameters and the body; if a required parameter or the body has no
 * example N, its first example is sent. {@code x-as} names the sender.
 *
 * @param illustrative why no single request can produce it; null if one can
 * @param target path and query, encoded
 * @param headers credentials and header parameters, without content type
 * @param body null for none
 */
public record Example(Operation operation, String name, int status, String illustrative, String target, Map<String, String> headers,
        JsonValue body, JsonObject response) {

    private static final Pattern FRESH = Pattern.compile(
            "(prj|app|whk|otp|evt|dlv|msg|bin|req)_[0-9a-hjkmnp-tv-z]{26}|(ph_(?:test|live)_(?:client|secret|api)|whsec)_(?:[0-9a-f]{48}|[0-9a-f]{4}…[0-9a-f]{4})");
    private static final Pattern INSTANT = Pattern.compile("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(?:\\.\\d+)?Z");
    private static final JsonValue CURSOR = Json.createValue("<cursor>");
    private static final Pattern ORIGIN = Pattern.compile("^http://(?:localhost|127\\.0\\.0\\.1)(?::\\d+)?/");

    /** All examples of all responses, in the order of the contract. */
    public static List<Example> of(Contract contract) {
        List<Example> examples = new ArrayList<>();
        for (Operation operation : contract.operations()) {
            JsonObject item = contract.resolve(contract.json().getJsonObject("paths").get(operation.path()));
            JsonObject described = item.getJsonObject(operation.method().toLowerCase(java.util.Locale.ROOT));
            described.getJsonObject("responses").forEach((status, response) -> content(contract, contract.resolve(response))
                    .forEach((name, example) -> examples.add(of(contract, operation, item, described, name, Integer.parseInt(status),
                            contract.resolve(example)))));
        }
        return examples;
    }

    private static Example of(Contract contract, Operation operation, JsonObject item, JsonObject described, String name, int status,
            JsonObject example) {
        Map<String, String> headers = new LinkedHashMap<>();
        String as = example.getString("x-as", switch (operation.auth()) {
            case BEARER -> "alice";
            case TRIPLE -> "app";
            case API_KEY -> "app";
            case PUBLIC -> "nobody";
        });
        contract.json().getJsonObject("x-demo-world").getJsonObject("credentials").getJsonObject(as).forEach((header, value) -> {
            if (operation.auth() != Operation.Auth.API_KEY || header.equals("x-api-key") || example.containsKey("x-as")) {
                headers.put(header, ((JsonString) value).getString());
            }
        });
        String path = operation.path();
        StringBuilder query = new StringBuilder();
        for (JsonObject holder : List.of(item, described)) {
            for (JsonValue each : holder.get("parameters") instanceof JsonArray array ? array : JsonValue.EMPTY_JSON_ARRAY) {
                JsonObject parameter = contract.resolve(each);
                JsonValue value = named(contract, parameter, name, parameter.getBoolean("required", false));
                if (value != null) {
                    String parameterName = parameter.getString("name");
                    String text = value instanceof JsonString string ? string.getString() : value.toString();
                    switch (parameter.getString("in")) {
                        case "path" -> path = path.replace("{" + parameterName + "}", encode(text));
                        case "query" -> query.append(query.isEmpty() ? '?' : '&').append(encode(parameterName)).append('=').append(encode(text));
                        default -> headers.put(parameterName, text);
                    }
                }
            }
        }
        JsonValue body = null;
        if (described.containsKey("requestBody")) {
            JsonObject requestBody = contract.resolve(described.get("requestBody"));
            body = named(contract, requestBody.getJsonObject("content").getJsonObject("application/json"), name, true);
        }
        return new Example(operation, name, status, example.getString("x-illustrative", null), path + query, headers, body,
                example.getJsonObject("value"));
    }

    private static JsonObject content(Contract contract, JsonObject response) {
        JsonObject mediaType = response.getJsonObject("content").getJsonObject("application/json");
        return mediaType.containsKey("examples") ? mediaType.getJsonObject("examples") : JsonValue.EMPTY_JSON_OBJECT;
    }

    private static JsonValue named(Contract contract, JsonObject holder, String name, boolean orFirst) {
        JsonObject examples = Contract.requestExamples(holder);
        if (examples.isEmpty()) {
            return null;
        }
        JsonValue example = examples.get(name);
        if (example == null && orFirst) {
            example = examples.values().iterator().next();
        }
        return example == null ? null : contract.resolve(example).get("value");
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /**
     * A comparable form of a response: IDs and secrets that are not in the demo world, and cursors, are replaced by placeholders, and our URLs
     * lose their origin. Two responses are equivalent if their comparable forms are equal.
     *
     * @param shift the duration to add to each instant; null to replace instants by a placeholder
     */
    public static JsonValue comparable(Contract contract, JsonValue response, Duration shift) {
        return comparable(known(contract), response, shift);
    }

    private static Set<String> known(Contract contract) {
        Set<String> known = new HashSet<>();
        Matcher matcher = FRESH.matcher(contract.json().get("x-demo-world").toString());
        while (matcher.find()) {
            known.add(matcher.group());
        }
        return known;
    }

    private static JsonValue comparable(Set<String> known, JsonValue value, Duration shift) {
        return switch (value) {
            case JsonObject object -> {
                var builder = Json.createObjectBuilder();
                object.forEach((name, member) -> builder.add(name, name.equals("nextCursor") && member instanceof JsonString ? CURSOR : comparable(known, member, shift)));
                yield builder.build();
            }
            case JsonArray array -> {
                var builder = Json.createArrayBuilder();
                array.forEach(member -> builder.add(comparable(known, member, shift)));
                yield builder.build();
            }
            case JsonString string -> {
                String text = INSTANT.matcher(string.getString()).matches()
                        ? shift == null ? "<instant>" : Codec.text(Instant.parse(string.getString()).plus(shift))
                        : FRESH.matcher(string.getString()).replaceAll(match -> known.contains(match.group()) ? match.group()
                                : Matcher.quoteReplacement("<" + (match.group(1) != null ? match.group(1) : match.group(2)) + ">"));
                yield Json.createValue(ORIGIN.matcher(text).replaceFirst("/"));
            }
            default -> value;
        };
    }

    @Override
    public String toString() {
        return operation.id() + " " + status + " " + name;
    }
}
