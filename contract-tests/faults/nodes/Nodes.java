// SPDX-License-Identifier: Apache-2.0

import com.sun.management.OperatingSystemMXBean;
import dev.phone.api.Operation;
import dev.phone.api.Operations;
import dev.phone.api.Rules;
import dev.phone.api.WebhookAttempt;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Experiments with two nodes that share a PostgreSQL and a Redis. Each prints one line with its result. */
final class Nodes {
    private static final Map<String, String> UNLIMITED = Map.of("PHONE_LIMITS_REQUESTS_LIMIT", "1000000000", "PHONE_LIMITS_OTP_SEND_LIMIT", "1000000000",
            "PHONE_LIMITS_OTP_VERIFY_LIMIT", "1000000000");
    /** One after the other, of each limit. */
    private static final int WINDOWS = 2;
    private static final int SHOPS = 8;
    /** A claim of a node that has died ends after a minute. */
    private static final Duration ALL_DELIVERED = Duration.ofSeconds(90);
    private static final Duration WELL_AGAIN = Duration.ofSeconds(15);

    private final Queue<String> wrong = new ConcurrentLinkedQueue<>();
    private final Random random;

    private Nodes(long seed) {
        random = new Random(seed);
    }

    /** What is to be shown. */
    @FunctionalInterface
    private interface Experiment {
        /** @return what was found, in figures */
        String run(Path directory) throws Exception;
    }

    public static void main(String[] names) throws Exception {
        Logger.getLogger("").setLevel(Level.WARNING);
        long seed = Long.getLong("seed", System.nanoTime());
        Nodes nodes = new Nodes(seed);
        Map<String, Experiment> all = new LinkedHashMap<>();
        all.put("limits", nodes::limits);
        all.put("events", nodes::events);
        all.put("servers", nodes::servers);
        all.put("postgres", nodes::postgres);
        all.put("redis", nodes::redis);
        all.put("receivers", nodes::receivers);
        all.put("send", nodes::send);
        if (!all.keySet().containsAll(List.of(names))) {
            System.err.println("there are the experiments " + String.join(", ", all.keySet()));
            System.exit(2);
        }
        System.out.println(Instant.now() + ", seed " + seed);
        boolean allRight = true;
        for (String name : names.length == 0 ? all.keySet() : List.of(names)) {
            allRight &= nodes.show(name, all.get(name));
        }
        System.exit(allRight ? 0 : 1);
    }

    private boolean show(String name, Experiment experiment) throws IOException {
        wrong.clear();
        Path directory = Files.createTempDirectory("phone-nodes-" + name);
        long start = System.nanoTime();
        String found = "";
        try {
            found = experiment.run(directory);
        } catch (Exception | AssertionError e) {
            wrong.add("" + e);
            e.printStackTrace();
        }
        System.out.printf(Locale.ROOT, "%s: %s. %d s, load %.1f. %s%n", name, found, (System.nanoTime() - start) / 1_000_000_000,
                ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getSystemLoadAverage(), wrong.isEmpty() ? "Right." : "WRONG (" + wrong.size() + "):");
        wrong.stream().limit(10).forEach(each -> System.out.println("  " + each));
        if (wrong.isEmpty()) {
            try (Stream<Path> files = Files.walk(directory)) {
                files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
            }
        } else {
            System.out.println("  the logs are in " + directory);
        }
        return wrong.isEmpty();
    }

    private void check(boolean condition, String otherwise) {
        if (!condition) {
            wrong.add(otherwise);
        }
    }

    // ---- limits

