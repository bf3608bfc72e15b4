// SPDX-License-Identifier: Apache-2.0
package dev.phone.contract;

import dev.phone.api.ErrorMessages;
import dev.phone.api.Operation;
import dev.phone.api.Operation.Auth;
import dev.phone.api.Operation.RateLimit;
import jakarta.json.JsonArray;
import jakarta.json.JsonNumber;
import jakarta.json.JsonValue;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Rules for operations: names, descriptions, security, and exactly the statuses that they can return. */
final class OperationRules {
    /** The verbs of operationIds. There are few on purpose: use an existing one before you add one. */
    private static final Set<String> VERBS = new TreeSet<>(Set.of("list", "get", "create", "update", "delete", "rotate", "test", "claim",
            "release", "send", "verify", "resend", "cancel", "call", "deliver", "redeliver"));
    /** The verbs that need no noun. */
    private static final Set<String> NOUNLESS = Set.of("redeliver");
    private static final Pattern OPERATION_ID = Pattern.compile("([a-z]+)((?:[A-Z][a-z0-9]+)*)");
    private static final Pattern VARIABLE = Pattern.compile("\\{([^}]*)}");
    private static final int SUMMARY_WORDS = 6;

    private static final Set<String> PATH_KEYS = Set.of("get", "put", "post", "delete", "patch", "parameters");
    private static final List<String> OPERATION_KEYS = List.of("operationId", "tags", "summary", "description", "deprecated", "security",
            "x-rate-limit", "x-takes-headers", "x-mock", "parameters", "requestBody", "responses");
    private static final Set<String> PARAMETER_KEYS = Set.of("name", "in", "required", "description", "deprecated", "schema", "examples");
    private static final Set<String> BODY_KEYS = Set.of("description", "required", "content");
    private static final Set<String> RESPONSE_KEYS = Set.of("description", "headers", "content");
    private static final Set<String> MEDIA_TYPE_KEYS = Set.of("schema", "examples");
    private static final Set<String> HEADER_KEYS = Set.of("description", "required", "deprecated", "schema");
    private static final Set<String> RATE_LIMIT_KEYS = Set.of("name", "limit", "window", "key", "noun");

    private static final String ERROR = "#/components/schemas/ErrorEnvelope";

    /** The closed set of errors, from the schema ErrorCode: status to code. */
    record Errors(Map<String, String> codes) {
        static Errors of(Spot document) {
            Map<String, String> codes = new TreeMap<>();
            for (Spot pair : code(document).raw("x-statuses").items()) {
                codes.put(pair.raw("status").exists() ? pair.raw("status").value().toString() : "", pair.raw("code").text());
            }
            return new Errors(codes);
        }

        static Spot code(Spot document) {
            return document.get("components").get("schemas").get("ErrorCode");
        }
    }

    private final Lint lint;
    private final SchemaRules schemaRules;
    private final Errors errors;
    private final Map<String, Spot> ids = new HashMap<>();
    private final Map<String, JsonValue> limits = new HashMap<>();
    private final Set<String> usedTags = new HashSet<>();
    private final Set<String> usedSchemes = new HashSet<>();

    OperationRules(Lint lint) {
        this.lint = lint;
        this.schemaRules = new SchemaRules(lint);
        this.errors = Errors.of(lint.document);
    }

    void check() {
        errors();
        if (lint.document.raw("x-rate-limit").exists()) {
            rateLimit(lint.document.raw("x-rate-limit"));
        }
        lint.document.get("paths").members().forEach(this::path);
        lint.document.get("webhooks").members().forEach((name, item) -> item.members().forEach((method, operation) -> {
            if (Contract.METHODS.contains(method)) {
                webhook(item, operation);
            }
        }));
        for (Spot tag : lint.document.raw("tags").items()) {
            if (!usedTags.contains(tag.get("name").text()) && !tag.raw("x-displayName").exists()) {
                lint.report(tag, "tag", "no operation has the tag " + tag.get("name").text() + "; remove it");
            }
        }
        lint.document.get("components").get("securitySchemes").members().forEach((name, scheme) -> {
            if (!usedSchemes.contains(name)) {
                lint.report(scheme, "unused", "no operation uses the security scheme " + name + "; remove it");
            }
        });
    }

