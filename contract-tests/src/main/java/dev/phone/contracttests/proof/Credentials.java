// SPDX-License-Identifier: Apache-2.0
package dev.phone.contracttests.proof;

import dev.phone.api.Operation;
import dev.phone.contracttests.contract.TheContract;
import dev.phone.contracttests.pact.PactProblem;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The caller's credentials and known IDs, from a properties file.
 *
 * @param values the properties, by name
 * @param isDemo whether the API has the demo world, with the credentials from the contract
 */
record Credentials(Map<String, String> values, boolean isDemo) {
    /** The header of each credential, by its name in the file. */
    private static final Map<String, String> HEADERS = Map.of("token", "authorization", "clientId", "x-client-id", "clientSecret", "x-client-secret",
            "apiKey", "x-api-key");
    /** Names of path parameters. */
    static final Set<String> IDS = TheContract.CONTRACT.operations().stream().flatMap(operation -> operation.parameters().stream())
            .filter(parameter -> parameter.in().name().equals("PATH")).map(Operation.Parameter::name).collect(Collectors.toCollection(TreeSet::new));

    static Credentials none() {
        return new Credentials(new TreeMap<>(), false);
    }

    /** @throws PactProblem if the file cannot be read or has an unknown property; the message does not contain values */
    static Credentials read(Path file) {
        String text;
        try {
            text = Files.readString(file, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new PactProblem("the credentials in " + file + " cannot be read as UTF-8 text: " + e.getClass().getSimpleName());
        }
        if (text.strip().startsWith("{")) {
            throw new PactProblem(file + " is JSON; it must be a properties file, with lines such as token=…");
        }
        Properties properties = new Properties();
        try {
            properties.load(new StringReader(text));
        } catch (IOException | IllegalArgumentException e) {
            throw new PactProblem(file + " is not a properties file: \\u is not followed by four hexadecimal digits");
        }
        Map<String, String> values = new TreeMap<>();
        for (String name : properties.stringPropertyNames()) {
            String value = properties.getProperty(name).strip();
            if (name.equals("token")) {
                value = value.replaceFirst("(?i)^bearer\\s+", "");
            }
            if (!HEADERS.containsKey(name) && !IDS.contains(name) && !name.equals("demo")) {
                throw new PactProblem(file + " has an unknown property" + (name.matches("\\w{1,20}") ? ": " + name : "") + ". The properties are demo, "
                        + String.join(", ", new TreeSet<>(HEADERS.keySet())) + ", " + String.join(", ", IDS));
            }
            if (value.isEmpty() || !value.chars().allMatch(c -> c > ' ' && c < 127 || c == ' ' && IDS.contains(name))) {
                throw new PactProblem(file + ": " + name + " is empty, or has characters that cannot be sent");
            }
            values.put(name, value);
        }
        String demo = values.remove("demo");
        if (demo != null && !demo.equals("true") && !demo.equals("false")) {
            throw new PactProblem(file + ": demo must be true or false");
        }
        boolean isDemo = "true".equals(demo);
        if (isDemo) {
            addDemoWorld(values);
        }
        if (values.containsKey("clientId") != values.containsKey("clientSecret") || values.containsKey("clientId") && !values.containsKey("apiKey")) {
            throw new PactProblem(file + ": clientId, clientSecret and apiKey belong together; only apiKey may be given alone");
        }
        if (values.keySet().stream().noneMatch(HEADERS::containsKey)) {
            throw new PactProblem(file + " has no credentials: a token, an apiKey, or clientId, clientSecret and apiKey; or demo=true");
        }
        return new Credentials(values, isDemo);
    }

    private static void addDemoWorld(Map<String, String> values) {
        JsonObject demo = TheContract.CONTRACT.json().getJsonObject("x-demo-world").getJsonObject("credentials");
        HEADERS.forEach((name, header) -> values.putIfAbsent(name,
                demo.getJsonObject(header.equals("authorization") ? "alice" : "app").getString(header).replaceFirst("^Bearer ", "")));
    }

    /** The headers that authenticate the caller of an operation, by lower-case name; null if the file does not have them. */
    Map<String, String> headers(Operation.Auth auth) {
        List<String> needed = switch (auth) {
            case PUBLIC -> List.of();
            case BEARER -> List.of("token");
            case API_KEY -> List.of("apiKey");
            case TRIPLE -> List.of("clientId", "clientSecret", "apiKey");
        };
        Map<String, String> headers = new LinkedHashMap<>();
        for (String name : needed) {
            if (!values.containsKey(name)) {
                return null;
            }
            headers.put(HEADERS.get(name), (name.equals("token") ? "Bearer " : "") + values.get(name));
        }
        return headers;
    }

    /** Replaces a credential of the demo world by the caller's; returns any other value unchanged. */
    String header(String header, String value) {
        JsonObject demo = TheContract.CONTRACT.json().getJsonObject("x-demo-world").getJsonObject("credentials");
        for (String name : List.of("alice", "app")) {
            if (demo.getJsonObject(name).get(header) instanceof JsonString known && known.getString().equals(value)) {
                for (Map.Entry<String, String> each : HEADERS.entrySet()) {
                    if (each.getValue().equals(header) && values.containsKey(each.getKey())) {
                        return (header.equals("authorization") ? "Bearer " : "") + values.get(each.getKey());
                    }
                }
            }
        }
        return value;
    }

    /** The line with all credentials masked. */
    String redacted(String line) {
        List<String> secrets = new ArrayList<>();
        for (String name : List.of("token", "clientSecret", "apiKey", "clientId")) {
            if (values.containsKey(name)) {
                secrets.add(values.get(name));
            }
        }
        String text = line;
        for (String secret : secrets) {
            text = text.replace(secret, "***");
        }
        return text;
    }
}
