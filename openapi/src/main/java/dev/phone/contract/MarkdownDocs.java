// SPDX-License-Identifier: Apache-2.0
package dev.phone.contract;

import jakarta.json.JsonArray;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A contract as one Markdown document, for reading in a terminal: its guides, each operation with one request and one response, its events, and the
 * types that these use. {@link MarkdownText} lays out the text.
 */
public final class MarkdownDocs {
    private static final String JSON = "application/json";
    private static final Pattern GUIDE = Pattern.compile("\\bguide \\*([^*]+)\\*");
    private static final Pattern LINK = Pattern.compile("\\]\\(#@([^)]+)\\)");
    private static final Pattern NOT_IN_SLUG = Pattern.compile("[^\\p{L}\\p{N} _-]");

    private record Operation(String method, String path, Spot item, Spot spot) {
        List<Spot> parameters() {
            return Stream.of(item, spot).flatMap(holder -> holder.get("parameters").items().stream()).map(Spot::target).toList();
        }

        /** The name by which it is called, or the request line if it has none. */
        String name() {
            return spot.raw("operationId").exists() ? spot.get("operationId").text() : method + " " + path;
        }
    }

    private final Spot document;
    private final StringBuilder text = new StringBuilder();
    private final StringBuilder contents = new StringBuilder();
    // The fragment of each heading by its key; a heading that is there again has a number.
    private final Map<String, String> slugs = new LinkedHashMap<>();
    private final Map<String, Integer> counts = new LinkedHashMap<>();
    // Object types that are referred to, and have their own section.
    private final Set<String> types = new TreeSet<>();

    private MarkdownDocs(JsonObject contract) {
        document = Spot.of(contract);
    }

    public static String of(JsonObject contract) {
        return new MarkdownDocs(contract).render();
    }

    private String render() {
        Spot info = document.get("info");
        String title = "# " + info.get("title").text() + " " + info.get("version").text();
        slug("", title.substring(2));
        slug("", "Contents");
        List<JsonObject> tags = document.get("tags").items().stream().map(Spot::object).toList();
        List<Operation> operations = operations("paths");
        List<Operation> events = operations("webhooks");
        Set<String> used = Stream.of(operations, events).flatMap(List::stream).map(MarkdownDocs::tag).collect(Collectors.toSet());
        List<JsonObject> guides = tags.stream().filter(tag -> !used.contains(tag.getString("name"))).toList();
        if (!guides.isEmpty()) {
            part("Guides");
            guides.forEach(this::guide);
        }
        part("Operations");
        credentials();
        Map<String, JsonObject> groups = new LinkedHashMap<>();
        tags.forEach(tag -> groups.put(tag.getString("name"), tag));
        operations.forEach(operation -> groups.putIfAbsent(tag(operation), JsonValue.EMPTY_JSON_OBJECT));
        groups.forEach((name, tag) -> {
            List<Operation> own = operations.stream().filter(operation -> tag(operation).equals(name)).toList();
            if (!own.isEmpty()) {
                heading(2, name.isEmpty() ? "Others" : tag.getString("x-displayName", name), "tag:" + name);
                prose(tag.getString("description", ""));
                own.forEach(this::operation);
            }
        });
        if (!events.isEmpty()) {
            part("Events");
            tags.stream().filter(tag -> events.stream().anyMatch(event -> tag(event).equals(tag.getString("name")))
                    && operations.stream().noneMatch(operation -> tag(operation).equals(tag.getString("name"))))
                    .forEach(tag -> prose(tag.getString("description", "")));
            events.forEach(this::event);
        }
        types();
        String beginning = MarkdownText.flow(info.get("summary").text() + "\n\nThis is the whole documentation as text. In `less`, `/^## ` leads "
                + "from chapter to chapter, `/^### ` from operation to operation" + (operations.isEmpty() ? "."
                : ", and `/^### " + operations.getFirst().name() + "` to one of them."));
        String whole = title + "\n\n" + beginning + "\n\n# Contents\n" + contents + "\n" + text.toString().strip() + "\n";
        return LINK.matcher(whole).replaceAll(link -> Matcher.quoteReplacement("](#" + slugs.getOrDefault(link.group(1), link.group(1)) + ")"));
    }

    private List<Operation> operations(String part) {
        List<Operation> operations = new ArrayList<>();
        document.get(part).members().forEach((path, item) -> item.members().forEach((method, operation) -> {
            if (Contract.METHODS.contains(method)) {
                operations.add(new Operation(method.toUpperCase(Locale.ROOT), path, item, operation));
            }
        }));
        return operations;
    }