    private void errors() {
        Spot code = Errors.code(lint.document);
        Set<String> values = new HashSet<>();
        code.raw("enum").items().forEach(value -> values.add(value.text()));
        if (errors.codes().isEmpty()) {
            lint.report(code, "error-code", "the schema ErrorCode does not map codes to statuses; add x-statuses");
        } else if (!values.equals(new HashSet<>(errors.codes().values())) || errors.codes().size() != values.size()) {
            lint.report(code.raw("x-statuses"), "error-code", "enum and x-statuses differ; each code has exactly one status");
        }
    }

    private void path(String path, Spot item) {
        lint.onlyKeys(item, PATH_KEYS);
        if (!path.matches("/v1(/([a-z0-9-]+|\\{[a-z][A-Za-z0-9]*}))+")) {
            lint.report(item, "path", path + " is not written like /v1/otp-requests/{otpRequestId}; rename it");
        }
        String file = path.replaceFirst("^/v1/", "").replace('/', '-').replaceAll("[{}]", "") + ".yaml";
        if (lint.isInPart(item) && !lint.fileName(item).equals(file)) {
            lint.report(item, "path", "the file of " + path + " must be named " + file + "; rename it");
        }
        item.members().forEach((method, operation) -> {
            if (Contract.METHODS.contains(method)) {
                operation(path, item, method, operation);
            }
        });
    }

    private void operation(String path, Spot item, String method, Spot operation) {
        lint.onlyKeys(operation, Set.copyOf(OPERATION_KEYS));
        List<String> order = OPERATION_KEYS.stream().filter(operation.object()::containsKey).toList();
        if (!order.equals(operation.object().keySet().stream().filter(OPERATION_KEYS::contains).toList())) {
            lint.report(operation, "key", "the members are out of order; write " + String.join(", ", order));
        }
        String id = operation.raw("operationId").text();
        operationId(operation, id);
        summary(operation, id);
        lint.described(operation, "the operation " + id);
        tags(operation);
        Auth auth = auth(operation);
        if (operation.raw("x-rate-limit").exists()) {
            rateLimit(operation.raw("x-rate-limit"));
        }
        Spot takesHeaders = operation.raw("x-takes-headers");
        if (takesHeaders.exists() && takesHeaders.value() != JsonValue.TRUE) {
            lint.report(takesHeaders, "x-takes-headers", "must be true or absent");
        }
        List<Spot> parameters = parameters(item, operation);
        variables(path, operation, parameters);
        Spot body = operation.get("requestBody");
        if (body.exists()) {
            body(body, "the request body");
        }
        statuses(operation, method, auth, parameters, body);
        operation.get("responses").members().forEach(this::response);
        tooMany(operation);
    }

    private void operationId(Spot operation, String id) {
        Matcher parts = OPERATION_ID.matcher(id);
        if (!parts.matches() || !VERBS.contains(parts.group(1)) || parts.group(2).isEmpty() != NOUNLESS.contains(id)) {
            lint.report(operation.raw("operationId"), "operation-id", (id.isEmpty() ? "there is no operationId" : id
                    + " is not a verb and a noun in camelCase") + "; begin with one of: " + String.join(", ", VERBS));
        }
        unique(operation, id);
    }

    private void unique(Spot operation, String id) {
        if (ids.putIfAbsent(id, operation) != null && !id.isEmpty()) {
            lint.report(operation.raw("operationId"), "operation-id", "another operation is named " + id + "; rename one");
        }
    }

