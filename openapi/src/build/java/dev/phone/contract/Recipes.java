// SPDX-License-Identifier: Apache-2.0
package dev.phone.contract;

import dev.phone.api.Operation;
import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The guide "Recipes": the Arazzo workflows that the root lists as {@code x-workflows}, each step as curl and as fetch.
 *
 * <p>Inputs and outputs are variables of the samples, called like them. The inputs have the values of the demo world.
 */
final class Recipes {
    static final String WORKFLOWS = "x-workflows";
    private static final String GUIDE = "Guide: Recipes";
    /** A runtime expression, alone or in braces within a text. */
    private static final Pattern EXPRESSION = Pattern.compile("\\{?\\$(?:inputs\\.(?<input>\\w+)|steps\\.(?<step>\\w+)\\.outputs\\.(?<output>\\w+))}?");
    private static final Pattern STATUS = Pattern.compile("\\$statusCode == ([0-9]{3})");
    private static final Pattern BODY = Pattern.compile("\\$response\\.body#(/\\S+) (==|!=) (?:'(.*)'|(.*))");

    /** What the workflows are given: by name, where the document has it. */
    private static final Map<String, String> INPUTS = new LinkedHashMap<>();

    static {
        INPUTS.put("phone", "/servers/1/url");
        INPUTS.put("token", "/x-demo-world/credentials/alice/authorization");
        INPUTS.put("clientId", "/x-demo-world/credentials/app/x-client-id");
        INPUTS.put("clientSecret", "/x-demo-world/credentials/app/x-client-secret");
        INPUTS.put("apiKey", "/x-demo-world/credentials/app/x-api-key");
        INPUTS.put("applicationId", "/x-demo-world/applications/0/value/id");
        INPUTS.put("phoneNumber", "/x-demo-world/claimedNumbers/0/value/phoneNumber");
    }

    private final Map<String, Operation> operations = new LinkedHashMap<>();
    private final StringBuilder text = new StringBuilder();

    private Recipes(JsonObject document) {
        Contract.of(document).operations().forEach(operation -> operations.put(operation.id(), operation));
    }

    /** The document with its workflows in the guide, and nowhere else. */
    static JsonObject rendered(JsonObject document) {
        if (!(document.get(WORKFLOWS) instanceof JsonArray files)) {
            return document;
        }
        Recipes recipes = new Recipes(document);
        Map<String, String> inputs = new LinkedHashMap<>();
        INPUTS.forEach((name, pointer) -> inputs.put(name,
                ((JsonString) Json.createPointer(pointer).getValue(document)).getString().replace("Bearer ", "").replace(" ", "")));
        recipes.text.append("## Before you begin\n\n");
        recipes.block("sh", inputs.entrySet().stream().map(input -> variable(input.getKey()) + "=" + input.getValue()));
        recipes.block("js", inputs.entrySet().stream().map(input -> "const " + input.getKey() + " = '" + input.getValue() + "'"));
        files.forEach(file -> file.asJsonObject().getJsonArray("workflows").forEach(workflow ->
                recipes.recipe(file.asJsonObject().getJsonObject("info").getString("description"), workflow.asJsonObject())));
        JsonArrayBuilder tags = Json.createArrayBuilder();
        document.getJsonArray("tags").getValuesAs(JsonObject.class).forEach(tag -> tags.add(!tag.getString("name").equals(GUIDE) ? tag
                : Json.createObjectBuilder(tag).add("description", tag.getString("description") + "\n\n" + recipes.text.toString().strip()).build()));
        return Json.createObjectBuilder(document).remove(WORKFLOWS).add("tags", tags).build();
    }

    /** Reports what a step names and is not there: an operation, an input, an output of a step before. */
    static void check(Lint lint) {
        if (!lint.document.raw(WORKFLOWS).exists()) {
            return;
        }
        Set<String> operations = Contract.of(lint.document.document()).operations().stream().map(Operation::id).collect(Collectors.toSet());
        for (Spot file : lint.document.raw(WORKFLOWS).items()) {
            for (Spot workflow : file.get("workflows").items()) {
                Set<String> names = new HashSet<>(INPUTS.keySet());
                for (Spot step : workflow.get("steps").items()) {
                    String operation = step.get("operationId").text();
                    if (!operations.contains(operation)) {
                        lint.report(step.raw("operationId"), "workflow", "there is no operation " + operation + "; name one");
                    }
                    EXPRESSION.matcher(step.object().toString()).results().map(Recipes::name).filter(name -> !names.contains(name)).forEach(name ->
                            lint.report(step, "workflow", "no input and no output of a step before is called " + name + "; correct the expression"));
                    Stream.concat(Stream.of(step.get("stepId").text()), step.get("outputs").object().keySet().stream()).forEach(name -> {
                        if (!names.add(name)) {
                            lint.report(step, "workflow", "two variables of this workflow are called " + name + "; rename one");
                        }
                    });
                }
            }
        }
    }