    private static String tag(Operation operation) {
        return operation.spot.get("tags").items().stream().map(Spot::text).findFirst().orElse("");
    }

    // ---- headings

    private void part(String name) {
        heading(1, name, "part:" + name);
    }

    private void heading(int level, String name, String key) {
        text.append("#".repeat(level)).append(' ').append(name).append("\n\n");
        String slug = slug(key, name);
        if (!key.isEmpty()) {
            contents.append(level == 1 ? "\n" : "").append("  ".repeat(level - 1))
                    .append("- [").append(name).append("](#").append(slug).append(")\n");
        }
    }

    /** The fragment that GitHub and others give to a heading. */
    private String slug(String key, String name) {
        String slug = NOT_IN_SLUG.matcher(name.toLowerCase(Locale.ROOT)).replaceAll("").replace(' ', '-');
        int count = counts.merge(slug, 1, Integer::sum);
        String unique = count == 1 ? slug : slug + "-" + (count - 1);
        if (!key.isEmpty()) {
            slugs.put(key, unique);
        }
        return unique;
    }

    private void prose(String markdown) {
        String linked = GUIDE.matcher(markdown)
                .replaceAll(guide -> Matcher.quoteReplacement("guide [" + guide.group(1) + "](#@" + key(guide.group(1)) + ")"));
        if (!linked.isBlank()) {
            text.append(MarkdownText.flow(linked)).append("\n\n");
        }
    }

    // ---- guides

    private static String key(String guide) {
        return "guide:" + guide.replace(' ', '-');
    }

    private void guide(JsonObject tag) {
        String title = tag.getString("x-displayName", tag.getString("name"));
        heading(2, title, key(title));
        StringBuilder section = new StringBuilder();
        boolean code = false;
        for (String line : tag.getString("description", "").lines().toList()) {
            code ^= line.startsWith("```");
            if (!code && line.startsWith("#")) {
                flush(section);
                heading(line.indexOf(' ') + 1, line.substring(line.indexOf(' ') + 1), "");
            } else {
                section.append(line).append('\n');
            }
        }
        flush(section);
    }

    private void flush(StringBuilder section) {
        prose(section.toString());
        section.setLength(0);
    }

    // ---- operations

    /** Variables of a shell with the credentials of the demo world, by the headers that an operation takes. */
    private static final Map<Set<String>, String> VARIABLES = new LinkedHashMap<>();

    static {
        VARIABLES.put(Set.of("authorization"), "CONSOLE");
        VARIABLES.put(Set.of("x-client-id", "x-client-secret", "x-api-key"), "APPLICATION");
        VARIABLES.put(Set.of("x-api-key"), "USER_LOOKUP");
    }

    private Spot world() {
        return document.get("x-demo-world").get("credentials");
    }

    private void credentials() {
        if (!world().exists()) {
            return;
        }
        prose("The requests below work in bash and zsh, once these variables are set. They hold the credentials of the demo world, which a freshly "
                + "started server and the mock have.");
        String server = document.get("servers").items().stream().map(each -> each.get("url").text()).filter(url -> url.startsWith("http")).findFirst()
                .orElse("http://localhost:8080");
        text.append("```sh\nPHONE=").append(server).append('\n');
        VARIABLES.forEach((headers, variable) -> {
            Map<String, Spot> known = world().get(headers.contains("authorization") ? "alice" : "app").members();
            text.append(variable).append(known.entrySet().stream().filter(header -> headers.contains(header.getKey()))
                    .map(header -> "-H '" + header.getKey() + ": " + header.getValue().text() + "'")
                    .collect(Collectors.joining("\n  ", "=(", ")\n")));
        });
        text.append("```\n\n");
    }

    private void operation(Operation operation) {
        Spot spot = operation.spot;
        String summary = spot.get("summary").text();
        heading(3, operation.name() + (summary.isEmpty() ? "" : ": " + decapitalised(summary)), "operation:" + operation.name());
        text.append("    ").append(operation.method).append(' ').append(operation.path).append("\n\n");
        prose(spot.get("description").text());
        List<String> schemes = schemes(spot);
        prose("- Credentials: " + (schemes.isEmpty() ? "none" : joined(schemes)) + "\n- Limit: " + limit(spot)
                + (success(spot) == null ? "\n- Not built yet: it answers 501" : ""));
        List<Spot> parameters = operation.parameters();
        if (!parameters.isEmpty()) {
            prose("Parameters:\n\n" + parameters.stream().map(parameter -> "- `" + parameter.get("name").text() + "` (" + parameter.get("in").text()
                    + ", " + facts(parameter.raw("schema"), parameter.get("required").isTrue(), true) + ")"
                    + after(description(parameter, parameter.get("schema")))).collect(Collectors.joining("\n")));
        }
        body(spot.get("requestBody"));
        example(operation);
        answers(spot);
    }