    private void summary(Spot operation, String id) {
        String summary = operation.raw("summary").text();
        String[] words = summary.strip().split("\\s+");
        Spot at = operation.raw("summary");
        if (summary.isBlank()) {
            lint.report(operation, "summary", id + " has no summary; say in at most " + SUMMARY_WORDS + " words what it does");
            return;
        }
        if (words.length > SUMMARY_WORDS) {
            lint.report(at, "summary", "\"" + summary + "\" has more than " + SUMMARY_WORDS + " words; move the rest to the description");
        }
        if (summary.matches(".*[.!?:;]")) {
            lint.report(at, "summary", "\"" + summary + "\" is a heading; remove the full stop");
        }
        // OTP and ID are words, Otp is not.
        boolean capitals = List.of(words).subList(1, words.length).stream().anyMatch(word -> word.matches("[A-Z][a-z].*"));
        if (!summary.matches("[A-Z].*") || capitals) {
            lint.report(at, "summary", "\"" + summary + "\" is not in sentence case; capitalise only the first word");
        }
    }

    private void tags(Spot operation) {
        Set<String> declared = new HashSet<>();
        lint.document.raw("tags").items().forEach(tag -> declared.add(tag.get("name").text()));
        List<Spot> tags = operation.raw("tags").items();
        if (tags.size() != 1) {
            lint.report(operation.raw("tags"), "tag", "an operation has exactly one tag, which becomes its interface");
        }
        for (Spot tag : tags) {
            usedTags.add(tag.text());
            if (!declared.contains(tag.text())) {
                lint.report(tag, "tag", "there is no tag " + tag.text() + "; declare it at the root, or use a declared one");
            }
        }
    }

    /** Null if the operation does not state it. */
    private Auth auth(Spot operation) {
        Spot security = operation.raw("security");
        if (!(security.value() instanceof JsonArray alternatives) || alternatives.size() > 1) {
            lint.report(security, "security", "an operation states the schemes that a caller needs together; write security: [] for none");
            return null;
        }
        Set<String> schemes = alternatives.isEmpty() ? Set.of() : security.items().getFirst().object().keySet();
        usedSchemes.addAll(schemes);
        for (String scheme : schemes) {
            if (!lint.document.get("components").get("securitySchemes").raw(scheme).exists()) {
                lint.report(security, "security", "there is no security scheme " + scheme + "; declare it, or use a declared one");
            }
        }
        try {
            return Auth.of(schemes.toArray(String[]::new));
        } catch (IllegalArgumentException e) {
            lint.report(security, "security", e.getMessage() + "; use [], bearer, apiKey, or clientId with clientSecret and apiKey");
            return null;
        }
    }

    private void rateLimit(Spot limit) {
        lint.onlyKeys(limit, RATE_LIMIT_KEYS);
        boolean complete = isPositive(limit.raw("limit").value()) && isPositive(limit.raw("window").value())
                && !limit.raw("noun").text().isBlank() && limit.raw("name").text().matches("[a-z][a-z0-9-]*");
        try {
            RateLimit.Key.of(limit.raw("key").text());
        } catch (IllegalArgumentException e) {
            complete = false;
        }
        if (!complete) {
            lint.report(limit, "rate-limit", "write a limit like {name: otp-send, limit: 5, window: 60, key: clientId, "
                    + "noun: OTP requests}; key is ip or clientId");
        } else if (!limits.computeIfAbsent(limit.raw("name").text(), name -> limit.value()).equals(limit.value())) {
            lint.report(limit, "rate-limit", "there is another limit " + limit.raw("name").text() + " with other numbers; rename one");
        }
    }

    /** No single request provokes a 429, so its message is checked here instead of by a test. */
    private void tooMany(Spot operation) {
        String noun = (operation.raw("x-rate-limit").exists() ? operation : lint.document).raw("x-rate-limit").raw("noun").text();
        Spot examples = operation.get("responses").get("429").get("content").get("application/json").raw("examples");
        if (!noun.isEmpty() && examples.exists() && examples.members().values().stream().noneMatch(example ->
                ErrorMessages.isRateLimited(example.raw("value").raw("error").raw("message").text(), noun))) {
            lint.report(examples, "rate-limit", operation.raw("operationId").text() + " has no 429 example with the message: "
                    + ErrorMessages.rateLimited(noun, 42) + "; add or correct it");
        }
    }

