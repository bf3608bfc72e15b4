// SPDX-License-Identifier: Apache-2.0

import dev.phone.api.Operation;
import dev.phone.api.Operations;
import dev.phone.api.Rules;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.net.ConnectException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * An application that sends, verifies, resends and cancels OTPs at random, one after the other, and remembers what was acknowledged. An answer
 * that is a success, or an error other than 500, is an acknowledgement: of a change, or that there is none. No answer, and a 500, may mean either.
 */
final class Shop {
    private static final String CODE = Rules.TEST_NUMBERS_CODE;
    private static final String WRONG_CODE = "654321";
    private static final Set<String> ENDS = Set.of("verified", "failed", "expired", "cancelled");

    /** What is known of an OTP request. @see #possible */
    private static final class Otp {
        final String id;
        /** The statuses that it may have by now; one, unless an answer is missing. */
        final Set<String> possible = new TreeSet<>();
        int attempts = Rules.OTP_ATTEMPTS;
        boolean attemptMissing;
        int resent;
        int maybeResent;

        Otp(JsonObject shown) {
            id = shown.getString("id");
            possible.add(shown.getString("status"));
        }

        void is(String status) {
            possible.clear();
            possible.add(status);
        }
    }

    private final Api api;
    private final Api.Application application;
    private final Receiver.Endpoint endpoint;
    private final Traffic traffic;
    private final Consumer<String> wrong;
    private final Random random;
    private final List<Otp> otps = new ArrayList<>();
    private final Map<String, String> projects = new HashMap<>();
    private int sendsMissing;

    Shop(Api api, Receiver receiver, Traffic traffic, Consumer<String> wrong, long seed) {
        this.api = api;
        this.traffic = traffic;
        this.wrong = wrong;
        random = new Random(seed);
        application = api.application();
        endpoint = receiver.listen(api, application, Receiver.Manner.ANSWERS);
    }

    /** Goes on until there is no more traffic. */
    void run() {
        try {
            while (traffic.goesOn()) {
                once();
            }
        } catch (IOException | RuntimeException | AssertionError e) {
            wrong.accept("" + e);
        }
    }

    private void once() throws IOException {
        int choice = random.nextInt(11);
        switch (choice) {
            case 0 -> send(Rules.TEST_NUMBERS_FIXED_CODE, Map.of());
            case 1 -> verify(send(Rules.TEST_NUMBERS_FIXED_CODE, Map.of()), true);
            case 2, 3 -> {
                Otp otp = send(Rules.TEST_NUMBERS_FIXED_CODE, Map.of());
                int wrongs = choice == 2 ? Rules.OTP_ATTEMPTS : 1 + random.nextInt(Rules.OTP_ATTEMPTS - 1);
                boolean known = otp != null;
                for (int i = 0; known && i < wrongs; i++) {
                    known = verify(otp, false);
                }
                if (known && choice == 3) {
                    verify(otp, true);
                }
            }
            case 4 -> cancel(send(Rules.TEST_NUMBERS_FIXED_CODE, Map.of()));
            case 5 -> {
                Otp otp = send(Rules.TEST_NUMBERS_FIXED_CODE, Map.of());
                if (resend(otp)) {
                    verify(otp, true);
                }
            }
            case 6 -> {
                Otp otp = send(Rules.TEST_NUMBERS_FIXED_CODE, Map.of());
                if (verify(otp, true)) {
                    refused(otp, Operations.CANCEL_OTP, reference(otp), 409);
                    refused(otp, Operations.VERIFY_OTP, code(otp, CODE), 422);
                }
            }
            case 7 -> race();
            case 8 -> send(Rules.TEST_NUMBERS_EXPIRED, Map.of());
            case 9 -> {
                Map<String, String> key = Map.of("idempotency-key", Long.toHexString(random.nextLong()));
                Otp otp = send(Rules.TEST_NUMBERS_FIXED_CODE, key);
                Api.Answer again = otp == null ? null : call(Operations.SEND_OTP, to(Rules.TEST_NUMBERS_FIXED_CODE), key);
                if (again != null && !again.data().getString("id").equals(otp.id)) {
                    wrong.accept("an Idempotency-Key was good for two: " + otp.id + " and " + again.body());
                }
            }
            default -> createProject();
        }
    }