    /** Each application's limits in two windows, one after the other: under load of both nodes, as many get through as the contract says. */
    private String limits(Path directory) throws Exception {
        int applications = 10;
        List<Operation> operations = List.of(Operations.SEND_OTP, Operations.VERIFY_OTP);
        record Flood(Operation operation, Queue<Api.Answer> through) {
            boolean isOver() {
                return through.size() >= WINDOWS * operation.rateLimit().limit();
            }
        }
        List<Flood> floods = new ArrayList<>();
        Traffic traffic = new Traffic();
        try (Cluster cluster = new Cluster(directory, Map.of()); ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Api api = new Api(cluster);
            for (int i = 0; i < applications; i++) {
                Api.Application application = api.application();
                for (Operation operation : operations) {
                    Flood flood = new Flood(operation, new ConcurrentLinkedQueue<>());
                    floods.add(flood);
                    String body = operation == Operations.SEND_OTP ? "{\"phoneNumber\":\"+999 482 918 102\"}"
                            : "{\"otpRequestId\":\"otp_01kf0er950cqjrdr8b3j78e39a\",\"code\":\"123456\"}";
                    for (int node = 0; node < Cluster.NODES; node++) {
                        int to = node;
                        threads.execute(() -> {
                            try {
                                while (traffic.goesOn()) {
                                    Api.Answer answer = api.call(to, operation, operation.path(), application.credentials(), body);
                                    traffic.answered(to, operation, answer);
                                    if (answer.status() != 429) {
                                        flood.through.add(answer);
                                    }
                                }
                            } catch (IOException | RuntimeException | AssertionError e) {
                                wrong.add("" + e);
                            }
                        });
                    }
                }
            }
            Cluster.await("two windows of each", Duration.ofSeconds(150), () -> floods.stream().allMatch(Flood::isOver));
            // What is too much would be seen by now.
            Cluster.pause(3_000);
            traffic.end();
        }
        for (Flood flood : floods) {
            Operation.RateLimit limit = flood.operation.rateLimit();
            List<Api.Answer> through = flood.through.stream().sorted(Comparator.comparingLong(Api.Answer::end)).toList();
            check(through.size() == WINDOWS * limit.limit(), through.size() + " got through the limit " + limit);
            long window = limit.window() * 1_000_000_000L;
            for (int i = limit.limit(); i < through.size(); i += limit.limit()) {
                List<Api.Answer> before = through.subList(i - limit.limit(), i);
                long began = before.stream().mapToLong(Api.Answer::start).min().getAsLong();
                check(through.get(i).end() - began >= window, "a window of " + limit + " was too short");
                check(through.get(i).end() - before.getFirst().end() <= window + 2_000_000_000L, "a window of " + limit + " was too long");
            }
        }
        return "%d windows each of %s: %d of %d requests got through".formatted(applications * WINDOWS,
                String.join(" and ", operations.stream().map(operation -> operation.rateLimit().name() + " (" + operation.rateLimit().limit() + ")").toList()),
                floods.stream().mapToInt(flood -> flood.through.size()).sum(), traffic.acknowledged(0) + traffic.acknowledged(1));
    }

    // ---- events, and what dies

    /** Two nodes and shops that keep them busy. */
    private final class Scene implements AutoCloseable {
        final Traffic traffic = new Traffic();
        final Cluster cluster;
        final Api api;
        private final Receiver receiver;
        private final List<Shop> shops;
        private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

        Scene(Path directory) throws Exception {
            cluster = new Cluster(directory, UNLIMITED);
            api = new Api(cluster);
            receiver = new Receiver(wrong::add);
            shops = IntStream.range(0, SHOPS).mapToObj(i -> new Shop(api, receiver, traffic, wrong::add, random.nextLong())).toList();
            shops.forEach(shop -> threads.execute(shop::run));
            awaitTraffic();
        }

        /** Until both nodes acknowledge requests. @return the seconds that it took */
        double awaitTraffic() {
            long[] before = IntStream.range(0, Cluster.NODES).mapToLong(traffic::acknowledged).toArray();
            return await("both nodes answer", () -> IntStream.range(0, Cluster.NODES).allMatch(node -> traffic.acknowledged(node) >= before[node] + SHOPS));
        }