    private static boolean isPositive(JsonValue value) {
        return value instanceof JsonNumber number && number.isIntegral() && number.bigDecimalValue().signum() > 0;
    }

    /** The parameters of the path and of the operation, with references resolved. */
    static List<Spot> parametersOf(Spot item, Spot operation) {
        List<Spot> parameters = new ArrayList<>();
        item.raw("parameters").items().forEach(parameter -> parameters.add(parameter.target()));
        operation.raw("parameters").items().forEach(parameter -> parameters.add(parameter.target()));
        parameters.removeIf(parameter -> !parameter.exists());
        return parameters;
    }

    private List<Spot> parameters(Spot item, Spot operation) {
        Set<String> seen = new HashSet<>();
        List<Spot> parameters = parametersOf(item, operation);
        for (Spot parameter : parameters) {
            String name = parameter.raw("name").text();
            String in = parameter.raw("in").text();
            lint.onlyKeys(parameter, PARAMETER_KEYS);
            lint.described(parameter, "the parameter " + name);
            schemaRules.slot(parameter, "the parameter " + name);
            // The documentation shows both descriptions, unless they are the same.
            String own = parameter.raw("description").text();
            String ofSchema = parameter.get("schema").get("description").text();
            if (!own.isEmpty() && !own.equals(ofSchema) && ofSchema.startsWith(own)) {
                lint.report(parameter, "description", "the schema of " + name + " says this and more; describe both with its text");
            }
            if (!Set.of("path", "query", "header").contains(in)) {
                lint.report(parameter, "parameter", name + " is in " + (in.isEmpty() ? "no place" : in) + "; use path, query or header");
            }
            if (!seen.add(in + ":" + name)) {
                lint.report(parameter, "parameter", name + " is declared twice; remove one");
            }
            parameter.raw("examples").members().values().forEach(this::example);
        }
        return parameters;
    }

    private void variables(String path, Spot operation, List<Spot> parameters) {
        Set<String> variables = new LinkedHashSet<>();
        VARIABLE.matcher(path).results().forEach(result -> variables.add(result.group(1)));
        for (Spot parameter : parameters) {
            String name = parameter.raw("name").text();
            if (parameter.raw("in").text().equals("path")) {
                if (!variables.remove(name)) {
                    lint.report(operation, "path", "the path parameter " + name + " is not in " + path + "; remove it");
                }
                if (!parameter.raw("required").isTrue()) {
                    lint.report(parameter, "path", "a path parameter is always required; write required: true");
                }
            }
        }
        for (String variable : variables) {
            lint.report(operation, "path", path + " has {" + variable + "}, for which there is no path parameter; add it");
        }
    }

    private void body(Spot body, String what) {
        lint.onlyKeys(body, BODY_KEYS);
        // The documentation shows both descriptions, one above the other. That of the schema is always there.
        Spot schema = mediaType(body, what).get("schema");
        String own = withoutArticle(body.get("description").text());
        if (!own.isBlank() && own.equals(withoutArticle(schema.get("description").text()))) {
            lint.report(body.raw("description"), "description", what + " and its schema have the same description; remove this one");
        }
    }

    private static String withoutArticle(String description) {
        return description.replaceFirst("^(?:An?|The) ", "");
    }

    private Spot mediaType(Spot holder, String what) {
        Spot content = holder.raw("content");
        if (!content.object().keySet().equals(Set.of("application/json"))) {
            lint.report(content, "media-type", "the content of " + what + " must be application/json only");
        }
        Spot mediaType = content.get("application/json");
        if (mediaType.exists()) {
            lint.onlyKeys(mediaType, MEDIA_TYPE_KEYS);
            schemaRules.body(mediaType, what);
            if (mediaType.raw("examples").object().isEmpty()) {
                lint.report(mediaType, "example", what + " has no examples; add at least one");
            }
            mediaType.raw("examples").members().values().forEach(this::example);
        }
        return mediaType;
    }

