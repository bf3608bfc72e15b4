// SPDX-License-Identifier: Apache-2.0

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Attacks whatever listens at a URL, and measures meanwhile how an honest client fares. Attackers come from addresses of their own
 * (127.0.0.2 to 127.0.0.9), unless the attack says otherwise; the honest client comes from 127.0.0.1.
 */
public final class Faults {
    private static final String ALICE = "Authorization: Bearer dev_alice\r\n";
    private static final String POST = "POST /v1/projects HTTP/1.1\r\nHost: localhost\r\n" + ALICE + "Content-Type: application/json\r\n";
    /** Connections that attackers open in a second, until each has been there once. */
    private static final int OPENED_A_SECOND = 500;
    /** And then, in the place of those that were cut off. */
    private static final int REOPENED_A_SECOND = 100;
    private static final int HONEST_A_SECOND = 50;
    private static final Duration HONEST_PATIENCE = Duration.ofSeconds(10);
    /** How long the target may take to be as it was, after the attackers have left. */
    private static final Duration RECOVERY = Duration.ofSeconds(15);
    private static final int PLENTY_OF_FILES = 20_000;

    /** What attackers do with what they are sent. */
    private enum Reading { NOTHING, ALL, A_BYTE_A_SECOND }

    /**
     * Connections that all do the same.
     *
     * @param number held at the same time; whoever is cut off comes again
     * @param bytes sent at once
     * @param drip sent again and again afterwards, a byte a second; null for nothing
     * @param replaced how many are given up for new ones in a second
     */
    private record Crowd(int number, ByteBuffer bytes, String drip, Reading reading, int replaced) {
        Crowd(int number, String first, String drip, Reading reading, int replaced) {
            this(number, ByteBuffer.allocateDirect(first.length()).put(first.getBytes(StandardCharsets.ISO_8859_1)).flip(), drip, reading, replaced);
        }
    }

    /** @param files how many files the target may have open @param near whether attackers come from the honest client's address */
    private record Attack(String what, int files, boolean near, List<Crowd> crowds) {
        Attack(String what, Crowd... crowds) {
            this(what, PLENTY_OF_FILES, false, List.of(crowds));
        }
    }

    private static final Crowd NON_READERS = new Crowd(2_000, "GET /docs/scalar.js HTTP/1.1\r\nHost: localhost\r\n\r\n", null, Reading.NOTHING, 20);
    private static final Crowd HEADS = new Crowd(5_000, "GET /v1/projects HTTP/1.1\r\nHost: localhost\r\n" + "x: y\r\n".repeat(1_000), null, Reading.ALL, 0);
    private static final Crowd BODIES = new Crowd(5_000, POST + "Content-Length: 60000\r\n\r\n{\"name\": \"" + "a".repeat(30_000), null, Reading.ALL, 0);
    private static final Crowd IDLE = new Crowd(5_000, "", null, Reading.ALL, 0);
    private static final Crowd DRIP = new Crowd(1_000, "G", "ET /docs HTTP/1.1\r\nHost: localhost\r\n\r\n", Reading.A_BYTE_A_SECOND, 0);

    private static final Map<String, Attack> ATTACKS = new LinkedHashMap<>();