        double await(String what, BooleanSupplier condition) {
            return Cluster.await(what, WELL_AGAIN, condition);
        }

        /** Ends the traffic, waits for the last event, and compares. */
        String reconcile() {
            traffic.end();
            threads.close();
            double seconds = Cluster.await("every event is delivered", ALL_DELIVERED, () -> shops.stream().noneMatch(Shop::waitsForEvents));
            Shop.Found found = shops.stream().map(Shop::reconcile).reduce(Shop.Found::plus).orElseThrow();
            check(cluster.query("SELECT COUNT(*) FROM delivery WHERE status <> 'delivered'") == 0, "there are deliveries that are not delivered");
            check(cluster.query("SELECT COUNT(*) FROM delivery") == found.events(), "there are " + cluster.query("SELECT COUNT(*) FROM delivery")
                    + " deliveries, and " + found.events() + " events arrived");
            return "%s; %d OTPs (%d of them never acknowledged) and %d projects are as acknowledged, their %d events arrived in %d signed requests, the last %.0f s after the load"
                    .formatted(traffic, found.otps(), found.missing(), found.projects(), found.events(), found.arrivals(), seconds);
        }

        @Override
        public void close() throws IOException {
            traffic.end();
            cluster.close();
            threads.close();
            receiver.close();
        }
    }

    private String events(Path directory) throws Exception {
        try (Scene scene = new Scene(directory)) {
            Cluster.pause(30_000);
            String found = scene.reconcile();
            check(scene.traffic.failed() + scene.traffic.notAnswered() == 0, "nothing was killed, and yet something failed");
            return found + "; PostgreSQL rolled %d transactions back".formatted(scene.cluster.query("SELECT xact_rollback FROM pg_stat_database WHERE datname = 'postgres'"));
        }
    }

    private String servers(Path directory) throws Exception {
        int rounds = Integer.getInteger("rounds", 30);
        long fewest = Long.MAX_VALUE;
        long longest = 0;
        try (Scene scene = new Scene(directory)) {
            for (int round = 0; round < rounds; round++) {
                int node = random.nextInt(Cluster.NODES);
                int other = 1 - node;
                // Somewhere in what it is doing.
                Cluster.pause(random.nextInt(1_500));
                scene.traffic.longest(other);
                long before = scene.traffic.acknowledged(other);
                scene.cluster.killNode(node);
                scene.cluster.startNode(node);
                fewest = Math.min(fewest, scene.traffic.acknowledged(other) - before);
                longest = Math.max(longest, scene.traffic.longest(other));
                scene.awaitTraffic();
            }
            check(fewest > 0, "the other node stopped answering");
            check(scene.traffic.failed() == 0, "the other node answered " + scene.traffic.failed() + " times with a 500");
            return "%d times a node was killed: %s; meanwhile the other acknowledged %d requests or more, each within %d ms"
                    .formatted(rounds, scene.reconcile(), fewest, longest);
        }
    }

    private String postgres(Path directory) throws Exception {
        int rounds = 5;
        double slowest = 0;
        try (Scene scene = new Scene(directory)) {
            for (int round = 0; round < rounds; round++) {
                Cluster.pause(1_000 + random.nextInt(2_000));
                scene.cluster.killPostgres();
                scene.await("no node is ready", () -> !scene.cluster.ready(0) && !scene.cluster.ready(1));
                Cluster.pause(random.nextInt(3_000));
                long start = System.nanoTime();
                scene.cluster.startPostgres();
                scene.awaitTraffic();
                scene.await("both nodes are ready", () -> scene.cluster.ready(0) && scene.cluster.ready(1));
                slowest = Math.max(slowest, (System.nanoTime() - start) / 1e9);
            }
            check(scene.traffic.notAnswered() == 0, scene.traffic.notAnswered() + " requests had no answer at all");
            return "%d times PostgreSQL was killed: %s; both nodes answered again %.1f s after its start at the latest"
                    .formatted(rounds, scene.reconcile(), slowest);
        }
    }

