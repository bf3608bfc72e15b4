// SPDX-License-Identifier: Apache-2.0
package dev.phone.mock.state;

import dev.phone.api.Caller;
import dev.phone.api.HeaderCredentials;
import dev.phone.api.JsonTexts;
import dev.phone.contract.Contract;
import dev.phone.mock.model.MockModel;
import dev.phone.mock.model.ResourceType;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The demo world of the contract, {@code x-demo-world}, with which every session starts. */
public final class DemoData {

    private record Entry(ResourceType type, JsonObject value, String user, Map<String, String> hidden) {
    }

    private final Instant now;
    private final Map<String, Map<String, String>> credentials = new HashMap<>();
    private final List<Entry> entries = new ArrayList<>();
    private final Set<String> texts = new HashSet<>();
    private final List<String> origins;

    public DemoData(MockModel model) {
        JsonObject contract = model.contract().json();
        origins = origins(contract);
        JsonObject world = contract.get("x-demo-world") instanceof JsonObject object ? object : JsonValue.EMPTY_JSON_OBJECT;
        now = world.containsKey("now") ? Instant.parse(world.getString("now")) : Instant.EPOCH;
        object(world, "credentials").forEach((name, headers) -> {
            Map<String, String> map = new HashMap<>();
            headers.asJsonObject().forEach((header, value) -> map.put(header, ((JsonString) value).getString()));
            credentials.put(name, map);
        });
        Map<String, String> schemes = new HashMap<>();
        object(object(contract, "components"), "securitySchemes").forEach((name, scheme) -> {
            if (scheme.asJsonObject().containsKey("name")) {
                schemes.put(scheme.asJsonObject().getString("name"), name);
            }
        });
        world.forEach((kind, list) -> {
            ResourceType type = list instanceof JsonArray ? model.type(Contract.schemaName(kind)) : null;
            if (type != null) {
                list.asJsonArray().forEach(entry -> entries.add(entry(type, entry.asJsonObject(), schemes)));
            }
        });
        entries.sort(Comparator.comparing(entry -> born(entry.value)));
        entries.forEach(entry -> {
            collect(entry.value);
            texts.addAll(entry.hidden.values());
        });
    }

    private static List<String> origins(JsonObject contract) {
        List<String> origins = new ArrayList<>();
        for (JsonValue server : contract.get("servers") instanceof JsonArray servers ? servers : JsonValue.EMPTY_JSON_ARRAY) {
            String url = server.asJsonObject().getString("url");
            if (url.startsWith("http")) {
                origins.add(url);
            }
        }
        return origins;
    }

    private Entry entry(ResourceType type, JsonObject entry, Map<String, String> schemes) {
        Map<String, String> hidden = new HashMap<>();
        String user = null;
        for (Map.Entry<String, JsonValue> member : entry.entrySet()) {
            String text = member.getValue() instanceof JsonString string ? string.getString() : "";
            switch (member.getKey()) {
                case "value" -> {
                }
                case "user" -> user = user(text);
                case "credentials" -> credentials.get(text).forEach((header, value) ->
                        hidden.put(schemes.getOrDefault(header, header), value));
                default -> hidden.put(member.getKey(), text);
            }
        }
        return new Entry(type, entry.getJsonObject("value"), user, hidden);
    }

    /** The user of a token in the demo world. */
    private String user(String name) {
        String token = credentials.getOrDefault(name, Map.of()).getOrDefault("authorization", "");
        Caller.User user = HeaderCredentials.developer(token.replaceFirst("^Bearer ", ""));
        return "user:" + (user == null ? name : user.id());
    }

    private static String born(JsonObject value) {
        return value.getString("createdAt", value.getString("receivedAt", ""));
    }

    private void collect(JsonValue value) {
        JsonTexts.map(value, text -> {
            texts.add(text);
            return text;
        });
    }

    /** The demo world's current time. */
    public Instant now() {
        return now;
    }

    /** The credential headers of a caller in the demo world; null if there is none of this name. */
    public Map<String, String> credentials(String name) {
        return credentials.get(name);
    }

    /** The credential headers of all callers in the demo world, by name. */
    public Map<String, Map<String, String>> credentials() {
        return Collections.unmodifiableMap(credentials);
    }

    /** Whether a string occurs in the demo world. */
    public boolean knows(String text) {
        return texts.contains(text);
    }

    /** Replaces the contract's URL of the server by the actual URL. */
    public String here(String text, String base) {
        for (String origin : origins) {
            if (text.startsWith(origin + "/")) {
                return base + text.substring(origin.length());
            }
        }
        return text;
    }

    /** Seeds a new session. */
    void fill(Session session, String base) {
        Duration shift = Duration.between(now, session.now());
        for (Entry entry : entries) {
            JsonObject value = JsonTexts.map(JsonTexts.move(entry.value, shift), text -> here(text, base)).asJsonObject();
            String property = entry.type.parentProperty();
            String owner = property != null ? value.getString(property) : entry.user != null ? entry.user : "";
            Resource resource = session.add(entry.type, value, owner);
            entry.hidden.forEach((name, text) -> {
                if (entry.type.schema().has(name + "Preview") || entry.type.schema().has(name)) {
                    session.setSecret(resource, name, text, null);
                } else {
                    resource.hide(name, text);
                }
            });
        }
    }

    private static JsonObject object(JsonObject holder, String name) {
        return holder.get(name) instanceof JsonObject object ? object : JsonValue.EMPTY_JSON_OBJECT;
    }
}