    private static String decapitalised(String summary) {
        // Not an abbreviation.
        return summary.length() > 1 && Character.isLowerCase(summary.charAt(1)) || summary.startsWith("A ")
                ? summary.substring(0, 1).toLowerCase(Locale.ROOT) + summary.substring(1) : summary;
    }

    /** The credentials that an operation takes, as Markdown. */
    private List<String> schemes(Spot operation) {
        Spot security = operation.raw("security").exists() ? operation.get("security") : document.get("security");
        Spot first = security.items().stream().findFirst().orElse(null);
        return first == null ? List.of() : first.object().keySet().stream().map(name -> {
            Spot scheme = document.get("components").get("securitySchemes").get(name);
            return scheme.get("type").text().equals("apiKey") ? "`" + scheme.get("name").text() + "`"
                    : scheme.get("scheme").text().equalsIgnoreCase("bearer") ? "a bearer token (`Authorization: Bearer …`)" : name;
        }).toList();
    }

    private String limit(Spot operation) {
        Spot own = operation.get("x-rate-limit");
        Spot general = document.get("x-rate-limit");
        List<String> limits = Stream.of(own.exists() ? rate(own) : "", general.exists() ? rate(general) + ", for all operations together" : "")
                .filter(limit -> !limit.isEmpty()).toList();
        return limits.isEmpty() ? "none" : String.join("; also ", limits);
    }

    private static String rate(Spot limit) {
        JsonObject rate = limit.object();
        int window = rate.getInt("window", 0);
        return rate.getInt("limit", 0) + " requests per " + (window == 60 ? "minute" : window == 3600 ? "hour" : window + " seconds") + " for each "
                + (rate.getString("key", "").equals("ip") ? "IP address" : "client ID");
    }

    private void body(Spot body) {
        Spot schema = body.get("content").get(JSON).raw("schema");
        if (!schema.exists()) {
            return;
        }
        prose("Body" + (body.get("required").isTrue() ? "" : ", optional") + after(description(body, schema.target())));
        properties(schema.target(), true);
    }

    /** @param input whether to say of a text in which form it is expected */
    private void properties(Spot schema, boolean input) {
        List<String> lines = new ArrayList<>();
        properties(schema, "", input, lines);
        if (!lines.isEmpty()) {
            prose(String.join("\n", lines));
        }
    }

    private void properties(Spot schema, String indent, boolean input, List<String> lines) {
        Set<String> required = schema.get("required").items().stream().map(Spot::text).collect(Collectors.toSet());
        schema.get("properties").object().keySet().forEach(name -> {
            Spot raw = schema.get("properties").raw(name);
            Spot property = raw.target();
            lines.add(indent + "- `" + name + "` (" + facts(raw, required.contains(name), input) + ")" + after(description(property, raw.target())));
            if (!raw.isReference() && property.get("properties").exists()) {
                properties(property, indent + "  ", input, lines);
            }
        });
    }

    /** The first description that there is. */
    private static String description(Spot... holders) {
        return Stream.of(holders).map(holder -> holder.get("description").text()).filter(each -> !each.isEmpty()).findFirst().orElse("");
    }

    private static String after(String description) {
        return description.isEmpty() ? "" : ": " + description.replaceAll("\\s*\\R\\s*", " ");
    }

    // ---- types

    private static final Map<String, String> RANGES = new LinkedHashMap<>();

    static {
        RANGES.put("", "");
        RANGES.put("Length", "characters");
        RANGES.put("Items", "items");
        RANGES.put("Properties", "properties");
    }

    private String facts(Spot raw, boolean required, boolean input) {
        List<String> facts = new ArrayList<>();
        Spot schema = raw.target();
        String expected = schema.get("x-expects").text();
        if (input && !expected.isEmpty()) {
            facts.add(expected);
        } else {
            facts.add(type(raw));
            RANGES.forEach((keyword, unit) -> {
                String range = range(schema, keyword, unit);
                if (!range.isEmpty()) {
                    facts.add(range);
                }
            });
        }
        if (schema.raw("default").exists()) {
            facts.add("default `" + plain(schema.raw("default").value()) + "`");
        }
        if (!required) {
            facts.add("optional");
        }
        return String.join(", ", facts);
    }

