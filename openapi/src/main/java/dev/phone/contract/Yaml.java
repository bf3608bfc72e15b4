// SPDX-License-Identifier: Apache-2.0
package dev.phone.contract;

import jakarta.json.JsonArray;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.representer.StandardRepresenter;

/** Writes a contract as YAML. Needs snakeyaml-engine on the class path. */
public final class Yaml {

    private Yaml() {
    }

    public static String of(JsonObject json) {
        DumpSettings settings = DumpSettings.builder().setDefaultFlowStyle(FlowStyle.BLOCK).setWidth(120).setIndicatorIndent(2)
                .setIndentWithIndicator(true).build();
        return new Dump(settings, new Quoting(settings)).dumpToString(plain(json));
    }

    private static Object plain(JsonValue value) {
        return switch (value) {
            case JsonObject object -> {
                Map<String, Object> map = new LinkedHashMap<>();
                object.forEach((name, member) -> map.put(name, plain(member)));
                yield map;
            }
            // A new list even if it is empty: the same list twice would be written as an alias.
            case JsonArray array -> array.stream().map(Yaml::plain).collect(Collectors.toCollection(ArrayList::new));
            case JsonString string -> string.getString();
            case JsonNumber number -> number.isIntegral() ? number.bigIntegerValue() : number.bigDecimalValue();
            case JsonValue constant when constant == JsonValue.NULL -> null;
            case JsonValue constant -> constant == JsonValue.TRUE;
        };
    }

    /**
     * Quotes every string that a parser might not read as a string. Most tools still read YAML 1.1, in which a bare 012345 is 5349, a bare {@code no}
     * is false, and a bare instant is a date.
     */
    private static final class Quoting extends StandardRepresenter {
        private static final Pattern TEXT = Pattern.compile("[A-Za-z_/$][^:#]*");
        private static final Set<String> WORDS = Set.of("y", "n", "yes", "no", "on", "off", "true", "false", "null");

        Quoting(DumpSettings settings) {
            super(settings);
            representers.put(String.class, data -> {
                String text = data.toString();
                return representScalar(Tag.STR, text, text.contains("\n") ? ScalarStyle.LITERAL : isText(text) ? ScalarStyle.PLAIN
                        : ScalarStyle.SINGLE_QUOTED);
            });
        }

        private static boolean isText(String text) {
            return TEXT.matcher(text).matches() && !WORDS.contains(text.toLowerCase(Locale.ROOT));
        }
    }
}
