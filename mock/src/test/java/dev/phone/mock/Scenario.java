// SPDX-License-Identifier: Apache-2.0
package dev.phone.mock;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * A file that says what is sent and what is expected, one after the other.
 *
 * <ul>
 * <li>{@code send}: method and path; {@code as}: a name of the demo world's credentials; {@code headers}, {@code body} (or {@code raw}
 * text) as they are;
 * <li>{@code expect}: {@code status}, {@code headers} and {@code body}. Of objects the members that are written are compared, of lists
 * all items. A text between slashes is a regular expression. {@code null} as a header means that it is not there;
 * <li>{@code <name>} as a whole text takes what is there and calls it so; from then on {@code <name>} anywhere is that;
 * <li>{@code clock}: what the mock's clock is told; {@code times}: sends it so often; {@code eventually: true} asks again, for some
 * seconds, until it is as expected.
 * </ul>
 */
final class Scenario {
    private static final Pattern NAME = Pattern.compile("<([a-zA-Z]+)>");
    private static final long PATIENCE = 5_000;

    private final Path file;
    private final List<?> steps;

    private Scenario(Path file, List<?> steps) {
        this.file = file;
        this.steps = steps;
    }

    static List<Scenario> all() {
        try (Stream<Path> files = Files.list(Path.of(Scenario.class.getResource("/scenarios").toURI()))) {
            return files.filter(f -> f.toString().endsWith(".yaml")).sorted().map(Scenario::read).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Scenario read(Path file) {
        try {
            Load load = new Load(LoadSettings.builder().setLabel(file.getFileName().toString()).build());
            return new Scenario(file, (List<?>) load.loadFromString(Files.readString(file)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String name() {
        return file.getFileName().toString().replace(".yaml", "");
    }

    /** Runs it against a mock, from the demo world on. */
    void run(String url) {
        assertEquals(200, Http.send("POST", url + "/__admin/phone/clock", Map.of(), "{\"reset\": true}").status());
        assertEquals(200, Http.send("POST", url + "/__admin/phone/reset", Map.of(), (String) null).status());
        JsonObject credentials = Http.send("GET", url + "/openapi.json", Map.of(), (String) null).json().getJsonObject("x-demo-world")
                .getJsonObject("credentials");
        Map<String, String> names = new HashMap<>(Map.of("url", url));
        int i = 0;
        for (Object each : steps) {
            i++;
            JsonObject step = json(each).asJsonObject();
            try {
                if (step.containsKey("clock")) {
                    Http.Reply reply = Http.send("POST", url + "/__admin/phone/clock", Map.of(), fill(step.get("clock"), names));
                    if (reply.status() != 200) {
                        fail(reply.raw().body());
                    }
                } else {
                    for (int n = step.getInt("times", 1); n > 0; n--) {
                        send(step, url, credentials, names);
                    }
                }
            } catch (AssertionError e) {
                throw new AssertionError(file.getFileName() + ", step " + i + " (" + step.getString("send", "clock") + "): " + e.getMessage(), e);
            }
        }
    }

    private void send(JsonObject step, String url, JsonObject credentials, Map<String, String> names) {
        long deadline = System.currentTimeMillis() + (step.getBoolean("eventually", false) ? PATIENCE : 0);
        while (true) {
            String[] line = step.getString("send").split(" ", 2);
            Map<String, String> headers = new HashMap<>();
            if (step.containsKey("as")) {
                credentials.getJsonObject(step.getString("as")).forEach((name, value) -> headers.put(name, text(value)));
            }
            if (step.containsKey("headers")) {
                step.getJsonObject("headers").forEach((name, value) -> headers.put(name, text(fill(value, names))));
            }
            String body = step.containsKey("raw") ? step.getString("raw")
                    : step.containsKey("body") ? fill(step.get("body"), names).toString() : null;
            String path = fill(line[1], names).replace(" ", "%20");
            Http.Reply reply = Http.send(line[0], path.startsWith("http") ? path : url + path, headers, body);
            Map<String, String> found = new HashMap<>(names);
            String difference = difference(step.getJsonObject("expect"), reply, found);
            if (difference == null) {
                names.putAll(found);
                return;
            }
            if (System.currentTimeMillis() > deadline) {
                fail(difference + "\n  " + reply.status() + " " + reply.raw().body() + "\n  " + reply.reason());
            }
            try {
                Thread.sleep(50);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private static String difference(JsonObject expect, Http.Reply reply, Map<String, String> names) {
        if (expect.containsKey("status") && expect.getInt("status") != reply.status()) {
            return "expected " + expect.getInt("status");
        }
        if (expect.containsKey("headers")) {
            for (Map.Entry<String, JsonValue> header : expect.getJsonObject("headers").entrySet()) {
                String actual = reply.header(header.getKey());
                String difference = header.getValue() == JsonValue.NULL ? actual == null ? null : header.getKey() + " is there: " + actual
                        : actual == null ? "there is no " + header.getKey()
                        : difference(header.getValue(), Json.createValue(actual), header.getKey(), names);
                if (difference != null) {
                    return difference;
                }
            }
        }
        return expect.containsKey("body") ? difference(expect.get("body"), reply.json(), "", names) : null;
    }

    private static String difference(JsonValue expected, JsonValue actual, String at, Map<String, String> names) {
        switch (expected) {
            case JsonObject object when actual instanceof JsonObject other -> {
                for (Map.Entry<String, JsonValue> member : object.entrySet()) {
                    JsonValue value = other.get(member.getKey());
                    String difference = value == null ? at + "/" + member.getKey() + " is missing"
                            : difference(member.getValue(), value, at + "/" + member.getKey(), names);
                    if (difference != null) {
                        return difference;
                    }
                }
                return null;
            }
            case JsonArray array when actual instanceof JsonArray other -> {
                if (array.size() != other.size()) {
                    return at + " has " + other.size() + " items, not " + array.size();
                }
                for (int i = 0; i < array.size(); i++) {
                    String difference = difference(array.get(i), other.get(i), at + "/" + i, names);
                    if (difference != null) {
                        return difference;
                    }
                }
                return null;
            }
            case JsonString text -> {
                Matcher name = NAME.matcher(text.getString());
                if (name.matches() && !names.containsKey(name.group(1))) {
                    names.put(name.group(1), text(actual));
                    return null;
                }
                String wanted = fill(text.getString(), names);
                boolean like = wanted.length() > 1 && wanted.startsWith("/") && wanted.endsWith("/") && !wanted.startsWith("/v1")
                        ? text(actual).matches(wanted.substring(1, wanted.length() - 1)) : wanted.equals(text(actual));
                return like ? null : at + " is " + actual + ", not " + wanted;
            }
            default -> {
                return expected.equals(actual) ? null : at + " is " + actual + ", not " + expected;
            }
        }
    }

    private static JsonValue fill(JsonValue value, Map<String, String> names) {
        String filled = fill(value.toString(), names);
        try (var reader = Json.createReader(new StringReader(filled))) {
            return reader.readValue();
        }
    }

    private static String fill(String text, Map<String, String> names) {
        return NAME.matcher(text).replaceAll(m -> Matcher.quoteReplacement(names.getOrDefault(m.group(1), m.group())));
    }

    private static String text(JsonValue value) {
        return value instanceof JsonString string ? string.getString() : value.toString();
    }

    private static JsonValue json(Object value) {
        return switch (value) {
            case null -> JsonValue.NULL;
            case Map<?, ?> map -> {
                var object = Json.createObjectBuilder();
                map.forEach((name, member) -> object.add(String.valueOf(name), json(member)));
                yield object.build();
            }
            case List<?> list -> {
                var array = Json.createArrayBuilder();
                list.forEach(item -> array.add(json(item)));
                yield array.build();
            }
            case Integer number -> Json.createValue(number);
            case Long number -> Json.createValue(number);
            case Double number -> Json.createValue(number);
            case Boolean flag -> flag ? JsonValue.TRUE : JsonValue.FALSE;
            default -> Json.createValue(value.toString());
        };
    }
}