    static {
        ATTACKS.put("nobody", new Attack("nothing, to compare with"));
        ATTACKS.put("non-readers", new Attack("2,000 ask for /docs/scalar.js and never read, 20 of them new each second", NON_READERS));
        ATTACKS.put("heads", new Attack("5,000 unfinished heads of 1,000 short lines", HEADS));
        ATTACKS.put("long-heads", new Attack("5,000 unfinished heads of 14 kB in one line",
                new Crowd(5_000, "GET / HTTP/1.1\r\nHost: localhost\r\nx: " + "y".repeat(14_000), null, Reading.ALL, 0)));
        ATTACKS.put("bodies", new Attack("5,000 send half of a body of 60 kB", BODIES));
        ATTACKS.put("idle", new Attack("5,000 connections that send nothing", IDLE));
        ATTACKS.put("drip", new Attack("1,000 send and read one byte a second", DRIP));
        ATTACKS.put("dripping-bodies", new Attack("1,000 send a body, one byte a second",
                new Crowd(1_000, POST + "Content-Length: 60000\r\n\r\n", " ".repeat(60_000), Reading.ALL, 0)));
        ATTACKS.put("large-bodies", new Attack("40 hold 15 MB of a body of 16 MB",
                new Crowd(40, POST + "Content-Length: 16000000\r\n\r\n" + " ".repeat(15_000_000), null, Reading.ALL, 0)));
        ATTACKS.put("few-files", new Attack("5,000 half request lines where 1,024 files may be open", 1_024, false,
                List.of(new Crowd(5_000, "GET /v1/proj", null, Reading.ALL, 0))));
        ATTACKS.put("everything", new Attack("non-readers, heads, bodies, idle and drip together, 18,000 in all", NON_READERS, HEADS, BODIES, IDLE, DRIP));
        ATTACKS.put("everything-near", new Attack("the same, from the honest client's own address", PLENTY_OF_FILES, true,
                List.of(NON_READERS, HEADS, BODIES, IDLE, DRIP)));
    }

    private Faults() {
    }

    /** {@code list}, {@code files ATTACK}, {@code header}, or {@code attack ATTACK URL PID SECONDS}. */
    public static void main(String[] arguments) throws Exception {
        switch (arguments[0]) {
            case "list" -> ATTACKS.keySet().forEach(System.out::println);
            case "files" -> System.out.println(attack(arguments[1]).files);
            case "header" -> System.out.println("""
                    | attack | what | p50 | p99 | slowest | failures | memory, MB | threads | files |
                    |---|---|---:|---:|---:|---:|---:|---:|---:|""");
            case "attack" -> System.out.println(run(arguments[1], URI.create(arguments[2]), Long.parseLong(arguments[3]), Integer.parseInt(arguments[4])));
            default -> throw new IllegalArgumentException(arguments[0]);
        }
        System.exit(0);
    }

    private static Attack attack(String name) {
        Attack attack = ATTACKS.get(name);
        if (attack == null) {
            System.err.println("no attack is called " + name + "; there are " + String.join(", ", ATTACKS.keySet()));
            System.exit(2);
        }
        return attack;
    }

    private static String run(String name, URI target, long pid, int seconds) throws Exception {
        Attack attack = attack(name);
        new Honest(target).during(Duration.ofSeconds(5));
        Usage before = Usage.of(pid);
        Honest honest = new Honest(target);
        try (Attackers attackers = new Attackers(target, attack)) {
            attackers.start();
            honest.during(Duration.ofSeconds(seconds));
        }
        Usage after = Usage.of(pid);
        for (long end = System.nanoTime() + RECOVERY.toNanos(); after != null && !after.isBackAt(before) && System.nanoTime() < end;) {
            Thread.sleep(1_000);
            after = Usage.of(pid);
        }
        return "| " + name + " | " + attack.what + " | " + honest.result() + " | "
                + (after == null ? "the process has ended | | |" : before.heap + " → " + after.heap + " | " + before.threads + " → " + after.threads
                        + " | " + before.files + " → " + after.files + " |");
    }

