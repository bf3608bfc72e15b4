// SPDX-License-Identifier: Apache-2.0
package dev.phone.contract;

import dev.phone.contract.Problem.Place;
import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * The files of a contract as one document, with the source location of each part.
 *
 * <p>A {@code $ref} to {@code components/<kind>/<Name>.yaml} becomes {@code #/components/<kind>/<Name>}; a reference to any other file is
 * replaced by its target, and a placeholder in prose by its value. The Markdown files that the root lists as
 * {@code x-guides} become tags without operations, before all others: documentation pages show them, and code generators ignore them.
 * A contract in a single file is left unchanged.
 *
 * @param places the place of each value, by its pointer in {@code json}
 * @param problems why {@code json} is incomplete
 * @param files all files that were read
 */
record Bundle(JsonObject json, Map<String, Place> places, List<Problem> problems, Set<Path> files) {

    static Bundle of(Path root) {
        return new Bundler(root.toAbsolutePath().normalize()).bundle();
    }

    /** The place of a value, or, if it is missing, of the nearest enclosing one. */
    Place place(String pointer) {
        Place place = places.get(pointer);
        return place != null ? place : place(pointer.substring(0, pointer.lastIndexOf('/')));
    }

    private static final class Bundler {
        private static final JsonValue NOTHING = JsonValue.NULL;

        private static final String GUIDES = "x-guides";
        private static final Pattern TITLE = Pattern.compile("# (.+)\\R");

        // In the order of the OpenAPI specification.
        private static final List<String> KINDS = List.of("schemas", "responses", "parameters", "examples", "requestBodies", "headers",
                "securitySchemes", "links", "callbacks", "pathItems");

        private final Path root;
        private final Path components;
        private final Map<Path, Node> trees = new HashMap<>();
        private final Map<Path, String> texts = new HashMap<>();
        private final Map<String, Place> places = new HashMap<>();
        private final List<Problem> problems = new ArrayList<>();
        // By kind and name; null until it is read.
        private final Map<String, TreeMap<String, JsonValue>> collected = new HashMap<>();
        private final Deque<Path> waiting = new ArrayDeque<>();
        private final Deque<String> inlining = new ArrayDeque<>();

        Bundler(Path root) {
            this.root = root;
            this.components = root.resolveSibling("components");
        }

        Bundle bundle() {
            places.put("", new Place(root, 1));
            JsonValue document = NOTHING;
            Node tree = read(root, places.get(""), "");
            if (tree instanceof MappingNode) {
                document = value(tree, root, "", places.get(""));
                while (!waiting.isEmpty()) {
                    component(waiting.remove());
                }
            } else if (tree != null) {
                problem(places.get(""), "", "a contract must be an object");
            }
            JsonObject json = document instanceof JsonObject object ? withGuides(withComponents(object)) : JsonValue.EMPTY_JSON_OBJECT;
            json = Prose.fill(json, (placeholder, message) -> problem(whereIs(placeholder), "", message));
            return new Bundle(json, Map.copyOf(places), List.copyOf(problems), Set.copyOf(texts.keySet()));
        }

        /** Finds a placeholder by reading the files, because text in them has no pointer. */
        private Place whereIs(String text) {
            return texts.entrySet().stream().filter(file -> file.getValue().contains(text)).min(Map.Entry.comparingByKey())
                    .map(file -> new Place(file.getKey(), 1 + (int) file.getValue().substring(0, file.getValue().indexOf(text)).chars().filter(c -> c == '\n').count()))
                    .orElse(places.get(""));
        }

        private JsonValue value(Node node, Path file, String pointer, Place place) {
            places.put(pointer, place);
            if (node.isRecursive()) {
                return problem(place, pointer, "this alias refers to an enclosing value");
            }
            return switch (node) {
                case ScalarNode scalar -> {
                    try {
                        yield Source.scalar(scalar);
                    } catch (NumberFormatException e) {
                        yield problem(place, pointer, "JSON has no number " + scalar.getValue());
                    }
                }
                case SequenceNode sequence -> {
                    JsonArrayBuilder array = Json.createArrayBuilder();
                    int i = 0;
                    for (Node item : sequence.getValue()) {
                        array.add(value(item, file, pointer + "/" + i++, Source.place(file, item)));
                    }
                    yield array.build();
                }
                case MappingNode mapping -> mapping(mapping, file, pointer, place);
                default -> problem(place, pointer, "this alias has no anchor");
            };
        }

        private JsonValue mapping(MappingNode mapping, Path file, String pointer, Place place) {
            Map<String, NodeTuple> members = new LinkedHashMap<>();
            for (NodeTuple member : mapping.getValue()) {
                String name = name(member);
                if (members.putIfAbsent(name, member) != null) {
                    problem(Source.place(file, member.getKeyNode()), pointer, "the key " + name + " is here twice; remove one");
                }
            }
            if (members.containsKey("$ref")) {
                Place where = Source.place(file, members.get("$ref").getKeyNode());
                return members.size() == 1 ? reference(members.get("$ref").getValueNode(), file, pointer, place, where)
                        : problem(where, pointer, "a $ref must have no siblings; move them into its target");
            }
            JsonObjectBuilder object = Json.createObjectBuilder();
            members.forEach((name, member) -> object.add(name, value(member.getValueNode(), file, pointer + "/" + Json.encodePointer(name),
                    Source.place(file, member.getKeyNode()))));
            return object.build();
        }

        private JsonValue reference(Node argument, Path file, String pointer, Place place, Place where) {
            if (!(argument instanceof ScalarNode scalar) || scalar.getValue().isEmpty()) {
                return problem(where, pointer, "a $ref must be the path of a file");
            }
            String reference = scalar.getValue();
            int hash = reference.indexOf('#');
            if (hash == 0) {
                return file.equals(root) ? object("$ref", reference)
                        : problem(where, pointer, "only a contract in a single file may use local references; name the file of " + reference);
            }
            Path target = file.resolveSibling(hash < 0 ? reference : reference.substring(0, hash)).normalize();
            if (hash < 0 && target.startsWith(components) && components.relativize(target).getNameCount() == 2
                    && target.toString().endsWith(".yaml")) {
                if (read(target, where, pointer) == null) {
                    return NOTHING;
                }
                if (collected.computeIfAbsent(kind(target), k -> new TreeMap<>()).putIfAbsent(name(target), NOTHING) == null) {
                    waiting.add(target);
                }
                return object("$ref", "#/components/" + kind(target) + "/" + name(target));
            }
            Node tree = read(target, where, pointer);
            if (tree == null) {
                return NOTHING;
            }
            Node part = hash < 0 ? tree : part(tree, reference.substring(hash + 1));
            if (part == null) {
                return problem(where, pointer, target.getFileName() + " has no " + reference.substring(hash));
            }
            String whole = target + (hash < 0 ? "" : reference.substring(hash));
            if (inlining.contains(whole)) {
                return problem(where, pointer, reference + " is a circular reference; only components may be circular");
            }
            inlining.push(whole);
            JsonValue inlined = value(part, target, pointer, Source.place(target, part));
            inlining.pop();
            return inlined;
        }

        /** The node at an RFC 6901 pointer; null if there is none. */
        private static Node part(Node tree, String pointer) {
            Node part = tree;
            for (String token : pointer.isEmpty() ? new String[0] : pointer.substring(1).split("/", -1)) {
                String name = Json.decodePointer(token);
                part = switch (part) {
                    case MappingNode mapping -> mapping.getValue().stream()
                            .filter(member -> name(member).equals(name)).map(NodeTuple::getValueNode).findFirst().orElse(null);
                    case SequenceNode sequence when name.matches("0|[1-9][0-9]{0,8}") ->
                            sequence.getValue().stream().skip(Integer.parseInt(name)).findFirst().orElse(null);
                    default -> null;
                };
                if (part == null) {
                    return null;
                }
            }
            return part;
        }

        private JsonObject withGuides(JsonObject document) {
            if (!document.containsKey(GUIDES)) {
                return document;
            }
            List<JsonObject> tags = new ArrayList<>();
            if (document.get(GUIDES) instanceof JsonArray files) {
                for (int i = 0; i < files.size(); i++) {
                    guide(files.get(i), places.get("/" + GUIDES + "/" + i)).ifPresent(tags::add);
                }
            } else {
                problem(places.get("/" + GUIDES), "/" + GUIDES, GUIDES + " must be a list of Markdown files");
            }
            List<JsonObject> own = document.get("tags") instanceof JsonArray array ? array.getValuesAs(JsonObject.class) : List.of();
            // The tags of operations have moved.
            for (int i = own.size() - 1; i >= 0; i--) {
                move("/tags/" + i, "/tags/" + (i + tags.size()));
            }
            for (int i = 0; i < tags.size(); i++) {
                places.put("/tags/" + i, places.get("/" + GUIDES + "/" + i));
            }
            return Json.createObjectBuilder(document).remove(GUIDES)
                    .add("tags", Json.createArrayBuilder(Stream.concat(tags.stream(), own.stream()).toList()))
                    .add("x-tagGroups", Json.createArrayBuilder().add(group("Guides", tags)).add(group("Operations", own))).build();
        }

        /** The name of a guide's tag has a prefix, because another tag may have the same name; pages show the title. */
        private Optional<JsonObject> guide(JsonValue file, Place where) {
            String text = file instanceof JsonString name ? text(root.resolveSibling(name.getString()).normalize(), where, "/" + GUIDES) : null;
            if (text == null) {
                return Optional.empty();
            }
            Matcher title = TITLE.matcher(text);
            if (!title.lookingAt()) {
                problem(where, "/" + GUIDES, "a guide must begin with its title; write \"# \" and the title as the first line of " + file);
                return Optional.empty();
            }
            return Optional.of(Json.createObjectBuilder().add("name", "Guide: " + title.group(1)).add("x-displayName", title.group(1))
                    .add("description", text.substring(title.end()).strip()).build());
        }

        private static JsonObjectBuilder group(String name, List<JsonObject> tags) {
            return Json.createObjectBuilder().add("name", name)
                    .add("tags", Json.createArrayBuilder(tags.stream().map(tag -> tag.getString("name", "")).toList()));
        }

        private void move(String from, String to) {
            Map.copyOf(places).forEach((pointer, place) -> {
                if (pointer.equals(from) || pointer.startsWith(from + "/")) {
                    places.put(to + pointer.substring(from.length()), place);
                }
            });
        }

        private void component(Path file) {
            String pointer = "/components/" + kind(file) + "/" + name(file);
            Node tree = trees.get(file);
            collected.get(kind(file)).put(name(file), value(tree, file, pointer, Source.place(file, tree)));
        }

        /** The document with the collected components: first its own, in their order, then the others by name. */
        private JsonObject withComponents(JsonObject document) {
            if (collected.isEmpty()) {
                return document;
            }
            JsonObject own = document.get("components") instanceof JsonObject object ? object : JsonValue.EMPTY_JSON_OBJECT;
            JsonObjectBuilder all = Json.createObjectBuilder();
            for (String kind : KINDS) {
                JsonObject ownOfKind = own.get(kind) instanceof JsonObject object ? object : JsonValue.EMPTY_JSON_OBJECT;
                JsonObjectBuilder merged = Json.createObjectBuilder(ownOfKind);
                Map<String, JsonValue> ofKind = collected.getOrDefault(kind, new TreeMap<>());
                ofKind.forEach((name, component) -> {
                    if (ownOfKind.containsKey(name)) {
                        problem(places.get("/components/" + kind + "/" + name), "/components/" + kind + "/" + name,
                                "there are two components of this name, one of them in " + root.getFileName() + "; rename one");
                    }
                    merged.add(name, component);
                });
                if (!ownOfKind.isEmpty() || !ofKind.isEmpty()) {
                    all.add(kind, merged);
                }
            }
            own.forEach((kind, value) -> {
                if (!KINDS.contains(kind)) {
                    all.add(kind, value);
                }
            });
            collected.keySet().stream().filter(kind -> !KINDS.contains(kind)).forEach(kind ->
                    problem(places.get(""), "/components", "OpenAPI has no components/" + kind + "; it has " + String.join(", ", KINDS)));
            return Json.createObjectBuilder(document).add("components", all).build();
        }

        private Node read(Path file, Place where, String pointer) {
            if (trees.containsKey(file)) {
                return trees.get(file);
            }
            String text = text(file, where, pointer);
            Node tree = null;
            try {
                tree = text == null ? null : Source.parse(file, text);
            } catch (Source.Unreadable e) {
                problem(e.place, pointer, e.getMessage());
            }
            if (text != null) {
                trees.put(file, tree);
            }
            return tree;
        }

        private String text(Path file, Place where, String pointer) {
            if (!texts.containsKey(file)) {
                try {
                    texts.put(file, Files.readString(file));
                } catch (IOException e) {
                    problem(where, pointer, (Files.exists(file) ? "cannot read " : "there is no file ") + root.getParent().relativize(file));
                    return null;
                }
            }
            return texts.get(file);
        }

        private JsonValue problem(Place place, String pointer, String message) {
            problems.add(new Problem(place, pointer, "bundle", message));
            return NOTHING;
        }

        /** Keys that are not scalars are refused when the file is parsed. */
        private static String name(NodeTuple member) {
            return ((ScalarNode) member.getKeyNode()).getValue();
        }

        private static String kind(Path component) {
            return component.getParent().getFileName().toString();
        }

        private static String name(Path component) {
            String file = component.getFileName().toString();
            return file.substring(0, file.length() - ".yaml".length());
        }

        private static JsonObject object(String name, String value) {
            return Json.createObjectBuilder().add(name, value).build();
        }
    }
}
