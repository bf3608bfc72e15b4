// SPDX-License-Identifier: Apache-2.0
package dev.phone.contract;

import dev.phone.api.Operation;
import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The guide "Recipes": the Arazzo workflows that the root lists as {@code x-workflows}, each step as {@link StepSamples}.
 *
 * <p>Inputs and outputs are variables of the samples, called like them. The inputs have the values of the demo world.
 */
final class Recipes {
    static final String WORKFLOWS = "x-workflows";
    private static final String GUIDE = "Guide: Recipes";
    private static final Pattern STATUS = Pattern.compile("\\$statusCode == ([0-9]{3})");
    private static final Pattern BODY = Pattern.compile("\\$response\\.body#(/\\S+) (==|!=) (?:'(.*)'|(.*))");

    /** The inputs of the workflows: the name, and the JSON pointer of the value in the document. */
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
        recipes.block("sh", inputs.entrySet().stream().map(input -> StepSamples.variable(input.getKey()) + "=" + input.getValue()));
        recipes.block("js", inputs.entrySet().stream().map(input -> "const " + input.getKey() + " = '" + input.getValue() + "'"));
        files.forEach(file -> file.asJsonObject().getJsonArray("workflows").forEach(workflow ->
                recipes.recipe(file.asJsonObject().getJsonObject("info").getString("description"), workflow.asJsonObject())));
        JsonArrayBuilder tags = Json.createArrayBuilder();
        document.getJsonArray("tags").getValuesAs(JsonObject.class).forEach(tag -> tags.add(!tag.getString("name").equals(GUIDE) ? tag
                : Json.createObjectBuilder(tag).add("description", tag.getString("description") + "\n\n" + recipes.text.toString().strip()).build()));
        return Json.createObjectBuilder(document).remove(WORKFLOWS).add("tags", tags).build();
    }

    /** Reports steps that refer to an unknown operation or input, or to an output that no earlier step has. */
    static void check(Lint lint) {
        Set<String> operations = lint.document.get("paths").members().values().stream().flatMap(item -> item.members().values().stream())
                .map(operation -> operation.get("operationId").text()).collect(Collectors.toSet());
        for (Spot file : lint.document.raw(WORKFLOWS).items()) {
            for (Spot workflow : file.get("workflows").items()) {
                Set<String> names = new HashSet<>(INPUTS.keySet());
                for (Spot step : workflow.get("steps").items()) {
                    String operation = step.get("operationId").text();
                    if (!operations.contains(operation)) {
                        lint.report(step.raw("operationId"), "workflow", "there is no operation " + operation + "; name one");
                    }
                    StepSamples.names(step.object().toString()).filter(name -> !names.contains(name)).forEach(name ->
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
        text.append("```").append(language).append('\n').append(lines.collect(Collectors.joining("\n")).strip()).append("\n```\n\n");
    }

    private void recipe(String description, JsonObject workflow) {
        text.append("## ").append(workflow.getString("summary")).append("\n\n").append(description).append("\n\n");
        Map<String, String> outputs = new LinkedHashMap<>();
        int number = 0;
        for (JsonObject step : workflow.getJsonArray("steps").getValuesAs(JsonObject.class)) {
            text.append("**").append(++number).append(". ").append(step.getString("operationId")).append(".** ")
                    .append(step.getString("description")).append(' ').append(answer(step)).append("\n\n");
            StepSamples samples = new StepSamples(operations.get(step.getString("operationId")), workflow, step, outputs);
            JsonObject more = step.getOrDefault("x-samples", JsonValue.EMPTY_JSON_OBJECT).asJsonObject();
            block("sh", Stream.of(samples.curl(), more.getString("curl", "")));
            block("js", Stream.of(samples.fetch(), more.getString("fetch", "")));
            outputs.putAll(samples.outputs());
        }
    }

    /** The success criteria of a step, in words. */
    private static String answer(JsonObject step) {
        List<String> words = new ArrayList<>();
        for (JsonObject criterion : step.getJsonArray("successCriteria").getValuesAs(JsonObject.class)) {
            String condition = criterion.getString("condition");
            Matcher status = STATUS.matcher(condition);
            Matcher body = BODY.matcher(condition);
            if (status.matches()) {
                words.add("The status is " + status.group(1));
            } else if (body.matches()) {
                words.add("`" + StepSamples.member(body.group(1), "").substring(1) + "` is " + (body.group(2).equals("!=") ? "not " : "")
                        + "`" + (body.group(3) != null ? body.group(3) : body.group(4)) + "`");
            }
        }
        int last = words.size() - 1;
        return (last < 1 ? words.getFirst() : String.join(", ", words.subList(0, last)) + " and " + words.get(last)) + ".";
    }
}