    private void block(String language, Stream<String> lines) {
        text.append("```").append(language).append('\n').append(lines.collect(Collectors.joining("\n"))).append("\n```\n\n");
    }

    private void recipe(String description, JsonObject workflow) {
        text.append("## ").append(workflow.getString("summary")).append("\n\n").append(description).append("\n\n");
        Map<String, String> outputs = new LinkedHashMap<>();
        int number = 0;
        for (JsonObject step : workflow.getJsonArray("steps").getValuesAs(JsonObject.class)) {
            text.append("**").append(++number).append(". ").append(operations.get(step.getString("operationId")).id()).append(".** ")
                    .append(step.getString("description")).append(' ').append(answer(step)).append("\n\n");
            Request request = request(workflow, step);
            JsonObject samples = step.containsKey("x-samples") ? step.getJsonObject("x-samples") : JsonValue.EMPTY_JSON_OBJECT;
            block("sh", lines(curl(step, request), samples.getString("curl", "")));
            block("js", lines(fetch(step, request, outputs), samples.getString("fetch", "")));
            step.getOrDefault("outputs", JsonValue.EMPTY_JSON_OBJECT).asJsonObject().forEach((name, value) ->
                    outputs.put(name, step.getString("stepId") + member(pointer(value), "")));
        }
    }

    private static Stream<String> lines(String... parts) {
        return Stream.of(parts).map(String::strip).filter(part -> !part.isEmpty());
    }

    /** What a step must be answered with, in words. */
    private static String answer(JsonObject step) {
        List<String> words = new ArrayList<>();
        for (JsonObject criterion : step.getJsonArray("successCriteria").getValuesAs(JsonObject.class)) {
            String condition = criterion.getString("condition");
            Matcher status = STATUS.matcher(condition);
            Matcher body = BODY.matcher(condition);
            if (status.matches()) {
                words.add("The status is " + status.group(1));
            } else if (body.matches()) {
                words.add("`" + member(body.group(1), "").substring(1) + "` is " + (body.group(2).equals("!=") ? "not " : "")
                        + "`" + (body.group(3) != null ? body.group(3) : body.group(4)) + "`");
            }
        }
        int last = words.size() - 1;
        return (last < 1 ? words.getFirst() : String.join(", ", words.subList(0, last)) + " and " + words.get(last)) + ".";
    }

    /** @param body null when there is none */
    private record Request(String method, String target, Map<String, String> headers, String body) {
    }

    private Request request(JsonObject workflow, JsonObject step) {
        Operation operation = operations.get(step.getString("operationId"));
        String path = operation.path();
        List<String> query = new ArrayList<>();
        Map<String, String> headers = new LinkedHashMap<>();
        for (JsonObject holder : List.of(workflow, step)) {
            for (JsonValue each : holder.getOrDefault("parameters", JsonValue.EMPTY_JSON_ARRAY).asJsonArray()) {
                JsonObject parameter = each.asJsonObject();
                String name = parameter.getString("name");
                String value = parameter.get("value") instanceof JsonString string ? string.getString() : parameter.get("value").toString();
                switch (parameter.getString("in")) {
                    case "path" -> path = path.replace("{" + name + "}", value);
                    case "query" -> query.add(name + "=" + value);
                    default -> headers.put(name, value);
                }
            }
        }
        String body = null;
        if (step.containsKey("requestBody")) {
            headers.put("content-type", step.getJsonObject("requestBody").getString("contentType"));
            body = step.getJsonObject("requestBody").getJsonObject("payload").toString();
        }
        return new Request(operation.method(), path + (query.isEmpty() ? "" : "?" + String.join("&", query)), headers, body);
    }

    private static String curl(JsonObject step, Request request) {
        List<String> parts = new ArrayList<>();
        boolean implied = request.method.equals(request.body == null ? "GET" : "POST");
        parts.add("curl -s " + (implied ? "" : "-X " + request.method + " ") + quoted("$PHONE" + request.target));
        request.headers.forEach((name, value) -> parts.add("-H " + quoted(name + ": " + value)));
        if (request.body != null) {
            parts.add("-d " + quoted(request.body));
        }
        String curl = String.join(" \\\n  ", parts);
        JsonObject outputs = step.getOrDefault("outputs", JsonValue.EMPTY_JSON_OBJECT).asJsonObject();
        if (outputs.isEmpty()) {
            return curl;
        }
        String answer = variable(step.getString("stepId"));
        String last = token(pointer(outputs.values().stream().reduce((first, second) -> second).orElseThrow()));
        String asked = step.containsKey("onFailure")
                ? "until " + answer + "=$(" + curl + ") && grep -q '\"" + last + "\":' <<< \"$" + answer + "\"; do sleep " + pause(step) + "; done"
                : answer + "=$(" + curl + ")";
        return asked + "\nprintf '%s\\n' \"$" + answer + "\"\n" + outputs.entrySet().stream().map(output -> variable(output.getKey())
                + "=$(grep -o '\"" + token(pointer(output.getValue())) + "\":\"[^\"]*\"' <<< \"$" + answer + "\" | head -1 | cut -d'\"' -f4)")
                .collect(Collectors.joining("\n"));
    }