    /** Calls a node. Where nothing listens nothing was sent, so that the other one is asked, as a load balancer would. @return null for no acknowledgement */
    private Api.Answer call(Operation operation, String body, Map<String, String> headers) throws IOException {
        Map<String, String> all = new HashMap<>(application.credentials());
        all.putAll(headers);
        for (int node = random.nextInt(Cluster.NODES); ; node = (node + 1) % Cluster.NODES) {
            try {
                Api.Answer answer = api.call(node, operation, operation.path(), all, body);
                traffic.answered(node, operation, answer);
                return answer.status() == 500 ? null : answer;
            } catch (ConnectException e) {
                if (!traffic.goesOn()) {
                    return null;
                }
            } catch (IOException e) {
                traffic.unanswered();
                return null;
            }
        }
    }

    private static String to(String number) {
        return "{\"phoneNumber\":\"" + number + "\"}";
    }

    private static String reference(Otp otp) {
        return "{\"otpRequestId\":\"" + otp.id + "\"}";
    }

    private static String code(Otp otp, String code) {
        return "{\"otpRequestId\":\"" + otp.id + "\",\"code\":\"" + code + "\"}";
    }

    private Otp send(String number, Map<String, String> headers) throws IOException {
        Api.Answer answer = call(Operations.SEND_OTP, to(number), headers);
        if (answer == null) {
            sendsMissing++;
        }
        if (number.equals(Rules.TEST_NUMBERS_FIXED_CODE)) {
            // One of them is active at a time.
            for (Otp otp : otps) {
                if (otp.possible.contains("pending")) {
                    otp.possible.add("superseded");
                    if (answer != null) {
                        otp.possible.remove("pending");
                    }
                }
            }
        }
        return answer == null ? null : sent(answer);
    }

    private Otp sent(Api.Answer answer) {
        if (answer.status() != 201) {
            throw new AssertionError("a send was answered " + answer.body());
        }
        Otp otp = new Otp(answer.data());
        otps.add(otp);
        return otp;
    }

