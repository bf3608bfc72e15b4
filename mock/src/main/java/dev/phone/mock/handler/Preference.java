// SPDX-License-Identifier: Apache-2.0
package dev.phone.mock.handler;

import dev.phone.api.ApiError;
import dev.phone.api.Violation;
import dev.phone.mock.model.Example;
import dev.phone.mock.model.OperationModel;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.StringJoiner;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The preference of a caller, in a Prefer header (RFC 7240): {@code code=429}, {@code example=wrongCode}, {@code delay=1500},
 * {@code fault=reset}. Unknown preferences are ignored, as the RFC requires; one of ours that cannot be honoured is an error.
 *
 * @param example null for none, like {@code fault}
 * @param delay in milliseconds
 */
record Preference(Example example, int delay, Response.Fault fault, String applied) {
    static final Preference NONE = new Preference(null, 0, null, null);
    private static final int LONGEST = 60_000;
    private static final Set<String> OURS = Set.of("code", "example", "delay", "fault");
    private static final Pattern PREFERENCE = Pattern.compile(
            "\\s*([!#$%&'*+.^_`|~0-9A-Za-z-]+)(?:\\s*=\\s*(?:([^\\s\",;]*)|\"([^\"\\\\]*+(?:\\\\.[^\"\\\\]*+)*+)\"))?\\s*(?=[,;]|$)");

    /** @throws ApiError a 422 that lists the possible preferences */
    static Preference of(List<String> headers, OperationModel operation) {
        if (headers.isEmpty()) {
            return NONE;
        }
        List<Violation> violations = new ArrayList<>();
        StringJoiner applied = new StringJoiner(", ");
        Integer code = null;
        Example example = null;
        Response.Fault fault = null;
        int delay = 0;
        for (Map.Entry<String, String> preference : preferences(String.join(",", headers)).entrySet()) {
            String name = preference.getKey();
            String value = preference.getValue();
            switch (name) {
                case "code" -> {
                    code = operation.spec().statuses().stream().filter(s -> value.equals(String.valueOf(s))).findFirst().orElse(null);
                    if (code == null || operation.first(code) == null) {
                        violations.add(new Violation("header:prefer", "code", "must be a code that " + operation.id()
                                + " documents: " + operation.statuses()));
                    }
                }
                case "example" -> {
                    example = operation.examples().get(value);
                    if (example == null) {
                        violations.add(new Violation("header:prefer", "example", "must be an example of " + operation.id() + ": "
                                + String.join(", ", operation.examples().keySet())));
                    }
                }
                case "delay" -> {
                    delay = value.matches("[0-9]{1,5}") ? Integer.parseInt(value) : -1;
                    if (delay < 0 || delay > LONGEST) {
                        violations.add(new Violation("header:prefer", "delay", "must be at most " + LONGEST + " milliseconds"));
                    }
                }
                case "fault" -> {
                    for (Response.Fault each : Response.Fault.values()) {
                        fault = each.name().equalsIgnoreCase(value) ? each : fault;
                    }
                    if (fault == null) {
                        violations.add(new Violation("header:prefer", "fault", "must be one of: reset, empty, malformed, garbage"));
                    }
                }
                default -> {
                    continue;
                }
            }
            applied.add(name + "=" + value);
        }
        if (violations.isEmpty() && code != null) {
            if (example == null) {
                example = operation.first(code);
            } else if (example.status() != code) {
                violations.add(new Violation("header:prefer", "example", "must be an example of " + code + ", and " + example.name()
                        + " is one of " + example.status()));
            }
        }
        if (!violations.isEmpty()) {
            throw ApiError.invalid(violations);
        }
        return new Preference(example, delay, fault, applied.length() == 0 ? null : applied.toString());
    }

    /**
     * The preferences by name; of several with the same name, the first applies (RFC 7240, section 2). Parameters after a semicolon belong to the
     * preference before, and are ours only if that one is.
     */
    private static Map<String, String> preferences(String header) {
        Map<String, String> preferences = new LinkedHashMap<>();
        Matcher preference = PREFERENCE.matcher(header);
        boolean ours = false;
        for (int start = 0; start < header.length();) {
            boolean isParameter = start > 0 && header.charAt(start - 1) == ';';
            if (preference.region(start, header.length()).lookingAt()) {
                String name = preference.group(1).toLowerCase(Locale.ROOT);
                String quoted = preference.group(3);
                String value = quoted != null ? quoted.replaceAll("\\\\(.)", "$1") : Objects.requireNonNullElse(preference.group(2), "");
                ours = isParameter ? ours : OURS.contains(name);
                if (ours && OURS.contains(name)) {
                    preferences.putIfAbsent(name, value);
                }
                start = preference.end() + 1;
            } else {
                // Not a preference; continue with the next.
                ours &= isParameter;
                do {
                    start++;
                } while (start < header.length() && header.charAt(start - 1) != ',' && header.charAt(start - 1) != ';');
            }
        }
        return preferences;
    }
}
