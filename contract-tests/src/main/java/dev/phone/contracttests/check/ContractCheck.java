// SPDX-License-Identifier: Apache-2.0
package dev.phone.contracttests.check;

import com.atlassian.oai.validator.model.Request;
import com.atlassian.oai.validator.model.SimpleResponse;
import com.atlassian.oai.validator.report.ValidationReport;
import dev.phone.api.Operation;
import dev.phone.api.Schema;
import dev.phone.contracttests.target.Target;
import dev.phone.contracttests.contract.Oracle;
import dev.phone.contracttests.contract.TheContract;
import dev.phone.contracttests.trace.Step;
import io.restassured.filter.Filter;
import io.restassured.filter.FilterContext;
import io.restassured.response.Response;
import io.restassured.specification.FilterableRequestSpecification;
import io.restassured.specification.FilterableResponseSpecification;
import jakarta.json.Json;
import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Checks every response of every test against the contract: its status must be documented, its headers must be the common and the documented ones,
 * and its body must match the schema. The body is validated twice, by our own validator and by an independent one, so that an error in one of them is
 * detected.
 */
public final class ContractCheck implements Filter {

    private static final Set<String> ALWAYS = Set.of("date", "content-type", "content-length", "cache-control", "x-content-type-options",
            "x-request-id", "access-control-allow-origin", "access-control-expose-headers");

    private final Target target;

    public ContractCheck(Target target) {
        this.target = target;
    }

    @Override
    public Response filter(FilterableRequestSpecification request, FilterableResponseSpecification specification, FilterContext context) {
        List<String> authorization = request.getHeaders().getValues("authorization");
        if (authorization.size() == 1) {
            request.replaceHeader("authorization", target.authorization(authorization.getFirst()));
        }
        Response response = context.next(request, specification);
        check(Step.of(request, response));
        return response;
    }

    /** Checks a step that was sent without REST Assured. @throws AssertionError with all differences from the contract */
    public static void check(Step step) {
        List<String> wrong = differences(step);
        if (!wrong.isEmpty()) {
            throw new AssertionError(step.method() + " " + step.target() + " answered " + step.status() + "\n" + step.body()
                    + "\nwhich is not what the contract says:\n- " + String.join("\n- ", wrong));
        }
    }

    /** The differences of a response from the contract, one per line. Paths outside of the API are not checked. */
    public static List<String> differences(Step step) {
        String path = step.target().replaceAll("\\?.*", "");
        if (!path.startsWith("/v1/")) {
            return List.of();
        }
        Operation operation = TheContract.operation(step.method(), path);
        List<String> wrong = new ArrayList<>();
        check(operation, step, wrong);
        if (operation != null) {
            oracle(path, step, wrong);
        }
        return wrong;
    }

    /** Checks a received event. @throws AssertionError with all differences from the contract */
    public static void checkEvent(Step event) {
        JsonObject webhook = TheContract.CONTRACT.json().getJsonObject("webhooks").getJsonObject(event.target());
        List<String> wrong = new ArrayList<>();
        if (webhook == null) {
            wrong.add("it has no event " + event.target());
        } else {
            JsonObject post = webhook.getJsonObject("post");
            post.getJsonArray("parameters").stream().map(TheContract.CONTRACT::resolve).forEach(parameter -> {
                String value = event.headers().get(parameter.getString("name").toLowerCase(Locale.ROOT));
                if (value == null) {
                    wrong.add("the header " + parameter.getString("name") + " is missing");
                }
            });
            body(TheContract.CONTRACT.schema(reference(TheContract.CONTRACT.resolve(post.get("requestBody")))), event, wrong);
        }
        if (!wrong.isEmpty()) {
            throw new AssertionError("the event " + event.target() + "\n" + event.body() + "\nis not what the contract says:\n- "
                    + String.join("\n- ", wrong));
        }
    }

