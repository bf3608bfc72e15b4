// SPDX-License-Identifier: Apache-2.0
package dev.phone.mock.handler;

import dev.phone.api.HeaderCredentials;
import dev.phone.api.JsonTexts;
import dev.phone.mock.model.ObjectSchema;
import dev.phone.mock.model.TextPattern;
import dev.phone.mock.state.DemoData;
import dev.phone.mock.state.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * An example of the contract, compiled to a template: on each use, IDs and secrets are generated, the previews and URLs that contain them
 * follow, and instants are moved to now.
 */
final class ResponseTemplate {
    /** The values generated for one use. */
    private record Rendering(String[] texts, Instant now, String base) {
    }

    private sealed interface Part {
    }

    private record Fixed(JsonValue value) implements Part {
    }

    /** @param after the offset from now; the example's now is the demo world's */
    private record Moved(Duration after) implements Part {
    }

    private record Made(int text) implements Part {
    }

    private record Masked(int text) implements Part {
    }

    /** A string that contains generated values, such as the URL of a new resource. */
    private record Holding(String text) implements Part {
    }

    private record Members(Map<String, Part> parts) implements Part {
    }

    private record Elements(List<Part> parts) implements Part {
    }

    private final DemoData demo;
    private final BaseUrls baseUrls;
    private final List<String> models = new ArrayList<>();
    private final List<TextPattern> patterns = new ArrayList<>();
    private final Members members;

    ResponseTemplate(JsonObject model, ObjectSchema schema, DemoData demo, BaseUrls baseUrls) {
        this.demo = demo;
        this.baseUrls = baseUrls;
        collect(model, schema);
        members = (Members) part(model);
    }

    /** Finds the values to generate on each use: unguessable strings that are not in the demo world. */
    private void collect(JsonObject model, ObjectSchema schema) {
        for (ObjectSchema.Property property : schema.all()) {
            JsonValue value = model.get(property.name());
            if (property.object() != null && value instanceof JsonObject object) {
                collect(object, property.object());
            } else if (value instanceof JsonString string && property.pattern() != null && property.pattern().isUnguessable()
                    && !demo.knows(string.getString()) && !models.contains(string.getString())) {
                models.add(string.getString());
                patterns.add(property.pattern());
            }
        }
    }

    private Part part(JsonValue value) {
        return switch (value) {
            case JsonString string -> text(string);
            case JsonObject object -> {
                Map<String, Part> parts = new LinkedHashMap<>();
                object.forEach((name, member) -> parts.put(name, part(member)));
                yield new Members(parts);
            }
            case JsonArray array -> new Elements(array.stream().map(this::part).toList());
            default -> new Fixed(value);
        };
    }

    private Part text(JsonString string) {
        String text = string.getString();
        if (models.contains(text)) {
            return new Made(models.indexOf(text));
        }
        if (JsonTexts.isInstant(text)) {
            return new Moved(Duration.between(demo.now(), Instant.parse(text)));
        }
        for (int i = 0; i < models.size(); i++) {
            if (text.equals(HeaderCredentials.preview(models.get(i)))) {
                return new Masked(i);
            }
        }
        boolean holds = models.stream().anyMatch(text::contains) || !demo.here(text, "").equals(text);
        return holds ? new Holding(text) : new Fixed(string);
    }

    /** @param words the words to prefer where a pattern allows alternatives */
    JsonObject render(RequestContext context, Set<String> words) {
        String[] texts = new String[models.size()];
        Instant now = context.now();
        for (int i = 0; i < texts.length; i++) {
            texts[i] = patterns.get(i).make(models.get(i), words, context.session().stamp(), context.session().random());
        }
        return (JsonObject) render(members, new Rendering(texts, now, baseUrls.calledBy(context.request())));
    }

    private JsonValue render(Part part, Rendering rendering) {
        return switch (part) {
            case Fixed fixed -> fixed.value;
            case Moved moved -> Json.instant(rendering.now.plus(moved.after));
            case Made made -> Json.text(rendering.texts[made.text]);
            case Masked masked -> Json.text(HeaderCredentials.preview(rendering.texts[masked.text]));
            case Holding holding -> {
                String text = demo.here(holding.text, rendering.base);
                for (int i = 0; i < models.size(); i++) {
                    text = text.replace(models.get(i), rendering.texts[i]);
                }
                yield Json.text(text);
            }
            case Members object -> {
                JsonObjectBuilder builder = Json.object();
                object.parts.forEach((name, each) -> builder.add(name, render(each, rendering)));
                yield builder.build();
            }
            case Elements array -> {
                JsonArrayBuilder builder = Json.array();
                array.parts.forEach(each -> builder.add(render(each, rendering)));
                yield builder.build();
            }
        };
    }
}
