// SPDX-License-Identifier: Apache-2.0
package dev.phone.contracttests.fuzz;

import dev.phone.contracttests.contract.TheContract;
import dev.phone.contracttests.target.Target;
import dev.phone.contracttests.trace.Parity;
import dev.phone.contracttests.trace.Step;
import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import jakarta.json.spi.JsonProvider;
import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** Sends mutated requests to two targets in lockstep, and reports problems with their responses. */
public final class Fuzz implements AutoCloseable {
    /** Implementation details that responses must not contain. */
    private static final Pattern INSIDES = Pattern.compile("(?is)helidon|jetty|wiremock|exception|java\\.|jakarta|<html|\\bat [a-z]+\\.[a-z]");
    private static final JsonProvider JSON = JsonProvider.provider();
    private static final int MOST_ERROR_BYTES = 16 * 1_024;
    /** The allowed statuses for requests that are no longer for an operation. */
    private static final Set<Integer> OUTSIDE_OPERATIONS = Set.of(401, 404, 422, 429);

    private final Target one;
    private final Target other;
    private final Wire toOne = new Wire();
    private final Wire toOther = new Wire();
    private int sent;

    public Fuzz(Target one, Target other) {
        this.one = one;
        this.other = other;
    }

    /** The number of requests sent to each target. */
    public int sent() {
        return sent;
    }

    /**
     * Sends requests to both targets, starting from the demo world.
     *
     * @return the problems; a request with a problem is sent again after a reset
     */
    public List<String> play(long seed, int requests) throws IOException {
        reset();
        Bender bender = new Bender(seed);
        Parity parity = new Parity();
        List<String> found = new ArrayList<>();
        for (int i = 0; i < requests; i++) {
            Bent bent = bender.next();
            if (!bent.isRequest()) {
                continue;
            }
            List<String> wrong = send(bent, parity);
            sent++;
            if (!wrong.isEmpty()) {
                reset();
                List<String> alone = send(bent, new Parity());
                found.add("seed " + seed + ", request " + i + " (" + bent.operation().id() + ": " + String.join(", ", bent.bends()) + ")"
                        + (alone.isEmpty() ? ", after those before it" : "") + "\n  " + String.join("\n  ", alone.isEmpty() ? wrong : alone)
                        + "\n" + bent.printed().indent(4));
                // The states of the two may differ from now on.
                return found;
            }
        }
        return found;
    }

    private void reset() {
        toOne.close();
        toOther.close();
        one.reset();
        other.reset();
    }

    private List<String> send(Bent bent, Parity parity) throws IOException {
        if (bent.method().equals("GET")) {
            one.settle();
            other.settle();
        }
        Step ones = toOne.send(one.url(), bent);
        Step others = toOther.send(other.url(), bent);
        List<String> wrong = new ArrayList<>(parity.compare(ones, others));
        check(bent, one, ones, wrong);
        check(bent, other, others, wrong);
        return wrong;
    }

    private static void check(Bent bent, Target target, Step step, List<String> wrong) {
        int status = step.status();
        String says = target.name() + " answers " + status + " " + step.body();
        if (status >= 400 && !OUTSIDE_OPERATIONS.contains(status) && !bent.asked().statuses().contains(status) || status == Wire.NONE) {
            wrong.add("not documented: " + says);
        }
        if (status < 400 || bent.method().equals("HEAD")) {
            return;
        }
        if (step.body().length() > MOST_ERROR_BYTES) {
            wrong.add("too long: " + says.substring(0, 200));
        }
        if (INSIDES.matcher(step.body()).find()) {
            wrong.add("shows what it is made of: " + says);
        }
        try (var reader = JSON.createReader(new StringReader(step.body()))) {
            JsonObject body = reader.readObject();
            TheContract.CONTRACT.schema("ErrorEnvelope").check(body, "", (path, rule, message) -> wrong.add("not in the shape, " + path + " " + message + ": " + says));
        } catch (JsonException e) {
            wrong.add("no JSON: " + says);
        }
    }

    @Override
    public void close() {
        toOne.close();
        toOther.close();
    }
}