    /** Two sends at once, one on each node: they are for the same row, so that one of the two transactions is likely to be rolled back and begun anew. */
    private void race() throws IOException {
        CompletableFuture<Api.Answer> other = CompletableFuture.supplyAsync(() -> {
            try {
                return call(Operations.SEND_OTP, to(Rules.TEST_NUMBERS_FIXED_CODE), Map.of());
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }, Thread::startVirtualThread);
        Otp one = send(Rules.TEST_NUMBERS_FIXED_CODE, Map.of());
        Api.Answer answer = other.join();
        if (one != null) {
            one.possible.add("superseded");
        }
        if (answer != null) {
            sent(answer).possible.add("superseded");
        } else {
            sendsMissing++;
        }
    }

    /** @return whether it is known what came of it */
    private boolean verify(Otp otp, boolean right) throws IOException {
        if (otp == null) {
            return false;
        }
        Api.Answer answer = call(Operations.VERIFY_OTP, code(otp, right ? CODE : WRONG_CODE), Map.of());
        if (answer == null) {
            otp.attemptMissing |= !right;
            if (right || otp.attempts == 1) {
                otp.possible.add(right ? "verified" : "failed");
            }
            return false;
        }
        if (right) {
            expect(answer, 200);
            otp.is("verified");
        } else {
            expect(answer, 422);
            otp.attempts--;
            if (answer.body().getJsonObject("error").getJsonObject("details").getInt("attemptsRemaining") != otp.attempts) {
                wrong.accept(otp.attempts + " attempts should remain: " + answer.body());
            }
            if (otp.attempts == 0) {
                otp.is("failed");
            }
        }
        return true;
    }

    private void cancel(Otp otp) throws IOException {
        if (otp == null) {
            return;
        }
        Api.Answer answer = call(Operations.CANCEL_OTP, reference(otp), Map.of());
        if (answer == null) {
            otp.possible.add("cancelled");
        } else {
            expect(answer, 200);
            otp.is("cancelled");
        }
    }

    private boolean resend(Otp otp) throws IOException {
        if (otp == null) {
            return false;
        }
        Api.Answer answer = call(Operations.RESEND_OTP, reference(otp), Map.of());
        if (answer == null) {
            otp.maybeResent++;
            return false;
        }
        expect(answer, 200);
        otp.resent++;
        return true;
    }

    private void refused(Otp otp, Operation operation, String body, int status) throws IOException {
        Api.Answer answer = call(operation, body, Map.of());
        if (answer != null) {
            expect(answer, status);
        }
    }

    private void createProject() throws IOException {
        String name = Long.toHexString(random.nextLong());
        Api.Answer answer = call(Operations.CREATE_PROJECT, "{\"name\":\"" + name + "\"}", Map.of());
        if (answer != null) {
            expect(answer, 201);
            projects.put(answer.data().getString("id"), name);
        }
    }

    private static void expect(Api.Answer answer, int status) {
        if (answer.status() != status) {
            throw new AssertionError("answered " + answer.body() + " instead of " + status);
        }
    }

    /** Whether a node still has events for it. */
    boolean waitsForEvents() {
        return !api.done(0, Operations.LIST_DELIVERIES, "/v1/webhooks/" + endpoint.webhookId + "/deliveries?status=pending&limit=1", null)
                .getJsonArray("data").isEmpty();
    }

    /** @param otps that are there. @param missing of these nobody had told us. @param events that arrived. @param arrivals with those that came again */
    record Found(int otps, int missing, int projects, int events, long arrivals) {
        Found plus(Found other) {
            return new Found(otps + other.otps, missing + other.missing, projects + other.projects, events + other.events, arrivals + other.arrivals);
        }
    }

    /**
     * Compares what was acknowledged with what is there, and what is there with the events that arrived: whoever looks sees of each change
     * both the change and its event, or neither.
     */
    Found reconcile() {
        Map<String, String> projectsThere = api.all(Operations.LIST_PROJECTS, "/v1/projects").stream()
                .collect(Collectors.toMap(project -> project.getString("id"), project -> project.getString("name")));
        projects.forEach((id, name) -> {
            if (!name.equals(projectsThere.get(id))) {
                wrong.accept("lost: the project " + id + " called " + name);
            }
        });
        Map<String, JsonObject> there = api.all(Operations.LIST_OTP_REQUESTS, "/v1/applications/" + application.id() + "/otp-requests").stream()
                .collect(Collectors.toMap(otp -> otp.getString("id"), otp -> otp));
        Map<String, List<String>> events = endpoint.events.values().stream().collect(Collectors.groupingBy(Receiver.Event::otp,
                Collectors.mapping(event -> event.type().substring("otp.".length()), Collectors.toList())));
        Set<String> untold = new HashSet<>(there.keySet());
        for (Otp otp : otps) {
            untold.remove(otp.id);
            JsonObject found = there.get(otp.id);
            if (found == null) {
                wrong.accept("lost: " + otp.id);
                continue;
            }
            String status = found.getString("status");
            int attempts = found.getInt("attemptsRemaining");
            if (!otp.possible.contains(status) || attempts != otp.attempts && !(otp.attemptMissing && attempts == otp.attempts - 1)) {
                wrong.accept(otp.id + " should be " + otp.possible + " with " + otp.attempts + " attempts, and is " + found);
            }
            checkEvents(found, events.remove(otp.id), 1 + otp.resent, 1 + otp.resent + otp.maybeResent);
        }
        if (untold.size() > sendsMissing) {
            wrong.accept(untold.size() + " OTPs that nobody has sent, of which at most " + sendsMissing + " can be explained");
        }
        untold.forEach(id -> checkEvents(there.get(id), events.remove(id), 1, 1));
        events.forEach((id, types) -> wrong.accept("events of what is not there: " + id + " " + types));
        return new Found(there.size(), untold.size(), projects.size(), endpoint.events.size(), endpoint.arrivals());
    }

    private void checkEvents(JsonObject otp, List<String> types, int leastSent, int mostSent) {
        String status = otp.getString("status");
        long sent = types == null ? 0 : types.stream().filter("sent"::equals).count();
        List<String> ends = types == null ? List.of() : types.stream().filter(type -> !type.equals("sent")).toList();
        if (sent < leastSent || sent > mostSent || !ends.equals(ENDS.contains(status) ? List.of(status) : List.of())) {
            wrong.accept("of " + otp.getString("id") + ", which is " + status + " and was sent " + leastSent + " times, these events came: " + types);
        }
    }
}