    private String redis(Path directory) throws Exception {
        int rounds = 5;
        int limit = Operations.DELIVER_TO_BIN.rateLimit().limit();
        double slowest = 0;
        try (Scene scene = new Scene(directory)) {
            check(delivered(scene) == limit, "the limit is not shared before");
            for (int round = 0; round < rounds; round++) {
                Cluster.pause(500 + random.nextInt(1_000));
                scene.cluster.killRedis();
                scene.await("both nodes are degraded", () -> scene.cluster.limits(0).equals("degraded") && scene.cluster.limits(1).equals("degraded"));
                check(scene.cluster.ready(0) && scene.cluster.ready(1), "a node without Redis is not ready");
                check(delivered(scene) == Cluster.NODES * limit, "the nodes do not count alone");
                long start = System.nanoTime();
                scene.cluster.startRedis();
                scene.await("both nodes share again", () -> scene.cluster.limits(0).equals("shared") && scene.cluster.limits(1).equals("shared"));
                slowest = Math.max(slowest, (System.nanoTime() - start) / 1e9);
                check(delivered(scene) == limit, "the limit is not shared again");
            }
            check(scene.traffic.failed() + scene.traffic.notAnswered() == 0, "requests failed");
            return "%d times Redis was killed: %s; each time the nodes were degraded, let through %d instead of %d, and shared again %.1f s after its start at the latest"
                    .formatted(rounds, scene.reconcile(), Cluster.NODES * limit, limit, slowest);
        }
    }

    /** How many of many deliveries to a bin get through, of one address on both nodes. */
    private int delivered(Scene scene) throws IOException {
        String bin = scene.api.done(0, Operations.CREATE_BIN, "/v1/sandbox/bins", null).getJsonObject("data").getString("id");
        Map<String, String> address = Map.of("x-forwarded-for", "11." + random.nextInt(256) + "." + random.nextInt(256) + "." + random.nextInt(256));
        int through = 0;
        for (int i = 0; i < 3 * Cluster.NODES * Operations.DELIVER_TO_BIN.rateLimit().limit(); i++) {
            int status = scene.api.call(i % Cluster.NODES, Operations.DELIVER_TO_BIN, "/v1/sandbox/bins/" + bin, address, "{}").status();
            through += status == 429 ? 0 : 1;
        }
        return through;
    }

    // ---- receivers

    private String receivers(Path directory) throws Exception {
        int seconds = 60;
        int perSecond = 20;
        try (Cluster cluster = new Cluster(directory, UNLIMITED); Receiver receiver = new Receiver(wrong::add)) {
            Api api = new Api(cluster);
            Api.Application application = api.application();
            Map<Receiver.Manner, Receiver.Endpoint> endpoints = new EnumMap<>(Receiver.Manner.class);
            endpoints.put(Receiver.Manner.ANSWERS, receiver.listen(api, application, Receiver.Manner.ANSWERS));
            Receiver.Endpoint honest = endpoints.get(Receiver.Manner.ANSWERS);
            sends(api, application, 5, perSecond);
            long[] alone = delays(honest, sends(api, application, 15, perSecond));
            for (Receiver.Manner manner : Receiver.Manner.values()) {
                endpoints.computeIfAbsent(manner, each -> receiver.listen(api, application, each));
            }
            long[] beside = delays(honest, sends(api, application, seconds, perSecond));
            check(at(beside, 99) < Math.max(1_000, 2 * at(alone, 99)), "an honest receiver waits for others: p99 is " + at(beside, 99) + " ms");
            for (Receiver.Manner manner : Receiver.Manner.values()) {
                attempts(api, endpoints.get(manner));
            }
            StringBuilder memory = new StringBuilder();
            for (int node = 0; node < Cluster.NODES; node++) {
                check(cluster.node(node).process.isAlive(), "node " + node + " has ended: " + cluster.node(node).log());
                memory.append(node == 0 ? "" : " and ").append(heapAfterCollection(cluster.node(node).process.pid()));
            }
            return "to an honest receiver p50 %d ms and p99 %d ms alone, p50 %d ms and p99 %d ms beside five that are not, %d events each; heap after a collection %s MB of 256"
                    .formatted(at(alone, 50), at(alone, 99), at(beside, 50), at(beside, 99), seconds * perSecond, memory);
        }
    }