    /**
     * Compares the header names, which must be the same on all targets.
     *
     * @param documented the headers that the contract documents for this response
     */
    private static void headers(JsonObject documented, Step step, List<String> wrong) {
        Set<String> found = new TreeSet<>(step.headers().keySet());
        // The connection header depends on both ends, and the mock may send x-mock headers.
        found.removeIf(name -> name.equals("connection") || name.startsWith("x-mock-"));
        Set<String> expected = new TreeSet<>(ALWAYS);
        documented.forEach((name, header) -> {
            String lower = name.toLowerCase(Locale.ROOT);
            if (TheContract.CONTRACT.resolve(header).getBoolean("required", false) || found.contains(lower)) {
                expected.add(lower);
            }
        });
        if (!found.equals(expected)) {
            wrong.add("its headers are " + found + " instead of " + expected);
        }
        if (!"no-store".equals(step.headers().get("cache-control")) || !"nosniff".equals(step.headers().get("x-content-type-options"))) {
            wrong.add("cache-control is " + step.headers().get("cache-control") + ", x-content-type-options "
                    + step.headers().get("x-content-type-options"));
        }
    }

    private static void check(Operation operation, Step step, List<String> wrong) {
        Schema schema = TheContract.CONTRACT.schema("ErrorEnvelope");
        JsonObject headers = JsonValue.EMPTY_JSON_OBJECT;
        if (step.headers().get("x-request-id") == null || !step.headers().get("x-request-id").matches("req_[0-9a-hjkmnp-tv-z]{26}")) {
            wrong.add("x-request-id is " + step.headers().get("x-request-id"));
        }
        if (operation == null) {
            if (step.status() != 404) {
                wrong.add("no such route, so it is a 404");
            }
        } else {
            JsonObject described = TheContract.CONTRACT.json().getJsonObject("paths").getJsonObject(operation.path())
                    .getJsonObject(operation.method().toLowerCase()).getJsonObject("responses");
            String status = String.valueOf(step.status());
            if (!described.containsKey(status)) {
                // An operation that is not built yet answers 501, although the contract documents its future responses.
                if (step.status() != 501) {
                    wrong.add("the status is not documented");
                }
                headers = TheContract.CONTRACT.json().getJsonObject("components").getJsonObject("responses").getJsonObject("NotImplemented")
                        .getJsonObject("headers");
            } else {
                JsonObject documented = TheContract.CONTRACT.resolve(described.get(status));
                headers = documented.getJsonObject("headers");
                schema = TheContract.CONTRACT.schema(reference(documented));
            }
        }
        headers(headers, step, wrong);
        body(schema, step, wrong);
    }

    private static void body(Schema schema, Step step, List<String> wrong) {
        if (!"application/json".equals(step.headers().get("content-type"))) {
            wrong.add("the content type is " + step.headers().get("content-type"));
        } else {
            try (var reader = Json.createReader(new StringReader(step.body()))) {
                schema.check(reader.readValue(), "", (at, rule, message) -> wrong.add(at + " " + message));
            } catch (JsonException e) {
                wrong.add("the body is not JSON");
            }
        }
    }

    private static String reference(JsonObject holder) {
        JsonObject schema = holder.getJsonObject("content").getJsonObject("application/json").getJsonObject("schema");
        String reference = ((JsonString) schema.get("$ref")).getString();
        return reference.substring(reference.lastIndexOf('/') + 1);
    }

    private static void oracle(String path, Step step, List<String> wrong) {
        if (step.status() == 501) {
            return;
        }
        SimpleResponse.Builder builder = SimpleResponse.Builder.status(step.status()).withBody(step.body());
        step.headers().forEach(builder::withHeader);
        ValidationReport report = Oracle.VALIDATOR.validateResponse(path, Request.Method.valueOf(step.method()), builder.build());
        if (report.hasErrors()) {
            wrong.add("the oracle: " + report.getMessages().stream().map(ValidationReport.Message::getMessage).collect(Collectors.joining("; ")));
        }
    }
}
