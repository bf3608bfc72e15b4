// SPDX-License-Identifier: Apache-2.0
package dev.phone.contracttests.conversation;

import dev.phone.contracttests.target.Target;
import dev.phone.contracttests.trace.Recorder;
import dev.phone.contracttests.trace.Step;
import jakarta.json.Json;
import jakarta.json.JsonException;
import jakarta.json.JsonString;
import jakarta.json.JsonStructure;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Plays the turns of one conversation against one target. */
public final class Player {
    private static final HttpClient CLIENT = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{(\\w+):([^}~]*)(~?)}");
    private static final int NUMBERS_PER_CONVERSATION = 10;

    private final Target target;
    /** Makes the users and numbers of this conversation unique. */
    private final int conversation;
    private final Map<Integer, JsonStructure> responses = new HashMap<>();

    public Player(Target target, int conversation) {
        this.target = target;
        this.conversation = conversation;
    }

    /** Plays all turns of a conversation, in the format of {@link Turn#print}. */
    public static List<Step> play(Target target, String turns, Recorder recorder) {
        Player player = new Player(target, 0);
        List<Step> steps = Turn.parse(turns).stream().map(player::play).filter(Objects::nonNull).toList();
        steps.forEach(recorder::add);
        return steps;
    }

    /** @return the request and its response; null if the turn refers to a value that has not occurred */
    public Step play(Turn turn) {
        String path = filled(turn.target());
        String body = turn.body() == null ? null : filled(turn.body());
        Map<String, String> headers = new TreeMap<>();
        for (Map.Entry<String, String> header : turn.headers().entrySet()) {
            String value = filled(header.getValue());
            if (value == null) {
                return null;
            }
            headers.put(header.getKey(), header.getKey().equals("authorization") ? target.authorization(value) : value);
        }
        if (path == null || turn.body() != null && body == null) {
            return null;
        }
        // Finish the effects of the previous turn before the clock advances.
        target.settle();
        if (!turn.pause().isZero()) {
            target.advance(turn.pause());
        }
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(target.url() + path)).timeout(PATIENCE)
                .method(turn.method(), body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body));
        headers.forEach(request::header);
        Step step = send(request.build(), turn, body);
        remember(turn.number(), step.body());
        return step;
    }

    private static Step send(HttpRequest request, Turn turn, String body) {
        try {
            return Step.of(request, body, CLIENT.send(request, HttpResponse.BodyHandlers.ofString()));
        } catch (IOException e) {
            throw new UncheckedIOException(turn + " was not answered", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private void remember(int turn, String body) {
        try (var reader = Json.createReader(new StringReader(body))) {
            responses.put(turn, reader.read());
        } catch (JsonException noJson) {
            // No values can be taken from it.
        }
    }

    private String filled(String template) {
        StringBuilder text = new StringBuilder();
        Matcher matcher = PLACEHOLDER.matcher(template);
        while (matcher.find()) {
            String value = value(matcher.group(1), matcher.group(2));
            if (value == null) {
                return null;
            }
            matcher.appendReplacement(text, Matcher.quoteReplacement(matcher.group(3).isEmpty() ? value : otherThan(value)));
        }
        return matcher.appendTail(text).toString();
    }

    private String value(String kind, String what) {
        return switch (kind) {
            case "user" -> "c" + conversation + "u" + what;
            case "number" -> digits(what).replaceAll("(\\d{3})(?!$)", "$1 ");
            case "digits" -> digits(what);
            default -> seen(responses.get(Integer.parseInt(kind)), what);
        };
    }

    private String digits(String what) {
        // From 100 000 000 on, to avoid the reserved range and the demo world.
        return "999" + (100_000_000 + (conversation * NUMBERS_PER_CONVERSATION + Integer.parseInt(what)) % 300_000_000);
    }

    private static String seen(JsonStructure response, String pointer) {
        if (response == null) {
            return null;
        }
        try {
            JsonValue value = response.getValue(pointer);
            return value instanceof JsonString string ? string.getString() : null;
        } catch (JsonException nothingThere) {
            return null;
        }
    }

    private static String otherThan(String code) {
        return code.substring(0, code.length() - 1) + (char) ('0' + (code.charAt(code.length() - 1) - '0' + 1) % 10);
    }
}