    /** How long to wait before a step is tried again, in seconds. */
    private static int pause(JsonObject step) {
        return step.getJsonArray("onFailure").getJsonObject(0).getInt("retryAfter");
    }

    /** In single quotes, or in double ones if there are variables in it. */
    private static String quoted(String value) {
        String filled = replaced(value.replace("\"", "\\\""), name -> "$" + variable(name));
        return filled.contains("$") ? "\"" + filled + "\"" : "'" + value + "'";
    }

    private static String fetch(JsonObject step, Request request, Map<String, String> outputs) {
        UnaryOperator<String> value = name -> outputs.getOrDefault(name, name);
        List<String> options = new ArrayList<>();
        if (!request.method.equals("GET")) {
            options.add("  method: '" + request.method + "',");
        }
        if (!request.headers.isEmpty()) {
            options.add("  headers: {");
            request.headers.forEach((name, header) -> options.add("    " + (name.contains("-") ? "'" + name + "'" : name) + ": " + literal(header, value) + ","));
            options.add("  },");
        }
        if (request.body != null) {
            options.add("  body: JSON.stringify(" + object(step.getJsonObject("requestBody").getJsonObject("payload"), value) + "),");
        }
        String id = step.getString("stepId");
        String asked = "await fetch(" + literal("{$inputs.phone}" + request.target, value)
                + (options.isEmpty() ? "" : ", {\n" + String.join("\n", options) + "\n}") + ").then((response) => response.json())";
        if (!step.containsKey("onFailure")) {
            return "const " + id + " = " + asked + "\nconsole.log(" + id + ")";
        }
        JsonValue last = step.getJsonObject("outputs").values().stream().reduce((first, second) -> second).orElseThrow();
        return "let " + id + "\ndo {\n  await new Promise((resolve) => setTimeout(resolve, " + 1000 * pause(step) + "))\n  " + id + " = " + asked.replace("\n", "\n  ")
                + "\n} while (!" + id + member(pointer(last), "?.") + ")\nconsole.log(" + id + ")";
    }

    private static String object(JsonObject payload, UnaryOperator<String> value) {
        return payload.entrySet().stream().map(member -> {
            String written = member.getValue() instanceof JsonString string ? literal(string.getString(), value)
                    : member.getValue().toString().replace('"', '\'');
            return member.getKey().equals(written) ? written : member.getKey() + ": " + written;
        }).collect(Collectors.joining(", ", "{ ", " }"));
    }

    /** A text of JavaScript: a variable, a template or a string. */
    private static String literal(String text, UnaryOperator<String> value) {
        MatchResult whole = EXPRESSION.matcher(text).results().filter(found -> found.group().length() == text.length()).findFirst().orElse(null);
        String filled = replaced(text, name -> "${" + value.apply(name) + "}");
        return whole != null ? value.apply(name(whole)) : filled.contains("${") ? "`" + filled + "`" : "'" + text + "'";
    }

    private static String replaced(String text, UnaryOperator<String> replacement) {
        return EXPRESSION.matcher(text).replaceAll(found -> Matcher.quoteReplacement(replacement.apply(name(found))));
    }

    private static String name(MatchResult expression) {
        return expression.group("input") != null ? expression.group("input") : expression.group("output");
    }

    private static String pointer(JsonValue output) {
        return ((JsonString) output).getString().replace("$response.body#", "");
    }

    private static String token(String pointer) {
        return pointer.substring(pointer.lastIndexOf('/') + 1);
    }

    /** {@code /data/0/a-b} as JavaScript has it. @param optional {@code ?.} if any of it may be missing, else empty */
    private static String member(String pointer, String optional) {
        return Stream.of(pointer.substring(1).split("/")).map(token -> token.matches("[0-9]+") ? optional + "[" + token + "]"
                : token.matches("\\w+") ? (optional.isEmpty() ? "." : optional) + token : optional + "['" + token + "']").collect(Collectors.joining());
    }

    /** {@code clientId} as a variable of a shell. */
    private static String variable(String name) {
        return name.replaceAll("([A-Z])", "_$1").toUpperCase(Locale.ROOT);
    }
}
