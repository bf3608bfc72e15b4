// SPDX-License-Identifier: Apache-2.0
package dev.phone.mock.answer;

import dev.phone.api.ApiError;
import dev.phone.api.Violation;
import dev.phone.mock.contract.Example;
import dev.phone.mock.contract.Plan;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;

/**
 * What a caller would like to get, in a Prefer header (RFC 7240): {@code code=429}, {@code example=wrongCode}, {@code delay=1500},
 * {@code fault=reset}. Preferences that are not ours are ignored, as the RFC demands; ours are taken at their word, so a wish that
 * cannot be granted is a mistake and not overlooked.
 *
 * @param example null when none is wished for, like {@code fault}
 * @param delay in milliseconds
 */
record Wish(Example example, int delay, Answer.Fault fault, String applied) {
    static final Wish NONE = new Wish(null, 0, null, null);
    private static final int LONGEST = 60_000;

    /** @throws ApiError a 422 that says what could have been wished for */
    static Wish of(List<String> headers, Plan plan) {
        if (headers.isEmpty()) {
            return NONE;
        }
        List<Violation> violations = new ArrayList<>();
        StringJoiner applied = new StringJoiner(", ");
        Integer code = null;
        Example example = null;
        Answer.Fault fault = null;
        int delay = 0;
        for (String preference : String.join(",", headers).split("[,;]")) {
            int equals = preference.indexOf('=');
            String name = (equals < 0 ? preference : preference.substring(0, equals)).strip().toLowerCase(Locale.ROOT);
            String value = equals < 0 ? "" : preference.substring(equals + 1).strip().replace("\"", "");
            switch (name) {
                case "code" -> {
                    code = plan.operation().statuses().stream().filter(s -> value.equals(String.valueOf(s))).findFirst().orElse(null);
                    if (code == null || plan.first(code) == null) {
                        violations.add(new Violation("header:prefer", "code", "must wish for a code that " + plan.id()
                                + " documents: " + plan.statuses()));
                    }
                }
                case "example" -> {
                    example = plan.examples().get(value);
                    if (example == null) {
                        violations.add(new Violation("header:prefer", "example", "must wish for an example of " + plan.id() + ": "
                                + String.join(", ", plan.examples().keySet())));
                    }
                }
                case "delay" -> {
                    delay = value.matches("[0-9]{1,5}") ? Integer.parseInt(value) : -1;
                    if (delay < 0 || delay > LONGEST) {
                        violations.add(new Violation("header:prefer", "delay", "must be at most " + LONGEST + " milliseconds"));
                    }
                }
                case "fault" -> {
                    for (Answer.Fault each : Answer.Fault.values()) {
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
                example = plan.first(code);
            } else if (example.status() != code) {
                violations.add(new Violation("header:prefer", "example", "must be an example of " + code + ", and " + example.name()
                        + " is one of " + example.status()));
            }
        }
        if (!violations.isEmpty()) {
            throw ApiError.invalid(violations);
        }
        return new Wish(example, delay, fault, applied.length() == 0 ? null : applied.toString());
    }
}