    /** Sends OTPs at a steady pace. @return when each was acknowledged, by its ID */
    private Map<String, Long> sends(Api api, Api.Application application, int seconds, int perSecond) throws Exception {
        Map<String, Long> acknowledged = new ConcurrentHashMap<>();
        try (ScheduledExecutorService pace = Executors.newSingleThreadScheduledExecutor(); ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < seconds * perSecond; i++) {
                String body = "{\"phoneNumber\":\"+999 7%02d %03d %03d\"}".formatted(random.nextInt(100), random.nextInt(1_000), random.nextInt(1_000));
                int node = i % Cluster.NODES;
                pace.schedule(() -> threads.execute(() -> {
                    try {
                        Api.Answer answer = api.call(node, Operations.SEND_OTP, "/v1/otp/send", application.credentials(), body);
                        acknowledged.put(answer.data().getString("id"), answer.end());
                    } catch (IOException | RuntimeException | AssertionError e) {
                        wrong.add("a send beside hostile receivers: " + e);
                    }
                }), i * 1_000_000L / perSecond, TimeUnit.MICROSECONDS);
            }
            pace.shutdown();
            check(pace.awaitTermination(seconds + 30, TimeUnit.SECONDS), "sends take too long");
        }
        return acknowledged;
    }

    /** How long after each was acknowledged its event arrived, in milliseconds, sorted. */
    private long[] delays(Receiver.Endpoint honest, Map<String, Long> acknowledged) {
        Map<String, Long> arrived = new LinkedHashMap<>();
        Cluster.await("an honest receiver has all events", WELL_AGAIN, () -> {
            honest.events.values().forEach(event -> arrived.put(event.otp(), event.at()));
            return arrived.keySet().containsAll(acknowledged.keySet());
        });
        long[] delays = acknowledged.entrySet().stream().mapToLong(each -> Math.max(0, arrived.get(each.getKey()) - each.getValue()) / 1_000_000).sorted().toArray();
        return delays;
    }

    private static long at(long[] sorted, int percent) {
        return sorted[Math.min(sorted.length - 1, sorted.length * percent / 100)];
    }

    /** What is recorded of the first event that an endpoint got, once there is an attempt at it, and at the one that failed at first another one. */
    private void attempts(Api api, Receiver.Endpoint endpoint) {
        List<JsonObject> all = api.all(Operations.LIST_DELIVERIES, "/v1/webhooks/" + endpoint.webhookId + "/deliveries");
        String path = "/v1/deliveries/" + all.getLast().getString("id");
        int expected = endpoint.manner == Receiver.Manner.FAILS_AT_FIRST ? 2 : 1;
        JsonObject[] delivery = new JsonObject[1];
        Cluster.await("attempts at an endpoint that " + endpoint.manner, Rules.WEBHOOKS_TIMEOUT.plus(WELL_AGAIN), () -> {
            delivery[0] = api.done(1, Operations.GET_DELIVERY, path, null).getJsonObject("data");
            return delivery[0].getJsonArray("attempts").size() >= expected;
        });
        JsonObject attempt = delivery[0].getJsonArray("attempts").getJsonObject(0);
        String error = attempt.isNull("error") ? null : attempt.getString("error");
        int status = attempt.isNull("responseStatus") ? 0 : attempt.getInt("responseStatus");
        int millis = attempt.getInt("durationMs");
        long timeout = Rules.WEBHOOKS_TIMEOUT.toMillis();
        boolean right = switch (endpoint.manner) {
            case ANSWERS -> status == 204 && error == null;
            case ANSWERS_A_GIGABYTE -> status == 200 && error == null && endpoint.mostBytes.get() < 64 << 20;
            case HANGS, DRIPS -> status == 0 && WebhookAttempt.timedOut(0).error().equals(error) && millis >= timeout - 100 && millis < timeout + 3_000;
            case CLOSES -> status == 0 && WebhookAttempt.interrupted(0).error().equals(error);
            case FAILS_AT_FIRST -> status == 500 && delivery[0].getString("status").equals("delivered");
        };
        check(right, "attempts at an endpoint that " + endpoint.manner + ": " + delivery[0] + ", bytes: " + endpoint.mostBytes);
        if (delivery[0].getString("status").equals("pending") && delivery[0].getJsonArray("attempts").size() == 1) {
            Duration pause = Duration.between(Instant.parse(attempt.getString("at")).plusMillis(millis), Instant.parse(delivery[0].getString("nextAttemptAt")));
            Duration first = Rules.WEBHOOKS_RETRIES.getFirst();
            check(pause.compareTo(first) >= 0 && pause.toMillis() < first.toMillis() * 11 / 10 + 3_000, "the next attempt is after " + pause);
        }
        // One that drips does not notice at once that the other side has gone.
        check(endpoint.manner == Receiver.Manner.DRIPS || endpoint.mostOpen.get() <= 8 * Cluster.NODES, endpoint.mostOpen + " at once to an endpoint that " + endpoint.manner);
    }

    private static String heapAfterCollection(long pid) throws Exception {
        String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        new ProcessBuilder(jcmd, Long.toString(pid), "GC.run").redirectOutput(ProcessBuilder.Redirect.DISCARD).start().waitFor();
        Process process = new ProcessBuilder(jcmd, Long.toString(pid), "GC.heap_info").start();
        try (var lines = process.inputReader()) {
            return lines.lines().filter(line -> line.contains("heap") && line.contains("used")).map(line -> line.replaceFirst(".*used ([0-9]+)K.*", "$1"))
                    .map(used -> Long.toString(Long.parseLong(used) / 1_024)).findFirst().orElse("?");
        }
    }

    // ---- send

    /** Informative: what it costs a send that somebody listens. */
    private String send(Path directory) throws Exception {
        int runs = 3_000;
        try (Cluster cluster = new Cluster(directory, UNLIMITED); Receiver receiver = new Receiver(wrong::add)) {
            Api api = new Api(cluster);
            Api.Application without = api.application();
            Api.Application with = api.application();
            receiver.listen(api, with, Receiver.Manner.ANSWERS);
            long[][] times = new long[2][runs];
            for (int i = -runs / 2; i < runs; i++) {
                for (int side = 0; side < 2; side++) {
                    String body = "{\"phoneNumber\":\"+999 7%02d %03d %03d\"}".formatted(random.nextInt(100), random.nextInt(1_000), random.nextInt(1_000));
                    Api.Answer answer = api.call(0, Operations.SEND_OTP, "/v1/otp/send", (side == 0 ? without : with).credentials(), body);
                    check(answer.status() == 201, "" + answer.body());
                    if (i >= 0) {
                        times[side][i] = (answer.end() - answer.start()) / 1_000;
                    }
                }
            }
            Arrays.sort(times[0]);
            Arrays.sort(times[1]);
            return "one at a time, without a webhook p50 %.1f ms and p99 %.1f ms, with one p50 %.1f ms and p99 %.1f ms; %d each".formatted(at(times[0], 50) / 1e3,
                    at(times[0], 99) / 1e3, at(times[1], 50) / 1e3, at(times[1], 99) / 1e3, runs);
        }
    }
}