    /** @return empty if there is neither end */
    private static String range(Spot schema, String keyword, String unit) {
        String least = keyword.isEmpty() ? "minimum" : "min" + keyword;
        String most = keyword.isEmpty() ? "maximum" : "max" + keyword;
        String from = schema.raw(least).value() instanceof JsonNumber number && !number.toString().equals("0") ? number.toString() : "";
        String to = schema.raw(most).value() instanceof JsonNumber number ? number.toString() : "";
        String range = from.isEmpty() && to.isEmpty() ? "" : from.isEmpty() ? "at most " + to : to.isEmpty() ? "at least " + from
                : from.equals(to) ? from : from + " to " + to;
        boolean one = range.endsWith(" 1") || range.equals("1");
        return range.isEmpty() || unit.isEmpty() ? range : range + " " + (one ? unit.replaceFirst("ies$", "ys").replaceFirst("s$", "") : unit);
    }

    /** The type in words; a link if it has a section. */
    private String type(Spot raw) {
        Spot schema = raw.target();
        for (String choice : List.of("oneOf", "anyOf")) {
            if (schema.raw(choice).exists()) {
                return schema.get(choice).items().stream().map(this::type).collect(Collectors.joining(" or "));
            }
        }
        if (raw.isReference() && (schema.raw("properties").exists() || schema.raw("allOf").exists())) {
            String name = raw.reference().substring(raw.reference().lastIndexOf('/') + 1);
            types.add(name);
            return "[" + name + "](#@type:" + name + ")";
        }
        if (schema.raw("const").exists()) {
            return "`" + plain(schema.raw("const").value()) + "`";
        }
        if (schema.raw("enum").exists()) {
            List<String> values = schema.get("enum").items().stream()
                    .map(value -> value.value() == JsonValue.NULL ? "null" : "`" + plain(value.value()) + "`").toList();
            return values.size() == 1 ? values.getFirst() : "one of " + String.join(", ", values);
        }
        List<String> names = schema.raw("type").value() instanceof JsonArray several ? several.getValuesAs(JsonString::getString)
                : List.of(schema.get("type").text());
        String format = schema.get("format").text();
        String words = names.stream().map(name -> switch (name) {
            case "array" -> schema.raw("items").exists() ? "array of " + type(schema.raw("items")) : "array";
            case "string" -> format.equals("date-time") ? "time" : format.equals("uri") ? "URL" : "string";
            case "" -> "any value";
            default -> name;
        }).collect(Collectors.joining(" or "));
        return words;
    }

    private static String plain(JsonValue value) {
        return value instanceof JsonString string ? string.getString() : value.toString();
    }

    private void types() {
        Set<String> done = new LinkedHashSet<>();
        if (!types.isEmpty()) {
            part("Types");
        }
        // A section may refer to others; sorted, and what comes up late is put where it belongs.
        Map<String, String> sections = new LinkedHashMap<>();
        while (!done.containsAll(types)) {
            for (String name : List.copyOf(types)) {
                if (done.add(name)) {
                    Spot schema = document.get("components").get("schemas").get(name);
                    int start = text.length();
                    prose(description(schema));
                    schema.get("allOf").items().forEach(part -> properties(part.target(), false));
                    properties(schema, false);
                    sections.put(name, text.substring(start));
                    text.setLength(start);
                }
            }
        }
        sections.entrySet().stream().sorted(Comparator.comparing(Map.Entry::getKey)).forEach(section -> {
            heading(2, section.getKey(), "type:" + section.getKey());
            text.append(section.getValue().stripLeading());
        });
    }

    // ---- examples and answers

    /** The first status that succeeds; null if there is none. */
    private static String success(Spot operation) {
        return operation.get("responses").object().keySet().stream().filter(status -> status.startsWith("2")).sorted().findFirst().orElse(null);
    }

    private static List<String> codes(Spot response) {
        return response.get("content").get(JSON).get("examples").members().values().stream()
                .map(example -> example.get("value").get("error").get("code").text()).filter(code -> !code.isEmpty()).distinct().toList();
    }

