// SPDX-License-Identifier: Apache-2.0
package dev.phone.contracttests.pact;

import au.com.dius.pact.core.matchers.HeaderMatchResult;
import au.com.dius.pact.core.matchers.Matching;
import au.com.dius.pact.core.matchers.MatchingContext;
import au.com.dius.pact.core.matchers.Mismatch;
import au.com.dius.pact.core.model.ContentType;
import au.com.dius.pact.core.model.IRequest;
import au.com.dius.pact.core.model.IResponse;
import au.com.dius.pact.core.model.OptionalBody;
import au.com.dius.pact.core.model.Response;
import dev.phone.api.Operation;
import dev.phone.api.Schema;
import dev.phone.contracttests.contract.TheContract;
import dev.phone.mock.model.TextPattern;
import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonException;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonStructure;
import jakarta.json.JsonValue;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Checks whether the contract promises what a pact expects.
 *
 * <p>Names (statuses, headers, properties) must be documented. Values are checked by trial: where the contract leaves a value open, it is
 * replaced by other values that the contract allows, and pact-jvm checks whether these satisfy the pact. If none does, the pact insists
 * on a value that is not promised, be it by equality, a pattern that is too narrow, or a format. A pact may insist on values that are known
 * in advance: those of the demo world, the request, and the provider state.
 */
final class Promises {
    private static final Pattern INSTANT = Pattern.compile("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d.*");
    private static final int ENOUGH = 500;

    private final List<String> broken = new ArrayList<>();
    private final Set<String> known = new HashSet<>();

    private Promises(Map<String, ?> state) {
        texts(TheContract.CONTRACT.json().getJsonObject("x-demo-world"), text -> !INSTANT.matcher(text).matches());
        state.values().forEach(this::know);
    }

    /**
     * @param expected the response, with the values of the provider state filled in, like {@code request}
     * @return one line for each expectation that is not promised
     */
    static List<String> of(Operation operation, IRequest request, IResponse expected, Map<String, ?> state) {
        Promises promises = new Promises(state);
        promises.check(operation, request, expected);
        return promises.broken;
    }

    /**
     * The same for a message.
     *
     * @param type the event type, such as {@code otp.sent}
     * @param expected the payload as body, the metadata as headers
     */
    static List<String> of(String type, IResponse expected, Map<String, ?> state) {
        Promises promises = new Promises(state);
        JsonObject webhook = webhook(type);
        Map<String, JsonObject> documented = new TreeMap<>();
        webhook.getJsonArray("parameters").forEach(each -> {
            JsonObject parameter = TheContract.CONTRACT.resolve(each);
            documented.put(parameter.getString("name").toLowerCase(Locale.ROOT), parameter);
        });
        promises.headers(expected, documented, "the event " + type);
        promises.body(expected, TheContract.CONTRACT.resolve(webhook.get("requestBody")));
        return promises.broken;
    }

    /** The operation in which the contract describes an event. */
    private static JsonObject webhook(String type) {
        List<String> known = new ArrayList<>();
        for (JsonValue item : TheContract.CONTRACT.json().getJsonObject("webhooks").values()) {
            JsonObject post = item.asJsonObject().getJsonObject("post");
            for (JsonValue example : examples(TheContract.CONTRACT.resolve(post.get("requestBody")))) {
                String described = example.asJsonObject().getString("type");
                if (described.equals(type)) {
                    return post;
                }
                known.add(described);
            }
        }
        throw new PactProblem("unknown event: the contract has no " + type + "; it has " + String.join(", ", known));
    }

    private void check(Operation operation, IRequest request, IResponse expected) {
        know(request);
        know(operation);
        request.getHeaders().keySet().forEach(name -> {
            String lower = name.toLowerCase(Locale.ROOT);
            if (lower.equals("prefer") || lower.startsWith("x-mock-")) {
                broken.add("request header " + name + ": only the mock supports it");
            }
        });
        MatchingContext context = context(expected, "status");
        String documented = operation.statuses().stream().sorted().map(String::valueOf).collect(Collectors.joining(", "));
        if (operation.statuses().stream().noneMatch(status -> Matching.INSTANCE.matchStatus(expected.getStatus(), status, context) == null)) {
            broken.add("status " + expected.getStatus() + ": " + operation.id() + " documents " + documented);
            return;
        }
        int status = operation.statuses().contains(expected.getStatus()) ? expected.getStatus() : operation.statuses().stream()
                .filter(other -> Matching.INSTANCE.matchStatus(expected.getStatus(), other, context) == null).findFirst().orElseThrow();
        JsonObject response = TheContract.CONTRACT.resolve(TheContract.CONTRACT.resolve(TheContract.CONTRACT.json().getJsonObject("paths")
                .get(operation.path())).getJsonObject(operation.method().toLowerCase(Locale.ROOT)).getJsonObject("responses")
                .get(String.valueOf(status)));
        Map<String, JsonObject> headers = new TreeMap<>();
        response.getJsonObject("headers").forEach((name, header) -> headers.put(name.toLowerCase(Locale.ROOT), TheContract.CONTRACT.resolve(header)));
        for (Operation.RateLimit limit : Stream.of(TheContract.CONTRACT.backstop(), operation.rateLimit()).filter(each -> each != null).toList()) {
            know('"' + limit.name() + "\";q=" + limit.limit() + ";w=" + limit.window());
        }
        headers(expected, headers, operation.id() + " " + status);
        body(expected, response);
    }