    private void example(Spot example) {
        lint.onlyKeys(example, Set.of("summary", "description", "value", "x-as", "x-illustrative"));
        if (example.raw("summary").text().isBlank()) {
            lint.report(example, "summary", "the example has no summary; describe what it shows");
        }
        if (!example.raw("value").exists()) {
            lint.report(example, "example", "the example has no value; add it");
        }
    }

    private void statuses(Spot operation, String method, Auth auth, List<Spot> parameters, Spot body) {
        Spot responses = operation.get("responses");
        Set<String> successes = new TreeSet<>();
        Set<String> documented = new TreeSet<>();
        for (String status : responses.object().keySet()) {
            if (status.matches("2[0-9][0-9]")) {
                successes.add(status);
                if (!status.equals("200") && !(Set.of("201", "202").contains(status) && method.equals("post"))) {
                    lint.report(responses.raw(status), "status",
                            "a success is 200, or for a post 201 if it creates something, or 202 if the work is done later");
                }
                shape(method, parameters, responses.get(status).get("content").get("application/json").raw("schema"));
                if (responses.get(status).raw("headers").object().containsKey("Idempotent-Replayed") != isIdempotent(parameters)) {
                    lint.report(responses.get(status).raw("headers"), "header",
                            "the header Idempotent-Replayed belongs to the success of an operation with an Idempotency-Key, and to no other");
                }
            } else {
                documented.add(status);
                if (!errors.codes().containsKey(status)) {
                    lint.report(responses.raw(status), "status", status + " is not an allowed status; use one of: 200, 201, 202, "
                            + String.join(", ", errors.codes().keySet()));
                }
            }
        }
        if (successes.size() != (documented.contains("501") ? 0 : 1)) {
            lint.report(responses, "status", "an operation has exactly one success, or none and a 501");
        }
        boolean input = !parameters.isEmpty() || body.exists();
        Map<String, String> mandatory = new LinkedHashMap<>();
        Map<String, String> impossible = new LinkedHashMap<>();
        (auth == null || auth == Auth.PUBLIC ? impossible : mandatory).put("401", auth == Auth.PUBLIC ? "it is public" : "it is not public");
        (auth == Auth.TRIPLE || auth == Auth.API_KEY ? mandatory : impossible).put("403",
                auth == Auth.TRIPLE || auth == Auth.API_KEY ? "an application may be suspended" : "applications do not call it");
        (input ? mandatory : impossible).put("422", input ? "it has parameters or a body" : "it has neither parameters nor a body");
        if (parameters.stream().anyMatch(parameter -> parameter.raw("in").text().equals("path"))) {
            mandatory.put("404", "it addresses a resource by its path");
        }
        if (isIdempotent(parameters)) {
            mandatory.put("409", "a request with the same idempotency key may be in flight");
        }
        mandatory.put("429", "all requests are limited");
        mandatory.put("500", "anything may fail");
        mandatory.forEach((status, why) -> {
            if (!documented.contains(status)) {
                lint.report(responses, "status", status + " is missing: " + why + "; add it");
            }
        });
        impossible.forEach((status, why) -> {
            if (auth != null && documented.contains(status)) {
                lint.report(responses.raw(status), "status", "it never returns " + status + ": " + why + "; remove it");
            }
        });
    }

    /** Generated routes rely on these formats: they write pages and the results of deletions. */
    private void shape(String method, List<Spot> parameters, Spot schema) {
        Spot properties = schema.target().raw("properties");
        Set<String> ofPage = new TreeSet<>();
        for (Spot parameter : parameters) {
            if (parameter.raw("in").text().equals("query") && Set.of("limit", "cursor").contains(parameter.raw("name").text())) {
                ofPage.add(parameter.raw("name").text());
            }
        }
        boolean meta = properties.raw("meta").exists();
        boolean list = properties.get("data").raw("items").exists();
        boolean next = properties.get("meta").raw("properties").object().keySet().equals(Set.of("nextCursor"));
        if (meta ? !list || !next || ofPage.size() < 2 : !ofPage.isEmpty()) {
            lint.report(schema, "page", "a page has a list as data, meta with only nextCursor, and the parameters limit and cursor; write all of these or none");
        }
        List<String> names = List.copyOf(properties.get("data").raw("properties").object().keySet());
        if (method.equals("delete") && (meta || names.size() != 2
                || !properties.get("data").get("properties").get(names.get(0)).raw("type").text().equals("string")
                || !properties.get("data").get("properties").get(names.get(1)).raw("type").text().equals("boolean"))) {
            lint.report(schema, "deletion", "a delete returns the last path parameter and then a flag that is true; write exactly these two properties");
        }
    }

