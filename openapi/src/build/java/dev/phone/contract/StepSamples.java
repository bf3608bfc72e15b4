// SPDX-License-Identifier: Apache-2.0
package dev.phone.contract;

import dev.phone.api.Operation;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The curl and fetch samples of a workflow step. Outputs of earlier steps are variables: {@code $OTP_REQUEST_ID} in a shell, and
 * {@code sent.data.id} in JavaScript, where the variable with a step's response is named after the step.
 */
final class StepSamples {
    /** A runtime expression, alone or in braces within a text. */
    private static final Pattern EXPRESSION = Pattern.compile("\\{?\\$(?:inputs\\.(?<input>\\w+)|steps\\.\\w+\\.outputs\\.(?<output>\\w+))}?");

    private final String id;
    private final String method;
    private final String target;
    private final Map<String, String> headers = new LinkedHashMap<>();
    private final JsonObject payload;
    /** The pause before a retry, in seconds; 0 for no retry. */
    private final int pause;
    private final Map<String, String> before;
    private final Map<String, String> pointers = new LinkedHashMap<>();

    /**
     * @param workflow whose parameters each step has
     * @param before what the fetch samples of the steps before call their outputs
     */
    StepSamples(Operation operation, JsonObject workflow, JsonObject step, Map<String, String> before) {
        String path = operation.path();
        List<String> query = new ArrayList<>();
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
        if (step.containsKey("requestBody")) {
            headers.put("content-type", step.getJsonObject("requestBody").getString("contentType"));
        }
        this.id = step.getString("stepId");
        this.method = operation.method();
        this.target = path + (query.isEmpty() ? "" : "?" + String.join("&", query));
        this.payload = step.containsKey("requestBody") ? step.getJsonObject("requestBody").getJsonObject("payload") : null;
        this.pause = step.containsKey("onFailure") ? step.getJsonArray("onFailure").getJsonObject(0).getInt("retryAfter") : 0;
        this.before = Map.copyOf(before);
        step.getOrDefault("outputs", JsonValue.EMPTY_JSON_OBJECT).asJsonObject().forEach((name, value) ->
                pointers.put(name, ((JsonString) value).getString().replace("$response.body#", "")));
    }

    /** The JavaScript expression of each output. */
    Map<String, String> outputs() {
        return pointers.entrySet().stream().collect(Collectors.toMap(Map.Entry::getKey, output -> id + member(output.getValue(), "")));
    }

    String curl() {
        List<String> parts = new ArrayList<>();
        boolean implied = method.equals(payload == null ? "GET" : "POST");
        parts.add("curl -s " + (implied ? "" : "-X " + method + " ") + quoted("$PHONE" + target));
        headers.forEach((name, value) -> parts.add("-H " + quoted(name + ": " + value)));
        if (payload != null) {
            parts.add("-d " + quoted(payload.toString()));
        }
        String curl = String.join(" \\\n  ", parts);
        if (pointers.isEmpty()) {
            return curl;
        }
        String answer = variable(id);
        String asked = answer + "=$(" + curl + ")";
        return (pause == 0 ? asked : "until " + asked + " && grep -q '\"" + token(last()) + "\":' <<< \"$" + answer + "\"; do sleep " + pause + "; done")
                + "\nprintf '%s\\n' \"$" + answer + "\"\n" + pointers.entrySet().stream().map(output -> variable(output.getKey())
                + "=$(grep -o '\"" + token(output.getValue()) + "\":\"[^\"]*\"' <<< \"$" + answer + "\" | head -1 | cut -d'\"' -f4)")
                .collect(Collectors.joining("\n"));
    }

    String fetch() {
        List<String> options = new ArrayList<>();
        if (!method.equals("GET")) {
            options.add("  method: '" + method + "',");
        }
        if (!headers.isEmpty()) {
            options.add("  headers: {");
            headers.forEach((name, value) -> options.add("    " + (name.contains("-") ? "'" + name + "'" : name) + ": " + literal(value) + ","));
            options.add("  },");
        }
        if (payload != null) {
            options.add("  body: JSON.stringify(" + object() + "),");
        }
        String asked = "await fetch(" + literal("{$inputs.phone}" + target) + (options.isEmpty() ? "" : ", {\n" + String.join("\n", options) + "\n}")
                + ").then((response) => response.json())";
        return (pause == 0 ? "const " + id + " = " + asked
                : "let " + id + "\ndo {\n  await new Promise((resolve) => setTimeout(resolve, " + 1000 * pause + "))\n  " + id + " = " + asked.replace("\n", "\n  ")
                + "\n} while (!" + id + member(last(), "?.") + ")") + "\nconsole.log(" + id + ")";
    }

    /** The output that a retried step waits for. */
    private String last() {
        return List.copyOf(pointers.values()).getLast();
    }

    /** In single quotes, or in double ones if there are variables in it. */
    private static String quoted(String value) {
        String filled = replaced(value.replace("\"", "\\\""), name -> "$" + variable(name));
        return filled.contains("$") ? "\"" + filled + "\"" : "'" + value + "'";
    }

    private String object() {
        return payload.entrySet().stream().map(member -> {
            String written = member.getValue() instanceof JsonString string ? literal(string.getString())
                    : member.getValue().toString().replace('"', '\'');
            return member.getKey().equals(written) ? written : member.getKey() + ": " + written;
        }).collect(Collectors.joining(", ", "{ ", " }"));
    }

    /** A text of JavaScript: a variable, a template or a string. */
    private String literal(String text) {
        Matcher whole = EXPRESSION.matcher(text);
        if (whole.matches()) {
            return before.getOrDefault(name(whole), name(whole));
        }
        String filled = replaced(text, name -> "${" + before.getOrDefault(name, name) + "}");
        return filled.contains("${") ? "`" + filled + "`" : "'" + text + "'";
    }

    private static String replaced(String text, UnaryOperator<String> replacement) {
        return EXPRESSION.matcher(text).replaceAll(found -> Matcher.quoteReplacement(replacement.apply(name(found))));
    }

    /** The names in the expressions of a text. */
    static Stream<String> names(String text) {
        return EXPRESSION.matcher(text).results().map(StepSamples::name);
    }

    private static String name(MatchResult expression) {
        return expression.group("input") != null ? expression.group("input") : expression.group("output");
    }

    private static String token(String pointer) {
        return pointer.substring(pointer.lastIndexOf('/') + 1);
    }

    /** {@code /data/0/a-b} as JavaScript has it. @param optional {@code ?.} if any of it may be missing, else empty */
    static String member(String pointer, String optional) {
        return Stream.of(pointer.substring(1).split("/")).map(token -> token.matches("[0-9]+") ? optional + "[" + token + "]"
                : token.matches("\\w+") ? (optional.isEmpty() ? "." : optional) + token : optional + "['" + token + "']").collect(Collectors.joining());
    }

    /** {@code clientId} as a variable of a shell. */
    static String variable(String name) {
        return name.replaceAll("([A-Z])", "_$1").toUpperCase(Locale.ROOT);
    }
}