    /** The request of the first example that succeeds; the same that the page shows. */
    private void example(Operation operation) {
        Spot spot = operation.spot;
        String status = success(spot) != null ? success(spot) : spot.get("responses").object().keySet().stream().sorted().findFirst().orElse("");
        Map<String, Spot> answers = spot.get("responses").get(status).get("content").get(JSON).get("examples").members();
        Spot content = spot.get("requestBody").get("content").get(JSON);
        String name = Stream.concat(content.get("examples").object().keySet().stream().filter(answers::containsKey), answers.keySet().stream())
                .findFirst().orElse("");
        if (world().exists()) {
            curl(operation, content, name);
        }
        if (success(spot) == null) {
            return;
        }
        Spot response = spot.get("responses").get(status);
        Spot schema = response.get("content").get(JSON).raw("schema");
        prose("Response " + status + after(response.get("description").text()));
        properties(schema.target(), false);
        if (answers.containsKey(name)) {
            json(answers.get(name).get("value").value());
        }
    }

    private void curl(Operation operation, Spot content, String name) {
        String path = operation.path;
        List<String> query = new ArrayList<>();
        List<String> parts = new ArrayList<>();
        for (Spot parameter : operation.parameters()) {
            Spot example = example(parameter, name, parameter.get("required").isTrue());
            if (example != null) {
                String value = plain(example.value());
                String parameterName = parameter.get("name").text();
                switch (parameter.get("in").text()) {
                    case "path" -> path = path.replace("{" + parameterName + "}", value.replace(" ", "%20"));
                    case "query" -> query.add(parameterName + "=" + value.replace("+", "%2B").replace(" ", "%20"));
                    default -> parts.add("-H '" + parameterName + ": " + value + "'");
                }
            }
        }
        Spot body = example(content, name, true);
        Set<String> headers = new LinkedHashSet<>();
        schemes(operation.spot).forEach(scheme -> headers.add(scheme.startsWith("`") ? scheme.replace("`", "") : "authorization"));
        String variable = VARIABLES.get(headers);
        if (variable != null) {
            parts.addFirst("\"${" + variable + "[@]}\"");
        }
        if (body != null) {
            parts.add("-H 'content-type: application/json'");
            parts.add("-d '" + JsonLayout.of(body.value(), MarkdownText.WIDTH - 8).replace("'", "'\\''").replace("\n", "\n  ") + "'");
        }
        String implied = body == null ? "GET" : "POST";
        text.append("```sh\ncurl ").append(operation.method.equals(implied) ? "" : "-X " + operation.method + " ").append("\"$PHONE").append(path)
                .append(query.isEmpty() ? "" : "?" + String.join("&", query)).append('"');
        parts.forEach(part -> text.append(" \\\n  ").append(part));
        text.append("\n```\n\n");
    }

    /** The example of this name, or the first. */
    private static Spot example(Spot holder, String name, boolean orFirst) {
        Map<String, Spot> examples = holder.get("examples").members();
        Spot example = examples.containsKey(name) ? examples.get(name) : orFirst ? examples.values().stream().findFirst().orElse(null) : null;
        return example == null || !example.raw("value").exists() ? null : example.raw("value");
    }

    private void answers(Spot operation) {
        List<String> errors = new ArrayList<>();
        operation.get("responses").object().keySet().stream().sorted().filter(status -> !status.startsWith("2")).forEach(status -> {
            Spot response = operation.get("responses").get(status);
            String codes = codes(response).stream().map(code -> " `" + code + "`").collect(Collectors.joining(","));
            errors.add("- " + status + codes + after(response.get("description").text()));
        });
        if (!errors.isEmpty()) {
            prose("Errors:\n\n" + String.join("\n", errors));
        }
    }

    private void json(JsonValue value) {
        text.append("```json\n").append(JsonLayout.of(value, MarkdownText.WIDTH)).append("\n```\n\n");
    }

    private void event(Operation event) {
        Spot spot = event.spot;
        String summary = spot.get("summary").text();
        heading(2, event.path + (summary.isEmpty() ? "" : ": " + decapitalised(summary)), "event:" + event.path);
        prose(spot.get("description").text());
        List<Spot> parameters = event.parameters();
        if (!parameters.isEmpty()) {
            prose("Headers: " + joined(parameters.stream().map(parameter -> "`" + parameter.get("name").text() + "`").toList()));
        }
        Spot content = spot.get("requestBody").get("content").get(JSON);
        if (content.raw("schema").exists()) {
            prose("Body, " + type(content.raw("schema")) + after(spot.get("requestBody").get("description").text()));
            Spot example = example(content, "", true);
            if (example != null) {
                json(example.value());
            }
        }
    }

    private static String joined(List<String> words) {
        int last = words.size() - 1;
        return last < 1 ? String.join("", words) : String.join(", ", words.subList(0, last)) + " and " + words.get(last);
    }
}