    private static boolean isIdempotent(List<Spot> parameters) {
        return parameters.stream().anyMatch(parameter -> parameter.raw("name").text().equals(Operation.IDEMPOTENCY_KEY));
    }

    private void response(String status, Spot response) {
        String what = "the response " + status;
        lint.onlyKeys(response, RESPONSE_KEYS);
        lint.described(response, what);
        headers(status, response);
        Spot mediaType = mediaType(response, what);
        Spot schema = mediaType.raw("schema");
        if (status.startsWith("2")) {
            envelope(schema);
            return;
        }
        if (schema.isReference() && !schema.reference().equals(ERROR)) {
            lint.report(schema, "error", "every error is an ErrorEnvelope; refer to it");
        }
        String code = errors.codes().get(status);
        mediaType.raw("examples").members().forEach((name, example) -> {
            Spot actual = example.raw("value").raw("error").raw("code");
            if (code != null && example.raw("value").exists() && !actual.text().equals(code)) {
                lint.report(actual, "error-code", "the code of " + status + " is " + code + "; correct the example " + name);
            }
        });
    }

    private void headers(String status, Spot response) {
        Spot headers = response.raw("headers");
        Set<String> names = headers.object().keySet();
        for (String mandatory : List.of("x-request-id", "RateLimit-Policy", "RateLimit")) {
            if (!names.contains(mandatory)) {
                lint.report(headers, "header", "every response has the header " + mandatory + "; add it");
            }
        }
        if (names.contains("Retry-After") != status.equals("429")) {
            lint.report(headers, "header", "the header Retry-After belongs to a 429, and to no other response");
        }
        if (names.contains("WWW-Authenticate") != status.equals("401")) {
            lint.report(headers, "header", "the header WWW-Authenticate belongs to a 401, and to no other response");
        }
        headers.members().forEach((name, header) -> {
            lint.onlyKeys(header, HEADER_KEYS);
            lint.described(header, "the header " + name);
            schemaRules.slot(header, "the header " + name);
        });
    }

    private void envelope(Spot schema) {
        Spot envelope = schema.target();
        Set<String> properties = envelope.raw("properties").object().keySet();
        boolean required = envelope.raw("required").items().stream().anyMatch(name -> name.text().equals("data"));
        if (schema.isReference() && (!required || !properties.contains("data") || !Set.of("data", "meta").containsAll(properties))) {
            lint.report(schema, "envelope", "a success is an object with a required data, an optional meta, and nothing else; wrap it");
        }
    }

    /** A webhook is a request that we send: it has no security, limits or errors, and its receiver may answer anything. */
    private void webhook(Spot item, Spot operation) {
        String id = operation.raw("operationId").text();
        if (!OPERATION_ID.matcher(id).matches()) {
            lint.report(operation.raw("operationId"), "operation-id", "a webhook has an operationId in camelCase; add one");
        }
        unique(operation, id);
        summary(operation, id);
        lint.described(operation, "the webhook " + id);
        operation.raw("tags").items().forEach(tag -> usedTags.add(tag.text()));
        Spot body = operation.get("requestBody");
        if (!body.exists()) {
            lint.report(operation, "example", "the webhook " + id + " has no request body; add one with an example");
        } else {
            body(body, "the body of the webhook " + id);
        }
        parameters(item, operation);
        operation.get("responses").members().forEach((status, response) -> lint.described(response, "the response " + status));
    }
}
