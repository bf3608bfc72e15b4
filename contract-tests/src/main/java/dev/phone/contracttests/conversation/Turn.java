// SPDX-License-Identifier: Apache-2.0
package dev.phone.contracttests.conversation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeMap;

/**
 * A request to send. Placeholders stand for values from the target, or values that are unique to the conversation: {@code ${3:/data/id}} is what the
 * JSON pointer finds in the response to turn 3, {@code ${3:/data/0/code~}} a six-digit code other than that one, {@code ${user:0}} a user's name,
 * {@code ${number:0}} a phone number with spaces and {@code ${digits:0}} its twelve digits.
 *
 * @param number the number by which later turns refer to this one
 * @param pause how far the clock advances before the request is sent
 * @param target path and query
 * @param body null for none
 */
public record Turn(int number, Duration pause, String method, String target, Map<String, String> headers, String body) {

    public Turn {
        headers = new TreeMap<>(headers);
    }

    /** Parses the output of {@link #print}. */
    static List<Turn> parse(String text) {
        List<Turn> turns = new ArrayList<>();
        for (String part : text.split("(?m)^### ")) {
            if (part.isBlank()) {
                continue;
            }
            List<String> lines = part.lines().toList();
            String[] first = lines.getFirst().strip().split(" +");
            String[] request = lines.get(1).strip().split(" ", 2);
            Map<String, String> headers = new TreeMap<>();
            int i = 2;
            for (; i < lines.size() && !lines.get(i).isBlank(); i++) {
                String[] header = lines.get(i).strip().split(": ?", 2);
                headers.put(header[0], header[1]);
            }
            String body = i + 1 < lines.size() ? String.join("\n", lines.subList(i + 1, lines.size())).strip() : "";
            turns.add(new Turn(Integer.parseInt(first[0]), first.length > 1 ? Duration.parse(first[1]) : Duration.ZERO, request[0], request[1],
                    headers, body.isEmpty() ? null : body));
        }
        return turns;
    }

    /** Writes turns in the format of {@code .http} files: a separator with number and pause, the request line, headers, an empty line, the body. */
    static String print(List<Turn> turns) {
        StringJoiner text = new StringJoiner("\n");
        for (Turn turn : turns) {
            text.add("### " + turn.number + (turn.pause.isZero() ? "" : " " + turn.pause));
            text.add(turn.method + " " + turn.target);
            turn.headers.forEach((name, value) -> text.add(name + ": " + value));
            if (turn.body != null) {
                text.add("").add(turn.body);
            }
        }
        return text.toString();
    }
}