    // Values known in advance

    private void know(Object value) {
        known.add(normal(String.valueOf(value)));
    }

    /** What a 422 can refer to: parts of the request, and the names of rules. */
    private void know(Operation operation) {
        operation.parameters().forEach(parameter -> know(parameter.in().name().toLowerCase(Locale.ROOT) + ":" + parameter.name()));
        if (operation.body() instanceof Schema.Properties body) {
            body.properties().forEach(property -> know(property.pointer()));
        }
        TheContract.EXAMPLES.stream().map(example -> example.response().getJsonObject("error")).filter(error -> error != null)
                .map(error -> error.getJsonObject("details")).filter(details -> details != null && details.containsKey("violations"))
                .flatMap(details -> details.getJsonArray("violations").getValuesAs(JsonObject.class).stream())
                .forEach(violation -> know(violation.getString("rule")));
    }

    private void know(IRequest request) {
        for (String part : request.getPath().split("/")) {
            know(java.net.URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8));
        }
        request.getQuery().values().forEach(values -> values.forEach(this::know));
        request.getHeaders().values().forEach(values -> values.forEach(this::know));
        JsonValue body = json(request.getBody());
        if (body != null) {
            texts(body, text -> true);
        }
    }

    private void texts(JsonValue value, Predicate<String> worth) {
        switch (value) {
            case JsonObject object -> object.forEach((name, member) -> texts(member, worth));
            case JsonArray array -> array.forEach(item -> texts(item, worth));
            case JsonString string when worth.test(string.getString()) -> know(string.getString());
            case JsonNumber number -> know(number);
            default -> {
            }
        }
    }

    /** A phone number is the same with and without spaces. */
    private static String normal(String text) {
        return text.replaceAll("\\s", "");
    }

    // Headers

    private void headers(IResponse expected, Map<String, JsonObject> documented, String where) {
        MatchingContext context = context(expected, "header");
        expected.getHeaders().forEach((name, values) -> {
            String lower = name.toLowerCase(Locale.ROOT);
            if (lower.equals("content-type") || lower.equals("contenttype")) {
                return;
            }
            JsonObject header = documented.get(lower);
            if (header == null) {
                broken.add("header " + name + ": " + (lower.startsWith("x-mock-") ? "only the mock sends it" : where + " does not document it"));
                return;
            }
            JsonObject schema = TheContract.CONTRACT.resolve(header.get("schema"));
            if (schema.containsKey("enum") || schema.containsKey("const") || values.stream().map(Promises::normal).allMatch(known::contains)) {
                return;
            }
            List<String> others = "integer".equals(schema.getString("type", null)) ? numbers(values.getFirst()).stream().map(String::valueOf).toList()
                    : schema.get("pattern") instanceof JsonString pattern ? matching(pattern.getString(), String.join(", ", values)) : List.of("another", "text");
            insists("header " + name, String.join(", ", values), others, other -> {
                Map<String, List<String>> altered = new LinkedHashMap<>(expected.getHeaders());
                altered.put(name, List.of(other));
                return Matching.matchHeaders(expected.getHeaders(), altered, context).stream()
                        .map(HeaderMatchResult::getResult).flatMap(Collection::stream).collect(Collectors.toList());
            });
        });
    }

    // The body

    private void body(IResponse expected, JsonObject described) {
        JsonValue body = json(expected.getBody());
        if (!(body instanceof JsonStructure root)) {
            return;
        }
        String reference = ((JsonString) described.getJsonObject("content").getJsonObject("application/json").getJsonObject("schema").get("$ref"))
                .getString();
        Schema schema = TheContract.CONTRACT.schema(reference.substring(reference.lastIndexOf('/') + 1));
        schema.check(body, "", (pointer, rule, message) -> {
            if (rule.equals("additionalProperties")) {
                broken.add(path(pointer) + ": the contract has no such property");
            }
        });
        Set<String> shown = new HashSet<>();
        examples(described).forEach(example -> numbers(example, shown));
        MatchingContext context = context(expected, "body");
        int[] count = {0};
        leaves(schema, body, "", (pointer, leaf) -> {
            JsonValue value = pointer.isEmpty() ? body : root.getValue(pointer);
            String text = value instanceof JsonString string ? string.getString() : value.toString();
            if (known.contains(normal(text)) || ++count[0] > ENOUGH) {
                return;
            }
            List<JsonValue> others = switch (leaf) {
                case Schema.Text open -> others(open, text);
                case Schema.Numeric number when number.maximum() == null && !shown.contains(text) ->
                        numbers(text).stream().<JsonValue>map(Json::createValue).toList();
                default -> List.of();
            };
            insists(path(pointer), value.toString(), others, other -> Matching.INSTANCE.matchBody(expected.asHttpPart(),
                    with(expected, Json.createPointer(pointer).replace(root, other)), context).getMismatches());
        });
    }

    private static Response with(IResponse expected, JsonValue body) {
        return new Response(expected.getStatus(), expected.getHeaders(),
                OptionalBody.body(body.toString().getBytes(StandardCharsets.UTF_8), ContentType.getJSON()));
    }

    /** Calls {@code leaf} for every string and number that the schema describes. */
    private static void leaves(Schema schema, JsonValue value, String pointer, BiConsumer<String, Schema> leaf) {
        switch (schema) {
            case Schema.Properties object when value instanceof JsonObject members -> object.properties().forEach(property -> {
                if (members.containsKey(property.name())) {
                    leaves(property.schema(), members.get(property.name()), pointer + property.pointer(), leaf);
                }
            });
            case Schema.Entries map when value instanceof JsonObject members -> members.forEach((name, member) ->
                    leaves(map.values(), member, pointer + "/" + Json.encodePointer(name), leaf));
            case Schema.Items list when value instanceof JsonArray items -> {
                for (int i = 0; i < items.size(); i++) {
                    leaves(list.items(), items.get(i), pointer + "/" + i, leaf);
                }
            }
            case Schema.Text text when value instanceof JsonString -> leaf.accept(pointer, text);
            case Schema.Numeric number when value instanceof JsonNumber -> leaf.accept(pointer, number);
            default -> {
            }
        }
    }

    /** The next number, and a small number. */
    private static List<Long> numbers(String text) {
        return text.matches("\\d{1,18}") ? List.of(Long.parseLong(text) + 1, 7L) : List.of(7L);
    }

    private static List<JsonValue> others(Schema.Text schema, String text) {
        Stream<String> candidates = schema.pattern() != null ? matching(schema.pattern().toString(), text).stream()
                : Stream.of("another text", "another", "anothertext", "https://example.org/another");
        if (schema.format() == Schema.Format.DATE_TIME) {
            candidates = Stream.of("2031-05-06T07:08:09.010Z", "2019-12-31T23:58:57.986Z");
        }
        return candidates.filter(candidate -> !candidate.equals(text)).<JsonValue>map(Json::createValue).filter(candidate -> {
            List<String> refused = new ArrayList<>();
            schema.check(candidate, "", (pointer, rule, message) -> refused.add(rule));
            return refused.isEmpty();
        }).toList();
    }

    /** Some strings that match a pattern of the contract, similar to {@code text} where the pattern allows. */
    private static List<String> matching(String pattern, String text) {
        Random random = new Random(1);
        return TextPattern.of(pattern).map(recipe -> Stream.of(2021, 2031).map(year -> recipe.make(text, Set.of(),
                Instant.parse(year + "-05-06T07:08:09.010Z"), random)).toList()).orElse(List.of());
    }

    /** Adds a line if the pact accepts no other value. */
    private <T> void insists(String where, String value, List<T> others, Function<T, List<? extends Mismatch>> mismatches) {
        if (!others.isEmpty() && others.stream().noneMatch(other -> mismatches.apply(other).isEmpty())) {
            broken.add(where + ": the pact insists on " + value + "; the contract leaves the value open, and also allows "
                    + others.getFirst());
        }
    }

    // Helpers

    private static MatchingContext context(IResponse expected, String category) {
        return new MatchingContext(expected.getMatchingRules().rulesForCategory(category), true, Map.of(), category.equals("header"));
    }

    private static List<JsonValue> examples(JsonObject described) {
        JsonObject media = described.getJsonObject("content").getJsonObject("application/json");
        return media.containsKey("examples") ? media.getJsonObject("examples").values().stream()
                .map(example -> TheContract.CONTRACT.resolve(example).get("value")).filter(value -> value != null).toList() : List.of();
    }

    private static void numbers(JsonValue value, Set<String> numbers) {
        switch (value) {
            case JsonObject object -> object.values().forEach(member -> numbers(member, numbers));
            case JsonArray array -> array.forEach(item -> numbers(item, numbers));
            case JsonNumber number -> numbers.add(number.toString());
            default -> {
            }
        }
    }

    private static JsonValue json(OptionalBody body) {
        if (!body.isPresent()) {
            return null;
        }
        try (var reader = Json.createReader(new StringReader(new String(body.unwrap(), StandardCharsets.UTF_8)))) {
            return reader.readValue();
        } catch (JsonException e) {
            return null;
        }
    }

    /** An RFC 6901 pointer as pacts write it. */
    static String path(String pointer) {
        StringBuilder path = new StringBuilder("$");
        for (String step : pointer.isEmpty() ? new String[0] : pointer.substring(1).split("/", -1)) {
            String name = Json.decodePointer(step);
            path.append(name.matches("\\d+") ? "[" + name + "]" : name.matches("\\w+") ? "." + name : "['" + name + "']");
        }
        return path.toString();
    }
}
