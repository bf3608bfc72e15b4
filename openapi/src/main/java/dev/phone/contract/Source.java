// SPDX-License-Identifier: Apache-2.0
package dev.phone.contract;

import dev.phone.contract.Problem.Place;
import jakarta.json.Json;
import jakarta.json.JsonValue;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Path;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/**
 * A YAML 1.2 file (JSON is a subset) as nodes with line numbers.
 *
 * <p>Nodes rather than values, so that problems can name their line.
 */
final class Source {

    private Source() {
    }

    /** @throws Unreadable if {@code text} is not one YAML document */
    static Node parse(Path file, String text) throws Unreadable {
        LoadSettings settings = LoadSettings.builder().setLabel(file.toString()).setSchema(new CoreSchema())
                .setCodePointLimit(Integer.MAX_VALUE).build();
        try {
            return new Compose(settings).composeString(text)
                    .orElseThrow(() -> new Unreadable(new Place(file, 1), "the file is empty"));
        } catch (MarkedYamlEngineException e) {
            int line = e.getProblemMark().map(Mark::getLine).orElse(0) + 1;
            throw new Unreadable(new Place(file, line), "this is not YAML: " + e.getProblem()
                    + (e.getContext() == null ? "" : " " + e.getContext()));
        } catch (YamlEngineException e) {
            throw new Unreadable(new Place(file, 1), "this is not YAML: " + e.getMessage());
        }
    }

    static Place place(Path file, Node node) {
        return new Place(file, node.getStartMark().map(Mark::getLine).orElse(0) + 1);
    }

    /** @throws NumberFormatException for a number that JSON does not support */
    static JsonValue scalar(ScalarNode node) {
        String text = node.getValue();
        Tag tag = node.getTag();
        if (tag.equals(Tag.NULL)) {
            return JsonValue.NULL;
        }
        if (tag.equals(Tag.BOOL)) {
            return text.equalsIgnoreCase("true") ? JsonValue.TRUE : JsonValue.FALSE;
        }
        if (tag.equals(Tag.INT)) {
            return Json.createValue(text.startsWith("0x") ? new BigInteger(text.substring(2), 16)
                    : text.startsWith("0o") ? new BigInteger(text.substring(2), 8) : new BigInteger(text));
        }
        if (tag.equals(Tag.FLOAT)) {
            return Json.createValue(new BigDecimal(text));
        }
        return Json.createValue(text);
    }

    static final class Unreadable extends Exception {
        private static final long serialVersionUID = 1;

        final transient Place place;

        Unreadable(Place place, String message) {
            super(message);
            this.place = place;
        }
    }
}