    /** @param heap after a garbage collection, in MB */
    private record Usage(long heap, long threads, long files) {
        /** null when the process has ended */
        static Usage of(long pid) throws Exception {
            if (!ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false)) {
                return null;
            }
            jcmd(pid, "GC.run");
            long heap = jcmd(pid, "GC.heap_info").lines().filter(line -> line.contains(" used ")).map(line -> line.replaceFirst(".* used ([0-9]+)K.*", "$1"))
                    .mapToLong(Long::parseLong).findFirst().orElse(0);
            long threads = Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream().filter(line -> line.startsWith("Threads:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", ""))).sum();
            String[] files = Path.of("/proc/" + pid + "/fd").toFile().list();
            return new Usage(heap / 1_024, threads, files == null ? 0 : files.length);
        }

        private static String jcmd(long pid, String command) throws Exception {
            Process jcmd = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(), Long.toString(pid), command)
                    .redirectErrorStream(true).start();
            String output = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            jcmd.waitFor();
            return output;
        }

        boolean isBackAt(Usage before) {
            return heap <= before.heap + 20 && threads <= before.threads + 10 && files <= before.files + 20;
        }
    }

    /** Asks for its projects, every other time on a new connection, and times it from the moment when it should have been sent. */
    private static final class Honest {
        private final URI target;
        private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(HONEST_PATIENCE).build();
        private final List<Long> micros = Collections.synchronizedList(new ArrayList<>());
        private final Map<String, AtomicInteger> failures = Collections.synchronizedMap(new LinkedHashMap<>());
        private int sent;

        Honest(URI target) {
            this.target = target;
        }

        void during(Duration time) throws Exception {
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                long start = System.nanoTime();
                for (int i = 0; i < time.toSeconds() * HONEST_A_SECOND; i++) {
                    long due = start + i * 1_000_000_000L / HONEST_A_SECOND;
                    TimeUnit.NANOSECONDS.sleep(due - System.nanoTime());
                    boolean pooled = i % 2 == 0;
                    sent++;
                    threads.execute(() -> {
                        try {
                            int status = pooled ? pooled() : alone();
                            if (status != 200) {
                                throw new IOException("status " + status);
                            }
                        } catch (Exception e) {
                            failures.computeIfAbsent(e.getClass().getSimpleName() + ": " + e.getMessage(), key -> new AtomicInteger()).incrementAndGet();
                        }
                        micros.add((System.nanoTime() - due) / 1_000);
                    });
                }
            }
        }

        private int pooled() throws Exception {
            return client.send(HttpRequest.newBuilder(target.resolve("/v1/projects")).timeout(HONEST_PATIENCE)
                    .header("authorization", "Bearer dev_alice").build(), HttpResponse.BodyHandlers.ofString()).statusCode();
        }

        private int alone() throws IOException {
            try (Socket socket = new Socket()) {
                socket.setSoTimeout((int) HONEST_PATIENCE.toMillis());
                socket.connect(new InetSocketAddress(target.getHost(), target.getPort()), (int) HONEST_PATIENCE.toMillis());
                socket.getOutputStream().write(("GET /v1/projects HTTP/1.1\r\nHost: localhost\r\n" + ALICE + "Connection: close\r\n\r\n")
                        .getBytes(StandardCharsets.ISO_8859_1));
                InputStream in = socket.getInputStream();
                String answer = new String(in.readAllBytes(), StandardCharsets.UTF_8);
                return answer.startsWith("HTTP/1.1 ") ? Integer.parseInt(answer.substring(9, 12)) : 0;
            }
        }

        String result() {
            List<Long> sorted = new ArrayList<>(micros);
            Collections.sort(sorted);
            int failed = failures.values().stream().mapToInt(AtomicInteger::get).sum();
            failures.forEach((failure, times) -> System.err.println("  " + times + " × " + failure));
            return at(sorted, 0.5) + " | " + at(sorted, 0.99) + " | " + at(sorted, 1) + " | " + failed + " of " + String.format(Locale.ROOT, "%,d", sent);
        }

        private static String at(List<Long> sorted, double share) {
            return String.format(Locale.ROOT, "%,d ms", sorted.get(Math.min(sorted.size() - 1, (int) (sorted.size() * share))) / 1_000);
        }
    }

    /** One thread holds all their connections. */
    private static final class Attackers implements AutoCloseable {
        private final InetSocketAddress target;
        private final Attack attack;
        private final Selector selector = Selector.open();
        /** Of each crowd, the oldest first. */
        private final List<Set<Connection>> held = new ArrayList<>();
        private final List<Connection> cutOff = new ArrayList<>();
        private final ByteBuffer away = ByteBuffer.allocateDirect(64 * 1_024);
        private final Thread thread = new Thread(this::run, "attackers");
        private volatile boolean over;
        private int opened;

        private final class Connection {
            final Crowd crowd;
            final Set<Connection> among;
            final SocketChannel channel;
            final ByteBuffer first;
            int dripped;

            Connection(Crowd crowd, Set<Connection> among) throws IOException {
                this.crowd = crowd;
                this.among = among;
                first = crowd.bytes.duplicate();
                channel = SocketChannel.open();
                channel.configureBlocking(false);
                if (crowd.reading != Reading.ALL) {
                    channel.setOption(StandardSocketOptions.SO_RCVBUF, 4_096);
                }
                if (!attack.near) {
                    channel.bind(new InetSocketAddress(InetAddress.getByName("127.0.0." + ThreadLocalRandom.current().nextInt(2, 10)), 0));
                }
                channel.connect(target);
                channel.register(selector, SelectionKey.OP_CONNECT, this);
            }

            void ready(SelectionKey key) {
                try {
                    if (key.isConnectable()) {
                        channel.finishConnect();
                        key.interestOps(SelectionKey.OP_WRITE);
                    }
                    if (key.isValid() && key.isWritable()) {
                        channel.write(first);
                        if (!first.hasRemaining()) {
                            key.interestOps(crowd.reading == Reading.ALL ? SelectionKey.OP_READ : 0);
                        }
                    }
                    if (key.isValid() && key.isReadable()) {
                        away.clear();
                        if (channel.read(away) < 0) {
                            cutOff.add(this);
                        }
                    }
                } catch (IOException e) {
                    cutOff.add(this);
                }
            }

            void tick() {
                if (crowd.drip == null || first.hasRemaining()) {
                    return;
                }
                try {
                    if (dripped < crowd.drip.length()) {
                        channel.write(ByteBuffer.wrap(new byte[] {(byte) crowd.drip.charAt(dripped++)}));
                    }
                    if (crowd.reading == Reading.A_BYTE_A_SECOND) {
                        if (channel.read(ByteBuffer.allocate(1)) < 0) {
                            cutOff.add(this);
                        }
                    }
                } catch (IOException e) {
                    cutOff.add(this);
                }
            }

            void close() {
                try {
                    channel.close();
                } catch (IOException e) {
                    // Gone.
                }
            }
        }

        Attackers(URI target, Attack attack) throws IOException {
            this.target = new InetSocketAddress(target.getHost(), target.getPort());
            this.attack = attack;
            attack.crowds.forEach(crowd -> held.add(new LinkedHashSet<>()));
        }

        void start() {
            thread.setDaemon(true);
            thread.start();
        }

        private void run() {
            try {
                long second = System.nanoTime();
                long allowed = 0;
                long last = second;
                int all = attack.crowds.stream().mapToInt(Crowd::number).sum();
                while (!over) {
                    selector.select(10);
                    for (SelectionKey key : selector.selectedKeys()) {
                        ((Connection) key.attachment()).ready(key);
                    }
                    selector.selectedKeys().clear();
                    long now = System.nanoTime();
                    boolean tick = now - second >= 1_000_000_000L;
                    if (tick) {
                        second = now;
                    }
                    // In billionths of a connection; what is not used up in a tenth of a second is lost.
                    int rate = opened < all ? OPENED_A_SECOND : REOPENED_A_SECOND;
                    allowed = Math.min(100_000_000L * rate, allowed + (now - last) * rate);
                    last = now;
                    allowed = open(tick, allowed / 1_000_000_000L) * 1_000_000_000L + allowed % 1_000_000_000L;
                }
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }

        /** @return how many more may be opened now */
        private long open(boolean tick, long allowed) throws IOException {
            for (int i = 0; tick && i < held.size(); i++) {
                Crowd crowd = attack.crowds.get(i);
                held.get(i).forEach(Connection::tick);
                if (held.get(i).size() == crowd.number) {
                    held.get(i).stream().limit(crowd.replaced).forEach(cutOff::add);
                }
            }
            cutOff.forEach(connection -> {
                connection.close();
                connection.among.remove(connection);
            });
            cutOff.clear();
            for (boolean more = true; more && allowed > 0;) {
                more = false;
                for (int i = 0; i < held.size() && allowed > 0; i++) {
                    if (held.get(i).size() < attack.crowds.get(i).number) {
                        held.get(i).add(new Connection(attack.crowds.get(i), held.get(i)));
                        opened++;
                        allowed--;
                        more = true;
                    }
                }
            }
            return allowed;
        }

        @Override
        public void close() throws Exception {
            over = true;
            thread.join();
            held.forEach(connections -> connections.forEach(Connection::close));
            selector.close();
        }
    }
}
